"""Work done in a copy of a command's process: what came of it is here, and whatever goes wrong is told here."""

import os
import signal
import sys
import threading

import pytest

from apflow.cli.beside import beside, in_a_copy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="commands are copied on Linux alone")
HERE = os.getpid()


class Broken(Exception):
    """What only happens here."""


def test_the_work_is_done_by_another_process() -> None:
    with in_a_copy(lambda: [os.getpid(), "done"]) as done:
        process, said = done()

    assert (process == os.getpid(), said) == (False, "done")


def test_what_is_much_is_brought_back_whole() -> None:
    with in_a_copy(lambda: "x" * 1_000_000) as done:
        assert len(done()) == 1_000_000


def test_what_fails_in_the_copy_is_done_here_and_fails_here() -> None:
    def fails() -> None:
        raise Broken

    with in_a_copy(fails) as done, pytest.raises(Broken):
        done()


def test_what_the_copy_cannot_hand_over_is_done_here() -> None:
    with in_a_copy(lambda: (os.getpid(), lambda: None)) as done:
        process, _ = done()

    assert process == os.getpid()


def test_a_copy_that_is_killed_is_stood_in_for() -> None:
    def dies_elsewhere() -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with in_a_copy(dies_elsewhere) as done:
        assert done() == HERE


def test_a_copy_is_gone_once_nobody_waits_for_it() -> None:
    (told, telling), (never_told, _) = os.pipe(), os.pipe()

    def goes_on() -> None:
        os.write(telling, str(os.getpid()).encode())
        os.read(never_told, 1)

    with in_a_copy(goes_on):
        copy = int(os.read(told, 20))

    with pytest.raises(ProcessLookupError):
        os.kill(copy, 0)


def test_a_process_of_several_threads_is_not_copied() -> None:
    over = threading.Event()
    threading.Thread(target=over.wait).start()

    with beside(os.getpid) as done:
        assert done() == HERE
    over.set()

"""Work shared with a copy of a command's process: what came of it is here, and whatever goes wrong is told here."""

import os
import signal
import sys
import threading

import pytest

from apflow.cli.beside import shared, with_a_copy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="commands are copied on Linux alone")
HERE = os.getpid()


class Broken(Exception):
    """What goes wrong."""


def test_every_part_is_done_once_and_by_both() -> None:
    (told, telling), (heard, hearing) = os.pipe(), os.pipe()
    done_here = list[int]()

    def done_by(part: int) -> tuple[int, int]:
        if os.getpid() != HERE:
            os.write(telling, b"x")
            os.read(heard, 1)  # Until the other has taken a part too.
        else:
            if not done_here:
                os.read(told, 1)
            done_here.append(part)
            os.write(hearing, b"xxx")
        return part, os.getpid()

    done = with_a_copy(done_by, [10, 20, 30])

    assert [part for part, _ in done] == [10, 20, 30]
    assert [part for part, process in done if process == HERE] == done_here
    assert 1 <= len(done_here) < 3


def test_what_is_much_is_brought_back_whole() -> None:
    assert [len(one) for one in with_a_copy(lambda size: "x" * size, [1_000_000] * 20)] == [1_000_000] * 20


def test_what_fails_in_the_copy_is_done_here_and_fails_here() -> None:
    def fails(_part: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        with_a_copy(fails, [1])


def test_what_the_copy_cannot_hand_over_is_done_here() -> None:
    done = with_a_copy(lambda part: (os.getpid(), lambda: part), [1, 2])

    assert {process for process, _ in done} == {HERE}


def test_what_a_copy_was_doing_when_it_was_killed_is_done_here() -> None:
    (told, telling) = os.pipe()
    was_told = list[bytes]()

    def dies_elsewhere(part: int) -> int:
        if os.getpid() != HERE:
            os.write(telling, b"x")
            os.kill(os.getpid(), signal.SIGKILL)
        was_told.append(was_told[0] if was_told else os.read(told, 1))
        return part

    assert with_a_copy(dies_elsewhere, [1, 2, 3]) == [1, 2, 3]


def test_a_copy_is_gone_once_nobody_waits_for_it() -> None:
    (told, telling), (never_told, _) = os.pipe(), os.pipe()
    copies = list[int]()

    def goes_on(_part: int) -> None:
        if os.getpid() != HERE:
            os.write(telling, str(os.getpid()).encode())
            os.read(never_told, 1)
        copies.append(int(os.read(told, 20)))
        raise Broken

    with pytest.raises(Broken):
        with_a_copy(goes_on, [1, 2])

    with pytest.raises(ProcessLookupError):
        os.kill(copies[0], 0)


def test_a_process_of_several_threads_is_not_copied() -> None:
    over = threading.Event()
    threading.Thread(target=over.wait).start()

    assert shared(lambda _: os.getpid(), [1, 2]) == [HERE, HERE]
    over.set()


def test_parts_that_are_too_many_to_be_numbered_are_all_done() -> None:
    assert shared(lambda part: part, range(1000)) == list(range(1000))

"""An officer's browser, as small as can be, on a server that the bench started."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from apflow.web.identity import SESSION_COOKIE
from bench.place import Place

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Browser:
    """One connection that is kept, signed in as the officer."""

    connection: HTTPConnection
    session: str

    def get(self, path: str) -> str:
        """A page, which must be there."""
        return self._ask("GET", path, "", 200)

    def post(self, path: str, fields: Mapping[str, str] | None = None, *, expect: int = 303) -> None:
        """Send a form."""
        self._ask("POST", path, urlencode(fields or {}), expect)

    def processor(self) -> float:
        """Seconds of processor time that the server has taken."""
        return float(self.get("/bench/processor"))

    def taken_by(self, ask: Callable[[], object]) -> tuple[float, float]:
        """Seconds on the clock, and of the server's processor."""
        processor, wall = self.processor(), time.perf_counter()
        ask()
        wall = time.perf_counter() - wall
        return wall, self.processor() - processor

    def _ask(self, method: str, path: str, body: str, expected: int) -> str:
        headers = {"Cookie": f"{SESSION_COOKIE}={self.session}"} | ({"Content-Type": FORM} if body else {})
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        said = answer.read().decode()
        if answer.status != expected:
            raise AssertionError(f"{method} {path}: {answer.status}, and not {expected}: {said[:300]}")
        return said


@contextmanager
def a_browser(place: Place, file: Path) -> Iterator[Browser]:
    """A browser on a server over this file; the server ends with it."""
    command = [sys.executable, "-m", "bench.server", str(file), str(place.policy_folder)]
    server = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        told = json.loads(server.stdout.readline())
        connection = HTTPConnection("127.0.0.1", told["port"], timeout=60)
        yield Browser(connection, told["session"])
        connection.close()
    finally:
        server.terminate()
        server.wait()
        if server.stdout is not None:
            server.stdout.close()

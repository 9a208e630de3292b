"""The web application over one file, in a process of its own; with three addresses more, for measuring.

`python -m bench.server FILE POLICY` prints the port it listens on and an officer's session, and serves until killed.
"""

import json
import socket
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, get, post

from apflow.clock import machine_now
from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.testing import StoppedClock
from apflow.uploads import Uploads
from apflow.web.app import create_app
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.site import Site
from bench.policy import NOW, OFFICER, read_again
from bench.subject import Subject


@post("/bench/nothing", include_in_schema=False)
@threaded
def nothing(request: Request[Any, Any, Any]) -> Response[Any]:
    """What any signed-in POST costs before it has done anything."""
    require(request)
    return Response(None, status_code=303, headers={"location": "/"})


@get("/bench/processor", include_in_schema=False, sync_to_thread=False)
def processor() -> float:
    """Seconds of processor time that this process has taken."""
    return time.process_time()


@post("/bench/fire", include_in_schema=False)
@threaded
def fire(request: Request[Any, Any, Any], steps: int) -> Response[Any]:
    """So many transitions through the Handler alone."""
    request.app.state.subject.run(steps)
    return Response(None, status_code=204)


@get("/bench/acknowledged", include_in_schema=False, sync_to_thread=False)
def acknowledged(request: Request[Any, Any, Any]) -> dict[str, list[Any]]:
    """What those transitions were told, for the audit."""
    subject: Subject = request.app.state.subject
    return {str(number): [saved.reference, saved.version] for number, saved in subject.ledger.acknowledged.items()}


def application(file: Path, policy_folder: Path) -> tuple[Litestar, Store]:
    """The application as it ships, with the addresses above."""
    policy = read_again(policy_folder)
    store = Store(f"sqlite:///{file}")
    handler = policy.handler(store)
    site = Site(
        settings=Settings(),
        store=store,
        library=policy.library,
        notices=policy.notices,
        handler=handler,
        uploads=Uploads(file.with_suffix(".uploads")),
        clock=StoppedClock(NOW),
        wake=lambda: None,
    )
    app = create_app(site)
    app.state.subject = Subject(store, handler)
    app.state.subject.begin(20)
    for route in (nothing, processor, fire, acknowledged):
        app.register(route)
    return app, store


def main(file: str, policy: str) -> None:
    app, store = application(Path(file), Path(policy))
    assert OFFICER.id is not None
    with store.writing() as connection:
        token = sign_in.start_session(connection, OFFICER.id, machine_now())
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # Else asyncio lets it dawdle.
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # Before anybody is told the port.
    print(json.dumps({"port": listening.getsockname()[1], "session": token}), flush=True)
    # A browser waits for longer than usual between two rounds: the other one's may be slow.
    config = uvicorn.Config(app, timeout_keep_alive=600, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])

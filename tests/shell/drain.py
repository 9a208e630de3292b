"""A process of its own for the tests: says it is ready, waits for a line, drains, and says how much it did.

    python -m tests.shell.drain mail|timers DATABASE NOW MACHINE_NOW [SMTP_PORT]
"""

import sys
from datetime import datetime

from apflow.mailer import send_due
from apflow.scheduler import fire_due
from apflow.store.engine import Store
from apflow.testing import a_handler
from apflow.transports import SmtpTransport
from tests.smtp import smtp_settings


def main(kind: str, database: str, now: str, machine_now: str, port: str = "0") -> None:
    store = Store(database)
    handler = a_handler(store)
    policy, machine = datetime.fromisoformat(now), datetime.fromisoformat(machine_now)
    transport = SmtpTransport(smtp_settings(int(port)))
    print("ready", flush=True)
    sys.stdin.readline()
    if kind == "mail":
        print(send_due(store, transport, handler, lambda: policy, lambda: machine), flush=True)
    else:
        print(fire_due(handler, policy, machine_now=lambda: machine), flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

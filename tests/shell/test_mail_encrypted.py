"""Mail to a server that wants encryption and a password."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from apflow.handler import Handler
from apflow.sending.mailer import send_due
from apflow.sending.transports import SmtpTransport
from apflow.settings import Settings
from apflow.testing import MONDAY, a_message
from tests.shell.looking import last_message, queue
from tests.smtp import Inbox, keeping, smtp_settings


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts unless told to, and its key beside it."""
    if shutil.which("openssl") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=127.0.0.1"
    files = "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *kind.split(), *files.split()], cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem"


@pytest.fixture
def strict_inbox(certificate: Path) -> Iterator[Inbox]:
    """A server that takes mail only over TLS, and only from someone who knows the password."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, certificate.with_name("key.pem"))
    with keeping(
        Inbox(), tls_context=tls, require_starttls=True, authenticator=check_password, auth_required=True
    ) as kept:
        yield kept


def check_password(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, said: object) -> AuthResult:
    right = said == LoginPassword(b"apflow", b"made up")
    return AuthResult(success=right and mechanism in ("PLAIN", "LOGIN"), handled=False)


def strict_settings(inbox: Inbox, password: str) -> Settings:
    secrets = {"smtp_starttls": True, "smtp_username": "apflow", "smtp_password": password}
    return smtp_settings(inbox.port).model_copy(update=secrets)


def send(handler: Handler, transport: SmtpTransport) -> int:
    queue(handler.store, a_message())
    return send_due(handler.store, transport, handler, lambda: MONDAY, lambda: MONDAY)


def test_a_message_goes_over_tls_with_the_installations_password(
    handler: Handler, strict_inbox: Inbox, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))

    assert send(handler, SmtpTransport(strict_settings(strict_inbox, "made up"), trusting)) == 1

    assert len(strict_inbox.envelopes) == 1


def test_a_wrong_password_is_ours_to_put_right_so_the_message_waits(
    handler: Handler, strict_inbox: Inbox, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))

    assert send(handler, SmtpTransport(strict_settings(strict_inbox, "wrong"), trusting)) == 0

    row = last_message(handler.store)
    assert (row.status, row.error[:3]) == ("queued", "535")


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(handler: Handler, strict_inbox: Inbox) -> None:
    assert send(handler, SmtpTransport(strict_settings(strict_inbox, "made up"))) == 0

    row = last_message(handler.store)
    assert row.status == "queued"
    assert "CERTIFICATE_VERIFY_FAILED" in row.error
    assert strict_inbox.envelopes == []

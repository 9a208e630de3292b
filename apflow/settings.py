"""What differs from one installation to the next, read from the environment (APFLOW_…)."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from apflow.core.errors import ApflowError

_PACKAGE = Path(__file__).parent
_DATABASES = ("sqlite://", "postgresql://", "postgresql+psycopg://")
_WITHOUT_A_FILE = ("sqlite://", "sqlite:///", "sqlite:///:memory:")
Port = Annotated[int, Field(ge=0, le=65_535)]


class WrongSettings(ApflowError):
    """Some settings in the environment cannot be used."""


def shipped(folder: str) -> Path:
    """The folder as it came with apflow: inside an installed package, or beside it in a checkout."""
    installed = _PACKAGE / "shipped" / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder


class Settings(BaseSettings):
    """One installation. `workflows` and `notifications` point to the council's own folders when it has its own."""

    model_config = SettingsConfigDict(env_prefix="APFLOW_", extra="ignore")

    database: str = "sqlite:///apflow.db"
    workflows: Path = shipped("workflows")
    notifications: Path = shipped("notifications")
    uploads: Path = Path("apflow-uploads")
    cache: Path | None = None  # What can be made again; where none is set, in the cache of whoever runs apflow.
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: Port = 8000
    worker_port: Port | None = None  # Where a worker says how it is; nowhere when unset.
    metrics_token: str | None = None  # What a scraper of /metrics must send; without one nobody gets any.
    logs: Literal["auto", "json", "plain"] = "auto"
    sign_ins_per_sender: int = Field(default=120, ge=6)  # Links, and codes, an hour: one network is a whole school.
    mail_from: str | None = None
    smtp_host: str | None = None
    smtp_port: Port = 25
    smtp_username: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = False
    smtp_timeout: float = Field(default=30.0, gt=0, le=120)  # The claim on a message must outlast the waiting.

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise WrongSettings("\n".join(_told(found["loc"], found["msg"]) for found in error.errors())) from error

    @field_validator("database")
    @classmethod
    def _of_a_kind_there_is(cls, url: str) -> str:
        if not url.startswith(_DATABASES):
            raise ValueError("write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME")
        if url.partition("?")[0] in _WITHOUT_A_FILE:
            raise ValueError("name the file, as in sqlite:///apflow.db: without one all is lost when apflow ends")
        return url

    @field_validator("base_url")
    @classmethod
    def _can_be_followed(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError("begin it with https:// (or http://), as links in e-mails do")
        return url

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


def _told(location: tuple[str | int, ...], message: str) -> str:
    """What is wrong with one setting; never its value, which may be a password."""
    name = "_".join(str(part) for part in location[:1]).upper()
    said = message.removeprefix("Value error, ")
    return f"APFLOW_{name} cannot be used: {said[:1].lower()}{said[1:]}."

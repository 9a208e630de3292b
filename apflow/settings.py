"""What differs from one installation to the next, read from the environment (APFLOW_…)."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).parent


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
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    worker_port: int | None = None  # Where a worker says how it is; nowhere when unset.
    metrics_token: str | None = None  # What a scraper of /metrics must send; without one nobody gets any.
    logs: Literal["auto", "json", "plain"] = "auto"
    mail_from: str | None = None
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_username: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = False
    smtp_timeout: float = Field(default=30.0, gt=0, le=120)  # The claim on a message must outlast the waiting.

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")

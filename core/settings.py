"""How this process runs: every setting, read from `YINQI_*` variables, `.env` and a folder of secret files.

Each field is documented in docs/settings.md (a test compares the two) and shown in .env.example.
"""

import os
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url

Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """Settings of one process. Times are in seconds, sizes in bytes unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="YINQI_", env_file=".env", env_ignore_empty=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder of the embedded servers' data, secrets and logs")
    database_url: str = Field("", description="PostgreSQL address; empty: the embedded server that `yinqi up` starts")
    database_password: SecretStr | None = Field(None, description="Password put into database_url where that has none")
    broker_url: str = Field("", description="Valkey or Redis address; empty: the embedded server")
    encryption_key: SecretStr | None = Field(
        None, description="Fernet keys for secrets at rest, newest first, comma-separated; empty: home/secrets"
    )

    api_host: str = Field("127.0.0.1", description="Address that the API listens on")
    api_port: int = Field(8080, ge=0, le=65535, description="Port that the API listens on")
    export_concurrency: int = Field(4, ge=1, le=10, description="Exports that one API process makes at a time")
    public_url: str = Field("http://127.0.0.1:8080", description="Address of the API as subscribers see it, for links")
    limit_per_key: int = Field(6000, ge=0, description="Requests that a key may make in a minute; 0: no limit")
    limit_per_address: int = Field(
        300, ge=0, description="Requests without a known key that an address may make in a minute; 0: no limit"
    )

    url: str = Field(
        "", description="Address of the API for commands; empty: the running `yinqi up`, or this machine's"
    )
    key: SecretStr | None = Field(
        None, description="API key for commands; empty: the operator's, where it lies in home"
    )

    smtp_host: str = Field("127.0.0.1", description="Mail server for alerts")
    smtp_port: int = Field(1025, ge=1, le=65535, description="Port of the mail server")
    smtp_user: str = Field("", description="User at the mail server; empty: no sign-in")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server")
    smtp_tls: Literal["none", "starttls", "tls"] = Field("none", description="Encryption towards the mail server")
    mail_opt_in: bool = Field(True, description="Whether an e-mail address must confirm before alerts go there")
    mail_per_hour: int = Field(60, ge=0, description="Messages to one e-mail address in an hour; 0: no limit")
    mail_from: str = Field("Yinqi <yinqi@localhost>", description="Sender of alerts by e-mail")

    allowed_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Networks (CIDR, comma-separated) that outbound requests may reach although they are private"
    )
    contact: str = Field("", description="Address of the operator, told to sites in the User-Agent")
    folders: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Folders (comma-separated) that sources may watch, with all below them; empty: none"
    )

    log_format: Literal["console", "json"] = Field("console", description="Form of the log lines")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged")

    extractor_processes: int = Field(1, ge=1, le=64, description="Celery worker processes that extract")
    alerts_processes: int = Field(1, ge=1, le=64, description="Celery worker processes that match and deliver")
    delivery_concurrency: int = Field(64, ge=1, le=1000, description="Deliveries that one process sends at a time")
    lease: float = Field(20.0, ge=1, le=3600, description="Time after which work that a worker held is given again")
    resend_after: float = Field(15.0, ge=1, le=3600, description="Time after which an unheeded message is sent again")
    sweep_interval: float = Field(2.0, gt=0, le=60, description="Time between two sweeps for forgotten work")
    queue_high_water: int = Field(1000, ge=1, description="Messages in a queue above which a sweep adds none")
    max_attempts: int = Field(5, ge=1, le=100, description="Tries after which an article or notice is set to failed")
    canary_interval: float = Field(60.0, ge=0, description="Time between two canary articles; 0: none")
    quiet_after_days: int = Field(7, ge=0, description="Age in days from which a new article alerts nobody")
    keep_texts: int = Field(730, ge=0, le=36500, description="Days for which articles' texts are kept; 0: for ever")
    keep_mentions: int = Field(730, ge=0, le=36500, description="Days for which mentions are kept; 0: for ever")
    keep_deliveries: int = Field(365, ge=0, le=36500, description="Days for which deliveries are kept; 0: for ever")
    keep_attempts: int = Field(90, ge=0, le=36500, description="Days for which attempts are kept; 0: for ever")
    keep_notices: int = Field(90, ge=0, le=36500, description="Days for which notices are kept; 0: for ever")
    keep_news: int = Field(30, ge=0, le=36500, description="Days for which the live stream goes back; 0: for ever")
    keep_errors: int = Field(90, ge=0, le=36500, description="Days for which errors of sources are kept; 0: for ever")
    ingest_concurrency: int = Field(64, ge=1, le=1000, description="Requests that one ingest process makes at a time")
    host_delay: float = Field(1.0, ge=0, le=3600, description="Least time between two requests to one host")
    shortest_interval: float = Field(120.0, ge=1, description="Least time between two polls of a source that sets none")
    longest_interval: float = Field(21600.0, ge=1, description="Most time between two polls of a source that sets none")

    @field_validator("allowed_networks", "folders", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ip_network(part)
        return value

    @field_validator("folders")
    @classmethod
    def _are_absolute(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            if not Path(part).is_absolute():
                raise ValueError(f"{part!r} is no absolute path")
        return value

    @property
    def networks(self) -> tuple[Network, ...]:
        """`allowed_networks` as network objects."""
        return tuple(ip_network(part) for part in self.allowed_networks)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database, psycopg dialect, password included."""
        if not self.database_url:
            raise SettingsError("database_url", "is empty: set it, or run under `yinqi up`, which starts a server")
        url = make_url(self.database_url).set(drivername="postgresql+psycopg")
        if self.database_password and not url.password:
            url = url.set(password=self.database_password.get_secret_value())
        return url.render_as_string(hide_password=False)


class SettingsError(ValueError):
    """A setting has a wrong value; the message names its variable."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"YINQI_{name.upper()} {reason}")


def load() -> Settings:
    """Read the settings afresh; raises SettingsError that names each wrong variable."""
    try:
        return Settings(_secrets_dir=os.environ.get("YINQI_SECRETS_DIR") or None)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)
        told = "; ".join(f"YINQI_{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in first)
        raise SettingsError(str(first[0]["loc"][0]), f"is wrong ({told})") from None


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return load()

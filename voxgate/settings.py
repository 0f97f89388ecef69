"""Where things are: `VOXGATE_*` environment settings. They never change a result."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from voxgate.errors import ConfigError

__all__ = ["Settings", "load_settings"]


def _assets_dir() -> Path:
    try:
        return user_cache_path("voxgate") / "assets"
    except RuntimeError:
        raise ConfigError(
            "VOXGATE_ASSETS_DIR",
            ["not set, and there is no home folder to take in its place; set it, or HOME"],
        ) from None


class Settings(BaseSettings):
    """Locations, addresses and secrets of this machine.

    Paths that are relative are taken from the root of the checkout.
    """

    model_config = SettingsConfigDict(
        env_prefix="VOXGATE_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    assets_dir: Path = Field(default_factory=_assets_dir)
    """Evaluator weights and downloaded packages; shared by all checkouts of this user."""

    @field_validator("assets_dir")
    @classmethod
    def _with_home(cls, path: Path) -> Path:
        return path.expanduser()

    mlflow_tracking_uri: str | None = None
    """An MLflow server; None is SQLite and local artifacts under `.voxgate/mlflow`."""

    mlflow_username: str | None = None
    mlflow_password: SecretStr | None = None

    ledger_url: SecretStr | None = None
    """`postgresql://user:password@host/database`; None is SQLite in `.voxgate/ledger/ledger.db`."""

    actor: str | None = None
    """Who runs this: recorded as the trainer of a candidate. None is the name of the login."""

    training_devices: str | None = None
    """What this machine trains on, one training each: `cuda:0,cuda:1`, or `cpu`. None: the one
    that `device` names."""

    host: str | None = None
    """How this machine is called where machines share a ledger or a Prefect server. None: as its
    system says."""

    stage_time_factor: float = Field(default=1.0, gt=0)
    """By how much longer a stage of a retraining may take than it is given (docs/operating.md)."""

    batch_niceness: int = Field(default=19, ge=0, le=19)
    """How far what is spoken in batches stands back for callers; 0 where nobody else waits."""

    data_remote_url: str | None = None
    """An S3 URL for the data remote; None is the local folder that .dvc/config names."""

    data_remote_endpoint: str | None = None
    """Endpoint of an S3-compatible store; None is the provider's own."""

    webhook_url: SecretStr | None = None
    """Where notifications are posted: https://…, or http://… on loopback. None: nowhere."""

    webhook_secret: SecretStr | None = None
    """What they are signed with: base64 of at least 24 random bytes."""

    smtp_url: SecretStr | None = None
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://…`; None: no e-mail."""

    mail_from: str | None = None
    mail_to: str | None = None
    """Addresses, separated by commas."""

    speech_secret: SecretStr | None = None
    """Names and signs stored speech: base64 of at least 24 random bytes, the same on every machine
    of a service. None is a file in `.voxgate`, made when it is first needed."""

    speech_assets_url: str | None = None
    """`s3://bucket/prefix` for stored speech; None is `.voxgate/speech`."""

    speech_assets_endpoint: str | None = None
    """Endpoint of an S3-compatible store; None is the provider's own."""

    speech_addresses: Literal["store", "service"] = "store"
    """Where addresses of files in a bucket lead: to the bucket itself (presigned), or to this
    service, which says 410 after a recall, tags files for caches, and notes fetches."""

    speech_url: str | None = None
    """By which address others reach the speech service: `https://speech.example`. None: by the one
    that they asked."""

    broker_url: SecretStr | None = None
    """`redis://user:password@host:6379/0`, which carries ids of speech jobs to workers. None: the
    server runs jobs itself."""

    cdn_zone: str | None = None
    """The zone of Cloudflare whose caches stand before stored speech; None: there are none."""

    cdn_token: SecretStr | None = None
    """An API token that may purge the zone's cache, and nothing else."""

    cdn_url: str = "https://api.cloudflare.com/client/v4"
    """Where Cloudflare is told."""

    speech_devices: str = "cpu"
    """What the speech service speaks on: `cpu`, or GPUs separated by commas (`cuda:0,cuda:1`), one
    process each. A GPU's kind is in the names of what it spoke."""

    executor: Literal["serial", "processes", "ray"] = "processes"
    """Where the heavy loops of the stages run; the bytes are the same (docs/scaling.md)."""

    workers: int | None = Field(default=None, ge=1)
    """How many items they work on at a time. None: one a processor, of this machine or of the Ray
    cluster."""

    ray_address: str | None = None
    """`host:6379` of a Ray cluster; None starts one on this machine."""

    gpus_per_worker: float = Field(default=1.0, gt=0)
    """Share of a GPU that a worker on Ray takes, where `device` is `cuda`."""

    device: Literal["cpu", "cuda"] = "cpu"
    """Where training and the evaluators compute. The one setting that moves last bits: evaluators
    name it in what they measure."""


def load_settings() -> Settings:
    """Read the settings once; `VOXGATE_SECRETS_DIR` names a folder with one file a secret.

    An empty variable is one that is not set.

    Raises:
        ConfigError: a VOXGATE_ variable has a value that does not fit; names all of them, never
            the values (they may be secrets).
    """
    folder = os.environ.get("VOXGATE_SECRETS_DIR") or None
    if folder is not None and not Path(folder).is_dir():
        raise ConfigError("VOXGATE_SECRETS_DIR", [f"{folder!r} is not a folder"])
    try:
        return Settings(_secrets_dir=folder)
    except ValidationError as error:
        faults = [
            f"VOXGATE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise ConfigError("environment", faults) from None

"""Open what speech jobs need: rows, files, the queue, and the secret that names and signs."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Callable
from pathlib import Path
from typing import cast
from urllib.parse import SplitResult, urlsplit

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from voxgate.audio.encoding import EncodingName, encode_file
from voxgate.errors import ConfigError
from voxgate.private_files import keep_secret
from voxgate.serving.jobs.assets import LEAST_SECRET_BYTES, UrlSigner
from voxgate.serving.jobs.counting import JobCounts
from voxgate.serving.jobs.desk import JobDesk
from voxgate.serving.jobs.fetches import FetchBook, FetchLog
from voxgate.serving.jobs.ports import (
    AssetStore,
    CheckRequest,
    JobQueue,
    JobStore,
    JobTools,
    SayRequest,
)
from voxgate.settings import Settings
from voxgate.stage import Workspace

__all__ = [
    "build_job_desk",
    "build_job_tools",
    "encode_speech",
    "open_assets",
    "open_fetch_log",
    "open_job_broker",
    "open_job_queue",
    "open_job_store",
    "speech_secret",
]

_ADDRESSES = "/a"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def open_job_store(settings: Settings, root: Path) -> JobStore:
    """Open the rows of jobs, in the database of the ledger.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError, ExternalServiceError: the database cannot be used.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.speech_jobs import SqlJobStore

    return SqlJobStore(open_database(settings, root))


def open_fetch_log(settings: Settings, root: Path) -> FetchLog:
    """Open the list of files that were fetched, in the database of the ledger.

    Raises:
        ConfigError, LedgerError, ExternalServiceError: as `open_job_store`.
    """
    from voxgate.adapters.sql.asset_fetches import SqlFetchLog
    from voxgate.adapters.sql.database import open_database

    return SqlFetchLog(open_database(settings, root))


def open_assets(settings: Settings, workspace: Workspace) -> AssetStore:
    """Open the store of files: a folder of this checkout, or the bucket of the settings.

    Raises:
        ConfigError: address or secret cannot be used as they are set.
        StorageError: the folder cannot be made.
    """
    if settings.speech_assets_url is not None:
        from voxgate.adapters.storage.s3 import S3Assets

        bucket, prefix = _bucket(settings.speech_assets_url)
        signer = _signer(settings, workspace) if _signs(settings) else None
        return S3Assets(bucket, prefix, endpoint=settings.speech_assets_endpoint, signer=signer)
    from voxgate.adapters.storage.folder import FolderAssets

    return FolderAssets(workspace.speech_assets_dir, _signer(settings, workspace))


def open_job_queue(settings: Settings) -> JobQueue | None:
    """Open the sending side of the broker; None where the server runs jobs itself.

    The broker is not asked yet: a server starts while it is away.

    Raises:
        ConfigError: VOXGATE_BROKER_URL is no address of Redis.
    """
    broker = open_job_broker(settings)
    if broker is None:
        return None
    from voxgate.adapters.queue.celery_app import CeleryJobQueue, make_celery_app

    return CeleryJobQueue(make_celery_app(broker))


def open_job_broker(settings: Settings) -> str | None:
    """Return the address of the broker; None where there is none.

    Raises:
        ConfigError: VOXGATE_BROKER_URL is no address of Redis.
    """
    return None if settings.broker_url is None else _broker(settings.broker_url)


def build_job_tools(settings: Settings, workspace: Workspace, *, say: SayRequest) -> JobTools:
    """Return what running jobs needs; `say` is that of the service, or of a worker's own.

    Raises:
        ConfigError, LedgerError, StorageError, ExternalServiceError: as the parts that are opened.
    """
    return JobTools(
        store=open_job_store(settings, workspace.root),
        assets=open_assets(settings, workspace),
        say=say,
        encode=encode_speech,
        secret=speech_secret(settings, workspace, "names"),
    )


def build_job_desk(
    tools: JobTools,
    queue: JobQueue,
    settings: Settings,
    workspace: Workspace,
    *,
    fetches: FetchBook | None = None,
    check: CheckRequest | None = None,
    is_recalled: Callable[[str], bool] | None = None,
) -> JobDesk:
    """Return the desk over the same rows and files; it signs where addresses lead to the service.

    `check` is that of the service, so that what it would refuse is refused at once; `is_recalled`
    that of the campaigns, so that what they called back is gone at once.

    Raises:
        ConfigError, StorageError: the secret cannot be used.
    """
    return JobDesk(
        store=tools.store,
        queue=queue,
        assets=tools.assets,
        signer=_signer(settings, workspace) if _signs(settings) else None,
        fetches=fetches,
        check=check,
        is_recalled=is_recalled,
        counts=JobCounts(tools.store.counts),
    )


def encode_speech(pcm: NDArray[np.int16], *, sample_rate_hz: int, format: str) -> bytes:  # noqa: A002 - the interface's word
    """Return a file of (T,) samples; implements `EncodeSpeech`."""
    return encode_file(pcm, sample_rate_hz, cast("EncodingName", format))


def _signs(settings: Settings) -> bool:
    return settings.speech_assets_url is None or settings.speech_addresses == "service"


def _signer(settings: Settings, workspace: Workspace) -> UrlSigner:
    here = (settings.speech_url or "").rstrip("/")
    parts = _parts(here)
    if here and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query):
        raise ConfigError(
            "VOXGATE_SPEECH_URL",
            [f"expected an address such as https://speech.example, got {here}"],
        )
    return UrlSigner(f"{here}{_ADDRESSES}", speech_secret(settings, workspace, "addresses"))


def speech_secret(settings: Settings, workspace: Workspace, purpose: str) -> bytes:
    """Return the secret for one purpose: what is known of one use tells nothing of the other.

    Raises:
        ConfigError: it cannot be used as it is set.
        StorageError: the file that stands in for a setting cannot be made.
    """
    return hmac.digest(_whole_secret(settings, workspace), purpose.encode(), "sha256")


def _whole_secret(settings: Settings, workspace: Workspace) -> bytes:
    if settings.speech_secret is not None:
        return _decoded(settings.speech_secret)
    if settings.speech_assets_url is not None:
        raise ConfigError(
            "VOXGATE_SPEECH_SECRET",
            [
                "not set, and a bucket is used by several machines: all of them need the same one, "
                "`openssl rand -base64 32`"
            ],
        )
    return keep_secret(workspace.speech_key)


def _decoded(secret: SecretStr) -> bytes:
    try:
        found = base64.b64decode(secret.get_secret_value().strip(), validate=True)
    except ValueError:
        found = b""
    if len(found) < LEAST_SECRET_BYTES:
        raise ConfigError(
            "VOXGATE_SPEECH_SECRET",
            [
                f"expected base64 of at least {LEAST_SECRET_BYTES} random bytes: "
                "openssl rand -base64 32"
            ],
        )
    return found


def _bucket(url: str) -> tuple[str, str]:
    parts = _parts(url)
    if parts.scheme != "s3" or not _BUCKET.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ConfigError("VOXGATE_SPEECH_ASSETS_URL", [f"expected s3://BUCKET/PREFIX, got {url}"])
    return parts.netloc, parts.path


def _broker(secret: SecretStr) -> str:
    url = secret.get_secret_value()
    if _parts(url).scheme not in ("redis", "rediss"):
        # The value may be a password, so it is not shown.
        raise ConfigError(
            "VOXGATE_BROKER_URL", ["expected redis://user:password@host:6379/0, or rediss://…"]
        )
    return url


def _parts(url: str) -> SplitResult:
    """Take an address apart; what is none has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")

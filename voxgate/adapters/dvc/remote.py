"""Push and pull data versions: to the local remote of .dvc/config, or to the S3 URL of settings.

An S3 remote is never written to .dvc/config: it would hold machine-specific addresses, and one in
config.local breaks commands at older tags. It is handed to DVC for the one call; credentials come
from the AWS_* environment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.adapters.dvc.cache import cache_dir, object_path
from voxgate.adapters.dvc.data import data_version
from voxgate.adapters.dvc.leftovers import mend_after_kill
from voxgate.adapters.dvc.repository import open_repository
from voxgate.adapters.dvc.tree import parse_tree
from voxgate.errors import DataVersionError, ExternalServiceError
from voxgate.redaction import safe_cause
from voxgate.stage import Workspace

__all__ = ["DataRemote", "pull_data", "push_data"]

_REMOTE_NAME = "voxgate"


@dataclass(frozen=True, kw_only=True)
class DataRemote:
    """Where versions go: `url` None is the default remote of .dvc/config.

    `endpoint` is for S3-compatible stores that are not the provider's own.
    """

    url: str | None = None
    endpoint: str | None = None

    def as_dvc_config(self) -> dict[str, Any]:
        """Return what DVC would read from its configuration."""
        if self.url is None:
            return {}
        remote = {"url": self.url}
        if self.endpoint is not None:
            remote["endpointurl"] = self.endpoint
        return {"remote": {_REMOTE_NAME: remote}, "core": {"remote": _REMOTE_NAME}}


def push_data(root: Path, remote: DataRemote) -> int:
    """Send the registered version to the remote; return the number of files sent.

    Raises:
        DataVersionError: the version's files are not in DVC's cache.
        ExternalServiceError: the remote could not be reached or refused; safe to retry.
    """
    _require_cached(root)
    with _dvc(root, remote, "push to") as repo:
        return int(repo.push(targets=[_target(root)]))


def pull_data(root: Path, remote: DataRemote, *, force: bool = False) -> int:
    """Make data/ the version that data.dvc names; return the number of files fetched.

    Raises:
        DataVersionError: data/ has changes that would be lost (`force` drops them), or the remote
            does not have the version.
        ExternalServiceError: the remote could not be reached or refused; safe to retry.
    """
    mend_after_kill(root)
    with _dvc(root, remote, "pull from") as repo:
        result = repo.pull(targets=[_target(root)], force=force)
    return int(result["stats"].get("fetched", 0))


def _target(root: Path) -> str:
    # Absolute: DVC takes relative targets from the process's folder and silently finds nothing.
    data_version(root)
    return str(Workspace(root).data_pointer.resolve())


def _require_cached(root: Path) -> None:
    # DVC pushes what it finds and says nothing of the rest.
    version = data_version(root)
    cache = cache_dir(root)
    listing = object_path(cache, version)
    missing = [version]
    if listing.is_file():
        files = parse_tree(listing.read_text(encoding="utf-8")).files
        missing = [path for path, md5 in files.items() if not object_path(cache, md5).is_file()]
    if missing:
        raise DataVersionError(
            f"{len(missing)} files of data version {version[:8]} are not in DVC's cache "
            f"({missing[0]}); run `voxgate data commit` while data/ is that version, then push"
        )


@contextmanager
def _dvc(root: Path, remote: DataRemote, doing: str) -> Iterator[Any]:
    from botocore.exceptions import BotoCoreError, ClientError
    from dvc.exceptions import CheckoutError, FileTransferError
    from dvc_objects.fs.errors import AuthError

    where = remote.url or "the default remote of .dvc/config"
    with open_repository(root, f"{doing} {where}", config=remote.as_dvc_config()) as repo:
        try:
            yield repo
        except CheckoutError as error:
            raise DataVersionError(
                f"{where} does not have every file of the version in data.dvc: {_reason(error)}. "
                "Ask whoever registered it to run `voxgate data push`."
            ) from safe_cause(error)
        except (FileTransferError, AuthError, BotoCoreError, ClientError, OSError) as error:
            raise ExternalServiceError(
                f"could not {doing} {where}: {_reason(error)}. Check the address and AWS_*, then "
                "try again."
            ) from safe_cause(error)


def _reason(error: BaseException) -> str:
    cause = error.__cause__
    return f"{error}" + (f" ({cause})" if cause is not None else "")

"""Bring the voice package of a version to this machine."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from pathlib import Path

from voxgate.errors import StorageError, VoiceError
from voxgate.files import digest_file
from voxgate.release.ports.registry import Registry
from voxgate.release.records import Release
from voxgate.voice.card import card_digest, read_card

__all__ = ["registered_package"]

_log = logging.getLogger(__name__)


def registered_package(release: Release, folder: Path, *, connect: Callable[[], Registry]) -> Path:
    """Return `folder` with the package of a version in it, byte for byte as it was registered.

    Where it is not there it is fetched. What is there and is another (by its card's digest, or by
    the digests that the card names) is never returned: it is moved aside, so that somebody can see
    what was done to it, and the registered one is fetched.

    Args:
        release: the version, as the ledger has it.
        folder: where its package is kept here; of nothing else.
        connect: opens the registry; called only where something is to be fetched.

    Raises:
        VersionLostError: the registry has it no more.
        ExternalServiceError: the registry cannot be reached.
        StorageError: an altered folder cannot be moved aside, or the package cannot be written.
    """
    if folder.exists() and not _is_registered(release, folder):
        aside = _move_aside(folder)
        _log.warning(
            "%s is not version %d as it was registered: it was altered; fetched again, and what "
            "was there is kept as %s: find out who changed it, and remove it",
            folder, release.version, aside.name,
        )  # fmt: skip
    if not folder.is_dir():
        connect().fetch_package(release, folder)
    return folder


def _is_registered(release: Release, folder: Path) -> bool:
    try:
        if card_digest(folder) != release.origin.model_digest:
            return False
        files = read_card(folder).files
        return all(digest_file(folder / Path(name).name) == files[name] for name in files)
    except (OSError, VoiceError):
        return False  # a card or a file of it is gone


def _move_aside(folder: Path) -> Path:
    aside = folder.with_name(f"{folder.name}.altered-{secrets.token_hex(4)}")
    try:
        return folder.rename(aside)
    except FileNotFoundError:
        return aside  # another process was faster
    except OSError as error:
        raise StorageError(
            f"{folder} was altered, and cannot be moved aside: {error.strerror or error}. Nothing "
            "is spoken from it; move it away by hand, and the registered one is fetched."
        ) from error

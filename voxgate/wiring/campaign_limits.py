"""Where the limits of a voice are kept: in this checkout, and in the store that all machines share.

A campaign is judged by the limits that it was planned with, on whichever machine and whatever was
calibrated since: sentences that were judged otherwise would not be the same sentences.
"""

from __future__ import annotations

from pathlib import Path

from voxgate.campaigns.quality.calibration import (
    CalibrationSubject,
    QualityCalibration,
    read_calibration,
    write_calibration,
)
from voxgate.errors import NotCalibratedError
from voxgate.files import digest_json, write_bytes
from voxgate.serving.jobs.assets import UnknownAssetError, keyed_asset_id
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_assets, speech_secret

__all__ = ["find_limits", "keep_limits"]

_NEWEST = "newest"


def keep_limits(checkout: Checkout, calibration: QualityCalibration) -> None:
    """Keep the limits that were just set, here and for other machines.

    Raises:
        StorageError, ExternalServiceError: they cannot be kept.
    """
    for rules in (calibration.rules.digest, _NEWEST):
        path = _path(checkout, calibration.subject, rules)
        write_calibration(path, calibration)
        open_assets(checkout.settings, checkout.workspace).put(
            _asset_id(checkout, calibration.subject, rules),
            path.read_bytes(),
            media_type="application/json",
        )


def find_limits(
    checkout: Checkout, subject: CalibrationSubject, *, rules: str | None = None
) -> QualityCalibration:
    """Return the newest limits of a subject, or those whose rules have the digest `rules`.

    Raises:
        NotCalibratedError: there are none, here or in the store, or they are of other code.
        StorageError, ExternalServiceError: the store cannot be asked.
    """
    path = _path(checkout, subject, rules or _NEWEST)
    if not path.is_file():
        _fetch(checkout, path, _asset_id(checkout, subject, rules or _NEWEST))
    found = read_calibration(path, subject)
    if rules is not None and found.rules.digest != rules:
        raise NotCalibratedError(
            f"{path}: expected the limits {rules[:12]} that the campaign was planned with, found "
            f"{found.rules.digest[:12]}; remove the file: it is fetched again"
        )
    return found


def _fetch(checkout: Checkout, path: Path, asset_id: str) -> None:
    """Bring what another machine kept; where there is nothing, whoever reads says so."""
    store = open_assets(checkout.settings, checkout.workspace)
    try:
        content = b"".join(store.read(asset_id))
    except UnknownAssetError:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, content)


def _path(checkout: Checkout, subject: CalibrationSubject, rules: str) -> Path:
    return checkout.workspace.quality_calibration(digest_json([subject.digest, rules]))


def _asset_id(checkout: Checkout, subject: CalibrationSubject, rules: str) -> str:
    secret = speech_secret(checkout.settings, checkout.workspace, "names")
    return keyed_asset_id(secret, {"limits": subject.digest, "rules": rules})

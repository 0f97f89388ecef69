from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.spoken_prompts import spoken_prompts
from voxgate.adapters.assets.catalogue import find_asset
from voxgate.adapters.speechbrain.speaker_encoder import SpeechBrainEncoder, load_speaker_encoder
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.params.evaluate import EvaluatorSource

pytestmark = pytest.mark.assets
_PIN = find_asset("ge2e").sha256


@pytest.fixture(scope="module")
def encoder(assets_dir: Path) -> SpeechBrainEncoder:
    """Return GE2E served through SpeechBrain."""
    source = EvaluatorSource(kind="speechbrain", source="ge2e", sha256=_PIN)
    return load_speaker_encoder(source, assets_dir=assets_dir, threads=1)


def test_same_speakers_separate_from_different_ones(encoder: SpeechBrainEncoder) -> None:
    prompts = spoken_prompts(speakers=6, each=3)
    rows = encoder.embed([prompt.wave for prompt in prompts])
    cosines = rows @ rows.T
    names = np.array([prompt.speaker for prompt in prompts])
    same = (names[:, None] == names[None]) & ~np.eye(len(names), dtype=bool)

    assert cosines[same].mean() > 0.85
    assert cosines[names[:, None] != names[None]].mean() < 0.65


def test_gain_does_not_change_the_speaker(encoder: SpeechBrainEncoder) -> None:
    wave = spoken_prompts(speakers=1, each=1)[0].wave
    loud, quiet = encoder.embed([wave, 0.05 * wave])

    assert float(loud @ quiet) > 0.9999


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it(
    encoder: SpeechBrainEncoder,
) -> None:
    waves = [prompt.wave for prompt in spoken_prompts(speakers=4, each=1)]
    mixed = [waves[0], waves[1][:25_600], waves[2][:25_600], waves[3], waves[0][:25_600]]
    together = encoder.embed(mixed)
    alone = np.stack([encoder.embed([wave])[0] for wave in mixed])

    assert np.abs(together - alone).max() < 1e-5


def test_loading_leaves_the_random_generator_alone(assets_dir: Path) -> None:
    import torch

    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    source = EvaluatorSource(kind="speechbrain", source="ge2e", sha256=_PIN)
    load_speaker_encoder(source, assets_dir=assets_dir, threads=1)

    assert torch.equal(torch.rand(2), expected)


def test_flipped_byte_in_the_weights_is_refused(assets_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(assets_dir / "ge2e", tmp_path / "ge2e")
    path = tmp_path / "ge2e" / "model.safetensors"
    with path.open("r+b") as stream:
        stream.seek(-1, 2)
        last = stream.read(1)
        stream.seek(-1, 2)
        stream.write(bytes([last[0] ^ 1]))
    source = EvaluatorSource(kind="speechbrain", source="ge2e", sha256=_PIN)

    with pytest.raises(WeightsError, match=r"model\.safetensors: expected sha256 \w+, got \w+"):
        load_speaker_encoder(source, assets_dir=tmp_path, threads=1)


def test_changed_pin_is_refused(assets_dir: Path) -> None:
    source = EvaluatorSource(kind="speechbrain", source="ge2e", sha256="0" * 64)

    with pytest.raises(WeightsError, match=r"params\.yaml pins sha256 0{64}"):
        load_speaker_encoder(source, assets_dir=assets_dir, threads=1)


def test_whisper_weights_are_no_speaker_encoder(assets_dir: Path) -> None:
    source = EvaluatorSource(kind="whisper", source="whisper-base", sha256="0" * 64)

    with pytest.raises(EvaluatorError, match="expected kind speechbrain, got whisper"):
        load_speaker_encoder(source, assets_dir=assets_dir, threads=1)


def test_local_folder_of_another_network_loads_through_the_same_path(tmp_path: Path) -> None:
    folder = _ecapa_folder(tmp_path / "ecapa")
    from voxgate.adapters.assets.origins import folder_digest
    from voxgate.adapters.assets.store import file_digests

    pin = folder_digest(file_digests(folder))
    source = EvaluatorSource(kind="speechbrain", source=str(folder), sha256=pin)
    encoder = load_speaker_encoder(source, assets_dir=tmp_path / "assets", threads=1)
    wave = spoken_prompts(speakers=1, each=1)[0].wave

    assert encoder.embed([wave]).shape == (1, 8)
    assert file_names(folder) == ["embedding_model.ckpt", "hyperparams.yaml", "label_encoder.txt"]


def file_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _ecapa_folder(folder: Path) -> Path:
    """Write a source folder laid out as the published ECAPA's, with a small untrained network."""
    import torch

    from voxgate.adapters.assets.catalogue import find_asset
    from voxgate.adapters.assets.origins import HubOrigin
    from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio

    import_torchaudio()
    from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN

    folder.mkdir()
    shape = {"channels": [16, 16, 16, 16, 48], "lin_neurons": 8, "attention_channels": 4}
    network = ECAPA_TDNN(input_size=80, res2net_scale=4, se_channels=8, **shape)
    torch.save(network.state_dict(), folder / "embedding_model.ckpt")
    origin = find_asset("spkrec-ecapa-voxceleb").origin
    assert isinstance(origin, HubOrigin)
    for name, text in origin.written.items():
        (folder / name).write_text(text)
    (folder / "hyperparams.yaml").write_text(_ECAPA_HYPERPARAMS)
    return folder


_ECAPA_HYPERPARAMS = """\
pretrained_path: nobody/ecapa
compute_features: !new:speechbrain.lobes.features.Fbank
  n_mels: 80
mean_var_norm: !new:speechbrain.processing.features.InputNormalization
  norm_type: sentence
  std_norm: False
embedding_model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN
  input_size: 80
  channels: [16, 16, 16, 16, 48]
  lin_neurons: 8
  attention_channels: 4
  res2net_scale: 4
  se_channels: 8
classifier: !new:torch.nn.Identity
label_encoder: !new:speechbrain.dataio.encoder.CategoricalEncoder
modules:
  compute_features: !ref <compute_features>
  mean_var_norm: !ref <mean_var_norm>
  embedding_model: !ref <embedding_model>
  classifier: !ref <classifier>
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
  loadables:
    embedding_model: !ref <embedding_model>
    label_encoder: !ref <label_encoder>
  paths:
    embedding_model: !ref <pretrained_path>/embedding_model.ckpt
    label_encoder: !ref <pretrained_path>/label_encoder.txt
"""


def test_device_and_precision_are_part_of_the_identity(encoder: SpeechBrainEncoder) -> None:
    assert encoder.identity.options["device"] == "cpu"
    assert encoder.identity.options["precision"] == "float32"
    assert "threads" not in encoder.identity.options

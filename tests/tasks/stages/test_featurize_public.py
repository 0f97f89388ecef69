"""`featurize` for a public preset: imported files in, tokens and speaker vectors out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from models.gpt_sovits.s2.speaker_verification import SpeakerVerifier
from tasks.stages.featurize import featurize
from tests.fakes.speech_tokenizer import LetterPhonemiser
from tests.fakes.tiny_public import (
    TINY_SPEAKER_NETWORK,
    TINY_V2PRO,
    install_tiny_public,
    write_hubert,
    write_pair,
    write_speaker_network,
)
from tests.fakes.validated_clips import clips, write_validated
from voxgate.adapters.assets.origins import folder_digest
from voxgate.adapters.assets.store import file_digests
from voxgate.adapters.extractors import speaker_vectors
from voxgate.adapters.extractors.speaker_vectors import filter_bank
from voxgate.adapters.public_gpt_sovits.base import write_base
from voxgate.adapters.public_gpt_sovits.weights import import_public
from voxgate.audio.resampling import resample
from voxgate.errors import ConfigError
from voxgate.features.clips import FeatureSet, read_feature_set
from voxgate.files import read_json
from voxgate.params import load_params
from voxgate.params.featurize import WeightsSource
from voxgate.stage import Workspace


def folder_pin(folder: Path) -> WeightsSource:
    return WeightsSource(source=str(folder), sha256=folder_digest(file_digests(folder)))


@pytest.fixture(scope="module")
def featurized(tmp_path_factory: pytest.TempPathFactory):
    """Run the stage once over 10 clips at 32 kHz; return its workspace and both networks."""
    root = tmp_path_factory.mktemp("public")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOXGATE_ASSETS_DIR", str(root / "store"))
        install_tiny_public(patch)
        patch.setattr(
            speaker_vectors, "SpeakerVerifier", lambda _: SpeakerVerifier(TINY_SPEAKER_NETWORK)
        )
        hubert = write_hubert(root / "hubert")
        verifier = write_speaker_network(root / "sv")
        files = [import_public(path, root / "store") for path in write_pair(root / "files")]
        params = write_base(
            files,
            root / "base" / "pro",
            extractor=folder_pin(root / "hubert"),
            speaker_network=folder_pin(root / "sv"),
        )
        workspace, _ = write_validated(root, clips(10, sample_rate_hz=32000))
        write_params(root, params)
        loaded = load_params(root / "params.yaml")
        outcome = featurize(workspace, loaded, phonemiser=LetterPhonemiser())
    assert outcome.accepted, outcome.reasons
    return workspace, hubert, verifier


def write_params(root: Path, params: dict) -> None:
    raw = yaml.safe_load((root / "params.yaml").read_text())
    for section, values in params.items():
        raw[section] |= values
    raw["train"]["preset"] = TINY_V2PRO.name
    (root / "params.yaml").write_text(yaml.safe_dump(raw))


def features_of(workspace: Workspace) -> FeatureSet:
    return read_feature_set(workspace.stage_dir("featurize"))


def codes(hubert, s2: Path, wave: np.ndarray) -> list[int]:
    """Return what the published S2 makes of a 16 kHz wave, by its own tensors."""
    weights = torch.load(s2, weights_only=True)["weight"]
    with torch.inference_mode():
        hidden = hubert(torch.from_numpy(wave)[None]).last_hidden_state.transpose(1, 2)
        projected = torch.nn.functional.conv1d(
            hidden, weights["ssl_proj.weight"].float(), weights["ssl_proj.bias"].float(), stride=2
        )
    embed = weights["quantizer.vq.layers.0._codebook.embed"].float()
    return torch.cdist(projected[0].T, embed).argmin(dim=1).tolist()


def test_tokens_are_the_base_models_own_of_16_khz_audio(featurized) -> None:
    workspace, hubert, _ = featurized
    clip = features_of(workspace).train[0]
    heard = resample(clip.read_wave(), 32000, 16000)

    assert clip.read_wave().shape == (112000,)  # 3.5 s
    assert len(clip.tokens) == (len(heard) - 80) // 320 // 2
    assert clip.tokens.tolist() == codes(hubert, workspace.root / "files" / "s2Gv2Pro.pth", heard)


def test_the_prompt_has_silence_after_it(featurized) -> None:
    workspace, hubert, _ = featurized
    reference = read_json(workspace.stage_dir("featurize") / "reference.json")
    heard = resample(features_of(workspace).clip(reference["clip_id"]).read_wave(), 32000, 16000)
    padded = np.concatenate([heard, np.zeros(9600, dtype=np.float32)])

    expected = codes(hubert, workspace.root / "files" / "s2Gv2Pro.pth", padded)
    assert reference["prompt_tokens"] == expected


def test_every_clip_has_its_speaker_vector(featurized) -> None:
    workspace, _, verifier = featurized
    features = features_of(workspace)
    assert len(features.train) + len(features.validation) == 5
    for clip in (*features.train, *features.validation):
        assert clip.speaker_vector is not None
        with torch.inference_mode():
            expected = verifier(filter_bank(clip.read_wave(), 32000)[None])[0]
        np.testing.assert_allclose(clip.speaker_vector, expected.numpy(), rtol=1e-3, atol=1e-3)


def test_parameters_of_another_preset_stop_the_stage(tmp_path: Path, monkeypatch) -> None:
    install_tiny_public(monkeypatch)
    workspace, params = write_validated(tmp_path, clips(2))
    train = params.train.model_copy(update={"preset": TINY_V2PRO.name})
    with pytest.raises(ConfigError) as raised:
        featurize(workspace, params.model_copy(update={"train": train}))
    assert len(raised.value.faults) == 2
    assert all("tiny-v2Pro" in fault for fault in raised.value.faults)

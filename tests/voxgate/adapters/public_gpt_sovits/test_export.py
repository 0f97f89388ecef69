from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.gpt_sovits.checkpoints import read_public_checkpoint, save_checkpoint
from tests.fakes.tiny_public import TINY_V2PRO, install_tiny_public, write_pair
from voxgate.adapters.public_gpt_sovits.export import export_public
from voxgate.adapters.public_gpt_sovits.weights import import_public
from voxgate.errors import WeightsError
from voxgate.voice.card import GenerationDefaults, Reference, TrainedSteps, VoiceCard
from voxgate.voice.package import VoiceFiles, write_voice


def test_an_import_goes_back_out_without_its_posterior(tmp_path: Path) -> None:
    for path in write_pair(tmp_path / "files"):
        imported = import_public(path, tmp_path / "store")
        (written,) = export_public(imported.folder, tmp_path / "out", name="voice")

        before, after = read_public_checkpoint(path), read_public_checkpoint(written)
        kept = {key for key in before.weights if not key.startswith("enc_q.")}
        assert after.weights.keys() == kept
        assert all(torch.equal(after.weights[key], before.weights[key].half()) for key in kept)
        assert written.name == f"voice{path.suffix}"
        assert after.info == "base"
    assert written.read_bytes()[:2] == b"05"


def test_a_trained_voice_becomes_both_files(tmp_path: Path, monkeypatch) -> None:
    install_tiny_public(monkeypatch)
    write_voice(tmp_path / "voice", card(TINY_V2PRO.name), files())

    written = export_public(tmp_path / "voice", tmp_path / "out", name="ann")
    assert [path.name for path in written] == ["ann.ckpt", "ann.pth"]
    s1 = torch.load(written[0], weights_only=True)
    assert list(s1["weight"]) == ["model.a"]
    assert s1["info"] == "3 steps"


def test_what_has_no_public_form_or_is_no_export_is_refused(tmp_path: Path) -> None:
    write_voice(tmp_path / "voice", card("mini"), files())
    with pytest.raises(WeightsError, match="preset mini has no public checkpoint format"):
        export_public(tmp_path / "voice", tmp_path / "out", name="x")
    with pytest.raises(WeightsError, match=r"expected voice\.json, s1\.json or s2\.json"):
        export_public(tmp_path, tmp_path / "out", name="x")


def test_damage_is_found_before_anything_is_written(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "base" / "s1", {"a": torch.zeros(2)}, preset="v2")
    (tmp_path / "base" / "s1.safetensors").write_bytes(b"changed")
    with pytest.raises(WeightsError, match="the file was changed or cut short"):
        export_public(tmp_path / "base", tmp_path / "out", name="x")

    write_voice(tmp_path / "voice", card("v2"), files())
    (tmp_path / "voice" / "s2.safetensors").write_bytes(b"changed")
    with pytest.raises(WeightsError, match=r"s2\.safetensors: expected sha256"):
        export_public(tmp_path / "voice", tmp_path / "out", name="x")
    assert not (tmp_path / "out").exists()


def card(preset: str) -> VoiceCard:
    return VoiceCard(
        schema=1,
        preset=preset,
        language="en",
        speaker_id="ann",
        sample_rate_hz=32000,
        symbols="v2",
        steps=TrainedSteps(s1=3, s2=4),
        consent_scope="internal",
        tokenizer_sha256="t" * 64,
        seed=1,
        base=None,
        reference=Reference(clip_id="c", text="a", phones=[1]),
        generation=GenerationDefaults(
            prompted=True,
            top_k=1,
            top_p=1.0,
            temperature=1.0,
            repetition_penalty=1.0,
            noise_scale=0.5,
            phones_per_second=12.0,
            max_length_ratio=2.0,
            pause_s=0.2,
        ),
    )


def files() -> VoiceFiles:
    weights = {"a": torch.ones(2)}
    return VoiceFiles(
        s1=weights,
        s2=weights,
        reference_tokens=torch.zeros(3, dtype=torch.long),
        reference_spectrogram=torch.zeros(4, 2),
    )

from __future__ import annotations

import json
from pathlib import Path

import soundfile

from tasks.measuring.self_testing import check_instruments, find_spoken_clips
from tasks.measuring.setup import build_instruments
from tests.fakes.evaluation_workspace import CHINESE, EvaluationWorkspace, noise
from tests.fakes.normaliser import SYLLABLES
from tests.fakes.quality_predictor import FakeQualityPredictor
from voxgate.audio.shards import to_pcm16
from voxgate.evaluation.frame import RealClip
from voxgate.evaluation.self_test import SelfTest
from voxgate.files import digest_file


def recording(number: int, *, role: str = "validation", language: str = "zh") -> RealClip:
    return RealClip(
        clip_id=f"c{number}",
        role=role,
        text=f"他去{number}",
        pcm=to_pcm16(noise(number)),
        language=language,
    )


def self_test_of(site: EvaluationWorkspace) -> SelfTest:
    instruments = build_instruments(
        site.params.evaluate,
        transcriber=site.transcriber,
        encoder=site.encoder,
        normaliser=SYLLABLES,
        quality=FakeQualityPredictor(),
    )
    return check_instruments(site.workspace, site.params.evaluate, instruments)


def test_english_is_heard_in_the_clips_that_everybody_has(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    assert find_spoken_clips(site.workspace, "en", [recording(1)]) is None


def test_only_held_out_recordings_of_the_language_test_it(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path)
    clips = [
        recording(1),
        recording(2, role="train"),
        recording(3, language="en"),
        recording(4, role="centroid"),
    ]
    found = find_spoken_clips(site.workspace, "zh", clips)
    assert found is not None
    assert found.origin == "held-out recordings of the voice"
    assert [clip.voice for clip in found.clips] == ["c1", "c4"]


def test_clips_of_the_project_come_before_recordings(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path, language="zh", prompts=CHINESE)
    folder = site.workspace.benchmark_dir / "speakers.zh"
    folder.mkdir()
    lines = []
    for number, text in enumerate(["他去银行", "不买三百", "五元", "卖"]):
        path = folder / f"{number}.flac"
        soundfile.write(path, to_pcm16(noise(3000 + number)), 16_000, subtype="PCM_16")
        site.transcriber.hears(noise(3000 + number), text, language="zh")
        row = {"voice": f"v{number % 2}", "file": path.name, "text": text, "duration_s": 2.5}
        lines.append(json.dumps({**row, "sha256": digest_file(path)}))
    (folder / "index.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = self_test_of(site)
    assert result.passed
    assert result.spoken is not None
    assert (result.spoken["origin"], result.spoken["clips"]) == ("benchmark/speakers.zh", 4)


def test_a_language_without_known_clips_fails_its_self_test(tmp_path: Path) -> None:
    site = EvaluationWorkspace(tmp_path, language="zh", prompts=CHINESE)
    (site.workspace.stage_dir("featurize") / "clips.parquet").unlink()
    result = self_test_of(site)
    failed = {check.code: check.message for check in result.checks if not check.passed}
    assert failed.keys() == {"known_transcripts_wer", "wrong_transcripts_wer"}
    assert "fewer than two known texts in the language" in failed["known_transcripts_wer"]

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import soundfile

from tasks.stages.evaluate import evaluate
from tests.fakes.evaluation_workspace import CHINESE, PROMPTS, EvaluationWorkspace, noise, prompt_id
from tests.fakes.normaliser import LOWER, SYLLABLES
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.voice import ToneVoice
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.errors import RefusalError, StageError
from voxgate.evaluation.evidence import read_evidence
from voxgate.evaluation.plan import item_seed
from voxgate.evaluation.protocol import Normaliser
from voxgate.evaluation.sound.catalogue import MEASURES
from voxgate.files import digest_bytes
from voxgate.stage import Outcome, read_outcome


@pytest.fixture
def site(tmp_path: Path) -> EvaluationWorkspace:
    return EvaluationWorkspace(tmp_path)


def run(
    site: EvaluationWorkspace,
    voices: Callable[[Path], ToneVoice],
    normaliser: Normaliser = LOWER,
) -> Outcome:
    return evaluate(
        site.workspace,
        site.params,
        transcriber=site.transcriber,
        encoder=site.encoder,
        normaliser=normaliser,
        load_voice=voices,
        quality=FakeQualityPredictor(),
    )


def built(site: EvaluationWorkspace, name: str) -> Path:
    return site.workspace.stage_dir("evaluate") / name


def test_a_perfect_voice_is_measured_as_perfect(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)

    outcome = run(site, lambda _: voice)

    assert outcome.accepted
    metrics = json.loads(built(site, "report.json").read_text())
    assert metrics["wer"] == 0
    assert metrics["cer"] == 0
    assert metrics["catastrophic_prompts"] == 0
    assert metrics["items"] == 9
    assert metrics["similarity"] > 0.8
    assert metrics["impostor_similarity"] < 0.5
    assert metrics["ceiling"]["wer"] == 0
    assert metrics["sound"]["quality"] == metrics["ceiling"]["sound"]["quality"] == 3.3


def test_real_recordings_bound_every_measure_in_order(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    sound = read_evidence(built(site, "evidence.json")).ceiling["sound"]
    assert set(sound) == set(MEASURES)
    for shares in sound.values():
        assert list(shares) == ["p1", "p5", "p50", "p95", "p99"]
        assert list(shares.values()) == sorted(shares.values())


def test_equal_checkpoints_leave_the_latest_chosen(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    table = json.loads(built(site, "checkpoints.json").read_text())
    assert table["chosen"] == "step-000200"
    assert [(row["name"], row["chosen"]) for row in table["checkpoints"]] == [
        ("step-000100", False),
        ("step-000200", True),
    ]


def test_the_checkpoint_that_speaks_goes_before_the_gate(site: EvaluationWorkspace) -> None:
    good, bad = ToneVoice(), ToneVoice(letters_per_s=11)
    site.understand(good)
    run(site, lambda folder: good if folder.name == "step-000100" else bad)
    table = pq.read_table(built(site, "scores.parquet")).to_pylist()
    assert {row["checkpoint"] for row in table if row["split"] == "gate"} == {"step-000100"}
    assert len(table) == 2 * 2 * 2 + 3 * 3
    assert {row["sound_quality"] for row in table} == {3.3}


def test_kept_audio_is_what_was_judged(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    evidence = read_evidence(built(site, "evidence.json"))
    for row in evidence.rows:
        pcm, rate = soundfile.read(
            built(site, "audio") / f"{row.prompt_id}-{row.seed_index}.flac", dtype="int16"
        )
        assert rate == 16_000
        assert digest_bytes(pcm.tobytes()) == row.audio_sha256


def test_a_second_run_speaks_and_hears_nothing_again_and_writes_the_same_bytes(
    site: EvaluationWorkspace,
) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    before = {p.name: p.read_bytes() for p in built(site, "").glob("*.*")}
    voice.calls.clear()
    site.transcriber.calls.clear()
    run(site, lambda _: voice)
    assert voice.calls == []
    assert sum(site.transcriber.calls) == 3, "only the self-test listens again"
    assert {p.name: p.read_bytes() for p in built(site, "").glob("*.*")} == before


def frame_of(root: Path, **clips: int) -> tuple[str, list[float]]:
    site = EvaluationWorkspace(root, **clips)  # type: ignore[arg-type]
    site.evaluate(ToneVoice())
    evidence = read_evidence(built(site, "evidence.json"))
    return evidence.frame_digest, list(evidence.centroid["vector"])


def test_the_frame_is_that_of_the_recordings_on_any_processor(tmp_path: Path) -> None:
    here, vector = frame_of(tmp_path / "here")
    there, other_vector = frame_of(tmp_path / "there", last_bit=True)
    assert vector != other_vector, "the clips differ in their last bits"
    assert here == there


def test_other_recordings_are_another_frame(tmp_path: Path) -> None:
    assert frame_of(tmp_path / "a")[0] != frame_of(tmp_path / "b", first_clip=1)[0]


def test_one_changed_prompt_costs_one_prompt(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    path = site.workspace.benchmark_dir / "prompts.en.jsonl"
    was = PROMPTS["gate"][1]
    now = was.replace("warm", "chilly")
    path.write_text(path.read_text().replace(was, now).replace(was.lower(), now.lower()))
    spoken = {
        k: from_pcm16(to_pcm16(voice.wave(now, item_seed(prompt_id(was), k)))) for k in range(3)
    }
    for wave in spoken.values():
        site.transcriber.hears(wave, now)
        site.encoder.speaks(wave, "the speaker")
    for calls in (voice.calls, site.transcriber.calls, site.encoder.calls):
        calls.clear()

    run(site, lambda _: voice)

    assert {text for text, _ in voice.calls} == {now}
    assert len(voice.calls) == 3
    assert sum(site.transcriber.calls) == 3 + 3, "the self-test, and three samples"
    assert sum(site.encoder.calls) == 9 + 3 + 3, "the self-test, three samples, one window each"


def test_another_recogniser_costs_no_speech_and_no_vector(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    for calls in (voice.calls, site.transcriber.calls, site.encoder.calls):
        calls.clear()
    site.transcriber.name = "another"

    run(site, lambda _: voice)
    assert voice.calls == []
    samples = 2 * len(PROMPTS["select"]) + 3 * len(PROMPTS["gate"])
    assert sum(site.transcriber.calls) >= samples
    assert sum(site.encoder.calls) == 9, "only the self-test"


def test_both_arms_get_the_same_seeds(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    seeds = {(text, seed) for text, seed in voice.calls if text in PROMPTS["gate"]}
    assert seeds == {(t, item_seed(prompt_id(t), k)) for t in PROMPTS["gate"] for k in range(3)}


def test_a_crash_of_the_voice_is_a_recorded_unmeasured_sample(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    refused = PROMPTS["gate"][0]
    voice.refuses.add(refused)
    outcome = run(site, lambda _: voice)
    assert outcome.accepted, "the evidence is complete; it is the gate that holds"
    evidence = read_evidence(built(site, "evidence.json"))
    assert evidence.expected_items == len(evidence.rows) == 9
    assert evidence.evaluated_items == 6
    faults = [row.fault for row in evidence.rows if row.prompt_id == prompt_id(refused)]
    assert faults == [f"voice: VoiceError: told not to speak {refused!r}"] * 3


def test_a_crash_of_an_instrument_leaves_only_its_sample_unmeasured(
    site: EvaluationWorkspace,
) -> None:
    voice = ToneVoice()
    site.understand(voice)
    text = PROMPTS["gate"][1]
    wave = from_pcm16(to_pcm16(voice.wave(text, item_seed(prompt_id(text), 2))))
    site.transcriber.fails_on(wave)
    run(site, lambda _: voice)
    evidence = read_evidence(built(site, "evidence.json"))
    faulty = [row for row in evidence.rows if row.fault]
    assert [row.item for row in faulty] == [(prompt_id(text), 2)]
    assert "scripted failure" in str(faulty[0].fault)
    site.transcriber.failing.clear()
    run(site, lambda _: voice)
    assert read_evidence(built(site, "evidence.json")).evaluated_items == 9, "tried again"


def test_a_deaf_recogniser_fails_the_self_test_and_refuses(site: EvaluationWorkspace) -> None:
    site.transcriber.script.clear()
    voice = ToneVoice()
    outcome = run(site, lambda _: voice)
    assert not outcome.accepted
    assert outcome.reasons[0].code == "self_test_failed"
    assert "known_transcripts_wer is 1.0, expected <= 0.15" in outcome.reasons[0].message
    assert voice.calls == []
    evidence = read_evidence(built(site, "evidence.json"))
    assert evidence.self_test["passed"] is False
    assert evidence.evaluated_items == 0
    assert read_outcome(built(site, "")).accepted is False
    for name in ("scores.parquet", "checkpoints.json", "timings.json", "report.md", "audio"):
        assert built(site, name).exists(), "DVC expects every output of a stage that ended"


def test_an_encoder_that_gives_every_pair_the_same_cosine_fails_the_self_test(
    site: EvaluationWorkspace,
) -> None:
    site.encoder.spread = 0.0
    site.encoder.speakers = dict.fromkeys(site.encoder.speakers, "anybody")
    outcome = run(site, lambda _: ToneVoice())
    assert not outcome.accepted
    assert "speaker_separation" in outcome.reasons[0].message


def test_when_no_checkpoint_can_be_measured_the_stage_refuses(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    voice.refuses.update(PROMPTS["select"])
    outcome = run(site, lambda _: voice)
    assert [reason.code for reason in outcome.reasons] == ["no_measured_checkpoint"]
    table = pq.read_table(built(site, "scores.parquet")).to_pylist()
    assert len(table) == 2 * 2 * 2
    assert all("VoiceError" in row["fault"] for row in table)


def test_too_few_held_out_clips_refuse(site: EvaluationWorkspace) -> None:
    path = site.workspace.stage_dir("featurize") / "clips.parquet"
    rows = pq.read_table(path).to_pylist()
    centroid = [row for row in rows if row["split"] == "centroid"]
    table = (
        pq.read_table(path)
        .schema.empty_table()
        .from_pylist(
            [row for row in rows if row not in centroid[:3]], schema=pq.read_table(path).schema
        )
    )
    pq.write_table(table, path)
    outcome = run(site, lambda _: ToneVoice())
    assert [reason.code for reason in outcome.reasons] == ["no_reference"]
    assert "at least 5 held-out clips, or as many windows" in outcome.reasons[0].message
    assert "got 3 clips with 3 windows" in outcome.reasons[0].message


def test_a_few_long_held_out_clips_define_the_speaker_by_their_windows(tmp_path: Path) -> None:
    splits = {"centroid": 3, "validation": 1, "train": 6}
    site = EvaluationWorkspace(tmp_path, splits=splits, clip_s=3.5)
    size = {"name": "minute", "clips": 10, "seconds": 35.0, "budget": 0.5}
    Outcome(stage="featurize", accepted=True, facts={"size": size}).write(
        site.workspace.stage_dir("featurize")
    )
    site.evaluate(ToneVoice())

    evidence = read_evidence(built(site, "evidence.json"))
    assert (evidence.centroid["clips"], evidence.centroid["windows"]) == (3, 6)
    real = evidence.centroid["real_similarity"]
    assert real["low"] < real["point"] < real["high"]
    assert len(evidence.ceiling["similarities"]) == 10, "all clips are long enough to be compared"
    assert evidence.data["small_data"]["train_seconds"] == 21.0
    assert "centroid of 6 windows of 3 clips" in built(site, "report.md").read_text()


def test_enough_data_is_not_called_little(site: EvaluationWorkspace) -> None:
    site.evaluate(ToneVoice())
    evidence = read_evidence(built(site, "evidence.json"))
    assert evidence.centroid.keys() == {"clips", "digest", "vector"}
    assert "small_data" not in evidence.data


def test_it_does_not_go_on_behind_a_refusal(site: EvaluationWorkspace) -> None:
    Outcome(stage="train", accepted=False).write(site.workspace.stage_dir("train"))
    with pytest.raises(RefusalError, match="'train' refused"):
        run(site, lambda _: ToneVoice())


def test_an_incomplete_voice_package_is_named(site: EvaluationWorkspace) -> None:
    card = site.workspace.stage_dir("train") / "checkpoints" / "step-000200" / "voice.json"
    card.unlink()
    with pytest.raises(StageError, match=r"step-000200.*incomplete"):
        run(site, lambda _: ToneVoice())


def test_the_report_shows_the_voice_beside_ceiling_and_floor(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    report = built(site, "report.md").read_text()
    assert "| WER (corpus) | 0.00 % | 0.00 % | - |" in report
    assert "9 of 9 samples measured" in report
    assert "step-000200 (chosen)" in report
    assert "| predicted quality (DNSMOS, overall) | MOS | 3.3 [3.3, 3.3] | 3.3 to 3.3 |" in report
    assert str(site.root) not in report


@pytest.mark.parametrize(
    ("wave", "code"),
    [
        (np.zeros(0, np.float32), "empty_audio"),
        (np.zeros(48_000, np.float32), "empty_audio"),
        (np.full(48_000, np.nan, np.float32), "invalid_audio"),
        (noise(500, 12), "endless_audio"),
        (noise(500, 0.5), "too_short"),
        (noise(500, 6.0), "too_long"),
        (noise(500), "high_wer"),
    ],
)
def test_bad_audio_is_a_counted_catastrophe_and_never_a_missing_row(
    site: EvaluationWorkspace, wave: np.ndarray, code: str
) -> None:
    voice = ToneVoice()
    voice.wave = lambda text, seed: wave  # type: ignore[method-assign]
    run(site, lambda _: voice)
    evidence = read_evidence(built(site, "evidence.json"))
    assert evidence.evaluated_items == 9
    for row in evidence.rows:
        assert code in row.catastrophes
        assert row.word_errors == row.ref_words
        assert row.similarity is not None


SPOKEN = ToneVoice(letters_per_s=14.0)


@pytest.fixture
def chinese(tmp_path: Path) -> EvaluationWorkspace:
    return EvaluationWorkspace(tmp_path, language="zh", prompts=CHINESE)


def test_a_voice_of_another_language_is_counted_and_reported_in_its_units(
    chinese: EvaluationWorkspace,
) -> None:
    chinese.understand(SPOKEN)
    wrong = from_pcm16(to_pcm16(SPOKEN.wave("不买五百元", item_seed(prompt_id("不买五百元"), 0))))
    chinese.transcriber.hears(wrong, "不卖五百元", language="zh")

    outcome = run(chinese, lambda _: SPOKEN, SYLLABLES)

    assert outcome.accepted
    evidence = read_evidence(built(chinese, "evidence.json"))
    assert evidence.protocol["unit"] == "syllable"
    assert evidence.language == "zh"
    rows = [row for row in evidence.rows if row.prompt_id == prompt_id("不买五百元")]
    assert [(r.word_errors, r.ref_words, r.toneless_errors) for r in rows] == [
        (1, 5, 0), (0, 5, 0), (0, 5, 0),
    ]  # fmt: skip
    report = built(chinese, "report.md").read_text()
    assert "| SER (corpus) | 2.56 % | 0.00 % | - |" in report
    assert "| SER without tones (corpus) | 0.00 % | 0.00 % | - |" in report
    assert "100 % of the errors disappear without tones" in report
    assert pq.read_schema(built(chinese, "scores.parquet")).names[-1] == "toneless_errors"
    assert json.loads(built(chinese, "checkpoints.json").read_text())["unit"] == "syllable"


def test_the_recogniser_is_tested_on_recordings_in_the_language_that_is_judged(
    chinese: EvaluationWorkspace,
) -> None:
    chinese.understand(SPOKEN)
    run(chinese, lambda _: SPOKEN, SYLLABLES)
    evidence = read_evidence(built(chinese, "evidence.json"))
    assert evidence.self_test["passed"]
    spoken = evidence.self_test["spoken"]
    assert (spoken["origin"], spoken["clips"]) == ("held-out recordings of the voice", 9)


def test_an_english_word_in_a_chinese_prompt_is_no_wrong_language(
    chinese: EvaluationWorkspace,
) -> None:
    chinese.understand(SPOKEN)
    seeds = [item_seed(prompt_id("他去 coffee shop"), k) for k in range(3)]
    for seed, language in zip(seeds, ("en", "zh", "ja"), strict=True):
        wave = from_pcm16(to_pcm16(SPOKEN.wave("他去 coffee shop", seed)))
        chinese.transcriber.hears(wave, "他去 coffee shop", language=language)
    run(chinese, lambda _: SPOKEN, SYLLABLES)
    rows = read_evidence(built(chinese, "evidence.json")).rows
    found = [row.catastrophes for row in rows if row.prompt_id == prompt_id("他去 coffee shop")]
    assert found == [(), (), ("wrong_language",)]


def test_english_evidence_knows_nothing_of_units(site: EvaluationWorkspace) -> None:
    voice = ToneVoice()
    site.understand(voice)
    run(site, lambda _: voice)
    text = built(site, "evidence.json").read_text()
    assert '"schema":3' in text
    assert not any(name in text for name in ('"unit"', "toneless", '"spoken"'))
    assert "toneless_errors" not in pq.read_schema(built(site, "scores.parquet")).names
    assert "unit" not in json.loads(built(site, "checkpoints.json").read_text())

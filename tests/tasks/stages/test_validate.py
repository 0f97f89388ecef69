"""The stage: each clip ends accepted, fixed or quarantined, and a bad set is a refusal."""

import csv
import json
import re
import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

from tasks.stages.validate import validate
from tests.fakes.counting_executor import CountingExecutor
from tests.fakes.ingested_corpus import (
    PROMPT,
    RATE,
    IngestedCorpus,
    make_speech,
    small_params,
    with_minute,
)
from voxgate.corpus.validated_clips import VALIDATED_SCHEMA
from voxgate.corpus.validation.findings import CATALOGUE, Severity, rule_of
from voxgate.corpus.validation.quality import measure_signal
from voxgate.errors import EvaluatorError, RefusalError, StageError, TextError, WeightsError
from voxgate.files import digest_file, read_json
from voxgate.stage import Outcome, Workspace, read_outcome

GOOD = 10
TEXT = "please leave your message after the tone number"
WORDS = "alpha bravo cabin delta ember fable gamma hotel igloo jelly".split()


@pytest.fixture
def corpus(tmp_path):
    """Good clips of one speaker, enough to know what is usual."""
    corpus = IngestedCorpus(tmp_path)
    for n in range(GOOD):
        corpus.add(f"good-{n}", f"{TEXT} {WORDS[n]}", make_speech(n))
    return corpus


def judge(corpus, *, prompts=(PROMPT,), sizes=None, **changes):
    """Run the stage; return the outcome and the rows by recording."""
    workspace = corpus.write(prompts)
    params = small_params(**changes)
    if sizes is not None:
        params = params.model_copy(update={"sizes": sizes})
    outcome = validate(workspace, params, recogniser=corpus.recogniser, encoder=corpus.encoder)
    table = pq.read_table(workspace.stage_dir("validate") / "clips.parquet")
    return outcome, {row["recording_id"]: row for row in table.to_pylist()}


def codes(row):
    return set(row["reasons"] + row["warnings"] + row["fixes"])


def clip_signal(corpus):
    corpus.add("x", "some words here", make_speech(90), clipped_fraction=0.01)


def noisy(corpus, scale):
    wave = make_speech(91)
    noise = np.random.default_rng(0).standard_normal(len(wave))
    corpus.add("x", "some words here", (wave + scale * noise).astype(np.float32))


def tone(corpus):
    wave = 0.3 * np.sin(2 * np.pi * 1000 * np.arange(2 * RATE) / RATE)
    corpus.add("x", "some words here", wave.astype(np.float32))


def humming(corpus):
    speech = make_speech(90)
    hum = 0.03 * np.sin(2 * np.pi * 50 * np.arange(len(speech)) / RATE)
    corpus.add("x", "some words here", (speech + hum).astype(np.float32))


def narrow(corpus):
    import soxr

    wave = soxr.resample(soxr.resample(make_speech(92), RATE, 8_000), 8_000, RATE)
    corpus.add("x", "some words here", wave.astype(np.float32))


def silence(corpus):
    wave = 0.0003 * np.random.default_rng(0).standard_normal(2 * RATE)
    corpus.add("x", "some words here", wave.astype(np.float32))


def heard(corpus, **traits):
    wave = make_speech(93)
    corpus.add("x", "some words here", wave)
    corpus.recogniser.hears(wave, "some words here", **traits)


def clip(corpus, text="some words here", said=None, seed=94, **options):
    corpus.add("x", text, make_speech(seed), heard=said, **options)


def trimmed(corpus, name="x"):
    wave = np.concatenate([np.zeros(RATE, dtype=np.float32), make_speech(95)])
    start = round(measure_signal(wave, RATE).leading_silence_s * RATE) - int(0.2 * RATE)
    corpus.add(name, "some words here", wave, kept=slice(start, None))


MAKERS = {
    "too_short": lambda c: c.add("x", "short", make_speech(90, 0.7)),
    "too_long": lambda c: c.add("x", "long " * 40, make_speech(90, 21.0)),
    "clipped": clip_signal,
    "low_snr": lambda c: noisy(c, 0.02),
    "moderate_snr": lambda c: noisy(c, 0.002),
    "hum": humming,
    "not_speech": silence,
    "tone": tone,
    "narrow_band": narrow,
    "tight_edges": lambda c: c.add("x", "some words", make_speech(90, edge_s=0.0)[200:]),
    "empty_text": lambda c: clip(c, ""),
    "text_is_remark": lambda c: clip(c, "[laughs]"),
    "remark_in_text": lambda c: clip(c, "some words [laughs]"),
    "odd_characters": lambda c: clip(c, "some words \u2603"),
    "benchmark_leakage": lambda c: clip(c, "And so " + PROMPT.upper() + "."),
    "duplicate_audio": lambda c: c.add("x", f"{TEXT} {WORDS[0]}", 0.9 * make_speech(0)),
    "duplicate_text": lambda c: clip(c, f"{TEXT}, {WORDS[0].upper()}!"),
    "endless_transcript": lambda c: heard(c, capped=True),
    "high_cer": lambda c: clip(c, said="other things were there"),
    "moderate_cer": lambda c: clip(
        c, f"{TEXT} today", f"{TEXT} today".replace("message", "camera")
    ),
    "high_edge_cer": lambda c: clip(c, f"quickly now {TEXT} {TEXT}", f"{TEXT} {TEXT}"),
    "low_alignment": lambda c: clip(c, f"{TEXT} today", f"{TEXT} tomato"),
    "unusual_spelling": lambda c: clip(c, "saved, again", "saved -- again"),
    "alignment_failed": lambda c: clip(c, "some words here"),
    "wrong_language": lambda c: heard(c, language="cy", language_probability=0.9),
    "language_uncertain": lambda c: heard(c, language="cy", language_probability=0.3),
    "other_speaker": lambda c: clip(c, voice="somebody else"),
    "speaker_unverified": lambda c: (
        c.consent.update(bo="internal"),
        clip(c, speaker="bo"),
    ),
    "speaker_outlier": lambda c: clip(c, voice="somebody else"),
    "speech_rate_outlier": lambda c: clip(c, "no"),
    "silence_trimmed": trimmed,
    "ellipsis_removed": lambda c: clip(c, "...some words here"),
    "symbols_spoken": lambda c: clip(c, "press # twice", "press pound twice"),
    "parentheses_spoken": lambda c: clip(c, "words (some words) twice", "words, some words, twice"),
    "typography_normalised": lambda c: clip(c, "it’s some words", "it's some words"),
}


BOUNDS = {
    "speaker_outlier": {"min_speaker_cosine": -1.0},
    "low_alignment": {"max_cer": 1.0, "max_edge_cer": 1.0},
    "moderate_cer": {"min_alignment_log_probability": -5.0},
}


def test_every_code_has_a_clip_that_gets_it():
    assert set(MAKERS) == set(CATALOGUE)


@pytest.fixture(autouse=True)
def _no_alignment(request, monkeypatch):
    """Make the recogniser unable to place the text, for the one code that needs it."""
    callspec = getattr(request.node, "callspec", None)
    if callspec and callspec.params.get("code") == "alignment_failed":
        monkeypatch.setattr("tests.fakes.recogniser._align", lambda *_: None)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_each_code_lands_on_the_clip_that_earns_it(code, corpus, fast):
    MAKERS[code](corpus)
    rows = judge(corpus, **BOUNDS.get(code, {}))[1]
    row = rows["x"] if code != "duplicate_audio" else rows[rows["good-0"]["duplicate_of"] or "x"]
    found = [r for r in rows.values() if code in codes(r)]
    assert found, codes(row)
    severity = rule_of(code).severity
    assert all((r["status"] == "quarantined") == (severity is Severity.REJECT) for r in found)
    message = next(d["message"] for d in json.loads(found[0]["detail"]) if d["code"] == code)
    assert message.startswith("expected ")
    assert message.endswith(CATALOGUE[code].remedy)
    assert all(r["status"] == "accepted" for i, r in rows.items() if i.startswith("good-")) or (
        code in {"duplicate_audio", "duplicate_text", "alignment_failed"}
    )


@pytest.fixture
def fast(monkeypatch):
    """Leave out slow libraries where a test is about something else."""
    monkeypatch.setattr("tasks.stages.validate.build_suite_runner", lambda: lambda *_: [])
    monkeypatch.setattr(
        "tasks.stages.validate.text_normaliser",
        lambda _: lambda text: " ".join(re.findall(r"[a-z0-9']+", text.lower())),
    )


def test_good_clips_are_accepted_with_all_figures(corpus):
    MAKERS["unusual_spelling"](corpus)
    trimmed(corpus, "y")
    outcome, rows = judge(corpus)
    assert outcome.accepted, outcome.reasons
    assert outcome.facts == {"rows": 12, "accepted": 11, "fixed": 1, "quarantined": 0}
    row = rows["good-0"]
    assert row["reasons"] == []
    assert (row["cer"], row["wer"], row["edge_cer"]) == (0.0, 0.0, 0.0)
    assert None not in (row["snr_db"], row["speech_rate"], row["speaker_cosine"])
    assert (row["trim_start"], row["trim_end"]) == (0, row["n_samples"])


def test_a_refusal_keeps_all_its_evidence(corpus):
    outcome, _ = judge(corpus, sizes=with_minute(from_clips=GOOD + 1, from_s=200.0))
    assert [reason.code for reason in outcome.reasons] == ["too_few_clips", "too_little_audio"]
    folder = Workspace(corpus.root).stage_dir("validate")
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "clips.parquet",
        "data_docs",
        "expectations.json",
        "outcome.json",
        "quarantine.csv",
        "report.json",
        "timings.json",
    }
    assert not read_outcome(folder).accepted
    assert (folder / "data_docs" / "index.html").is_file()
    for suite in read_json(folder / "expectations.json"):
        assert suite["statistics"]["evaluated_expectations"] > 0
        assert suite["passed"]


def test_no_usable_clip_fails_the_suites(tmp_path):
    corpus = IngestedCorpus(tmp_path)
    corpus.add("a", "", make_speech(1))
    outcome, _ = judge(corpus)
    assert {r.code for r in outcome.reasons} >= {"expectation_failed", "too_few_clips"}
    assert any("heard_clips: 0 rows" in r.message for r in outcome.reasons)


def test_an_empty_corpus_is_refused(tmp_path):
    outcome, rows = judge(IngestedCorpus(tmp_path))
    assert (outcome.accepted, rows) == (False, {})
    assert "too_much_quarantined" in {reason.code for reason in outcome.reasons}


def test_too_many_quarantined_clips_are_a_refusal(corpus, fast):
    for n in range(4):
        corpus.add(f"bad-{n}", "", make_speech(50 + n))
    outcome, _ = judge(corpus, max_quarantined_fraction=0.2)
    assert [reason.code for reason in outcome.reasons] == ["too_much_quarantined"]


def test_a_speaker_without_consent_is_a_refusal(corpus, fast):
    corpus.consent["bo"] = None
    corpus.add_fault("bo-1", "consent_missing", speaker="bo")
    outcome, rows = judge(corpus)
    assert [reason.code for reason in outcome.reasons] == ["speaker_without_consent"]
    assert rows["bo-1"]["reasons"] == ["consent_missing"]


def test_rows_that_ingest_could_not_read_pass_through(corpus, fast):
    corpus.add_fault("broken", "unreadable")
    outcome, rows = judge(corpus)
    assert outcome.accepted
    assert (rows["broken"]["status"], rows["broken"]["cer"]) == ("quarantined", None)
    with (Workspace(corpus.root).stage_dir("validate") / "quarantine.csv").open() as stream:
        lines = list(csv.DictReader(stream))
    assert [line["recording_id"] for line in lines] == ["broken"]
    assert "send the recording again" in lines[0]["messages"]


def test_the_table_holds_ingests_columns_unchanged(corpus, fast):
    corpus.add_fault("broken", "unreadable")
    judge(corpus)
    workspace = Workspace(corpus.root)
    before = pq.read_table(workspace.stage_dir("ingest") / "clips.parquet")
    after = pq.read_table(workspace.stage_dir("validate") / "clips.parquet")
    assert after.select(before.column_names).equals(before)
    assert after.schema.equals(VALIDATED_SCHEMA)


def test_a_row_that_is_there_twice_stops_the_stage(corpus, fast):
    corpus.clips.append(corpus.clips[0])
    corpus.waves.append(corpus.waves[0])
    with pytest.raises(StageError, match="expected 11 different recordings"):
        judge(corpus)


def test_only_survivors_are_heard(corpus, fast):
    corpus.add("empty", "", make_speech(70))
    corpus.add("short", "short", make_speech(71, 0.7))
    judge(corpus)
    assert sum(corpus.recogniser.calls) == GOOD


def test_an_added_clip_costs_one_clip(corpus, fast):
    judge(corpus)
    corpus.recogniser.calls.clear()
    corpus.encoder.calls.clear()
    corpus.add("new", "something else was said", make_speech(80))
    outcome, _ = judge(corpus)
    assert corpus.recogniser.calls == [1]
    assert corpus.encoder.calls == [1]
    assert outcome.facts["accepted"] == GOOD + 1


@pytest.fixture
def loads(corpus, monkeypatch):
    """Which of the corpus's instruments were loaded by workers, in order."""
    loaded = []

    def loading(instrument):
        def load(*_, **__):
            loaded.append(instrument.name)
            return instrument

        return load

    monkeypatch.setattr("voxgate.wiring.evaluators.build_recogniser", loading(corpus.recogniser))
    monkeypatch.setattr("voxgate.wiring.evaluators.build_speaker_encoder", loading(corpus.encoder))
    return loaded


def test_workers_load_each_instrument_once_and_embed_waves_alone(corpus, fast, loads):
    workspace = corpus.write()
    validate(workspace, small_params())
    first = digest_file(workspace.stage_dir("validate") / "clips.parquet")
    assert sorted(loads) == ["fake-recogniser", "fake-speaker-encoder"]
    assert (corpus.recogniser.calls, corpus.encoder.calls) == ([GOOD], [1] * GOOD)
    judge(corpus)
    assert digest_file(workspace.stage_dir("validate") / "clips.parquet") == first


def test_where_all_is_known_instruments_only_say_who_they_are(corpus, fast, loads):
    judge(corpus)
    corpus.recogniser.calls.clear()
    corpus.encoder.calls.clear()
    executor = CountingExecutor()
    validate(corpus.write(), small_params(), executor=executor)
    assert (corpus.recogniser.calls, corpus.encoder.calls) == ([], [])
    assert sorted(loads) == ["fake-recogniser", "fake-speaker-encoder"]
    assert len(executor.works) == 2


def test_absent_weights_are_told_before_anybody_listens(corpus, fast, tmp_path, monkeypatch):
    monkeypatch.setenv("VOXGATE_ASSETS_DIR", str(tmp_path / "assets"))
    with pytest.raises(WeightsError, match="ge2e"):
        validate(corpus.write(), small_params(), recogniser=corpus.recogniser)
    assert corpus.recogniser.calls == []


def test_other_weights_hear_everything_again(corpus, fast):
    judge(corpus)
    corpus.recogniser.calls.clear()
    corpus.recogniser.weights_sha256 = "0" * 64
    judge(corpus)
    assert sum(corpus.recogniser.calls) == GOOD


def test_the_same_input_gives_the_same_bytes(corpus):
    judge(corpus)
    folder = Workspace(corpus.root).stage_dir("validate")
    names = ["clips.parquet", "quarantine.csv", "expectations.json", "report.json", "outcome.json"]
    first = {name: digest_file(folder / name) for name in names}
    shutil.rmtree(Workspace(corpus.root).cache_dir)
    judge(corpus)
    assert {name: digest_file(folder / name) for name in names} == first


def test_a_trimmed_clip_is_reversible(corpus, fast):
    trimmed(corpus)
    row = judge(corpus)[1]["x"]
    assert row["status"] == "fixed"
    assert 0 < row["trim_start"] < RATE
    assert row["trim_end"] == row["n_samples"] == 3 * RATE
    assert row["text"] == row["train_text"]


def test_of_two_takes_the_better_one_is_kept(corpus, fast):
    text = f"{TEXT} {TEXT} twice"
    corpus.add("a-worse", text, make_speech(85), heard=text.replace("twice", "thrice"))
    corpus.add("b-better", text, make_speech(86))
    rows = judge(corpus, min_alignment_log_probability=-5.0)[1]
    assert rows["b-better"]["status"] == "accepted"
    assert rows["a-worse"]["reasons"] == ["duplicate_text"]
    assert rows["a-worse"]["duplicate_of"] == "b-better"


def test_equal_audio_under_two_texts_is_settled_by_listening(corpus, fast):
    corpus.add("x", f"{TEXT} {WORDS[0]} s", make_speech(0), heard=f"{TEXT} {WORDS[0]}")
    rows = judge(corpus, min_alignment_log_probability=-5.0)[1]
    assert rows["good-0"]["status"] == "accepted"
    assert rows["x"]["reasons"] == ["duplicate_audio"]


def test_a_failing_recogniser_stops_the_stage_and_leaves_the_old_result(corpus, fast):
    judge(corpus)
    corpus.add("new", "something else was said", make_speech(80))
    corpus.recogniser.fails_on(make_speech(80))
    with pytest.raises(EvaluatorError, match="scripted failure"):
        judge(corpus)
    table = pq.read_table(Workspace(corpus.root).stage_dir("validate") / "clips.parquet")
    assert table.num_rows == GOOD


def test_a_benchmark_in_a_language_that_nobody_can_compare_stops_the_stage(corpus, fast):
    workspace = corpus.write()
    english = workspace.benchmark_dir / "prompts.en.jsonl"
    english.rename(english.with_name("prompts.fr.jsonl"))
    params = small_params()
    asked = params.evaluate.model_copy(update={"prompts": "prompts.fr.jsonl"})
    with pytest.raises(TextError, match="language 'fr' has no text front end"):
        validate(
            workspace,
            params.model_copy(update={"evaluate": asked}),
            recogniser=corpus.recogniser,
            encoder=corpus.encoder,
        )


def test_a_missing_benchmark_stops_the_stage(corpus, fast):
    workspace = corpus.write()
    (workspace.benchmark_dir / "prompts.en.jsonl").unlink()
    with pytest.raises(StageError, match="leakage cannot be ruled out"):
        validate(workspace, small_params(), recogniser=corpus.recogniser, encoder=corpus.encoder)


def test_behind_a_refusal_of_ingest_nothing_runs(corpus):
    workspace = corpus.write()
    Outcome(stage="ingest", accepted=False).write(workspace.stage_dir("ingest"))
    with pytest.raises(RefusalError):
        validate(workspace, small_params(), recogniser=corpus.recogniser, encoder=corpus.encoder)

"""A language that the voice was not recorded in is framed by others who speak it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.measuring.evidence import build_evidence
from tasks.measuring.setup import build_evaluation, build_instruments
from tests.fakes.evaluation_workspace import CHINESE, PROMPTS, EvaluationWorkspace, write_lines
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.voice import ToneVoice
from voxgate.files import read_json, write_json


@pytest.fixture
def chinese(tmp_path: Path) -> EvaluationWorkspace:
    """Return a voice with Chinese recordings and English prompts beside its own."""
    site = EvaluationWorkspace(tmp_path, language="zh", prompts=CHINESE)
    rows = [
        {"id": f"en-{split}-{n}", "split": split, "class": "plain", "text": text,
         "normalised": text.lower(), "words": len(text.split())}
        for split, texts in PROMPTS.items() for n, text in enumerate(texts)
    ]  # fmt: skip
    write_lines(site.workspace.benchmark_dir / "prompts.en.jsonl", rows)
    return site


def test_words_are_framed_by_others_and_sound_by_the_recordings(
    chinese: EvaluationWorkspace,
) -> None:
    english = {
        k: heard for k, heard in chinese.transcriber.script.items() if heard.language == "en"
    }
    asked: list[str] = []

    def hear(language: str) -> FakeRecogniser:
        asked.append(language)
        return chinese.transcriber

    params = chinese.params.evaluate.model_copy(update={"prompts": "prompts.en.jsonl"})
    instruments = build_instruments(
        params,
        transcriber=FakeRecogniser(script=english),
        encoder=chinese.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
    )
    evaluation = build_evaluation(
        chinese.workspace, params, instruments, load_voice=lambda _: ToneVoice(), hear=hear
    )
    frame = evaluation.measure_frame()
    assert asked == ["zh"]
    ceiling = frame.ceiling()
    assert (ceiling["wer"], ceiling["clips"], ceiling["words_of"]) == (0.0, 9, "others")
    assert frame.sound["pace"]["p50"] > 0  # what was heard in the recordings, not silence
    assert evaluation.test_instruments().passed


def test_recordings_in_the_language_need_nobody_else(chinese: EvaluationWorkspace) -> None:
    instruments = build_instruments(
        chinese.params.evaluate,
        transcriber=chinese.transcriber,
        encoder=chinese.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
    )
    evaluation = build_evaluation(
        chinese.workspace, chinese.params.evaluate, instruments, load_voice=lambda _: ToneVoice()
    )
    assert evaluation.ears is None
    assert "words_of" not in evaluation.measure_frame().ceiling()


@pytest.mark.parametrize("languages", [["zh", "en"], ["zh"], None])
def test_evidence_names_the_languages_of_a_voice_that_has_several(
    chinese: EvaluationWorkspace, languages: list[str] | None
) -> None:
    for card in (chinese.workspace.stage_dir("train") / "checkpoints").glob("*/voice.json"):
        write_json(card, {**read_json(card), "language": "zh", "languages": languages})
    voice = ToneVoice(letters_per_s=14.0)
    chinese.understand(voice)
    instruments = build_instruments(
        chinese.params.evaluate,
        transcriber=chinese.transcriber,
        encoder=chinese.encoder,
        normaliser=LOWER,
        quality=FakeQualityPredictor(),
    )
    params = chinese.params.evaluate
    evaluation = build_evaluation(
        chinese.workspace, params, instruments, load_voice=lambda _: voice
    )
    evidence = build_evidence(chinese.workspace, params, evaluation, evaluation.run())
    assert evidence.model.get("languages") == (["zh", "en"] if languages == ["zh", "en"] else None)

"""Corpora in other languages, and in several: whatever is English elsewhere asks the language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tasks.stages.validate import validate
from tests.fakes.ingested_corpus import IngestedCorpus, make_speech, small_params

TEXTS = {
    "zh": ("我们{}月去公园散步，天气很好。", "今天的电影真好看，我想再看一次。"),
    "ja": ("{}月に公園で散歩をしました。", "昨日の映画はとても面白かったです。"),
    "yue": ("我哋{}月去公園行下，天氣好好。", "尋日齣戲真係好睇，我想再睇多次。"),
    "ko": ("{}월에 공원에서 산책을 했어요.", "어제 본 영화가 정말 재미있었어요."),
}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.stages.validate.build_suite_runner", lambda: lambda *_: [])


def corpus_of(root: Path, *languages: str) -> IngestedCorpus:
    corpus = IngestedCorpus(root)
    for at, language in enumerate(languages):
        for n in range(1, 9):
            text = TEXTS[language][0].format(n)
            corpus.add(f"{language}-{n}", text, make_speech(20 * at + n), language=language)
    return corpus


def judge(corpus: IngestedCorpus, prompts: dict[str, str]) -> dict[str, dict[str, Any]]:
    workspace = corpus.write()
    files = {}
    for language, text in prompts.items():
        files[language] = f"prompts.{language}.jsonl"
        row = {"id": f"{language}-1", "split": "gate", "class": "plain", "text": text}
        (workspace.benchmark_dir / files[language]).write_text(json.dumps(row) + "\n")
    params = small_params()
    asked = params.evaluate.model_copy(update={"prompts": files})
    validate(
        workspace,
        params.model_copy(update={"evaluate": asked}),
        recogniser=corpus.recogniser,
        encoder=corpus.encoder,
    )
    table = pq.read_table(workspace.stage_dir("validate") / "clips.parquet")
    return {row["recording_id"]: row for row in table.to_pylist()}


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_right_passes_and_what_is_wrong_is_found(tmp_path: Path, language: str) -> None:
    corpus = corpus_of(tmp_path, language)
    said, prompt = TEXTS[language]
    corpus.add("leak", prompt, make_speech(50), language=language)
    corpus.add("other", said.format(11), make_speech(51), heard=prompt, language=language)
    corpus.add("odd", f"{said.format(12)}\ue123", make_speech(52), language=language)
    rows = judge(corpus, {language: prompt})
    good = {row["status"] for name, row in rows.items() if name.startswith(language)}
    assert good == {"accepted"}
    assert "benchmark_leakage" in rows["leak"]["reasons"]
    assert "high_cer" in rows["other"]["reasons"]
    assert "odd_characters" in rows["odd"]["reasons"]


def test_a_corpus_of_two_languages_is_held_against_both_benchmarks(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, "zh", "ja")
    for n, language in enumerate(("zh", "ja")):
        corpus.add(f"leak-{language}", TEXTS[language][1], make_speech(60 + n), language=language)
    rows = judge(corpus, {language: TEXTS[language][1] for language in ("zh", "ja")})
    found = {name for name, row in rows.items() if "benchmark_leakage" in row["reasons"]}
    assert found == {"leak-zh", "leak-ja"}
    assert rows["zh-1"]["status"] == rows["ja-1"]["status"] == "accepted"

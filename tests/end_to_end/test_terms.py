"""A term from the user's lexicon to a verdict, in languages that are not English.

Recordings are noise: what is real is everything that reads (front ends, features, package, gate).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.gpt_sovits.presets import preset
from tasks.stages.featurize import featurize
from tests.fakes.evidence import make_evidence, make_thresholds
from tests.fakes.speech_tokenizer import LoudnessTokenizer
from tests.fakes.validated_clips import Clip, write_validated
from tests.fakes.voice_package import voice_files
from voxgate.evaluation.terms import describe_terms
from voxgate.features.clips import read_feature_set
from voxgate.gate.criterion import Ruling
from voxgate.gate.verdict import Case, judge
from voxgate.speaking.reading import packaged_reader
from voxgate.training.new_voice import new_card, new_reference, reference_clip_id
from voxgate.voice.card import read_voice_card
from voxgate.voice.package import verify_voice, write_voice

TEXTS = {
    "zh": [f"今天是{n}月，天气很好，我们出去走走吧。" for n in range(1, 13)],
    "ko": [f"오늘은 {n}월의 날씨가 정말 좋아서 산책을 갔어요." for n in range(1, 13)],
    "yue": [f"今日係{n}月，天氣好好，我哋出去行下。" for n in range(1, 13)],
    "ja": [f"{n}月はとても天気が良いので散歩に行きました。" for n in range(1, 13)],
}
TERMS = {
    "zh": ("单县\tshan4 xian4\t我想去单县喝羊汤。\n", "单县"),
    "ko": ("깃허브\t기터브\t어제 깃허브 계정을 만들었어요.\n", "깃허브"),
    "yue": ("輋\tce4\t佢住喺輋度。\n", "輋"),
    "ja": ("人気\tヒトケ'\tここは人気のない道です。\n", "人気"),
}
FALSE_ENGLISH = "kpmg\tK EY1\tAsk KPMG now.\n"
"""The front end spells it, so that its line is never used where a text writes it in capitals."""


def train(root: Path, language: str, lexicons: dict[str, str]) -> Path:
    """Return the package of a voice that was trained on noise, with random weights."""
    words = root / "data" / "lexicons"
    words.mkdir(parents=True)
    for code, lines in lexicons.items():
        (words / f"lexicon.{code}.tsv").write_text(lines)
    rows = [
        Clip(name=f"ann/clip-{n:02d}", text=text, language=language)
        for n, text in enumerate(TEXTS[language] + [f"{text}OK." for text in TEXTS[language]])
    ]
    workspace, params = write_validated(root, rows, lexicon="lexicons")
    assert featurize(workspace, params, tokenizer=LoudnessTokenizer()).accepted
    features = workspace.stage_dir("featurize")
    clip = read_feature_set(features).clip(reference_clip_id(features))
    mini = preset("mini")
    card = new_card(features, preset=mini, params=params.train, reference=clip)
    reference = new_reference(features, clip, mini)
    package = root / "voice"
    write_voice(
        package,
        card.model_copy(update={"base": None}),
        voice_files(lexicons=reference.lexicons),
    )
    return package


def judged(package: Path) -> tuple[Ruling, list[str]]:
    terms = describe_terms(package)
    evidence = make_evidence()
    evidence = replace(evidence, data={**evidence.data, "terms": terms})
    verdict = judge(Case(challenger=evidence, thresholds=make_thresholds()))
    return verdict.ruling, [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize("language", TEXTS)
def test_a_voice_carries_its_terms_and_reads_them(tmp_path: Path, language: str) -> None:
    line, written = TERMS[language]
    package = train(tmp_path, language, {language: line})
    card = read_voice_card(package)
    verify_voice(package, card)
    assert (card.language, list(card.files)[:1]) == (language, [f"lexicon.{language}.tsv"])
    (word,) = (
        one
        for one in packaged_reader(package, card).front_end.read(line.split("\t")[2]).words
        if one.source == "user"
    )
    assert word.word == written
    assert judged(package) == (Ruling.PASS, [])


def test_a_term_that_is_read_otherwise_blocks_the_release(tmp_path: Path) -> None:
    package = train(tmp_path, "ko", {"ko": TERMS["ko"][0], "en": FALSE_ENGLISH})
    assert judged(package) == (Ruling.FAIL, ["terms"])

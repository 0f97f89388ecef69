"""Candidate and rivals speak every language that a voice is judged in, once, and all must pass."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tasks.measuring.thresholds import build_thresholds, calibration_path, takes_path
from tasks.release.judge import Judged, judge_candidate
from tasks.release.verdict_standing import stands
from tests.fakes.contest import BLOCK, Contest, Errors
from tests.fakes.evidence import SEEDS, make_calibration
from tests.fakes.normaliser import SYLLABLES
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import GateError
from voxgate.evaluation.evidence import Evidence
from voxgate.files import write_json
from voxgate.gate.bundle import read_bundle
from voxgate.gate.calibrated import bind
from voxgate.gate.criterion import Ruling
from voxgate.gate.expected_noise import expected_errors
from voxgate.params import Params
from voxgate.voice.card import card_digest

FILES = {"en": "prompts.en.jsonl", "zh": "prompts.zh.jsonl"}


@dataclass
class TwoLanguages:
    """A contest in English and Chinese; `chinese` has the errors of each voice there."""

    contest: Contest
    chinese: dict[int, Errors] = field(default_factory=dict)
    asked: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    deaf: bool = False

    def __post_init__(self) -> None:
        folder = self.contest.site.desk.workspace.benchmark_dir
        prompts = (folder / FILES["en"]).read_text()
        (folder / FILES["zh"]).write_text(prompts)
        takes = self.evidence(0, {}, (1,))
        there = replace_prompts(self.params, FILES["zh"])
        workspace = self.contest.site.desk.workspace
        record = make_calibration(
            takes,
            benchmark_digest=self.contest.benchmark.digest,
            prompts=BLOCK,
            standard_errors=expected_errors(takes.rows, seeds=SEEDS),
        )
        thresholds = build_thresholds(workspace, there)
        record = bind(record, takes, thresholds, measured_at="2026-11-28", command="voxgate")
        write_json(calibration_path(workspace, "zh"), record.as_json())
        takes.write(takes_path(workspace, "zh"))

    @property
    def params(self) -> Params:
        return replace_prompts(self.contest.params, FILES)

    def evidence(self, number: int, errors: Errors, blocks: tuple[int, ...]) -> Evidence:
        evidence = self.contest.evidence(number, errors, blocks)
        rows = [replace(row, toneless_errors=0) for row in evidence.rows]
        return replace(
            evidence,
            protocol={**evidence.protocol, "unit": "syllable"},
            benchmark={**evidence.benchmark, "language": "zh", "file": FILES["zh"]},
            rows=tuple(rows),
        )

    def speak(self, package: Path, blocks: tuple[int, ...]) -> Evidence:
        if self.deaf:
            raise GateError("no score counts: the recogniser is deaf")
        number, _ = self.contest.voices[card_digest(package)]
        self.asked.append((number, blocks))
        return self.evidence(number, self.chinese.get(number, {}), blocks)

    def stands(self, version: int) -> bool:
        desk = self.contest.site.desk
        book = desk.ledger.read(desk.model)
        return stands(desk, self.params, book, book.require(version))

    def judge(self, version: int) -> Judged:
        return judge_candidate(
            self.contest.site.desk,
            self.params,
            version,
            extend=self.contest.speak,
            extend_in=lambda language: {"zh": self.speak}[language],
        )


def replace_prompts(params: Params, prompts: str | dict[str, str]) -> Params:
    evaluate = params.evaluate.model_copy(update={"prompts": prompts})
    return params.model_copy(update={"evaluate": evaluate})


@pytest.fixture
def two(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> TwoLanguages:
    monkeypatch.setattr("voxgate.wiring.evaluators.text_normaliser", lambda *_: SYLLABLES)
    monkeypatch.setattr("tasks.release.languages.speaks", lambda *_: True)
    return TwoLanguages(Contest(release_site))


def test_a_voice_passes_only_where_every_language_passes(two: TwoLanguages) -> None:
    champion = two.contest.crown(1, {})
    good = two.contest.enter(2, {})
    judged = two.judge(good)
    assert judged.verdict == "PASS"
    assert sorted(two.asked) == [(1, (1,)), (2, (1,))]
    case = read_bundle(two.contest.bundle(good)).case
    assert case.further["zh"].rivals.keys() == {"champion"}
    assert "| zh | PASS | SER |" in judged.report
    two.chinese[3] = {1: (30, 5)}
    bad = two.contest.enter(3, {})
    judged = two.judge(bad)
    assert judged.verdict == "FAIL"
    assert "| en | PASS | WER |" in judged.report
    judgement = two.contest.release(bad).judgement
    assert judgement is not None
    assert judgement.champion == champion


@pytest.mark.slow
def test_nobody_speaks_a_language_twice(two: TwoLanguages) -> None:
    two.contest.crown(1, {})
    version = two.contest.enter(2, {})
    two.judge(version)
    spoken = list(two.asked)
    digest = read_bundle(two.contest.bundle(version)).digest
    two.contest.site.forget_bundles()
    two.judge(version)
    assert two.asked == spoken
    assert read_bundle(two.contest.bundle(version)).digest == digest


def test_a_language_that_cannot_be_judged_holds_and_says_why(two: TwoLanguages) -> None:
    two.deaf = True
    version = two.contest.enter(2, {})
    judged = two.judge(version)
    assert judged.verdict == "HOLD"
    assert "language_not_judged" in judged.report
    assert "the recogniser is deaf" in judged.report
    assert read_bundle(two.contest.bundle(version)).case.further == {}
    assert not two.stands(version)  # it may be judged the next time


@pytest.mark.slow
def test_an_open_language_takes_its_next_block(two: TwoLanguages) -> None:
    two.contest.crown(1, {})
    two.chinese[2] = {1: (2, 3)}
    version = two.contest.enter(2, {})
    judged = two.judge(version)
    assert judged.verdict == "PASS"
    assert [blocks for number, blocks in two.asked if number == 2] == [(1,), (2,)]
    languages = read_bundle(two.contest.bundle(version)).case.further
    assert languages["zh"].thresholds.look == 2
    assert two.stands(version)
    path = calibration_path(two.contest.site.desk.workspace, "zh")
    path.write_text(f"{path.read_text()} ")
    assert not two.stands(version)


def test_the_gate_alone_holds_a_language_that_nobody_measured(two: TwoLanguages) -> None:
    from tasks.release.gate import gate

    two.contest.enter(2, {})
    workspace = two.contest.site.desk.workspace
    verdict = gate(workspace, two.params, folder=workspace.root / "bundle")
    assert verdict.ruling is Ruling.HOLD
    assert any("nobody has measured it there" in reason.message for reason in verdict.reasons)


def test_a_rival_that_does_not_speak_the_language_is_none(
    two: TwoLanguages, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.contest.crown(1, {})
    version = two.contest.enter(2, {})
    monkeypatch.setattr("tasks.release.languages.speaks", lambda *_: False)
    judged = two.judge(version)
    case = read_bundle(two.contest.bundle(version)).case
    assert case.rivals.keys() == {"champion"}
    assert case.further["zh"].rivals == {}
    assert judged.verdict == "PASS"
    judgement = two.contest.release(version).judgement
    assert judgement is not None
    assert judgement.needs_person

from __future__ import annotations

import json
import math

import pytest

from tests.fakes.sentence_figures import figures, wide_rules
from voxgate.campaigns.quality.figures import MEASURES
from voxgate.campaigns.quality.rules import (
    QualityRules,
    QualityState,
    SentenceQuality,
    judge_figures,
)
from voxgate.files import digest_bytes


def test_a_figure_on_its_limit_passes_and_one_beyond_it_has_the_fault() -> None:
    rules = wide_rules(slot=0.25, other_speaker=0.6)
    passed = judge_figures(figures(slot_distance=0.25, similarity=0.6), rules)
    assert (passed.state, passed.faults) == (QualityState.PASSED, ())
    failed = judge_figures(figures(slot_distance=0.26, similarity=0.59), rules)
    assert (failed.state, failed.faults) == (QualityState.FAILED, ("slot", "other_speaker"))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.fault)
def test_every_measure_refuses_on_its_own_side(measure) -> None:
    rules = wide_rules(**{measure.fault: 1.0})
    beyond, within = (2.0, 0.5) if measure.above else (0.5, 2.0)
    assert judge_figures(figures(**{measure.figure: beyond}), rules).faults == (measure.fault,)
    assert judge_figures(figures(**{measure.figure: within}), rules).faults == ()


def test_a_certain_fault_needs_no_limit() -> None:
    assert judge_figures(figures("wrong_value"), wide_rules()).faults == ("wrong_value",)


def test_the_heard_text_is_a_digest_unless_texts_are_kept() -> None:
    private = judge_figures(figures(), wide_rules())
    assert (private.heard, private.heard_sha256) == (None, digest_bytes(b"hello"))
    assert "hello" not in json.dumps(private.as_json())
    assert judge_figures(figures(), wide_rules(), keep_text=True).heard == "hello"


def test_an_answer_comes_back_from_json_as_it_was() -> None:
    quality = judge_figures(figures("endless", wer=0.5), wide_rules(), keep_text=True)
    assert SentenceQuality.from_json(json.loads(json.dumps(quality.as_json()))) == quality


def test_rules_come_back_from_json_and_are_named_by_their_limits() -> None:
    rules = wide_rules(slot=0.25)
    again = QualityRules.from_json(json.loads(json.dumps(rules.as_json())))
    assert (again, again.digest) == (rules, rules.digest)
    assert wide_rules(slot=0.3).digest != rules.digest


def test_rules_lack_no_limit_and_have_no_other() -> None:
    limits = dict(wide_rules().limits)
    del limits["slot"]
    with pytest.raises(ValueError, match=r"missing \['slot'\], unknown \['taste'\]"):
        QualityRules(limits={**limits, "taste": 1.0})
    with pytest.raises(ValueError, match="one finite limit"):
        wide_rules(slot=math.inf)

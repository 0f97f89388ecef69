"""Stored evidence counted anew: only the words may differ, and only the words change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.fakes.evidence import make_evidence
from tests.fakes.normaliser import LOWER
from voxgate.errors import BundleError
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.evidence import Evidence
from voxgate.evaluation.rescoring import differs_in_words_only, rescore
from voxgate.wiring.evaluators import NamedNormaliser

SOUND = make_evidence()
RULES = {"rules": {"catastrophe_wer": 0.5}}
TODAY = replace(
    make_evidence(), protocol={**SOUND.protocol, **RULES}, ceiling={"wer": 0.01, "similarity": 0.95}
)
BEFORE = replace(
    make_evidence(row=lambda _p, _k: {"transcript": "it COSTS one", "word_errors": 0}),
    protocol={**TODAY.protocol, "normaliser": {"name": "of then", "fingerprint": "6" * 64}},
)
PROMPTS = {
    row.prompt_id: Prompt(
        id=row.prompt_id, split="gate", prompt_class="plain", text="It costs one dollar",
        normalised="it costs one dollar", words=4, critical=("one", "dollar"),
    )
    for row in BEFORE.rows
}  # fmt: skip


@dataclass(frozen=True)
class Both:
    normaliser: NamedNormaliser = LOWER
    published: NamedNormaliser = LOWER


def counted(evidence: Evidence = BEFORE) -> Evidence:
    return rescore(evidence, TODAY, prompts=PROMPTS, normalisers=Both())


def test_words_are_counted_anew_and_what_was_spoken_stays() -> None:
    after = counted()
    assert after.frame_digest == TODAY.frame_digest
    assert (after.ceiling, after.model, after.data) == (TODAY.ceiling, BEFORE.model, BEFORE.data)
    assert {(row.word_errors, row.ref_words, row.whisper_word_errors) for row in after.rows} == {
        (1, 4, 1)
    }
    assert {(row.critical_errors, row.critical_words) for row in after.rows} == {(1, 2)}
    kept = ("transcript", "similarity", "duration_s", "audio_sha256", "seed")
    for was, row in zip(BEFORE.rows, after.rows, strict=True):
        assert all(getattr(row, name) == getattr(was, name) for name in kept)


def test_a_catastrophe_of_words_comes_and_goes_with_the_count_and_others_stay() -> None:
    rows = (
        replace(BEFORE.rows[0], catastrophes=("high_wer", "too_long")),
        replace(BEFORE.rows[1], transcript="nothing of the kind"),
        replace(BEFORE.rows[2], catastrophes=("endless_transcript",), transcript="it " * 90),
        *BEFORE.rows[3:],
    )
    after = counted(replace(BEFORE, rows=rows)).rows
    assert after[0].catastrophes == ("too_long",)
    assert after[1].catastrophes == ("high_wer",)
    assert after[2].catastrophes == ("endless_transcript", "high_wer")
    assert after[2].word_errors == after[2].ref_words


def test_an_unmeasured_sample_stays_unmeasured() -> None:
    broken = replace(BEFORE.rows[0], fault="voice: crashed", transcript=None, word_errors=None)
    after = counted(replace(BEFORE, rows=(broken, *BEFORE.rows[1:])))
    assert after.rows[0] == broken


@pytest.mark.parametrize(
    "other",
    [
        TODAY,
        replace(BEFORE, centroid={"clips": 12, "digest": "0" * 64}),
        replace(BEFORE, benchmark={**BEFORE.benchmark, "digest": "0" * 64}),
        replace(BEFORE, protocol={**BEFORE.protocol, "scoring_version": 0}),
        replace(BEFORE, protocol={**BEFORE.protocol, "transcriber": {"name": "tiny"}}),
    ],
)
def test_where_more_differs_or_nothing_it_is_not_counted(other: Evidence) -> None:
    assert not differs_in_words_only(other, TODAY)
    with pytest.raises(BundleError, match="let the voice be measured again"):
        counted(other)


def test_a_sample_without_a_transcript_is_named() -> None:
    mute = replace(BEFORE.rows[0], transcript=None)
    with pytest.raises(BundleError, match="sample p000-0 has no transcript"):
        counted(replace(BEFORE, rows=(mute, *BEFORE.rows[1:])))
    with pytest.raises(BundleError, match="sample p000-0 has no prompt"):
        rescore(BEFORE, TODAY, prompts={}, normalisers=Both())

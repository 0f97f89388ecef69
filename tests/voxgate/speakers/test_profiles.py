"""What a version is made of, and what of it is named by a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.fakes.speaker_profiles import consent, make_inputs, make_score
from voxgate.corpus.consent import ConsentScope
from voxgate.speakers.profiles import ConsentTerms, ProfileInputs, ProfileVersion, State, allows
from voxgate.speakers.quality import QualityScore


def profile(*scores: QualityScore) -> ProfileVersion:
    inputs = make_inputs()
    return ProfileVersion(
        version=1, inputs=inputs, consent=inputs.consent, duration_s=5.0, checks={}, scores=scores
    )


def test_inputs_and_scores_survive_writing_and_reading() -> None:
    inputs = make_inputs(expires_on=date(2027, 1, 1))
    assert ProfileInputs.from_json(inputs.as_json()) == inputs
    assert QualityScore.from_json(make_score().as_json()) == make_score()


@pytest.mark.parametrize(
    "change",
    [
        {"name": "bob"},
        {"speaker_id": "bob"},
        {"recipe_digest": "r"},
        {"reference_sha256": "b" * 64},
        {"text": None},
        {"consent": ConsentTerms.of(consent(ConsentScope.PUBLICATION))},
        {"consent": ConsentTerms.of(consent(expires_on=date(2027, 1, 1)))},
    ],
)
def test_another_input_is_another_version(change: dict[str, object]) -> None:
    assert replace(make_inputs(), **change).digest != make_inputs().digest


def test_a_record_without_a_last_day_has_the_digest_that_it_had_before_there_were_any() -> None:
    record = consent().model_dump(mode="json", exclude_none=True)
    assert "expires_on" not in record
    assert ConsentTerms.of(consent()).digest == ConsentTerms.of(consent(expires_on=None)).digest


def test_nothing_leads_out_of_revoked() -> None:
    assert not any(allows(State.REVOKED, state) for state in State)
    assert all(allows(state, State.REVOKED) for state in State if state is not State.REVOKED)
    assert not allows(State.DRAFT, State.SUSPENDED)


def test_a_score_holds_for_its_model_version_and_preset_alone() -> None:
    old, new = make_score("old"), make_score("new", wer=0.2)
    scored = profile(old, new, make_score("new", wer=0.3))
    found = scored.score(model_digest="new", preset_digest="p" * 64)
    assert found is not None
    assert found.wer == 0.3
    assert scored.score(model_digest="new", preset_digest="q" * 64) is None


def test_a_score_of_another_model_version_is_stale() -> None:
    scored, preset = profile(make_score("old")), "p" * 64
    assert not scored.is_stale(model_digest="old", preset_digest=preset)
    assert scored.is_stale(model_digest="new", preset_digest=preset)
    assert not scored.is_stale(model_digest="new", preset_digest="never measured")

"""State, scope and last day are asked at every use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.fakes.speaker_profiles import TODAY, make_inputs
from voxgate.corpus.consent import ConsentScope
from voxgate.errors import ConsentError, ProfileStateError
from voxgate.speakers.profiles import ProfileVersion, State
from voxgate.speakers.usage import require_measurable, require_usable

SCOPES = list(ConsentScope)


def profile(
    scope: ConsentScope = ConsentScope.INTERNAL,
    *,
    state: State = State.USABLE,
    expires_on: date | None = None,
) -> ProfileVersion:
    inputs = make_inputs(scope=scope, expires_on=expires_on)
    return ProfileVersion(
        version=2,
        inputs=inputs,
        consent=inputs.consent,
        duration_s=5.0,
        checks={},
        state=state,
        why="bob: she asked for it",
    )


@pytest.mark.parametrize("given", SCOPES)
@pytest.mark.parametrize("purpose", SCOPES)
def test_a_use_needs_a_consent_at_least_as_wide(given: ConsentScope, purpose: ConsentScope) -> None:
    if SCOPES.index(given) >= SCOPES.index(purpose):
        require_usable(profile(given), purpose, TODAY)
        return
    with pytest.raises(ConsentError, match=f"consent to {purpose}, .* agreed to {given} only"):
        require_usable(profile(given), purpose, TODAY)


def test_consent_ends_after_its_last_day_without_any_event() -> None:
    ending = profile(expires_on=TODAY)
    require_usable(ending, ConsentScope.INTERNAL, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(ConsentError, match=f"holds on {tomorrow}, it ended with {TODAY}; ask"):
        require_usable(ending, ConsentScope.INTERNAL, tomorrow)


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        (State.DRAFT, "voxgate speakers activate anna"),
        (State.SUSPENDED, "voxgate speakers resume anna"),
        (State.REVOKED, "use another profile"),
    ],
)
def test_what_is_not_usable_says_why_and_what_to_do(state: State, remedy: str) -> None:
    with pytest.raises(ProfileStateError, match=remedy) as caught:
        require_usable(profile(state=state), ConsentScope.EVALUATION, TODAY)
    assert f"anna@2: expected a usable profile, it is {state}" in str(caught.value)
    assert "bob: she asked for it" in str(caught.value)


def test_a_consent_that_was_changed_counts_in_place_of_the_first() -> None:
    wide = profile(ConsentScope.PUBLICATION)
    narrowed = replace(wide, consent=profile(ConsentScope.EVALUATION).consent)
    with pytest.raises(ConsentError):
        require_usable(narrowed, ConsentScope.INTERNAL, TODAY)


def test_a_draft_may_be_measured_and_what_was_stopped_may_not() -> None:
    require_measurable(profile(state=State.DRAFT), TODAY)
    require_measurable(profile(state=State.USABLE), TODAY)
    for state in (State.SUSPENDED, State.REVOKED):
        with pytest.raises(ProfileStateError, match=f"it is {state}"):
            require_measurable(profile(state=state), TODAY)
    with pytest.raises(ConsentError):
        require_measurable(profile(expires_on=TODAY - timedelta(days=1)), TODAY)

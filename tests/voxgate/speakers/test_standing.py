"""Only a score of the voice that is live counts against a profile."""

from __future__ import annotations

import pytest

from tests.fakes.speaker_profiles import make_inputs, make_score
from voxgate.errors import ProfileStateError
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.quality import QualityScore
from voxgate.speakers.standing import (
    Bar,
    Standing,
    require_fit,
    scored_presets,
    stale_presets,
    standing_of,
)

BAR = Bar(model_digest="m8", min_similarity=0.6)


def profile(*scores: QualityScore) -> ProfileVersion:
    inputs = make_inputs()
    return ProfileVersion(
        version=2, inputs=inputs, consent=inputs.consent, duration_s=5.0, checks={}, scores=scores
    )


@pytest.mark.parametrize(
    ("similarity", "standing"),
    [(0.8, Standing.GOOD), (0.6, Standing.GOOD), (0.58, Standing.POOR), (0.54, Standing.UNFIT)],
)
def test_chance_makes_nothing_unfit(similarity: float, standing: Standing) -> None:
    scored = profile(make_score("m8", "p", similarity=similarity))  # the bound is 0.05 above
    assert standing_of(scored, "p", BAR) is standing


def test_scores_of_other_models_and_presets_do_not_stand_in() -> None:
    bad = make_score("m7", "p", similarity=0.2)
    assert standing_of(profile(bad), "p", BAR) is Standing.STALE
    assert standing_of(profile(bad), "q", BAR) is Standing.UNMEASURED
    assert standing_of(profile(bad, make_score("m8", "p")), "p", BAR) is Standing.GOOD
    assert standing_of(profile(make_score("m8", "p"), bad), "p", BAR) is Standing.GOOD


def test_the_last_score_counts() -> None:
    first, last = make_score("m8", "p", similarity=0.2), make_score("m8", "p")
    assert standing_of(profile(first, last), "p", BAR) is Standing.GOOD
    assert standing_of(profile(last, first), "p", BAR) is Standing.UNFIT


def test_nothing_is_spoken_as_who_the_voice_surely_does_not_sound_like() -> None:
    unfit = profile(make_score("m8", "p", similarity=0.5))
    with pytest.raises(
        ProfileStateError,
        match=r"anna@2: expected a similarity to the reference of 0\.600 or more, the voice that "
        r"is live has 0\.500, surely below 0\.550 \(N 20\)",
    ):
        require_fit(unfit, "p", BAR)
    require_fit(unfit, "q", BAR)
    require_fit(unfit, "p", Bar(model_digest="m9", min_similarity=0.6))
    require_fit(profile(make_score("m8", "p", similarity=0.58)), "p", BAR)


def test_what_a_promotion_made_stale_is_each_preset_that_was_ever_measured() -> None:
    old, other, new = make_score("m7", "p"), make_score("m7", "q"), make_score("m8", "q")
    assert scored_presets(profile(old, other, new)) == ("p", "q")
    assert stale_presets(profile(old, other, new), model_digest="m8") == ("p",)
    assert stale_presets(profile(), model_digest="m8") == ()

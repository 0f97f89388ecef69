from dataclasses import replace

from voxgate.features.reference_clip import ReferenceCandidate, choose_reference

GOOD = ReferenceCandidate(
    clip_id="good", duration_s=5.0, snr_db=40.0, alignment_log_probability=-0.1,
    phones_per_second=12.0,
)  # fmt: skip


def test_takes_the_clean_clip_of_usual_rate():
    clips = [
        replace(GOOD, clip_id="noisy", snr_db=20.0),
        replace(GOOD, clip_id="misread", alignment_log_probability=-1.5),
        replace(GOOD, clip_id="hurried", phones_per_second=19.0),
        GOOD,
    ]

    assert choose_reference(clips) == GOOD


def test_a_clip_outside_three_to_ten_seconds_is_never_taken():
    clips = [replace(GOOD, clip_id="short", duration_s=2.9), replace(GOOD, duration_s=10.1)]

    assert choose_reference(clips) is None
    assert choose_reference([*clips, replace(GOOD, clip_id="poor", snr_db=5.0)]) is not None


def test_a_tie_goes_to_the_smaller_id_in_any_order():
    twins = [replace(GOOD, clip_id="b"), replace(GOOD, clip_id="a")]

    chosen = {choose_reference(twins), choose_reference(twins[::-1])}
    assert {clip.clip_id for clip in chosen if clip} == {"a"}

from collections import Counter

from voxgate.features.splits import SplitRules, assign_splits

RULES = SplitRules(centroid_clips=5, min_centroid_s=2.0, validation_fraction=0.1)
CLIPS = [(f"asterisk-en/word-{i:03d}", 1.0 + (i % 7) * 0.5) for i in range(60)]


def test_splits_have_the_sizes_asked_for_and_cover_every_clip():
    splits = assign_splits(CLIPS, rules=RULES)

    assert Counter(splits.values()) == {"centroid": 5, "validation": 6, "train": 49}
    assert splits.keys() == {name for name, _ in CLIPS}


def test_centroid_clips_are_long_enough():
    splits = assign_splits(CLIPS, rules=RULES)
    durations = dict(CLIPS)

    assert all(durations[name] >= 2.0 for name, split in splits.items() if split == "centroid")


def test_the_order_of_the_clips_does_not_matter():
    assert assign_splits(reversed(CLIPS), rules=RULES) == assign_splits(CLIPS, rules=RULES)


def test_an_added_clip_moves_at_most_one_clip_out_of_each_held_out_split():
    before = assign_splits(CLIPS, rules=RULES)
    for i in range(20):
        after = assign_splits([*CLIPS, (f"new/{i}", 4.0)], rules=RULES)
        moved = [name for name in before if after[name] != before[name]]

        assert sum(before[name] == "centroid" for name in moved) <= 1
        assert sum(before[name] == "validation" for name in moved) <= 2


def test_too_few_long_clips_give_a_smaller_centroid():
    splits = assign_splits([("a", 1.0), ("b", 3.0), ("c", 1.0)], rules=RULES)

    assert Counter(splits.values()) == {"centroid": 1, "validation": 1, "train": 1}


def test_clips_that_define_the_speaker_last_long_enough_together():
    rules = SplitRules(
        centroid_clips=2, min_centroid_s=2.0, validation_fraction=0.05, centroid_s=10.0
    )
    clips = [(f"minute/{i}", 2.0 + i % 3) for i in range(18)]
    durations = dict(clips)
    splits = assign_splits(clips, rules=rules)
    held_out = [durations[name] for name, split in splits.items() if split == "centroid"]

    assert sum(held_out) >= 10.0
    assert sum(held_out) - max(held_out) < 10.0
    assert Counter(splits.values())["validation"] == 1


def test_seconds_that_the_clips_have_anyhow_hold_out_no_more():
    asked = SplitRules(
        centroid_clips=5, min_centroid_s=2.0, validation_fraction=0.1, centroid_s=10.0
    )

    assert assign_splits(CLIPS, rules=asked) == assign_splits(CLIPS, rules=RULES)

from __future__ import annotations

import numpy as np

from scripts.scale.training_padding import drawn_lengths, main, padded_share
from tests.fakes.training_set import write_training_set


class TwoBatches:
    """Implements fit.batches.Order."""

    batches_per_epoch = 2

    def at(self, step: int) -> list[int]:
        return [[0, 1], [2]][step % 2]


def test_padding_is_what_the_longest_of_each_batch_adds() -> None:
    tokens, phones = np.array([10, 6, 4]), np.array([2, 4, 5])

    assert padded_share(TwoBatches(), tokens, epochs=3) == 1 - 20 / 24
    assert padded_share(TwoBatches(), tokens, phones, epochs=1) == 1 - 31 / 37


def test_drawn_clips_are_as_many_as_asked_and_within_bounds() -> None:
    phones, tokens = drawn_lengths(3000)

    assert len(phones) == len(tokens) == 3000
    assert tokens.min() >= 25
    assert tokens.max() <= 500


def test_batches_of_seconds_have_less_than_a_tenth_of_padding(capsys) -> None:
    assert main(["--clips", "3000", "--epochs", "1"]) == 0

    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines() if "batch_s" in line]
    of_seconds = [row for row in rows if "batch_seconds" in row[0]]
    assert len(rows) == 7
    assert all(float(row[2].rstrip("%")) < 10 for row in of_seconds)
    assert all(float(row[1].rstrip("%")) < 10 for row in of_seconds[:2])
    assert all(float(cell.rstrip("%")) > 15 for row in rows[:4] for cell in row[1:3])


def test_the_clips_of_a_checkout_are_counted(tmp_path, capsys) -> None:
    workspace, _ = write_training_set(tmp_path, n_clips=9)

    assert main(["--features", str(workspace.stage_dir("featurize"))]) == 0

    assert capsys.readouterr().out.startswith("7 clips, ")

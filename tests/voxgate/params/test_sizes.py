from pathlib import Path

import pytest
from pydantic import ValidationError

from voxgate.params import SizeParams, SizesParams, load_params

SIZES = load_params(Path(__file__).resolve().parents[3] / "params.yaml").sizes


def row(**changes: float) -> dict[str, float]:
    return SIZES.minute.model_dump() | changes


def test_the_rows_come_from_the_smallest() -> None:
    assert [name for name, _ in SIZES.rows()] == ["minute", "ten_minutes", "hour"]


def test_the_largest_is_what_the_shipped_figures_were_measured_with() -> None:
    assert SIZES.hour.budget == 1.0
    assert SIZES.hour.centroid_clips == 12
    assert SIZES.hour.from_s <= 984.0, "what the English corpus has"


def test_a_row_that_leaves_nothing_to_train_on_is_refused() -> None:
    with pytest.raises(ValidationError, match="from_clips is 3, expected at least 4"):
        SizeParams.model_validate(row(from_clips=3))


@pytest.mark.parametrize(
    ("changes", "name"), [({"from_s": 40.0}, "ten_minutes"), ({"from_clips": 120}, "hour")]
)
def test_a_row_that_begins_below_the_one_before_is_refused(
    changes: dict[str, float], name: str
) -> None:
    rows = SIZES.model_dump()
    rows["ten_minutes"] |= changes
    with pytest.raises(ValidationError, match=f"{name} begins with less"):
        SizesParams.model_validate(rows)

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError

from voxgate.field_faults import field_faults


class Row(BaseModel):
    name: str
    count: int


def test_every_field_is_named_with_what_arrived() -> None:
    with pytest.raises(ValidationError) as caught:
        Row.model_validate({"name": 7, "count": "x" * 500})
    first, second = field_faults(caught.value)
    assert first.startswith("name: Input should be a valid string")
    assert first.endswith("(got 7)")
    assert second.startswith("count: ")
    assert len(second) < 300

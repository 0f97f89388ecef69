"""Phones as training reads them, or the reason why nobody can."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.data_versions.phones import PhoneReader
from voxgate.errors import TextError
from voxgate.params import load_params

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def reader() -> PhoneReader:
    """Return a reader with the parameters that ship."""
    return PhoneReader(params=load_params(ROOT / "params.yaml").featurize, lexicons={})


def test_marks_are_no_phones(reader: PhoneReader) -> None:
    assert list(reader.phones_of("Go, go!", "en")) == ["G", "OW1", "G", "OW1"]
    assert list(reader.opened) == ["en"]
    assert not reader.closed


def test_a_language_that_cannot_be_read_is_noted_with_its_reason(reader: PhoneReader) -> None:
    for _ in range(2):
        with pytest.raises(TextError, match="xx"):
            reader.phones_of("Go.", "xx")
    assert "xx" in reader.closed["xx"]

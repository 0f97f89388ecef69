from __future__ import annotations

from voxgate.errors import TextError
from voxgate.evaluation.data_shape.figures import ClipFigures, describe_version


def _clip(name: str, text: str, **figures: float) -> ClipFigures:
    return ClipFigures(recording_id=name, text=text, language="en", **figures)


def _letters(text: str, _language: str) -> list[str]:
    if "+" in text:
        raise TextError("not read")
    return [letter for letter in text if letter.isalpha()]


def test_what_is_not_known_is_said_to_be_missing_with_its_count() -> None:
    clips = [_clip("b", "go", snr_db=40.0, duration_s=1.5), _clip("a", "a + go", snr_db=30.0)]
    found = describe_version(clips, version="v", source="listed", phones_of=_letters, missing=["x"])
    assert found.values["snr_db"] == (30.0, 40.0)
    assert (found.clips, found.seconds) == (2, 1.5)
    assert dict(found.words) == {"go": 2, "a": 1}
    assert dict(found.phones) == {"g": 1, "o": 1}
    assert found.missing[0] == "x"
    assert "duration: known of 1 of 2 clips" in found.missing
    assert "phones of 1 texts: the front end cannot read them" in found.missing
    assert not any("signal to noise" in text for text in found.missing)

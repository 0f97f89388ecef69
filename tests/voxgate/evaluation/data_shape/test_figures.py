from __future__ import annotations

from collections import Counter

from voxgate.evaluation.data_shape.figures import describe_version
from voxgate.evaluation.data_shape.texts import TextFigures


def test_what_is_not_known_is_said_to_be_missing_with_its_count() -> None:
    texts = TextFigures(texts=2, unread=1, words=Counter(go=2, a=1), phones=Counter("go"))
    values = {"snr_db": [40.0, 30.0], "duration_s": [1.5]}
    found = describe_version(texts, values, version="v", source="listed", missing=["x"])
    assert found.values["snr_db"] == (30.0, 40.0)
    assert (found.clips, found.seconds) == (2, 1.5)
    assert dict(found.words) == {"go": 2, "a": 1}
    assert found.missing[0] == "x"
    assert "duration: known of 1 of 2 clips" in found.missing
    assert "phones of 1 texts: the front end cannot read them" in found.missing
    assert not any("signal to noise" in text for text in found.missing)

from __future__ import annotations

from itertools import islice

from voxgate.pretraining.speech.coverage import measure_coverage
from voxgate.pretraining.speech.sentences import sentences


def test_diphones_cross_words_and_reach_the_silences() -> None:
    coverage = measure_coverage(["See me."])
    assert coverage.diphones == {"SIL S": 1, "S IY": 1, "IY M": 1, "M IY": 1, "IY SIL": 1}
    assert coverage.phones == {"S": 1, "IY": 2, "M": 1}


def test_unknown_words_are_counted_apart() -> None:
    coverage = measure_coverage(["see zzyzxq"])
    assert (coverage.words, coverage.unknown_words) == (2, 1)


def test_an_hour_of_sentences_holds_every_phone_and_most_diphones() -> None:
    summary = measure_coverage(s.text for s in islice(sentences(1), 1000)).summary()
    assert summary["phones"] == summary["phones_possible"] == 39
    assert summary["diphones"] >= 1100
    assert summary["unknown_words"] <= 0.01 * summary["words"]

from __future__ import annotations

from scripts.text.cantonese_corpus import agreement, read_utterances

_LINES = """@Begin
*XXA:\t我 瞓 咗 覺 .
%mor:\tr|ngo5 v|fan3 u|zo2
\tn|gaau3 .
*XXB:\t去 OK .
%mor:\tv|heoi3 x|OK0 .
*XXA:\t冇 讀音 .
"""


def test_utterances_are_read_with_their_syllables() -> None:
    first, second = read_utterances(iter(_LINES.splitlines(keepends=True)))
    assert [(one.text[one.place], one.syllable) for one in first] == [
        ("我", "ngo5"),
        ("瞓", "fan3"),
        ("咗", "zo2"),
        ("覺", "gaau3"),
    ]
    assert [one.syllable for one in second] == ["heoi3"]


def test_rules_are_counted_by_what_they_mend_and_break() -> None:
    (first, _) = read_utterances(iter(_LINES.splitlines(keepends=True)))
    counted = agreement(first)
    assert (counted.syllables, counted.dictionary, counted.with_rules) == (4, 3, 4)
    assert (counted.mended, counted.broken) == (1, 0)
    assert str(counted).startswith("4 syllables: dictionary 75.00%, with rules 100.00%")

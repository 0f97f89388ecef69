"""Texts are read once, and what is counted of them is the same in every order of asking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tasks.data_versions.phones import PhoneReader
from tasks.data_versions.texts import TextCounts, TextSource
from voxgate.content_cache import ContentCache
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.data_shape.texts import count_texts
from voxgate.params import load_params
from voxgate.stage import Workspace

ROOT = Path(__file__).resolve().parents[3]
BENCHMARK = load_benchmark(ROOT / "benchmark" / "prompts.en.jsonl")
FIRST: tuple[str, ...] = ("Go on.", "Go on.", "Where is it?")
SECOND: tuple[str, ...] = ("Go on.", "Where is it?", "It is 7 here.")


@dataclass(frozen=True, kw_only=True)
class Letters(PhoneReader):
    """A reader whose phones are letters; it notes what it was asked for."""

    asked: list[str] = field(default_factory=list)

    def phones_of(self, text: str, language: str) -> Iterable[str]:
        assert language == "en"
        self.asked.append(text)
        return [letter for letter in text if letter.isalpha()]


@pytest.fixture
def counts(tmp_path: Path) -> TextCounts:
    """Return counts that nobody asked yet."""
    params = load_params(ROOT / "params.yaml").featurize
    reader = Letters(params=params, lexicons={})
    return TextCounts(
        cache=ContentCache(tmp_path, "texts"), benchmark=BENCHMARK, reader=reader, rules={}
    )


def _source(texts: Iterable[str], name: str) -> TextSource:
    return TextSource(digest=name, take=lambda: Counter((text, "en") for text in texts))


def _asked(counts: TextCounts) -> list[str]:
    assert isinstance(counts.reader, Letters)
    asked = sorted(counts.reader.asked)
    counts.reader.asked.clear()
    return asked


def _never() -> Counter[tuple[str, str]]:
    raise AssertionError("the texts were taken")


@pytest.mark.parametrize("known", [[], [FIRST], [SECOND], [FIRST, SECOND]])
def test_what_is_counted_does_not_depend_on_what_was_kept(
    counts: TextCounts, known: list[tuple[str, ...]]
) -> None:
    names = {FIRST: "first", SECOND: "second"}
    for texts in known:
        counts.count(_source(texts, names[texts]), _source(texts, names[texts]))
    found = counts.count(_source(FIRST, "first"), _source(SECOND, "second"))
    read = counts.reader.phones_of
    assert found == tuple(
        count_texts(Counter((text, "en") for text in texts), phones_of=read, language="en")
        for texts in (FIRST, SECOND)
    )


def test_only_texts_that_differ_are_read(counts: TextCounts) -> None:
    counts.count(_source(FIRST, "first"), _source(FIRST, "first"))
    assert _asked(counts) == sorted(set(FIRST))
    counts.count(_source(FIRST, "first"), _source(SECOND, "second"))
    assert _asked(counts) == ["Go on.", "It is 7 here."]  # one fewer, one more
    counts.count(TextSource(digest="first", take=_never), TextSource(digest="second", take=_never))
    assert _asked(counts) == []


def test_other_rules_are_other_counts(counts: TextCounts) -> None:
    counts.count(_source(FIRST, "first"), _source(SECOND, "second"))
    _asked(counts)
    other = replace(counts, rules={"symbols": "v1"})
    other.count(_source(FIRST, "first"), _source(SECOND, "second"))
    assert "Where is it?" in _asked(other)


def test_the_phones_of_the_gate_are_read_once(counts: TextCounts) -> None:
    found = counts.gate_phones()
    assert {"a", "e", "T"} <= found
    assert _asked(counts)
    assert counts.gate_phones() == found
    assert _asked(counts) == []


def test_an_edited_lexicon_is_another_rule(tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.en.tsv"
    lexicon.write_text("vox\tV AA1 K S\n", encoding="utf-8")
    reader = PhoneReader(
        params=load_params(ROOT / "params.yaml").featurize, lexicons={"en": lexicon}
    )
    opened = TextCounts.open(Workspace(tmp_path), BENCHMARK, reader)
    assert TextCounts.open(Workspace(tmp_path), BENCHMARK, reader).rules == opened.rules
    lexicon.write_text("vox\tV OW1 K S\n", encoding="utf-8")
    assert TextCounts.open(Workspace(tmp_path), BENCHMARK, reader).rules != opened.rules


def test_what_lacks_a_language_is_not_kept(counts: TextCounts) -> None:
    counts.reader.closed["zh"] = "its libraries are not installed"
    first = counts.count(_source(FIRST, "first"), _source(SECOND, "second"))
    assert _asked(counts)
    assert counts.count(_source(FIRST, "first"), _source(SECOND, "second")) == first
    assert _asked(counts)

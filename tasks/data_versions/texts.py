"""Count the texts of two data versions; what was counted once is kept, and only changes are read.

To read a text takes a millisecond, and versions have nearly all of their texts in common. So the
counts of a version are kept by the content of its texts and by what they were read with, and those
of another one are made of them: the texts that it has more are added, the others taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tasks.data_versions.phones import PhoneReader
from voxgate.code_digest import code_digest
from voxgate.content_cache import ContentCache
from voxgate.evaluation.benchmark import Benchmark
from voxgate.evaluation.data_shape.texts import TextFigures, Texts, count_texts, recount
from voxgate.files import digest_json
from voxgate.stage import Workspace

__all__ = ["TextCounts", "TextSource"]

_CODE = ("tasks.data_versions.phones", "voxgate.evaluation.data_shape.texts")


@dataclass(frozen=True, kw_only=True)
class TextSource:
    """Texts of a version; `digest` names the file that they are taken from when they are needed."""

    digest: str
    take: Callable[[], Texts]


@dataclass(frozen=True, kw_only=True)
class TextCounts:
    """Counts texts in the language of a benchmark; `cache` keeps what was counted."""

    cache: ContentCache
    benchmark: Benchmark
    reader: PhoneReader
    rules: dict[str, Any]

    @staticmethod
    def open(workspace: Workspace, benchmark: Benchmark, reader: PhoneReader) -> TextCounts:
        """Open the counts of a checkout."""
        rules = {**reader.rules(), "language": benchmark.language, "code": code_digest(_CODE)}
        cache = ContentCache(workspace.cache_dir, "data-texts")
        return TextCounts(cache=cache, benchmark=benchmark, reader=reader, rules=rules)

    def count(self, old: TextSource, new: TextSource) -> tuple[TextFigures, TextFigures]:
        """Return the figures of both versions."""
        before, after = self._kept(old), self._kept(new)
        if before is None and after is not None:
            before = self._follow(after, new, old)
        if before is None:
            before = self._keep(old, self._read(old.take()))
        if after is None:
            after = before if new.digest == old.digest else self._follow(before, old, new)
        return before, after

    def gate_phones(self) -> set[str]:
        """Return the phones that the prompts of the gate are said with."""
        texts = [prompt.text for prompt in self.benchmark.prompts if prompt.split == "gate"]
        key = self._key(f"gate {digest_json(texts)}")
        found = self.cache.get_json(key)
        if found is None:
            language = self.benchmark.language
            phones = {phone for text in texts for phone in self.reader.phones_of(text, language)}
            found = sorted(phones)
            self.cache.put_json(key, found)
        return set(found)

    def _follow(self, counted: TextFigures, known: TextSource, wanted: TextSource) -> TextFigures:
        """Count `wanted` by what it has more and fewer than `known`."""
        here, there = known.take(), wanted.take()
        more, fewer = self._read(there - here), self._read(here - there)
        return self._keep(wanted, recount(counted, more=more, fewer=fewer))

    def _read(self, texts: Texts) -> TextFigures:
        return count_texts(texts, phones_of=self.reader.phones_of, language=self.benchmark.language)

    def _kept(self, source: TextSource) -> TextFigures | None:
        raw = self.cache.get_json(self._key(source.digest))
        return None if raw is None else TextFigures.of_json(raw)

    def _keep(self, source: TextSource, figures: TextFigures) -> TextFigures:
        if self.reader.closed:
            return figures  # texts that nobody could read today are read tomorrow
        self.cache.put_json(self._key(source.digest), figures.as_json())
        return figures

    def _key(self, source: str) -> dict[str, Any]:
        return {**self.rules, "source": source}

"""The fixed prompts that every voice is judged on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voxgate.errors import ConfigError, GateError
from voxgate.evaluation.prompt_rows import SPLITS, Split, read_rows
from voxgate.evaluation.prompt_texts import find_repeats, missing_words, words_of
from voxgate.files import digest_json
from voxgate.text.counting_units import WORD, counting_unit

__all__ = ["SPLITS", "Benchmark", "Prompt", "Split", "load_benchmark", "prompts_language"]

_FILE_NAME = re.compile(r"[^.]+\.(?P<language>[a-z]{2,3})\.jsonl")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One sentence. `normalised` is how it is read out: numbers and signs as words.

    Prompts of the gate come in blocks, from 1: a verdict that a block cannot decide is looked at
    again with the next one. `critical` are words of `normalised` that must not change, each as
    often as it is said (`voxgate/evaluation/critical.py` says which); in languages that are not
    counted in words runs of characters, in their order.
    """

    id: str
    split: Split
    prompt_class: str
    text: str
    normalised: str
    words: int
    """Its length (`sentence_length`); of Chinese and Japanese in characters."""

    block: int = 1
    critical: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """All prompts of one file. `digest` names their content, not their order or spacing."""

    language: str
    prompts: tuple[Prompt, ...]
    digest: str

    def of_split(self, split: Split) -> tuple[Prompt, ...]:
        """Return the prompts that choose the checkpoint, or those that judge it."""
        return tuple(prompt for prompt in self.prompts if prompt.split == split)

    @property
    def blocks(self) -> int:
        """How many blocks the gate's prompts come in."""
        return max(prompt.block for prompt in self.of_split("gate"))

    def blocks_of_look(self, look: int, *, first: int = 1) -> tuple[int, ...]:
        """Return the blocks that `look` covers when the first look was at block `first`.

        They come in turn and begin anew after the last; there are no more looks than blocks.
        """
        order = (1 + (first - 1 + step) % self.blocks for step in range(min(look, self.blocks)))
        return tuple(sorted(order))

    def of_blocks(self, blocks: Collection[int]) -> tuple[Prompt, ...]:
        """Return the gate's prompts of these blocks."""
        return tuple(prompt for prompt in self.of_split("gate") if prompt.block in blocks)

    def of_look(self, look: int, *, first: int = 1) -> tuple[Prompt, ...]:
        """Return the gate's prompts that `look` covers when the first was at block `first`."""
        return self.of_blocks(self.blocks_of_look(look, first=first))

    def shortened(self, gate_prompts: int) -> Benchmark:
        """Return a benchmark with that many prompts of the first look, of every class alike.

        Raises:
            GateError: there are not so many.
        """
        gate = self.of_look(1)
        if not 0 < gate_prompts <= len(gate):
            raise GateError(f"{gate_prompts} gate prompts: expected 1 to {len(gate)}")
        seen: Counter[str] = Counter()
        ranks: dict[str, tuple[int, str]] = {}
        for prompt in gate:
            ranks[prompt.id] = (seen[prompt.prompt_class], prompt.id)
            seen[prompt.prompt_class] += 1
        kept = set(sorted(ranks, key=ranks.__getitem__)[:gate_prompts])
        prompts = tuple(p for p in self.prompts if p.split != "gate" or p.id in kept)
        return _benchmark(self.language, prompts)


def load_benchmark(path: Path) -> Benchmark:
    """Read a prompt file `NAME.LANGUAGE.jsonl`.

    Raises:
        ConfigError: the file is absent or any line is broken; all faults are listed.
    """
    faults: list[str] = []
    language = prompts_language(path)
    rows = list(read_rows(path, faults, in_runs=counting_unit(language) is not WORD))
    prompts = [_prompt(row) for _, row in rows]
    faults += _repetitions(
        "id", [(line, prompt.id) for (line, _), prompt in _paired(rows, prompts)]
    )
    faults += _text_faults([line for line, _ in rows], prompts)
    for split in SPLITS:
        if not any(prompt.split == split for prompt in prompts):
            faults.append(f"no prompt of split {split!r}; both splits are needed and never shared")
    faults += _block_faults(prompts)
    if faults:
        raise ConfigError(str(path), faults)
    ordered = tuple(sorted(prompts, key=lambda prompt: prompt.id))
    return _benchmark(language, ordered)


def _benchmark(language: str, prompts: tuple[Prompt, ...]) -> Benchmark:
    digest = digest_json([vars(prompt) for prompt in prompts])
    return Benchmark(language=language, prompts=prompts, digest=digest)


def _paired(
    rows: list[tuple[int, dict[str, Any]]], prompts: list[Prompt]
) -> Iterator[tuple[tuple[int, dict[str, Any]], Prompt]]:
    return zip(rows, prompts, strict=True)


def _block_faults(prompts: list[Prompt]) -> Iterator[str]:
    """Every look takes one block more, so that none may be missing."""
    found = {prompt.block for prompt in prompts if prompt.split == "gate"}
    missing = sorted(set(range(1, max(found, default=0))) - found)
    if missing:
        yield (
            f"no prompt of the gate is in block {', '.join(map(str, missing))}; blocks are "
            f"numbered from 1 without a gap, and the last one here is {max(found)}"
        )


def _prompt(row: dict[str, Any]) -> Prompt:
    return Prompt(
        id=row["id"],
        split=row["split"],
        prompt_class=row["class"],
        text=row["text"],
        normalised=row["normalised"],
        words=row["words"],
        block=row.get("block", 1),
        critical=tuple(row.get("critical", ())),
    )


def _text_faults(lines: list[int], prompts: list[Prompt]) -> Iterator[str]:
    for line, prompt in zip(lines, prompts, strict=True):
        if not words_of(prompt.normalised):
            yield f"line {line}: normalised has no word: {prompt.normalised!r}"
        missing = missing_words(prompt.text, prompt.normalised)
        if missing:
            yield (
                f"line {line}: normalised does not say {missing[0]!r} of its text; it is how the "
                "text is read out, word for word"
            )
    told: set[int] = set()
    for name in ("normalised", "text"):
        texts = [(n, getattr(p, name)) for n, p in zip(lines, prompts, strict=True)]
        for line, before, share in find_repeats(texts):
            if line not in told:
                yield (
                    f"line {line}: {name} has {100 * share:.0f} % of its words in common with line "
                    f"{before}; a prompt that repeats another counts twice"
                )
            told.add(line)


def _repetitions(what: str, values: list[tuple[int, str]]) -> list[str]:
    first: dict[str, int] = {}
    faults = []
    for line, value in values:
        if value in first:
            faults.append(f"line {line}: {what} {value!r} was already on line {first[value]}")
        first.setdefault(value, line)
    return faults


def prompts_language(path: Path) -> str:
    """Return the language that the name of a prompt file `NAME.LANGUAGE.jsonl` gives.

    Raises:
        ConfigError: it gives none.
    """
    match = _FILE_NAME.fullmatch(path.name)
    if match is None:
        raise ConfigError(str(path), ["expected a name like prompts.en.jsonl, with the language"])
    return match["language"]

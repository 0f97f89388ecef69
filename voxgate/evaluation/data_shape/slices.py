"""How many training texts resemble each part of the gate's prompts (`voxgate/gate/slices.py`).

A class of prompts is known by its form: the traits that nearly all of its prompts have (a question
mark, a number, a name, a word that must not change, many words). A training text with all of them
is an example. A class without such a trait (a domain, plain sentences) is known by its words alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from voxgate.evaluation.benchmark import Benchmark, Prompt
from voxgate.evaluation.data_shape.traits import Traits, find_traits
from voxgate.evaluation.prompt_texts import words_of
from voxgate.text.counting_units import length_class

__all__ = ["SliceExamples", "count_examples"]

_DEFINING = 0.9
"""The share of a class's prompts that must have a trait for it to be the class's form."""

_COMMON = 0.5
"""A trait of more than this share of all prompts tells no class from another."""


@dataclass(frozen=True, kw_only=True)
class SliceExamples:
    """A part of the gate's prompts and what the training texts offer to it.

    `examples` is None where the class has no form of its own. `covered` is the share of the words
    of its prompts that any training text says; `absent` are some that none does.
    """

    name: str
    prompts: int
    traits: tuple[str, ...]
    examples: int | None
    covered: float
    absent: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int, float, str]:
        """Sorts the parts with the fewest examples first, those without a count last."""
        return self.examples is None, self.examples or 0, self.covered, self.name


def count_examples(
    benchmark: Benchmark, held: Mapping[Traits, int], said: Collection[str]
) -> list[SliceExamples]:
    """Return the parts of the gate's prompts with their examples among training texts.

    Those are `held` by their traits, and `said` are their words.
    """
    gate = [prompt for prompt in benchmark.prompts if prompt.split == "gate"]
    language = benchmark.language
    forms = {prompt.id: _form_of(prompt, language) for prompt in gate}
    common = {
        trait
        for trait in set(chain.from_iterable(forms.values()))
        if sum(trait in form for form in forms.values()) > _COMMON * len(gate)
    }
    words = frozenset(said)
    found = []
    for name, prompts in sorted(_parts(gate, language).items()):
        kind, _, wanted = name.partition(":")
        traits = frozenset({f"{wanted} text"})
        if kind == "class":
            traits = _form([forms[prompt.id] for prompt in prompts]) - common
        found.append(_row(name, prompts, traits, held, words))
    return found


def _row(
    name: str,
    prompts: Sequence[Prompt],
    traits: Traits,
    held: Mapping[Traits, int],
    said: frozenset[str],
) -> SliceExamples:
    words = {word for prompt in prompts for word in words_of(prompt.normalised)}
    examples = sum(count for form, count in held.items() if traits <= form)
    return SliceExamples(
        name=name,
        prompts=len(prompts),
        traits=tuple(sorted(traits)),
        examples=examples if traits else None,
        covered=round(len(words & said) / len(words), 4) if words else 1.0,
        absent=tuple(sorted(words - said)[:20]),
    )


def _form_of(prompt: Prompt, language: str) -> Traits:
    count = len(words_of(prompt.normalised))
    return find_traits(prompt.text, count, language, normalised=prompt.normalised)


def _parts(prompts: Sequence[Prompt], language: str) -> dict[str, list[Prompt]]:
    parts: dict[str, list[Prompt]] = {}
    for prompt in prompts:
        for name in (
            f"class:{prompt.prompt_class}",
            f"length:{length_class(prompt.words, language)}",
        ):
            parts.setdefault(name, []).append(prompt)
    return parts


def _form(forms: Sequence[Traits]) -> Traits:
    every = set(chain.from_iterable(forms))
    return frozenset(
        trait for trait in every if sum(trait in form for form in forms) >= _DEFINING * len(forms)
    )

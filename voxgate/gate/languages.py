"""A voice of several languages passes only where it passes in each of them.

Each language has prompts, evidence and a calibration record of its own and is judged at the full
level: a voice that must pass everywhere passes no easier for being asked more often. A language
that could not be judged is a HOLD, whatever the others say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.advice import DRAW_MORE, Advice
from voxgate.gate.criterion import Criterion, hold

__all__ = ["gather_criteria", "gravest_advice", "missing_languages"]

UNJUDGED = "language_not_judged"


def missing_languages(
    challenger: Evidence, judged: Iterable[str], unjudged: Mapping[str, str]
) -> dict[str, str]:
    """Return why a language of the voice has no verdict, by its code.

    The languages of the voice are those that its card names, as the evidence has them.
    """
    named = challenger.model.get("languages")
    spoken = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    silent = {each: "no prompts of it were spoken" for each in spoken if each not in set(judged)}
    return {**silent, **unjudged}


def gather_criteria(
    by_language: Mapping[str, Sequence[Criterion]], missing: Mapping[str, str]
) -> tuple[Criterion, ...]:
    """Return the criteria of all languages, each subject with its language before it."""
    found = [
        replace(criterion, subject=f"{language}:{criterion.subject}")
        for language, criteria in by_language.items()
        for criterion in criteria
    ]
    found += [
        hold(
            UNJUDGED,
            f"{language}:challenger",
            f"the voice speaks {language}, and nobody judged it there: {why}; name prompts of it "
            "in evaluate.prompts, or take the language off the voice",
        )
        for language, why in sorted(missing.items())
    ]
    return tuple(found)


def gravest_advice(advices: Iterable[Advice | None]) -> Advice | None:
    """Return what comes next: more prompts while any language advises them, else a person."""
    given = [advice for advice in advices if advice is not None]
    return next((a for a in given if a.action == DRAW_MORE), given[0] if given else None)

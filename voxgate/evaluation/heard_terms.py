"""Sentences of a voice's own lexicon, spoken and heard: can a term be understood at all?

They stand beside the fixed prompts, so that a new term leaves every figure comparable, and they
judge nothing: what a recogniser writes of a name says little (`terms` is what blocks a release).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from voxgate.corpus.user_lexicon import list_terms
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.checkpoints import Checkpoint
from voxgate.evaluation.evaluation import Evaluation
from voxgate.evaluation.frame import Frame
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.real_clips import expected_durations
from voxgate.files import digest_bytes
from voxgate.text.front_ends import open_front_end
from voxgate.text.symbols import symbol_table
from voxgate.text.term_lines import Term
from voxgate.voice.card import card_lexicons, read_voice_card

__all__ = ["MOST_SENTENCES", "TERM_CLASS", "hear_terms", "term_prompts"]

TERM_CLASS = "term"
"""Class of these prompts; no prompt of a benchmark has it."""

MOST_SENTENCES = 40
"""Of one language: a lexicon may have thousands, and each costs a sentence of speech."""

_ID_DIGITS = 10


def term_prompts(folder: Path, language: str) -> list[tuple[Term, Prompt]]:
    """Return the sentences of the lexicon of a voice package in one language, the first ones.

    Raises:
        ConfigError: the lexicon has broken lines.
        TextError: it is no text, or the language's libraries are not installed.
    """
    card = read_voice_card(folder)
    lexicons = card_lexicons(folder, card)
    if language not in lexicons:
        return []
    others = [other for other in card.spoken_languages if other != language]
    front_end = open_front_end(
        language, symbols=symbol_table(card.symbols), lexicons=lexicons, languages=others
    )
    terms = list_terms(lexicons[language].read_text(encoding="utf-8-sig"), language).values()
    return [
        (term, _prompt(term.carrier, front_end.normalise(term.carrier), language))
        for term in _with_sentence(terms)
        if term.carrier is not None
    ]


def hear_terms(
    evaluation: Evaluation, frame: Frame, checkpoint: Checkpoint
) -> list[dict[str, Any]]:
    """Let a voice say the sentences of its lexicon; returns as JSON values what was heard of each.

    Raises:
        ConfigError, TextError: as `term_prompts`.
    """
    asked = term_prompts(checkpoint.folder, evaluation.benchmark.language)
    if not asked:
        return []
    prompts = [prompt for _, prompt in asked]
    pace = evaluation.recordings.letters_per_s
    scorer = replace(
        evaluation.scorer(frame), expected_s=expected_durations(prompts, letters_per_s=pace)
    )
    scored = scorer.score_voice(
        evaluation.load_voice(checkpoint.folder),
        plan_items(prompts, seeds=1),
        model_digest=checkpoint.digest,
    )
    rows = {sample.score.prompt_id: sample.score for sample in scored}
    return [
        {
            "term": term.written,
            "sentence": prompt.text,
            "heard": rows[prompt.id].transcript,
            "errors": rows[prompt.id].word_errors,
            "units": rows[prompt.id].ref_words,
            "fault": rows[prompt.id].fault,
        }
        for term, prompt in asked
    ]


def _with_sentence(terms: Iterable[Term]) -> Iterator[Term]:
    """Yield terms with a sentence of their own, each sentence once."""
    said: set[str] = set()
    for term in terms:
        if term.carrier is not None and term.carrier not in said and len(said) < MOST_SENTENCES:
            said.add(term.carrier)
            yield term


def _prompt(sentence: str, normalised: str, language: str) -> Prompt:
    digest = digest_bytes(sentence.encode())[:_ID_DIGITS]
    return Prompt(
        id=f"{language}-{TERM_CLASS}-{digest}",
        split="gate",
        prompt_class=TERM_CLASS,
        text=sentence,
        normalised=normalised,
        words=len(normalised.split()),
    )

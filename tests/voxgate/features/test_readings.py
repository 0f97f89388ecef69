from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pytest

from tests.fakes.speech_tokenizer import LetterPhonemiser
from voxgate.errors import TextError
from voxgate.executors import SerialExecutor
from voxgate.features.readings import (
    PooledPhonemiser,
    Reading,
    Sentence,
    Unreadable,
    read_sentence,
    read_sentences,
)

SENTENCES = [Sentence("Ab", "en"), Sentence("...", "en"), Sentence("c", "en")]


@dataclass(frozen=True)
class ReadingLetters:
    @contextmanager
    def open(self) -> Iterator[Callable[[Sentence], Reading | Unreadable]]:
        yield partial(read_sentence, LetterPhonemiser())


@dataclass(frozen=True)
class WithoutLibraries:
    @contextmanager
    def open(self) -> Iterator[Callable[[Sentence], Reading | Unreadable]]:
        raise TextError("the language's libraries are not installed")
        yield partial(read_sentence, LetterPhonemiser())


def test_a_text_that_cannot_be_spoken_is_an_answer_here_and_there() -> None:
    here = list(read_sentences(LetterPhonemiser(), SENTENCES))
    pooled = PooledPhonemiser(SerialExecutor(), ReadingLetters(), "p" * 64)
    assert list(read_sentences(pooled, SENTENCES)) == here
    assert here[0] == Reading(phones=(97, 98))
    assert here[1] == Unreadable("nothing to speak in '...'; need at least one word or number")


def test_a_phonemiser_that_cannot_be_opened_drops_no_text() -> None:
    pooled = PooledPhonemiser(SerialExecutor(), WithoutLibraries(), "p" * 64)
    with pytest.raises(TextError, match="not installed"):
        list(read_sentences(pooled, SENTENCES))

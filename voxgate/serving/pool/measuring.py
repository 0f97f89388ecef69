"""Measure what the sentences of a voice need on a device, from short ones to the longest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

from voxgate.serving.pool.device_memory import DeviceMemory, ReadingVoice
from voxgate.serving.pool.memory_budget import MeasuredSize
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reading import TextReader

__all__ = ["growing_texts", "measure_sizes"]

_FIRST_WORDS = 4
_SLOWEST = 0.5
"""The slowest speed that may be asked for gives the longest sound."""


def growing_texts(reader: TextReader, words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield texts of one sentence, with their phones, up to the longest that is spoken at once."""
    count = _FIRST_WORDS
    while phones := _phones_of_one(reader, text := _text(words, count)):
        yield phones, text
        count *= 2
    for fewer in range(count - 1, count // 2, -1):
        if phones := _phones_of_one(reader, text := _text(words, fewer)):
            yield phones, text
            return


def measure_sizes(
    voice: ReadingVoice, memory: DeviceMemory, words: Sequence[str]
) -> tuple[MeasuredSize, ...]:
    """Speak sentences of growing sizes and return the peak at each.

    `voice` should speak as long as it ever may, and be the only one in its process. A peak is never
    below that of a shorter sentence: which algorithm a library takes changes with the size.
    """
    sizes: list[MeasuredSize] = []
    peak = 0
    for phones, text in growing_texts(voice.reader, words):
        memory.reset_peak()
        for _ in voice.speak_sentences(
            text, seed=0, options=SpeakingOptions(speed=_SLOWEST), pause_s=0.0
        ):
            pass  # spoken to see what it takes: nobody hears it
        peak = max(peak, memory.peak_bytes())
        sizes.append(MeasuredSize(phones=phones, sentences=1, peak_bytes=peak))
    return tuple(sizes)


def _text(words: Sequence[str], count: int) -> str:
    return " ".join(islice(cycle(words), count))


def _phones_of_one(reader: TextReader, text: str) -> int:
    """Return the phones of a text that is spoken at once; 0 if it is more than one sentence."""
    sentences = reader.sentences(text, cut="sentences")
    return len(sentences[0]) if len(sentences) == 1 else 0

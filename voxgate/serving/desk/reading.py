"""Which sentences a text has, as the voice that will speak it reads them.

The rules are the worker's own (`TextReader.sentences`): the whole text is normalised by the front
end of the voice's language and then cut as the preset says. Without knowing them beforehand nothing
could be kept by the sentence.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from voxgate.serving.requests import PackagedVoice, Utterance
from voxgate.speaking.reading import TextReader, packaged_reader
from voxgate.text.sentences import divide
from voxgate.voice.card import read_voice_card

__all__ = ["PackagedSentences", "SentenceReader"]


class SentenceReader(Protocol):
    """Says which sentences an utterance has; may take milliseconds, and runs in a thread."""

    def __call__(self, utterance: Utterance) -> Sequence[str]:
        """Return the normalised sentences in their order, one at least.

        Raises:
            TextError: something in the text cannot be read.
            VoiceError: the voice package cannot be.
        """
        ...


class PackagedSentences:
    """Reads as voice packages say; implements `SentenceReader` and may be shared by threads.

    Loads a language's dictionary and no network. The front ends of the last `max_voices` voices are
    kept.
    """

    def __init__(self, *, max_voices: int = 4) -> None:
        self._max_voices = max_voices
        self._readers: OrderedDict[str, TextReader] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, utterance: Utterance) -> Sequence[str]:
        """Return the sentences; see `SentenceReader`."""
        front_end = self._reader(utterance.voice).front_end
        pieces = divide(front_end.normalise(utterance.text), utterance.preset.cut)
        # A text without anything speakable goes to the voice as it is, which says what is wrong.
        return pieces or [utterance.text]

    def _reader(self, voice: PackagedVoice) -> TextReader:
        with self._lock:
            reader = self._readers.get(voice.digest)
            if reader is None:
                reader = packaged_reader(voice.folder, read_voice_card(voice.folder))
                self._readers[voice.digest] = reader
            self._readers.move_to_end(voice.digest)
            while len(self._readers) > self._max_voices:
                self._readers.popitem(last=False)
            return reader

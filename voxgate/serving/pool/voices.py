"""The voices and references that a worker keeps, and how it speaks an utterance with them."""

from __future__ import annotations

import importlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.errors import WeightsError
from voxgate.serving.requests import PackagedVoice, ReferencePlace, SpokenSentence, Utterance
from voxgate.speakers.reference_files import read_reference
from voxgate.speaking.options import SpeakingOptions
from voxgate.speaking.reference import PreparedReference, ReferenceClip
from voxgate.speaking.sentence import SpokenPiece
from voxgate.types import HEARING_RATE_HZ
from voxgate.voice.card import card_digest

__all__ = ["ServedVoice", "Speaker", "VoiceLoader", "named_loader"]

_LOG = logging.getLogger(__name__)
_REFERENCES = 64
"""Prepared references that are kept: some hundred kilobytes each."""


class ServedVoice(Protocol):
    """What a worker asks of a voice; `GptSovitsVoice` is one."""

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of its waves."""
        ...

    def speak_sentences(
        self,
        text: str,
        *,
        seed: int,
        options: SpeakingOptions,
        first: int = 0,
        pause_s: float | None = None,
    ) -> Iterator[SpokenPiece]:
        """Speak a text one sentence at a time, from sentence `first` on."""
        ...

    def speak_piece(
        self,
        text: str,
        *,
        place: int,
        seed: int,
        options: SpeakingOptions,
        pause_s: float | None = None,
    ) -> SpokenPiece:
        """Speak a text at once, as the sentence at `place` of a longer one."""
        ...

    def prepare_reference(self, *clips: ReferenceClip) -> PreparedReference:
        """Prepare recordings of a speaker."""
        ...


class VoiceLoader(Protocol):
    """What a `Setup` names; `voxgate.speaking.load_voice` is one."""

    def __call__(self, folder: Path, *, threads: int, precision: Any) -> ServedVoice:
        """Load a voice package."""
        ...


_Kept = TypeVar("_Kept")


class _LastUsed(OrderedDict[Hashable, Any]):
    """Keeps what was last used."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def get_or_make(self, key: Hashable, make: Callable[[], _Kept]) -> _Kept:
        """Return what is kept under a key, or make it and let the longest unused one go."""
        if key not in self:
            while len(self) >= self.limit:
                self.popitem(last=False)  # before the new one is made: both need memory
            self[key] = make()
        self.move_to_end(key)
        return cast("_Kept", self[key])


@dataclass
class Speaker:
    """Speaks utterances with the voices and references that it keeps."""

    load: VoiceLoader
    voices: int = 2
    _voices: _LastUsed = field(init=False)
    _references: _LastUsed = field(init=False)

    def __post_init__(self) -> None:
        self._voices = _LastUsed(self.voices)
        self._references = _LastUsed(_REFERENCES)

    def speak(self, utterance: Utterance, *, first: int = 0) -> Iterator[SpokenSentence]:
        """Speak an utterance from sentence `first` on.

        Raises:
            WeightsError: the package is not the one that the utterance names.
            AssetError: the reference is absent, or not the one that the utterance names.
            ReferenceAudioError: the voice cannot use it.
            TextError, VoiceError: as the voice raises them.
        """
        voice = self._voice(utterance)
        pieces = voice.speak_sentences(
            utterance.text,
            seed=utterance.seed,
            options=self._options(utterance, voice),
            first=first,
            pause_s=utterance.preset.pause_s,
        )
        for piece in pieces:
            yield _spoken(piece, voice)

    def speak_piece(self, utterance: Utterance, *, place: int) -> SpokenSentence:
        """Speak an utterance at once, as the sentence at `place` of a longer one.

        Raises:
            WeightsError, AssetError, ReferenceAudioError, TextError, VoiceError: as `speak`.
        """
        voice = self._voice(utterance)
        piece = voice.speak_piece(
            utterance.text,
            place=place,
            seed=utterance.seed,
            options=self._options(utterance, voice),
            pause_s=utterance.preset.pause_s,
        )
        return _spoken(piece, voice)

    def _options(self, utterance: Utterance, voice: ServedVoice) -> SpeakingOptions:
        return SpeakingOptions(
            reference=self._reference(utterance, voice),
            speed=utterance.speed,
            cut=utterance.preset.cut,
        )

    def _voice(self, utterance: Utterance) -> ServedVoice:
        package, preset = utterance.voice, utterance.preset

        def load() -> ServedVoice:
            _check_package(package)
            _LOG.info("loading voice %s", package.digest[:12])
            return self.load(package.folder, threads=preset.threads, precision=preset.precision)

        return self._voices.get_or_make((package.digest, preset.precision), load)

    def _reference(self, utterance: Utterance, voice: ServedVoice) -> PreparedReference | None:
        place = utterance.reference
        if place is None:
            return None
        key = (utterance.voice.digest, utterance.preset.precision, place.sha256, place.text)

        def prepare() -> PreparedReference:
            prepared = voice.prepare_reference(_reference_clip(place))
            for action in prepared.actions:
                _LOG.info("reference %s: %s", place.sha256[:12], action)
            return prepared

        return self._references.get_or_make(key, prepare)


def _spoken(piece: SpokenPiece, voice: ServedVoice) -> SpokenSentence:
    return SpokenSentence(
        place=piece.place,
        pcm=to_pcm16(piece.wave),
        sample_rate_hz=voice.sample_rate_hz,
        stopped_by_limit=piece.stopped_by_limit,
    )


def _check_package(package: PackagedVoice) -> None:
    found = card_digest(package.folder)
    if found != package.digest:
        raise WeightsError(
            f"{package.folder}: expected the voice whose card has sha256 {package.digest}, found "
            f"{found}; fetch the package again"
        )


def _reference_clip(place: ReferencePlace) -> ReferenceClip:
    wave = from_pcm16(read_reference(place.folder, place.sha256))
    return ReferenceClip(wave=wave, sample_rate_hz=HEARING_RATE_HZ, text=place.text)


def named_loader(name: str, root: Path | None = None) -> VoiceLoader:
    """Return the function that `module:function` names, with `root` as an argument if given."""
    module, _, function = name.partition(":")
    loader: Any = getattr(importlib.import_module(module), function)
    return cast("VoiceLoader", loader if root is None else partial(loader, root=root))

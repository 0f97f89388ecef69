"""Screen each clip once: only clips that were not screened before cost a worker's time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.audio.shards import Pcm16
from voxgate.code_digest import code_digest
from voxgate.content_cache import ContentCache
from voxgate.corpus.validation import clip_screening
from voxgate.corpus.validation.clip_screening import (
    Screened,
    ScreeningClips,
    ScreeningRules,
    UnscreenedClip,
)
from voxgate.corpus.validation.dossiers import Dossier
from voxgate.corpus.validation.findings import Finding
from voxgate.corpus.validation.quality import Signal
from voxgate.corpus.validation.transcripts import further_languages
from voxgate.executors import Executor, values
from voxgate.files import canonical_json

__all__ = ["ScreeningRoom"]

SCREENING_VERSION = 1
"""Raise it when a library gives other figures: it is not in the code, which the keys name."""

_CHUNK = 4
"""Clips in one message to a worker: one takes about 10 ms, and 0.1 MB of samples."""


@dataclass(frozen=True)
class ScreeningRoom:
    """Workers with their cache.

    rules: what they judge by.
    languages: those of the corpus, and others whose words its texts may hold.
    read: gives all samples of a clip, as they are stored.
    """

    executor: Executor
    cache: ContentCache
    rules: ScreeningRules
    languages: Sequence[str]
    read: Callable[[Dossier], Pcm16]

    def screen(self, dossiers: Sequence[Dossier]) -> Iterator[Screened]:
        """Yield what was found of each clip, in order; nothing is written into the dossiers.

        What a worker found is kept as it comes, so that an interrupted run repeats little.

        Raises:
            TextError: a language has no front end.
            StorageError: the cache cannot be written.
            StageError: the samples are not those of the table, or a worker died of a clip.
        """
        known = [self._load(dossier) for dossier in dossiers]
        unknown = (d for d, found in zip(dossiers, known, strict=True) if found is None)
        answers = values(
            self.executor.map_ordered(
                ScreeningClips(self.rules), map(self._unscreened, unknown), chunk=_CHUNK
            )
        )
        for dossier, found in zip(dossiers, known, strict=True):
            if found is None:
                screened = next(answers)
                self.cache.put_arrays(self._key(dossier), _pack(screened))
                yield screened
            else:
                yield found

    def _load(self, dossier: Dossier) -> Screened | None:
        stored = self.cache.get_arrays(self._key(dossier))
        return None if stored is None else _unpack(stored)

    def _unscreened(self, dossier: Dossier) -> UnscreenedClip:
        return UnscreenedClip(pcm=self.read(dossier), **self._traits(dossier))

    def _traits(self, dossier: Dossier) -> dict[str, Any]:
        recording, audio = dossier.clip.recording, dossier.audio
        return {
            "text": recording.text,
            "language": recording.language,
            "languages": further_languages(recording.language, self.languages),
            "sample_rate_hz": audio.sample_rate_hz,
            "clipped_fraction": audio.clipped_fraction,
        }

    def _key(self, dossier: Dossier) -> dict[str, object]:
        return {
            "version": SCREENING_VERSION,
            "code": self._code,
            "rules": self._rules,
            "audio_sha256": dossier.audio.sha256,
            **self._traits(dossier),
        }

    @cached_property
    def _code(self) -> str:
        return code_digest([clip_screening.__name__])

    @cached_property
    def _rules(self) -> dict[str, object]:
        return asdict(self.rules)


def _pack(screened: Screened) -> dict[str, NDArray[Any]]:
    figures = asdict(replace(screened, fingerprint=None))
    packed: dict[str, NDArray[Any]] = {
        "figures": np.frombuffer(canonical_json(figures).encode(), dtype=np.uint8)
    }
    if screened.fingerprint is not None:
        packed["fingerprint"] = screened.fingerprint
    return packed


def _unpack(stored: Mapping[str, NDArray[Any]]) -> Screened:
    figures = json.loads(stored["figures"].tobytes())
    signal, (start, end) = figures["signal"], figures["trim"]
    return Screened(
        train_text=figures["train_text"],
        trim=(start, end),
        signal=None if signal is None else Signal(**signal),
        findings=tuple(Finding(**finding) for finding in figures["findings"]),
        fingerprint=stored.get("fingerprint"),
    )

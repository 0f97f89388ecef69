"""Let a voice speak the planned samples, once, and keep what it said."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from tqdm import tqdm

from voxgate.content_cache import ContentCache
from voxgate.errors import WorkerDiedError
from voxgate.evaluation.plan import Item
from voxgate.evaluation.spoken import Line, Spoken, speak_line, unspoken
from voxgate.executors import Executor, Failed, Work
from voxgate.ports import Voice

__all__ = ["LONGEST_S", "PooledVoice", "Speaker", "Spoken", "speak_items"]

LONGEST_S = 30.0
"""Whisper's window; what a prompt of a benchmark needs is far below it."""

_CACHE_VERSION = 1


@dataclass(frozen=True)
class PooledVoice:
    """A voice that workers load, when there is something to speak.

    work: answers with `voxgate.evaluation.spoken.speak_line`; it can be opened wherever the voice
        package is.
    """

    executor: Executor
    work: Work[Line, Spoken]

    def speak_lines(self, lines: Iterable[Line]) -> Iterator[Spoken]:
        """Speak lines, in order; one that ends its worker each time is a sample with a fault.

        Raises:
            VoiceError, WeightsError, TextError: the voice cannot be loaded.
        """
        for answer in self.executor.map_ordered(self.work, lines):
            if not isinstance(answer, Failed):
                yield answer
            elif isinstance(answer.error, WorkerDiedError):
                yield unspoken(answer.error)
            else:
                raise answer.error


Speaker = Voice | PooledVoice
"""A voice that is loaded here, or by workers."""


def speak_items(
    voice: Speaker,
    items: Iterable[Item],
    *,
    limits_s: Mapping[str, float],
    model_digest: str,
    cache: ContentCache,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Spoken]:
    """Speak every item, in order; what was spoken before comes from the cache.

    Args:
        voice: the voice under judgement.
        items: what to speak.
        limits_s: by prompt id, the length at which audio is cut.
        model_digest: names the voice's weights in the cache.
        cache: where samples are kept, each as soon as it is there.
        clock: seconds; only feeds the real-time factor of a voice that is loaded here.
    """
    lines = [_line(item, limits_s) for item in items]
    keys = [_key(line, model_digest) for line in lines]
    spoken = [_stored(cache, key) for key in keys]
    missing = [n for n, sample in enumerate(spoken) if sample is None]
    fresh = _speak(voice, (lines[n] for n in missing), clock)
    with tqdm(
        total=len(lines), initial=len(lines) - len(missing), desc="speak", unit="sample",
        file=sys.stderr,
    ) as progress:  # fmt: skip
        for n, sample in zip(missing, fresh, strict=True):
            if sample.fault is None:  # a crash may be a passing one: it is tried again next time
                _store(cache, keys[n], sample)
            spoken[n] = sample
            progress.update()
    return [sample for sample in spoken if sample is not None]


def _speak(voice: Speaker, lines: Iterable[Line], clock: Callable[[], float]) -> Iterator[Spoken]:
    if isinstance(voice, PooledVoice):
        return voice.speak_lines(lines)
    return (speak_line(voice, line, clock=clock) for line in lines)


def _line(item: Item, limits_s: Mapping[str, float]) -> Line:
    limit_s = min(limits_s[item.prompt.id], LONGEST_S)
    return Line(text=item.prompt.text, seed=item.seed, limit_s=limit_s)


def _key(line: Line, model_digest: str) -> dict[str, object]:
    return {
        "version": _CACHE_VERSION,
        "model": model_digest,
        "text": line.text,
        "seed": line.seed,
        "limit_s": line.limit_s,
    }


def _stored(cache: ContentCache, key: Mapping[str, object]) -> Spoken | None:
    stored = cache.get_arrays(key)
    if stored is None:
        return None
    return Spoken(
        pcm=stored["pcm"],
        duration_s=float(stored["duration_s"]),
        codes=tuple(str(code) for code in stored["codes"]),
        synthesis_s=float(stored["synthesis_s"]),
    )


def _store(cache: ContentCache, key: Mapping[str, object], spoken: Spoken) -> None:
    cache.put_arrays(
        key,
        {
            "pcm": spoken.pcm,
            "duration_s": np.array(spoken.duration_s),
            "codes": np.array(spoken.codes, dtype="U32"),
            "synthesis_s": np.array(spoken.synthesis_s),
        },
    )

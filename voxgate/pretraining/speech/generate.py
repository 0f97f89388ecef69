"""Let the teacher read the sentences into shards, resumably: what exists is never made again."""
# ruff: noqa: S311 - seeded choices, not secrets

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

from voxgate.errors import ConfigError, TextError
from voxgate.files import digest_json, read_json, write_json
from voxgate.pretraining.speech.everyday import everyday_sentences, letters_of
from voxgate.pretraining.speech.sentences import Sentence, normalise, sentences
from voxgate.pretraining.speech.shards import Item, read_items, shard_numbers, write_shard
from voxgate.pretraining.speech.teacher import Teacher
from voxgate.pretraining.speech.voices import PLAN_VOICES, VOICES
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["Plan", "generate", "overlap", "plan_item"]

_log = logging.getLogger(__name__)
ITEMS_PER_SHARD = 2 * len(VOICES)
"""About five minutes of speech; a multiple of the voices, so that every shard is balanced."""
_MIN_S, _MAX_S = 0.4, 20.0
_DIGEST_TEXTS = 500


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What decides the corpus: the same plan gives the same texts, voices and speeds."""

    seed: int = 1
    speed_min: float = 0.9
    speed_max: float = 1.1
    language: str = "en"

    @property
    def voices(self) -> tuple[str, ...]:
        """Who reads."""
        return PLAN_VOICES[self.language]

    @property
    def items_per_shard(self) -> int:
        """About as many as of English; a multiple of the voices."""
        return max(1, ITEMS_PER_SHARD // len(self.voices)) * len(self.voices)

    def sentences(self, excluded: AbstractSet[str] = frozenset()) -> Iterator[Sentence]:
        """Yield what is read; `excluded` as `key_of` gives it."""
        if self.language == "en":
            return sentences(self.seed, excluded=excluded)
        return everyday_sentences(self.seed, self.language, excluded=excluded)

    def key_of(self, text: str) -> str:
        """Return what two texts share that are the same sentence."""
        return normalise(text) if self.language == "en" else letters_of(text)


def plan_item(plan: Plan, item_id: int) -> tuple[str, float]:
    """Return (voice, speed) of an item; every 28 items in a row have all 28 voices (English)."""
    cycle, position = divmod(item_id, len(plan.voices))
    voices = Random(f"voices:{plan.seed}:{cycle}").sample(plan.voices, len(plan.voices))
    share = Random(f"speed:{plan.seed}:{item_id}").random()
    return voices[position], round(plan.speed_min + share * (plan.speed_max - plan.speed_min), 3)


_ENGLISH = Plan()


def generate(
    out: Path,
    make_teacher: Callable[[], Teacher],
    *,
    hours: float,
    plan: Plan | None = None,
    excluded: AbstractSet[str] = frozenset(),
    workers: int = 1,
) -> float:
    """Add shards to `out` until it holds `hours` of speech; return the hours that it holds.

    Args:
        out: folder of the shards; a second run continues there.
        make_teacher: called once in each worker process (pickled when `workers` > 1).
        hours: of speech in all, those of earlier runs included.
        plan: must be the plan of the earlier runs in `out`.
        excluded: texts that are never read (the benchmark's prompts), as `plan.key_of` gives them.
        workers: processes; worker k makes the shards k, k + workers, ...

    Raises:
        ConfigError: `out` holds shards of another plan, or of other word lists or templates.
    """
    plan = plan or Plan()
    _claim(out, plan)
    work = partial(_work, out, make_teacher, hours, plan, frozenset(excluded), workers)
    if workers == 1:
        work(0)
    else:
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(work, range(workers)))
    clash = overlap(out, excluded, plan=plan)
    if clash:
        _log.warning("%d texts made earlier are now excluded; readers must skip them", len(clash))
    return _hours(out)


def overlap(out: Path, excluded: AbstractSet[str], *, plan: Plan = _ENGLISH) -> list[int]:
    """Return the ids of the items in `out` whose text is in `excluded`."""
    return [item.item_id for item in read_items(out) if plan.key_of(item.text) in excluded]


def _work(
    out: Path,
    make_teacher: Callable[[], Teacher],
    hours: float,
    plan: Plan,
    excluded: frozenset[str],
    workers: int,
    worker: int,
) -> None:
    teacher = make_teacher()
    for number, batch in _batches(plan, excluded):
        made_h = _hours(out)
        if made_h >= hours:
            return
        if number % workers != worker or number in shard_numbers(out):
            continue
        started = time.monotonic()
        items, waves = _read_batch(teacher, plan, number, batch)
        write_shard(out, items, waves)
        speech_s = sum(item.duration_s for item in items)
        rtf = (time.monotonic() - started) / speech_s
        _log.info("shard %d: %.2f h made, RTF %.2f", number, made_h + speech_s / 3600, rtf)


def _batches(plan: Plan, excluded: frozenset[str]) -> Iterator[tuple[int, list[Sentence]]]:
    """Yield (shard number, its sentences) without end."""
    stream = plan.sentences(excluded)
    held: list[Sentence] = list(islice(stream, 1))
    number = 0
    while True:
        end = (number + 1) * plan.items_per_shard
        while held[-1].index < end:
            held.append(next(stream))
        yield number, held[:-1]
        held = held[-1:]
        number += 1


def _read_batch(
    teacher: Teacher, plan: Plan, number: int, batch: list[Sentence]
) -> tuple[list[Item], list[Wave]]:
    items: list[Item] = []
    waves: list[Wave] = []
    start = 0
    for sentence in batch:
        voice, speed = plan_item(plan, sentence.index)
        try:
            reading = teacher.read(sentence.text, voice=voice, speed=speed)
        except TextError as error:
            _log.warning("item %d left out: %s", sentence.index, error)
            continue
        samples = len(reading.wave)
        if not _MIN_S <= samples / HEARING_RATE_HZ <= _MAX_S:
            _log.warning("item %d left out: %d samples", sentence.index, samples)
            continue
        items.append(
            Item(
                item_id=sentence.index,
                shard=number,
                start=start,
                samples=samples,
                voice=voice,
                speed=speed,
                kind=sentence.kind,
                text=sentence.text,
                ipa=reading.ipa,
            )
        )
        waves.append(reading.wave)
        start += samples
    return items, waves


def _claim(out: Path, plan: Plan) -> None:
    path = out / "plan.json"
    mine = asdict(plan) | {"texts_sha256": _texts_digest(plan)}
    if plan.language == "en":
        del mine["language"]  # older folders do not name it
    if path.exists() and read_json(path) != mine:
        raise ConfigError(
            str(path),
            [f"the folder holds {read_json(path)}, this run makes {mine}; use another folder"],
        )
    write_json(path, mine)


def _texts_digest(plan: Plan) -> str:
    """Name the sequence of texts, so that edited word lists or templates do not mix with old."""
    return digest_json([sentence.text for sentence in islice(plan.sentences(), _DIGEST_TEXTS)])


def _hours(out: Path) -> float:
    return sum(item.duration_s for item in read_items(out)) / 3600

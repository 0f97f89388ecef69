"""The cheap checks: what arithmetic alone can say about a clip, before anything listens to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tqdm import tqdm

from voxgate.corpus.validation.clip_screening import Screened
from voxgate.corpus.validation.dossiers import Dossier, surviving
from voxgate.corpus.validation.duplicates import Fingerprint, keep_best, near_audio, same_key
from voxgate.corpus.validation.screening_room import ScreeningRoom
from voxgate.params import ValidateParams
from voxgate.text.leakage import find_leaks

__all__ = ["Prompt", "Spell", "Twins", "screen", "settle_duplicates"]

Prompt = tuple[str, str]
"""Id and text of a benchmark prompt."""

Twins = tuple[Dossier, Dossier]
Same = Callable[[Dossier, Dossier], bool]


class Spell(Protocol):
    """Brings a text of a language to what equal texts have in common."""

    def __call__(self, text: str, language: str) -> str:
        """Return it with its units parted by spaces."""
        ...


def screen(
    dossiers: Sequence[Dossier],
    room: ScreeningRoom,
    *,
    params: ValidateParams,
    prompts: Mapping[str, Sequence[Prompt]],
    normalise: Spell,
) -> list[Twins]:
    """Apply every check that needs no network; findings go into the dossiers.

    `room` screens clip by clip; `prompts` are the benchmarks', by language, `normalise` how a text
    of a language is compared. Returned are pairs of equal audio under different texts: one of the
    texts is wrong, and only listening can say which.
    """
    prints: dict[str, Fingerprint] = {}
    clips = list(surviving(dossiers))
    screened = tqdm(room.screen(clips), desc="validate: screen", unit="clip", total=len(clips))
    for dossier, found in zip(clips, screened, strict=True):
        _enter(dossier, found)
        if found.fingerprint is not None:
            prints[dossier.recording_id] = found.fingerprint
    for language, asked in prompts.items():
        _reject_leaks(list(surviving(dossiers)), asked, language, params)

    def same_text(one: Dossier, other: Dossier) -> bool:
        return _spelled(one, normalise) == _spelled(other, normalise)

    return _reject_copies(list(surviving(dossiers)), prints, params, same_text)


def settle_duplicates(
    dossiers: Sequence[Dossier], twins: Sequence[Twins], *, normalise: Spell
) -> None:
    """After listening: keep the best of each pair of twins, and one take of each text a speaker."""
    for pair in twins:
        if not any(dossier.rejected for dossier in pair):
            keep_best(pair, "duplicate_audio", what="recording")
    survivors = list(surviving(dossiers))
    for group in same_key(survivors, lambda d: (d.speaker, _spelled(d, normalise))):
        keep_best(group, "duplicate_text", what="text")


def _spelled(dossier: Dossier, normalise: Spell) -> str:
    if dossier.spelled is None:
        dossier.spelled = normalise(dossier.train_text, dossier.clip.recording.language)
    return dossier.spelled


def _enter(dossier: Dossier, found: Screened) -> None:
    dossier.train_text = found.train_text
    dossier.trim_start, dossier.trim_end = found.trim
    dossier.signal = found.signal
    dossier.findings.extend(found.findings)


def _reject_leaks(
    dossiers: Sequence[Dossier], prompts: Sequence[Prompt], language: str, params: ValidateParams
) -> None:
    texts = [dossier.train_text for dossier in dossiers]
    asked = [text for _, text in prompts]
    leaks = find_leaks(texts, asked, language=language, minimum=params.max_benchmark_overlap)
    for leak in leaks:
        dossiers[leak.text_index].find(
            "benchmark_leakage",
            expected=f"less than {params.max_benchmark_overlap:.0%} of any benchmark prompt",
            arrived=f"{leak.overlap:.0%} of {prompts[leak.prompt_index][0]!r}",
        )


def _reject_copies(
    dossiers: Sequence[Dossier], prints: dict[str, Fingerprint], params: ValidateParams, same: Same
) -> list[Twins]:
    """Reject copies with the same text; return the pairs whose texts differ."""
    pairs = near_audio(
        [prints[dossier.recording_id] for dossier in dossiers],
        [dossier.kept_s for dossier in dossiers],
        min_correlation=params.duplicate_correlation,
    )
    twins: list[Twins] = []
    for first, second in pairs:
        pair = (dossiers[first], dossiers[second])
        if not same(*pair):
            twins.append(pair)
        elif not any(dossier.rejected for dossier in pair):
            keep_best(pair, "duplicate_audio", what="recording")
    return twins

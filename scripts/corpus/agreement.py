"""How often two aligners doubt a text, right or spoilt on purpose: the table of docs/cutting.md.

    python -m scripts.corpus.agreement [--clips 60] [--seed 1]

Clips of the English package with at least five words; each text is taken as it is and in eight
spoilt forms, placed by the recogniser and by the second aligner, and compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from scripts.campaign.sites import say
from scripts.corpus.clips import Clip, read_clips
from voxgate.corpus.cutting.words.agreement import Agreement, compare
from voxgate.params import CutParams, Params, load_params
from voxgate.ports import Aligner, Recogniser
from voxgate.settings import load_settings
from voxgate.wiring.aligners import build_aligner
from voxgate.wiring.evaluators import build_recogniser

__all__ = ["SPOILINGS", "shares"]

_LEAST_WORDS = 5
_LONGEST_S = 15
_STRANGERS = ("orange", "garden", "window", "yellow", "morning", "kitchen")

Words = list[str]
Spoil = Callable[[Words, Sequence[Words], np.random.Generator], Words]


def main() -> int:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clips", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    params, settings = load_params(Path("params.yaml")), load_settings()
    recogniser = build_recogniser(
        params.evaluate, settings, name=params.cut.recogniser, window_margin_s=1.0
    )
    aligner = build_aligner(params, settings, language="en", base_dir=Path("base"))
    if aligner is None:
        raise SystemExit("cut.aligner names no aligner")
    clips = _chosen(read_clips("en", settings.assets_dir / "debian"), given.clips, given.seed)
    say(f"| text ({len(clips)} clips) | apart | unlikely to the second | to the recogniser | all |")
    say("|---|---|---|---|---|")
    written = [clip.text.split() for clip in clips]
    for name, spoil in SPOILINGS.items():
        rng = np.random.default_rng(given.seed)
        texts = [" ".join(spoil(words, written, rng)) for words in written]
        found = _compared(clips, texts, recogniser, aligner, params)
        say(f"| {name} | {' | '.join(f'{share:.2f}' for share in shares(found, params.cut))} |")
    return 0


def _chosen(clips: Sequence[Clip], count: int, seed: int) -> list[Clip]:
    fit = [
        clip
        for clip in clips
        if len(clip.text.split()) >= _LEAST_WORDS and len(clip.wave) <= _LONGEST_S * 16_000
    ]
    places = np.random.default_rng(seed).permutation(len(fit))[:count]
    return [fit[place] for place in places]


def _changed(words: Words, _: object, rng: np.random.Generator, *, put: bool, take: bool) -> Words:
    at = int(rng.integers(1, len(words) - 1))
    return [*words[:at], *([_stranger(rng)] if put else []), *words[at + take :]]


def _other(words: Words, texts: Sequence[Words], rng: np.random.Generator) -> Words:
    others = [text for text in texts if text != words]
    return others[rng.integers(len(others))]


def _stranger(rng: np.random.Generator) -> str:
    return _STRANGERS[rng.integers(len(_STRANGERS))]


def _compared(
    clips: Sequence[Clip],
    texts: Sequence[str],
    recogniser: Recogniser,
    aligner: Aligner,
    params: Params,
) -> list[Agreement]:
    waves = [clip.wave for clip in clips]
    first = [heard.alignment for heard in recogniser.recognise(waves, texts)]
    second = aligner.align(waves, texts)
    return [
        compare(wave, one, other, params.cut)
        for wave, one, other in zip(waves, first, second, strict=True)
    ]


def shares(found: Sequence[Agreement], cut: CutParams) -> list[float]:
    """Return the shares beyond each bound, and of those that are doubted for any reason."""

    def share(beyond: Callable[[Mapping[str, float]], bool]) -> float:
        return sum(bool(each.measures) and beyond(each.measures) for each in found) / len(found)

    return [
        share(lambda m: m["aligners_apart_s"] > cut.max_aligners_apart_s),
        share(lambda m: m["second_probability"] < cut.min_stretch_probability),
        share(lambda m: m["first_probability"] < cut.min_word_probability),
        sum(bool(each.reasons) for each in found) / len(found),
    ]


SPOILINGS: Mapping[str, Spoil] = {
    "right": lambda words, *_: words,
    "of another clip": _other,
    "shuffled": lambda words, _, rng: [words[n] for n in rng.permutation(len(words))],
    "last word missing": lambda words, *_: words[:-1],
    "first word missing": lambda words, *_: words[1:],
    "a word missing inside": partial(_changed, put=False, take=True),
    "a word replaced": partial(_changed, put=True, take=True),
    "a word too many, inside": partial(_changed, put=True, take=False),
    "a word too many, at an end": lambda words, _, rng: [*words, _stranger(rng)],
}
"""What is done to the words of a text; the texts of all clips are there to take others from."""


if __name__ == "__main__":
    sys.exit(main())

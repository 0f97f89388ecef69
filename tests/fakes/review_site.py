"""A checkout with an imported recording: clips with words, some of them doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tasks.corpus.review import ReviewRoom, open_review
from tests.fakes.recordings import CONSENT
from tests.fakes.syllables import hiss, say
from voxgate.audio.encoding import encode_file
from voxgate.audio.shards import to_pcm16
from voxgate.corpus.cutting.reasons import reason
from voxgate.corpus.cutting.records import Import, Source
from voxgate.corpus.cutting.spans import Span
from voxgate.corpus.cutting.stretches import Reason, Status, Stretch, Utterance
from voxgate.corpus.importing import EncodedClip, publish_import
from voxgate.stage import Workspace
from voxgate.types import HEARING_RATE_HZ, Wave, WordTiming

LOGIN = {"name": "anna", "host": "studio"}
HOSTILE = "<img src=x onerror=alert(1)> & 'so on'"
DOUBT = reason("passes_differ", expected="at most 10 % of words", arrived="50 %")
_ROOM_S = 0.2


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """An utterance to be: its text, one syllable a word, and why it is doubtful, if it is."""

    text: str
    reasons: tuple[Reason, ...] = ()


TEXTS = (
    Spoken(text="this one is kept"),
    Spoken(text="this one is doubtful", reasons=(DOUBT,)),
    Spoken(text=f"{HOSTILE} speaks", reasons=(DOUBT,)),
    Spoken(text="another one is kept too"),
    Spoken(
        text="the last is long and doubtful",
        reasons=(DOUBT, reason("low_snr", expected="at least 15 dB", arrived="<b>9 dB</b>")),
    ),
)


def create_review_site(root: Path, spoken: Sequence[Spoken] = TEXTS, **changes: Any) -> Workspace:
    """Import a recording in which `spoken` is said; doubtful clips are those with reasons."""
    workspace = Workspace(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / "params.yaml").touch()
    publish_spoken(workspace, spoken, **changes)
    return workspace


def publish_spoken(
    workspace: Workspace, spoken: Sequence[Spoken], *, room_s: float = _ROOM_S, **changes: Any
) -> Import:
    """Import it, also in the place of what was imported before with another room at the edges."""
    waves, stretches, at_s = [], [], 0.0
    for index, one in enumerate(spoken):
        wave, stretch = _speak(one, at_s, room_s, seed=index)
        waves.append(wave)
        stretches.append(stretch)
        at_s = stretch.span.end_s
    source = Source(
        source_id="talk-12345678", name="talk <i>1</i>.wav", sha256="12345678" * 8,
        container="wav", sample_rate_hz=HEARING_RATE_HZ, channels=1,
        n_samples=stretches[-1].span.end, language="en", speaker_id="anna", settings="5e77" * 16,
        instruments={"detector": {"name": "fake"}},
    )  # fmt: skip
    recording = np.concatenate(waves)

    def encode(_clip: str, span: Span) -> EncodedClip:
        pcm = to_pcm16(recording[span.start : span.end])
        return EncodedClip(flac=encode_file(pcm, HEARING_RATE_HZ, "flac"))

    imported = Import(source=source, stretches=tuple(stretches))
    publish_import(imported, encode, workspace, consent=CONSENT)
    return imported


def enter_review(workspace: Workspace, *, name: str = "anna") -> ReviewRoom:
    return open_review(workspace, {**LOGIN, "name": name})


def _speak(one: Spoken, at_s: float, room_s: float, *, seed: int) -> tuple[Wave, Stretch]:
    names = one.text.split()
    room = hiss(room_s, 0.001, seed)
    said = say([140 + 20 * (n % 5) for n in range(len(names))]).between(room, room)
    words = [
        WordTiming(
            word=name, start_s=at_s + word.start_s, end_s=at_s + word.end_s,
            probability=0.3 if n == 1 else 0.95,
        )
        for n, (name, word) in enumerate(zip(names, said.words, strict=True))
    ]  # fmt: skip
    span = Span.of_seconds(at_s, at_s + len(said.wave) / HEARING_RATE_HZ)
    stretch = Stretch(
        span=span,
        status=Status.DOUBTFUL if one.reasons else Status.KEPT,
        reasons=one.reasons,
        utterance=Utterance(
            span=span, text=one.text, language="en", words=tuple(words),
            measures={"pass_wer": 0.5 if one.reasons else 0.0, "snr_db": 21.345},
        ),
    )  # fmt: skip
    return said.wave, stretch

"""Build a long recording without a list, of which is known what is said where.

    python -m scripts.corpus.hour WORK --language en [--minutes 60] [--seed 1] \
        [--noise-db 20] [--music-db 15] [--reverb] [--as m4a]

WORK gets recording.flac (16 kHz, mono), truth.jsonl and facts.json; with `--as` the same sound in a
lossy container beside it. The language's speaker is the wanted one; speakers of other languages
fill the hour. The packages are CC-BY-SA-3.0 (en, es, fr) and CC-BY-3.0 (it, ru): facts.json says
whose they are.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from scripts.campaign.sites import say
from scripts.corpus.clips import Clip, read_clips
from scripts.corpus.encoding import LOSSY, encode
from scripts.corpus.plan import Gap, Item, plan_items
from scripts.corpus.room import Room, add_room
from scripts.corpus.sounds import make_music, make_noise, make_tone
from scripts.corpus.truth import Event, Kind, Truth, write_events
from voxgate.corpus.cutting.spans import Span, total_samples
from voxgate.files import digest_file, publish_directory, write_json
from voxgate.settings import load_settings
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["RECORDING", "assemble", "build_hour"]

RECORDING = "recording.flac"
_OTHERS = {"en": ("fr", "it", "ru"), "es": ("fr", "it", "ru"), "fr": ("en", "it", "ru")}
"""Who else speaks. English and Spanish are of one speaker, so that neither is a stranger there."""

_CREDITS = (
    "en, es: Allison Smith (CC-BY-SA-3.0)",
    "fr: June Wallack (CC-BY-SA-3.0)",
    "it: Carlo Flora (CC-BY-3.0)",
    "ru: Maxim Topal, ivrvoice.ru (CC-BY-3.0)",
    "Debian packages asterisk-core-sounds-* 1.6.1-1; changed: concatenated, mixed with sounds",
)
_MAKERS = {Kind.TONE: make_tone, Kind.MUSIC: make_music, Kind.NOISE: make_noise}


def main() -> int:
    """Build the recording that the command line asks for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("work", type=Path)
    options.add_argument("--language", choices=sorted(_OTHERS), default="en")
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--noise-db", type=float)
    options.add_argument("--music-db", type=float)
    options.add_argument("--reverb", action="store_true")
    options.add_argument("--as", dest="lossy", choices=sorted(LOSSY))
    given = options.parse_args()
    facts = build_hour(
        given.work,
        language=given.language,
        minutes=given.minutes,
        seed=given.seed,
        room=Room(noise_db=given.noise_db, music_db=given.music_db, reverb=given.reverb),
        lossy=given.lossy,
    )
    say(f"{given.work / RECORDING}: {facts['minutes']}")
    return 0


def build_hour(
    work: Path,
    *,
    language: str,
    minutes: float,
    seed: int,
    room: Room,
    lossy: str | None = None,
) -> dict[str, object]:
    """Build the recording in `work`, instead of what is there; returns what facts.json says.

    Raises:
        AssetError: the sound packages cannot be fetched, or are not the pinned ones.
    """
    store = load_settings().assets_dir / "debian"
    wanted = read_clips(language, store)
    others = [read_clips(other, store) for other in _OTHERS[language]]
    n_samples = round(minutes * 60) * HEARING_RATE_HZ
    items = plan_items(wanted, others, n_samples=n_samples, seed=seed)
    wave, events = assemble(items, seed=seed)
    truth = Truth(
        speaker=wanted[0].speaker, language=language, n_samples=wave.size, events=tuple(events)
    )
    mixed = add_room(wave, room, speech_rms=_speech_rms(wave, truth.wanted), seed=seed)
    with publish_directory(work) as folder:
        soundfile.write(folder / RECORDING, mixed, HEARING_RATE_HZ, subtype="PCM_16")
        if lossy:
            encode(mixed, folder / f"recording.{lossy}")
        write_events(folder / "truth.jsonl", truth.events)
        facts = _facts(truth, room, seed) | {"sha256": digest_file(folder / RECORDING)}
        write_json(folder / "facts.json", facts)
    return facts


def assemble(items: Sequence[Item], *, seed: int) -> tuple[Wave, list[Event]]:
    """Return the items one after another, and where each of them is."""
    draw = np.random.default_rng([seed, 0])
    parts: list[Wave] = []
    events = []
    at = 0
    for item in items:
        if isinstance(item, Gap):
            part = np.zeros(item.n_samples, np.float32)
        elif isinstance(item, Clip):
            part = item.wave
            events.append(_speech_event(item, at))
        else:
            part = _MAKERS[item.kind](draw, item.n_samples)
            events.append(Event(kind=item.kind, span=Span(at, at + part.size)))
        parts.append(part)
        at += part.size
    return np.concatenate(parts), events


def _speech_event(clip: Clip, at: int) -> Event:
    return Event(
        kind=Kind.SPEECH,
        span=Span(at, at + clip.wave.size),
        speech=tuple(Span(at + span.start, at + span.end) for span in clip.speech),
        speaker=clip.speaker,
        language=clip.language,
        clip=clip.name,
        text=clip.text,
    )


def _speech_rms(wave: Wave, events: Sequence[Event]) -> float:
    spoken = [wave[span.start : span.end] for event in events for span in event.speech]
    return float(np.sqrt((np.concatenate(spoken).astype(np.float64) ** 2).mean()))


def _facts(truth: Truth, room: Room, seed: int) -> dict[str, object]:
    def minutes(samples: int) -> float:
        return round(samples / HEARING_RATE_HZ / 60, 2)

    def speech(events: Sequence[Event]) -> int:
        return sum(total_samples(event.speech) for event in events)

    sounds = [event.span for event in truth.events if event.kind is not Kind.SPEECH]
    return {
        "speaker": truth.speaker,
        "language": truth.language,
        "sample_rate_hz": HEARING_RATE_HZ,
        "n_samples": truth.n_samples,
        "seed": seed,
        "noise_db": room.noise_db,
        "music_db": room.music_db,
        "reverb": room.reverb,
        "clips": len(truth.wanted),
        "minutes": {
            "all": minutes(truth.n_samples),
            "wanted_speech": minutes(speech(truth.wanted)),
            "other_speech": minutes(speech(truth.others)),
            "sounds": minutes(total_samples(sounds)),
        },
        "credits": list(_CREDITS),
    }


if __name__ == "__main__":
    sys.exit(main())

"""A voice package that holds recordings instead of networks.

    voice.json     `kind` "replay", the consent scope, and of each recording its text and sha256
    NNNN.flac      the recordings, mono

It goes through evaluation, gate and release as any other package does, which proves these without
a day of training. It is no voice: only a drill ledger takes it in (voxgate/release/drills.py).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from voxgate.audio.shards import to_pcm16
from voxgate.errors import VoiceError, WeightsError
from voxgate.files import digest_bytes, publish_directory, write_bytes
from voxgate.types import HEARING_RATE_HZ, Speech, Wave
from voxgate.voice.card import CARD_NAME, Recording, ReplayCard, read_replay_card, write_card

__all__ = ["ReplayVoice", "load_replay", "write_replay"]


@dataclass(frozen=True)
class ReplayVoice:
    """Implements ports.Voice by playing recordings.

    `recordings` has by text either one wave, whatever the seed, or one a seed.
    """

    recordings: Mapping[str, Wave | Mapping[int, Wave]] = field(repr=False)
    sample_rate_hz: int = HEARING_RATE_HZ

    def speak(self, text: str, *, seed: int) -> Speech:
        """Play the recording of `text`.

        Raises:
            VoiceError: there is none.
        """
        found = self.recordings.get(text)
        wave = found if found is None or isinstance(found, np.ndarray) else found.get(seed)
        if wave is None:
            raise VoiceError(f"no recording of {text!r} for seed {seed}")
        return Speech(wave=wave, sample_rate_hz=self.sample_rate_hz)


def write_replay(folder: Path, recordings: Mapping[str, Wave], *, consent_scope: str) -> None:
    """Write a package that says each text with its recording, (T,) at 16 kHz; 16 bits are kept."""
    index: list[Recording] = []
    with publish_directory(folder) as temporary:
        for number, (text, wave) in enumerate(sorted(recordings.items())):
            buffer = io.BytesIO()
            soundfile.write(
                buffer, to_pcm16(wave), HEARING_RATE_HZ, format="FLAC", subtype="PCM_16"
            )
            name = f"{number:04d}.flac"
            write_bytes(temporary / name, buffer.getvalue())
            index.append(Recording(text=text, file=name, sha256=digest_bytes(buffer.getvalue())))
        files = {row.file: row.sha256 for row in index}
        write_card(
            temporary, ReplayCard(consent_scope=consent_scope, recordings=index, files=files)
        )


def load_replay(folder: Path) -> ReplayVoice:
    """Open a replay package.

    Raises:
        VoiceError: the folder is none.
        WeightsError: a recording is absent or not the one that the card names.
    """
    card = read_replay_card(folder)
    return ReplayVoice({row.text: _recording(folder, row) for row in card.recordings})


def _recording(folder: Path, row: Recording) -> Wave:
    path = folder / row.file
    if Path(row.file).name != row.file or not path.is_file():
        raise WeightsError(f"{path} is missing; write the package again")
    data = path.read_bytes()
    if digest_bytes(data) != row.sha256:
        raise WeightsError(f"{path} is not the recording that {CARD_NAME} names; write it again")
    wave, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    if rate != HEARING_RATE_HZ or wave.ndim != 1:
        raise WeightsError(f"{path}: expected {HEARING_RATE_HZ} Hz mono, got {rate} Hz")
    return np.asarray(wave)

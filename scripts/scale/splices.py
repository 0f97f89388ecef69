"""Any number of clips from a few hundred: pieces of two recordings of real speech, joined.

No two clips have the same two pieces, so none is a near copy of another; the texts are words in any
order, which nobody says.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from voxgate.adapters.dvc.tree import read_tree
from voxgate.audio.preparation import prepare_recording
from voxgate.corpus.consent import Consent, ConsentScope, dump_consents
from voxgate.corpus.ingestion import preparation_target
from voxgate.corpus.manifest import Recording, read_manifest, write_manifest
from voxgate.errors import RecordingError
from voxgate.files import write_text
from voxgate.params import IngestParams
from voxgate.pretraining.speech.sentences import sentences

__all__ = ["Splicer", "write_checkout"]

ROOT = Path(__file__).parents[2]
PIECE_S = 0.5
_PAUSE_S = 0.12
_LONG_EVERY = 20
"""One clip in so many is long enough to be a voice's prompt."""

_WORDS, _WORDS_A_TEXT, _LETTERS = 60, 3, 4
_FADE_S = 0.02
_A_FOLDER = 1_000
_SPEAKER = "spliced"
_MADE = Consent(
    scope=ConsentScope.INTERNAL,
    source="spliced for a measurement",
    licence="that of the recordings that it was made from",
    attribution="see the data that it was made from",
    statement="nobody says these sentences",
)

Pcm16 = NDArray[np.int16]


@dataclass(frozen=True)
class Splicer:
    """Pieces of real speech, all of one length and at one rate."""

    pieces: Sequence[Pcm16]
    rate_hz: int

    @classmethod
    def of(cls, data_dir: Path, params: IngestParams) -> Splicer:
        """Cut recordings into pieces; what is left at the end of each is left out."""
        target = preparation_target(params)
        size = round(PIECE_S * target.sample_rate_hz)
        fade = np.linspace(0.0, 1.0, round(_FADE_S * target.sample_rate_hz))
        pieces = []
        for recording in read_manifest(data_dir / "manifest.csv"):
            try:
                pcm = prepare_recording(data_dir / recording.path, target).pcm
            except RecordingError:
                continue
            for start in range(0, len(pcm) - size, size):
                piece = pcm[start : start + size].astype(np.float32)
                piece[: len(fade)] *= fade
                piece[-len(fade) :] *= fade[::-1]
                pieces.append(piece.astype(np.int16))
        return cls(pieces, target.sample_rate_hz)

    def clips(self) -> Iterator[Pcm16]:
        """Yield clips: for each distance between two pieces, every pair at that distance."""
        count, pause = len(self.pieces), np.zeros(round(_PAUSE_S * self.rate_hz), dtype=np.int16)
        for apart in range(1, count):
            for first in range(count):
                second = self.pieces[(first + apart) % count]
                joined = [pause, self.pieces[first], pause, second, pause]
                yield np.concatenate(joined * 3 if first % _LONG_EVERY == 0 else joined)


def write_checkout(root: Path, splicer: Splicer, count: int) -> None:
    """Write a checkout with `count` clips in data/; what is there already stays.

    Raises:
        ValueError: there are not so many pairs of pieces.
    """
    root.mkdir(exist_ok=True)
    for name in ("base", "benchmark"):
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "params.yaml", root)
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)  # noqa: S607
    data = root / "data"
    recordings = []
    clips = zip(splicer.clips(), _texts(), strict=False)
    for number, (pcm, text) in enumerate(islice(clips, count)):
        path = f"audio/{number // _A_FOLDER:03d}/{number:06d}.wav"
        recordings.append(Recording(f"{_SPEAKER}/{number:06d}", path, _SPEAKER, "en", text))
        if not (data / path).exists():
            (data / path).parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(data / path, pcm, splicer.rate_hz)
    if len(recordings) < count:
        raise ValueError(f"expected {count} pairs of pieces, got {len(recordings)}")
    write_manifest(data / "manifest.csv", recordings)
    write_text(data / "consent.yaml", dump_consents({_SPEAKER: _MADE}))
    write_text(
        root / "data.dvc", f"outs:\n- md5: {read_tree(data).digest}\n  hash: md5\n  path: data\n"
    )


def _texts() -> Iterator[str]:
    """Yield texts that are as long as a clip; none comes twice."""
    spoken = (word for sentence in sentences(1) for word in sentence.text.split())
    plain = (word.lower() for word in spoken if word.isalpha() and len(word) >= _LETTERS)
    words = list(islice(dict.fromkeys(islice(plain, 9_000)), _WORDS))
    for chosen in product(words, repeat=_WORDS_A_TEXT):
        yield f"{' '.join(reversed(chosen)).capitalize()}."

"""The teacher that reads the pretraining sentences: Kokoro-82M (int8 ONNX)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from voxgate.errors import AssetError, WeightsError
from voxgate.files import digest_file
from voxgate.pretraining.speech.kana import JapanesePhonemizer
from voxgate.pretraining.speech.mandarin import MandarinPhonemizer
from voxgate.pretraining.speech.phonemes import Phonemizer, symbol_ids, to_kokoro
from voxgate.pretraining.speech.voices import HELD_OUT_VOICES, VOICES, language_of
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["HELD_OUT_VOICES", "VOICES", "KokoroTeacher", "Reading", "Teacher"]

_MODEL_RATE_HZ = 24_000
_STYLE_ROWS, _STYLE_SIZE = 510, 256
MODEL_FILE = "kokoro-v1.0.int8.onnx"
MODEL_SIZE_BYTES = 92_361_271
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


@dataclass(frozen=True)
class Reading:
    """wave: (T,) float32 in [-1, 1] at 16 kHz; ipa: what was read.

    English: espeak-ng's IPA, ties `^`. Chinese and Japanese: Kokoro's own symbols.
    """

    wave: Wave
    ipa: str


class Teacher(Protocol):
    """Reads one text aloud."""

    def read(self, text: str, *, voice: str, speed: float) -> Reading:
        """Return the reading of `text` by `voice`; `speed` 1.1 is 10 % faster."""
        ...


class KokoroTeacher:
    """Kokoro-82M on onnxruntime.

    Args:
        assets: a folder with the ONNX file and `voices/*.bin` (see `kokoro_assets`).
        threads: of the operators of the network.

    Raises:
        AssetError: the `pretrain` extra is not installed, or the ONNX file is absent.
        WeightsError: the ONNX file is not the pinned one.
    """

    def __init__(self, assets: Path, *, threads: int = 2) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise AssetError(
                "onnxruntime is not installed; install voxgate with its 'pretrain' extra"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(
            str(_checked_model(assets)), options, providers=["CPUExecutionProvider"]
        )
        self._assets = assets
        self._styles: dict[str, Wave] = {}
        self._phonemizer = Phonemizer()
        self._others: dict[str, MandarinPhonemizer | JapanesePhonemizer] = {}

    def read(self, text: str, *, voice: str, speed: float) -> Reading:
        """Return the reading of `text`, with at most 0.1 s of silence at both ends.

        Raises:
            TextError: a symbol that the model does not know, or a character that cannot be read.
            AssetError: the file of the voice is absent.
        """
        import soxr

        ipa, symbols = self._symbols(text, voice)
        ids = symbol_ids(symbols)
        feeds = {
            "tokens": np.array([[0, *ids, 0]], dtype=np.int64),
            "style": self._style(voice)[min(len(ids), _STYLE_ROWS) - 1][None],
            "speed": np.array([speed], dtype=np.float32),
        }
        wave = self._session.run(None, feeds)[0].reshape(-1).astype(np.float32)
        wave = np.asarray(soxr.resample(wave, _MODEL_RATE_HZ, HEARING_RATE_HZ), dtype=np.float32)
        return Reading(wave=np.clip(_trim(wave), -1.0, 1.0), ipa=ipa)

    def _symbols(self, text: str, voice: str) -> tuple[str, str]:
        """Return what was read, and the same in the symbols of the model."""
        language = language_of(voice)
        if language == "en":
            british = voice.startswith("b")
            ipa = self._phonemizer.ipa(text, british=british)
            return ipa, to_kokoro(ipa, british=british)
        if language not in self._others:
            self._others[language] = (
                MandarinPhonemizer() if language == "zh" else JapanesePhonemizer()
            )
        symbols = self._join(self._others[language].pieces(text))
        return symbols, symbols

    def _join(self, pieces: list[tuple[str, str]]) -> str:
        """Put spaces between words and after marks, and read Latin words as English ones."""
        joined = ""
        for kind, content in pieces:
            if kind == "marks":
                joined += content
                continue
            latin = kind == "latin"
            ipa = self._phonemizer.ipa(content, british=False) if latin else ""
            joined += " " + (to_kokoro(ipa, british=False) if latin else content)
        return joined.strip()

    def _style(self, voice: str) -> Wave:
        if voice not in self._styles:
            self._styles[voice] = _style(self._assets / "voices" / f"{voice}.bin")
        return self._styles[voice]


def _checked_model(assets: Path) -> Path:
    path = assets / MODEL_FILE
    if not path.is_file():
        raise AssetError(f"{path} is absent; make it with voxgate.pretraining.speech.kokoro_assets")
    size = path.stat().st_size
    if size != MODEL_SIZE_BYTES or digest_file(path) != MODEL_SHA256:
        raise WeightsError(
            f"{path}: {size} bytes are not the pinned Kokoro-82M model ({MODEL_SIZE_BYTES} bytes, "
            f"sha256 {MODEL_SHA256}); delete it and make it again"
        )
    return path


def _style(path: Path) -> Wave:
    if not path.is_file():
        raise AssetError(f"{path} is absent; make it with voxgate.pretraining.speech.kokoro_assets")
    return np.fromfile(path, dtype="<f4").reshape(_STYLE_ROWS, _STYLE_SIZE)


def _trim(wave: Wave, *, margin_s: float = 0.1, floor_db: float = -45.0) -> Wave:
    """Cut silence (10 ms frames more than 45 dB below the loudest) but for a margin at each end."""
    hop = HEARING_RATE_HZ // 100
    frames = wave[: len(wave) // hop * hop].reshape(-1, hop)  # (frames, hop)
    if not len(frames):
        return wave
    power = np.square(frames).mean(axis=1)
    active = np.flatnonzero(power > power.max() * 10 ** (floor_db / 10))
    if not len(active):
        return wave
    margin = int(margin_s * HEARING_RATE_HZ)
    return wave[max(0, active[0] * hop - margin) : (active[-1] + 1) * hop + margin]

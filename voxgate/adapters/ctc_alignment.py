"""Forced alignment by CTC: wav2vec 2.0 emissions and `torchaudio.functional.forced_align`.

An alternative to Whisper's teacher forcing behind the same port: the transcript comes from another
recogniser, the alignment from here. Its mean log-probability is the score that NeMo's data filters
call the CTC score (they start at -2). It needs torchaudio's compiled extension and the weights of
`WAV2VEC2_ASR_BASE_960H`; where either is absent it refuses, and never falls back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from voxgate.adapters.speechbrain.torchaudio_compat import import_torchaudio
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.files import digest_file
from voxgate.ports import Transcriber
from voxgate.types import (
    HEARING_RATE_HZ,
    Alignment,
    EvaluatorIdentity,
    Recognition,
    Transcript,
    Wave,
    WordTiming,
)

__all__ = ["LABELS", "CtcAligner", "CtcRecogniser", "load_ctc_recogniser", "require_forced_align"]

LABELS = "-|ETAONIHSRDLUMWCFGYPBVK'XJQZ"
"""Output of the network in order: blank, word boundary, letters by frequency, apostrophe."""

_BLANK, _BOUNDARY = 0, 1
_UNUSED_ROWS = (1, 2, 3)  # the published checkpoint keeps fairseq's <s>, <pad>, </s>
_MAX_S = 30.0

Emit = Callable[[Tensor], Tensor]
"""(1, T) wave at 16 kHz to (1, F, C) log-probabilities."""

Force = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""Log-probabilities (1, F, C) and labels (1, L) to label and score of each frame, both (1, F)."""


def require_forced_align() -> Force:
    """Return torchaudio's aligner.

    Raises:
        EvaluatorError: this torchaudio has no compiled extension.
    """
    torchaudio = import_torchaudio()
    from torchaudio import _extension

    if not _extension._IS_ALIGN_AVAILABLE:  # noqa: SLF001  # the only place that says so
        raise EvaluatorError(
            "forced alignment needs torchaudio's compiled extension, which does not load beside "
            f"PyTorch {torch.__version__}; install torch and torchaudio as a pair from PyTorch's "
            "index, or align with the recogniser itself"
        )
    force: Force = torchaudio.functional.forced_align
    return force


@dataclass(frozen=True)
class CtcAligner:
    """Places a text in a wave. `spell` writes numbers and signs as words."""

    emit: Emit
    force: Force
    spell: Callable[[str], str]

    def align(self, wave: Wave, text: str) -> Alignment | None:
        """Align one text; None where it has no letters, or more than the wave can hold."""
        words = [word for word in map(_letters, self.spell(text).upper().split()) if word]
        labels = [LABELS.index(c) for c in "|".join(words)]
        if not labels:
            return None
        with torch.inference_mode():
            emission = self.emit(torch.from_numpy(wave)[None])  # (1, F, C)
            repeats = sum(a == b for a, b in pairwise(labels))
            if emission.shape[1] < len(labels) + repeats:
                return None
            path, scores = self.force(emission, torch.tensor([labels]))
        seconds_per_frame = len(wave) / HEARING_RATE_HZ / emission.shape[1]
        return _alignment(words, path[0].tolist(), scores[0].tolist(), seconds_per_frame)


class CtcRecogniser:
    """Implements ports.Recogniser: text and language from another recogniser, alignment by CTC."""

    def __init__(self, transcriber: Transcriber, aligner: CtcAligner, weights_sha256: str) -> None:
        self._transcriber = transcriber
        self._aligner = aligner
        self._weights_sha256 = weights_sha256

    @property
    def identity(self) -> EvaluatorIdentity:
        """Both instruments."""
        return EvaluatorIdentity(
            name="ctc-alignment:wav2vec2-base-960h",
            weights_sha256=self._weights_sha256,
            options={"transcriber": self._transcriber.identity.as_json()},
        )

    def transcribe(
        self, waves: Sequence[Wave], *, max_tokens: Sequence[int] | None = None
    ) -> list[Transcript]:
        """Transcribe as the other recogniser does."""
        return self._transcriber.transcribe(waves, max_tokens=max_tokens)

    def recognise(self, waves: Sequence[Wave], texts: Sequence[str | None]) -> list[Recognition]:
        """Transcribe each wave, and align it with its text by CTC.

        Raises:
            EvaluatorError: a wave cannot be measured, or there is not one text a wave.
        """
        if len(texts) != len(waves):
            raise EvaluatorError(f"{len(waves)} waves but {len(texts)} texts")
        check_waves(waves, max_s=_MAX_S)
        heard = self._transcriber.transcribe(waves)
        return [
            Recognition(
                transcript=transcript,
                alignment=None if text is None else self._aligner.align(wave, text),
            )
            for wave, text, transcript in zip(waves, texts, heard, strict=True)
        ]


def load_ctc_recogniser(
    transcriber: Transcriber, weights: Path, *, sha256: str, spell: Callable[[str], str]
) -> CtcRecogniser:
    """Load the aligner from a local copy of torchaudio's published checkpoint.

    Raises:
        EvaluatorError: torchaudio's extension does not load here.
        WeightsError: the file is absent or not the pinned one.
    """
    force = require_forced_align()
    if not weights.is_file():
        raise WeightsError(f"{weights} is missing: fetch torchaudio's WAV2VEC2_ASR_BASE_960H")
    found = digest_file(weights)
    if found != sha256:
        raise WeightsError(f"{weights}: expected sha256 {sha256}, got {found}; fetch it again")
    network = _network(torch.load(weights, map_location="cpu", weights_only=True))

    def emit(wave: Tensor) -> Tensor:
        logits, _ = network(wave)
        return torch.log_softmax(logits, dim=-1)

    return CtcRecogniser(transcriber, CtcAligner(emit, force, spell), sha256)


def _network(state: dict[str, Tensor]) -> Any:
    for name in ("aux.weight", "aux.bias"):
        kept = [row for row in range(len(state[name])) if row not in _UNUSED_ROWS]
        state[name] = state[name][kept]
    network = import_torchaudio().models.wav2vec2_base(aux_num_out=len(LABELS))
    network.load_state_dict(state)
    return network.eval()


def _letters(word: str) -> str:
    return "".join(c for c in word if c in LABELS[2:])


def _alignment(
    words: Sequence[str], path: Sequence[int], scores: Sequence[float], seconds_per_frame: float
) -> Alignment:
    """Group a frame-by-frame path into words.

    A token's score is the mean over its frames, a word's and the text's the mean over tokens.
    """
    tokens = _tokens(path)
    timings: list[WordTiming] = []
    means: list[float] = []
    cursor = 0
    for word in words:
        spans = [span for label, *span in tokens[cursor : cursor + len(word)]]
        values = [sum(scores[a:b]) / (b - a) for a, b in spans]
        means += values
        cursor += len(word) + 1  # the boundary behind it
        timings.append(
            WordTiming(
                word=word.lower(),
                start_s=spans[0][0] * seconds_per_frame,
                end_s=spans[-1][1] * seconds_per_frame,
                probability=float(torch.tensor(sum(values) / len(values)).exp()),
            )
        )
    return Alignment(words=tuple(timings), mean_log_probability=sum(means) / len(means))


def _tokens(path: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return label, first frame and the frame after the last, for each run that is no blank."""
    runs: list[tuple[int, int, int]] = []
    start = 0
    for frame in range(1, len(path) + 1):
        if frame == len(path) or path[frame] != path[start]:
            if path[start] != _BLANK:
                runs.append((path[start], start, frame))
            start = frame
    return runs

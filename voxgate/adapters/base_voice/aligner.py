"""Place words in audio by the emission model of the base voice's S1.

It says how likely each speech token is after each phone (models/gpt_sovits/s1), and the likeliest
path through the phones says where each begins. Neither Whisper's decoder nor its attention has a
part in it, so it errs elsewhere. A frame lasts 20 ms, a token two frames. T frames, M tokens, L
phones with the silence at both ends, K codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from models.gpt_sovits.build import build_text_to_semantic
from models.gpt_sovits.presets import preset
from models.gpt_sovits.s1.duration_text_to_semantic import DurationTextToSemantic
from voxgate.adapters.base_voice.written_words import WrittenText, WrittenWord, read_written
from voxgate.adapters.wave_checks import check_waves
from voxgate.corpus.cutting.words.agreement import heard_frames
from voxgate.errors import EvaluatorError, TextError, WeightsError
from voxgate.files import digest_file
from voxgate.text.front_end import FrontEnd
from voxgate.types import Alignment, EvaluatorIdentity, Wave, WordTiming
from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = ["EmissionAligner", "load_emissions"]

FRAME_S = 0.02
_MAX_S = 30.0  # what the tokenizer's extractor hears at a time
_STRETCH = 16  # frames: a third of a second, about a word
_LEAST_FRAMES = 4  # at each end: boundary and silence, each of one frame, and a token is two
Floats = NDArray[np.float32]


class EmissionAligner:
    """Implements ports.Aligner for the language of its front end.

    The mean log probability is that of a token after its phone, held against the likeliest single
    phone there is: 0 where nothing would fit better, about -0.7 for speech of the text, -4 for
    speech of another (docs/cutting.md). A word's probability is that of the worst third of a second
    that it has a part in: a word too few shows as sound that no neighbour fits.
    """

    def __init__(
        self,
        *,
        network: DurationTextToSemantic,
        tokenizer: SpeechTokenizer,
        front_end: FrontEnd,
        identity: EvaluatorIdentity,
    ) -> None:
        self._network = network
        self._tokenizer = tokenizer
        self._front_end = front_end
        self._identity = identity
        alone = _after_one_phone(network, len(front_end.symbols))  # (P, K)
        self._best = alone.max(dim=0).values  # (K,)
        self._silence = alone[network.preset.boundary]  # (K,)

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights and options of the aligner."""
        return self._identity

    def align(self, waves: Sequence[Wave], texts: Sequence[str]) -> list[Alignment | None]:
        """Align each 16 kHz wave of at most 30 s with its text.

        None where the text cannot be read, or has more phones than the wave has frames.

        Raises:
            EvaluatorError: a wave is empty, too long or not finite, or there is not one text a
                wave.
        """
        if len(texts) != len(waves):
            raise EvaluatorError(f"expected one text a wave, got {len(waves)} and {len(texts)}")
        check_waves(waves, max_s=_MAX_S)
        return [self._align(wave, text) for wave, text in zip(waves, texts, strict=True)]

    def _align(self, wave: Wave, text: str) -> Alignment | None:
        try:
            written = read_written(text, self._front_end)
        except TextError:
            return None
        # One by one: the tokens of a clip do not depend on which clips lie beside it.
        codes = self._tokenizer.encode([wave])[0]
        if 2 * len(codes) < len(written.phones) + 2 * _LEAST_FRAMES:
            return None
        path, fit = self._path(written.phones, codes)
        fit[_quiet(wave, len(fit))] = 0.0  # noise in a pause is no phone, and no fault of the text
        return _alignment(written, path, fit)

    @torch.no_grad()
    def _path(
        self, phones: Sequence[int], codes: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], Floats]:
        """Return the place in `phones` of each frame, and how well its token fits: (2 M,) each.

        -1 is the silence before the first phone, len(phones) the one after the last: `align` counts
        silence as the phone beside it, so silence is given to it as phones of its own.
        """
        silence = self._network.preset.boundary
        ids = torch.tensor([[silence, *phones, silence]])  # (1, L)
        tokens = torch.from_numpy(codes)[None]  # (1, M)
        lengths, counts = torch.tensor([ids.shape[1]]), torch.tensor([len(codes)])
        index = self._network.align(ids, lengths, tokens, counts)[0]  # (T,)
        given = self._network.emission(ids, torch.ones_like(ids, dtype=torch.bool))[0]  # (L, K)
        spoken = tokens[0].repeat_interleave(2)  # (T,)
        # Who pauses where no mark stands is not at odds with the text.
        likely = torch.maximum(given[index, spoken], self._silence[spoken])
        fit = (likely - self._best[spoken]).clamp(max=0.0)  # (T,)
        return index.numpy() - 1, fit.numpy()


def load_emissions(path: Path, *, sha256: str, preset_name: str) -> DurationTextToSemantic:
    """Load the S1 of a base voice, verified, for aligning only.

    Raises:
        WeightsError: it is absent, not the pinned one, or of a preset whose S1 does not align.
    """
    if not path.is_file() or digest_file(path) != sha256:
        raise WeightsError(
            f"{path}: expected the file of sha256 {sha256} (base.json beside it); it ships with "
            "the project: restore it from git"
        )
    network = build_text_to_semantic(preset(preset_name))
    if not isinstance(network, DurationTextToSemantic):
        raise WeightsError(
            f"{path}: the S1 of preset {preset_name!r} does not know where a phone begins; "
            "name the folder of another base in cut.aligner, or null for no second aligner"
        )
    network.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return network.eval()


@torch.no_grad()
def _after_one_phone(network: DurationTextToSemantic, phones: int) -> torch.Tensor:
    """Return ln P of each code after each phone that stands alone in silence: (P, K)."""
    silence = network.preset.boundary
    rows = torch.tensor([[silence, phone, silence] for phone in range(phones)])
    given: torch.Tensor = network.emission(rows, torch.ones_like(rows, dtype=torch.bool))[:, 1]
    return given


def _quiet(wave: Wave, frames: int) -> NDArray[np.bool_]:
    heard = heard_frames(wave)[: 2 * frames]  # two hops a frame
    padded = np.pad(heard, (0, 2 * frames - len(heard)))
    return np.asarray(~padded.reshape(frames, 2).any(axis=1), dtype=np.bool_)  # (frames,)


def _alignment(written: WrittenText, path: NDArray[np.int64], fit: Floats) -> Alignment:
    """Cut the path at the words; a mark that stands alone has no length."""
    first, last = np.searchsorted(path, [0, len(written.phones)])
    size = min(_STRETCH, int(last - first))
    stretches = np.convolve(fit[first:last], np.ones(size) / size, mode="valid")

    def timing(word: WrittenWord) -> WordTiming:
        start, end = np.searchsorted(path, [word.first, word.last])
        touching = stretches[max(0, start - first - size + 1) : max(1, end - first)]
        return WordTiming(
            word=word.word,
            start_s=float(start * FRAME_S),
            end_s=float(end * FRAME_S),
            probability=float(np.exp(touching.min())) if end > start else 1.0,
        )

    return Alignment(
        words=tuple(timing(word) for word in written.words),
        mean_log_probability=float(fit[first:last].mean()),
    )

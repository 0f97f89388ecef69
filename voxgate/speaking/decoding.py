"""How a voice asks S2 for sound: after which reference, with how much noise, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from models.gpt_sovits.s1.token_model import Generated
from models.gpt_sovits.s2.wave_model import WaveModel
from voxgate.errors import VoiceError
from voxgate.speaking.reference import PreparedReference
from voxgate.speaking.sentence import Sentence
from voxgate.types import Wave
from voxgate.voice.card import VoiceCard

__all__ = ["SentenceDecoder"]


@dataclass(frozen=True, kw_only=True)
class SentenceDecoder:
    """Asks one S2 under one voice's defaults. M tokens, N samples, G width of the timbre."""

    model: WaveModel = field(repr=False)
    card: VoiceCard
    rows: int | None
    """Sentences that S2 decodes side by side; None: all that it is given."""

    def timbre(self, reference: PreparedReference) -> Tensor:
        """Return (1, G, 1), what the recordings of a reference sound like on average."""
        return self.model.mean_timbre(reference.spectrograms, reference.speaker_vectors)

    def decode(
        self,
        sentences: Sequence[Sentence],
        spoken: Sequence[Generated],
        timbre: Tensor,
        *,
        speed: float,
    ) -> list[Wave]:
        """Turn the (M,) tokens of each sentence into its wave (N,), in order.

        Raises:
            VoiceError: a wave is not audio.
        """
        segments = [sentence.segment(own) for sentence, own in zip(sentences, spoken, strict=True)]
        size = self.rows or len(segments)
        return [
            self.checked(wave)
            for start in range(0, len(segments), size)
            for wave in self.model.decode_segments(
                segments[start : start + size],
                timbre,
                noise_scale=self.card.generation.noise_scale,
                speed=speed,
            )
        ]

    def checked(self, decoded: Tensor) -> Wave:
        """Return (N,) samples as a wave.

        Raises:
            VoiceError: they are not numbers: the training of this voice went wrong.
        """
        wave = np.asarray(decoded.cpu().numpy(), dtype=np.float32)
        if not np.isfinite(wave).all():
            steps = self.card.steps
            raise VoiceError(
                f"the voice {self.card.speaker_id} (steps {steps.s1}/{steps.s2}) produced samples "
                "that are not numbers; train it again with a lower learning rate"
            )
        return wave

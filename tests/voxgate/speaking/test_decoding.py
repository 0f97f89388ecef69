from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from models.gpt_sovits.s1.token_model import Generated
from models.gpt_sovits.s2.wave_model import Segment, WaveModel
from tests.fakes.voice_package import CARD
from voxgate.errors import VoiceError
from voxgate.speaking.decoding import SentenceDecoder
from voxgate.speaking.sentence import seeded_sentences

TIMBRE = torch.zeros(1, 1, 1)


@dataclass
class FirstCode(WaveModel):
    """An S2 whose waves are the first token of each sentence, said once."""

    asked: list[int] = field(default_factory=list)

    def decode_segments(
        self, segments: Sequence[Segment], timbre: Tensor, *, noise_scale: float, speed: float = 1.0
    ) -> list[Tensor]:
        self.asked.append(len(segments))
        return [segment.codes[:1].float() for segment in segments]


def decode(model: WaveModel, codes: Sequence[float], rows: int | None) -> list[list[float]]:
    decoder = SentenceDecoder(model=model, card=CARD, rows=rows)
    spoken = [Generated(tokens=torch.tensor([code]), stopped_by_limit=False) for code in codes]
    sentences = seeded_sentences([(1, 2)] * len(codes), seed=1, device="cpu")
    return [wave.tolist() for wave in decoder.decode(sentences, spoken, TIMBRE, speed=1.0)]


@pytest.mark.parametrize(("rows", "asked"), [(1, [1, 1, 1]), (2, [2, 1]), (None, [3])])
def test_sentences_keep_their_order_however_many_are_decoded_side_by_side(
    rows: int | None, asked: list[int]
) -> None:
    model = FirstCode()
    assert decode(model, [5, 6, 7], rows) == [[5], [6], [7]]
    assert model.asked == asked


def test_samples_that_are_not_numbers_are_an_error_that_names_the_voice() -> None:
    with pytest.raises(
        VoiceError, match=r"the voice ann \(steps 2/3\) produced samples that are not"
    ):
        decode(FirstCode(), [float("nan")], None)

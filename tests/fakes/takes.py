"""Let the fake instruments of an EvaluationWorkspace understand what A/A runs are drawn from."""

from __future__ import annotations

from collections.abc import Callable

from tasks.measuring.takes import FIRST_TAKE
from tests.fakes.evaluation_workspace import PROMPTS, SPEAKER, EvaluationWorkspace, prompt_id
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.voice import ToneVoice
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.evaluation.plan import item_seed
from voxgate.evaluation.protocol import Instruments


def hear_takes(
    site: EvaluationWorkspace,
    voice: ToneVoice,
    *,
    takes: int,
    heard: Callable[[str, int], str] = lambda text, _take: text,
) -> None:
    """Script the takes of the gate's prompts: the right speaker, and `heard(text, take)`."""
    for text in PROMPTS["gate"]:
        for take in range(takes):
            seed = item_seed(prompt_id(text), FIRST_TAKE + take)
            judged = from_pcm16(to_pcm16(voice.wave(text, seed)))
            site.transcriber.hears(judged, heard(text, take))
            site.encoder.speaks(judged, SPEAKER)


def instruments_of(site: EvaluationWorkspace) -> Instruments:
    return Instruments(
        transcriber=site.transcriber,
        encoder=site.encoder,
        normaliser=LOWER,
        published=LOWER,
        quality=FakeQualityPredictor(),
        batch_size=4,
    )

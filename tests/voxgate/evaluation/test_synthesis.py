from __future__ import annotations

from pathlib import Path

from tests.fakes.evaluation_workspace import noise
from voxgate.evaluation.benchmark import Prompt
from voxgate.evaluation.measurements import open_caches
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.synthesis import speak_items
from voxgate.voice.replay import ReplayVoice

TEXT = "The line is open"
PROMPT = Prompt(id="p", split="gate", prompt_class="plain", text=TEXT, normalised=TEXT, words=4)


def test_audio_of_another_rate_is_brought_to_16_khz(tmp_path: Path) -> None:
    voice = ReplayVoice({TEXT: noise(90)}, sample_rate_hz=32_000)
    (spoken,) = speak_items(
        voice,
        plan_items([PROMPT], seeds=1),
        limits_s={"p": 3.0},
        model_digest="m",
        cache=open_caches(tmp_path, voice_code="v", instrument_code="i").speech,
    )
    assert len(spoken.wave) == 20_000
    assert spoken.duration_s == 1.25

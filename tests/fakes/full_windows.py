"""What the judge hears on Whisper's own windows of 30 s: a constant of weights and clips.

It takes longer than a second a clip, which no test run need spend anew on all of them.
`python -m tests.fakes.full_windows` records it: forty clips as they are, in silence, and in babble.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.fakes.spoken_prompts import SpokenPrompt, spoken_prompts
from voxgate.adapters.whisper.encoding import FULL_WINDOW, WindowPolicy
from voxgate.adapters.whisper.recogniser import WhisperRecogniser, load_recogniser
from voxgate.files import digest_bytes, write_text
from voxgate.params import load_params
from voxgate.settings import load_settings
from voxgate.types import HEARING_RATE_HZ, Wave

__all__ = ["PARAMS", "SPOILINGS", "hard_prompts", "judge", "names_of", "read_record"]

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "tests" / "fixtures" / "whisper_full_windows.json"
PARAMS = load_params(ROOT / "params.yaml").evaluate
VOICES, CLIPS = 20, 2  # in 360 words an error of one is .3 points
BABBLE_VOICES = 4
BABBLE_DB = -5.0  # of the babble beside the clip


def hard_prompts() -> list[SpokenPrompt]:
    """Return the clips that are heard on either window."""
    return spoken_prompts(speakers=VOICES, each=CLIPS)


def _as_it_is(waves: list[Wave]) -> list[Wave]:
    return waves


def _in_silence(waves: list[Wave]) -> list[Wave]:
    before, after = (np.zeros(s * HEARING_RATE_HZ, dtype=np.float32) for s in (3, 6))
    return [np.concatenate([before, wave, after]) for wave in waves]


def _in_babble(waves: list[Wave]) -> list[Wave]:
    return [_with_babble(waves, at) for at in range(len(waves))]


def _with_babble(waves: list[Wave], at: int) -> Wave:
    wave = waves[at]
    others = [waves[(at + k) % len(waves)] for k in range(1, BABBLE_VOICES + 1)]
    babble = np.sum([np.resize(other, len(wave)) for other in others], axis=0)
    level = np.sqrt(np.mean(wave**2) / np.mean(babble**2)) * 10 ** (BABBLE_DB / 20)
    mixed = wave + level * babble
    return np.asarray(mixed * min(1.0, 0.99 / np.abs(mixed).max()), dtype=np.float32)


SPOILINGS: dict[str, Callable[[list[Wave]], list[Wave]]] = {
    "as it is": _as_it_is,
    "in silence": _in_silence,
    "in babble": _in_babble,
}


def judge(assets_dir: Path, windows: WindowPolicy) -> WhisperRecogniser:
    """Return the recogniser of params.yaml, on other windows."""
    return load_recogniser(
        PARAMS.evaluators[PARAMS.transcriber],
        assets_dir=assets_dir,
        threads=PARAMS.threads,
        batch_size=PARAMS.batch_size,
        windows=windows,
    )


def names_of(prompts: list[SpokenPrompt]) -> dict[str, str]:
    """Return what the record depends on: weights, and clips before anything is done to them."""
    return {
        "weights_sha256": PARAMS.evaluators[PARAMS.transcriber].sha256,
        "clips_sha256": digest_bytes(b"".join(prompt.wave.tobytes() for prompt in prompts)),
    }


def read_record(prompts: list[SpokenPrompt]) -> dict[str, list[str]]:
    """Return the texts by spoiling, in the order of `prompts`, which must be the recorded ones."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    assert record["of"] == names_of(prompts), f"python -m {__spec__.name}"
    return dict(record["texts"])


def _record() -> None:
    prompts = hard_prompts()
    full = judge(load_settings().assets_dir, FULL_WINDOW)
    texts = {
        name: [heard.text for heard in full.transcribe(spoil([p.wave for p in prompts]))]
        for name, spoil in SPOILINGS.items()
    }
    record = {"of": names_of(prompts), "texts": texts}
    write_text(RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    _record()

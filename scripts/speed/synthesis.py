"""Measure how fast S2 (full-size v2, random weights) turns tokens into sound.

    python scripts/speed/synthesis.py

compares a plain forward, which normalises every weight again each time and decodes sentence by
sentence, with what a voice does: weights folded at load, one by one and in one padded pass. Prints
a Markdown table of real-time factors (seconds of work a second of audio, lower is better), and how
the resident memory grows over 100 requests.
"""

from __future__ import annotations

import argparse

import torch
from measuring import interleaved, machine, median, resident_mib, speedup, timed
from torch import Tensor

from models.gpt_sovits.build import build_synthesizer
from models.gpt_sovits.presets import V2
from models.gpt_sovits.s2.synthesizer import Synthesizer
from models.gpt_sovits.s2.wave_model import Segment
from models.gpt_sovits.weight_norm import fold_weight_norm

TOKENS = (50, 42, 46, 38)
"""Sentences of 2 s, 1.68 s, 1.84 s and 1.52 s."""

PLAIN = "plain forward, one by one"
WARM_UP_REQUESTS = 10
REQUESTS = 100


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    reference = torch.rand(1, V2.spectrogram_bins, 250, generator=seeded(3)).to(chosen.device)
    plain, folded = build(chosen.device), build(chosen.device)
    fold_weight_norm(folded)

    def one_by_one(model: Synthesizer) -> list[Tensor]:
        return [speak(model, [segment], reference)[0] for segment in make(chosen.device)]

    def together(model: Synthesizer) -> list[Tensor]:
        return speak(model, make(chosen.device), reference)

    expected = one_by_one(plain)
    ways = {
        PLAIN: lambda: one_by_one(plain),
        "folded weights, one by one": lambda: one_by_one(folded),
        f"folded weights, padded batch of {len(TOKENS)}": lambda: together(folded),
    }
    audio_s = sum(TOKENS) / V2.tokens_per_s
    print(machine(chosen.device, chosen.threads))
    print(f"{len(TOKENS)} sentences, {audio_s:.2f} s of audio, N = {chosen.rounds}\n")
    print("| variant | real-time factor | x plain | by processor time | relative difference |")
    print("|---|---|---|---|---|")
    measured = interleaved(
        {name: lambda way=way: timed(way) for name, way in ways.items()}, rounds=chosen.rounds
    )
    for name, runs in measured.items():
        wall, processor = (
            speedup(measured[PLAIN], runs, what) for what in ("wall_s", "processor_s")
        )
        apart = max(
            float((one - other).norm() / other.norm())
            for one, other in zip(ways[name](), expected, strict=True)
        )
        factor = median(runs, "wall_s") / audio_s
        print(f"| {name} | {factor:.2f} | {wall:.2f} | {processor:.2f} | {apart:.1e} |", flush=True)
    print(f"\n{growth(folded, reference, chosen.device)}")


def seeded(seed: int) -> torch.Generator:
    """Return a fresh generator."""
    return torch.Generator().manual_seed(seed)


def build(device: str) -> Synthesizer:
    """Build the full-size network; every call gives the same weights."""
    torch.manual_seed(0)
    model = build_synthesizer(V2)
    return model.to(device).eval()


def make(device: str, sizes: tuple[int, ...] = TOKENS) -> list[Segment]:
    """Draw sentences with noise generators of their own."""
    numbers = seeded(1)
    return [
        Segment(
            codes=torch.randint(0, 1024, (tokens,), generator=numbers).to(device),
            phones=torch.randint(0, 700, (tokens // 2,), generator=numbers).to(device),
            generator=seeded(place),
        )
        for place, tokens in enumerate(sizes)
    ]


def speak(model: Synthesizer, segments: list[Segment], reference: Tensor) -> list[Tensor]:
    """Decode sentences after a reference, as the public presets are asked to."""
    return model.decode_segments(segments, model.mean_timbre([reference]), noise_scale=0.5)


def growth(model: Synthesizer, reference: Tensor, device: str) -> str:
    """Speak many short requests of changing length, and say how memory grew."""

    def request(number: int) -> None:
        speak(model, make(device, (6 + number % 5,)), reference)

    for number in range(WARM_UP_REQUESTS):
        request(number)
    before = resident_mib()
    for number in range(REQUESTS):
        request(number)
    after = resident_mib()
    return (
        f"resident memory over {REQUESTS} requests: {before:.0f} → {after:.0f} MiB "
        f"({after / before - 1:+.2%})"
    )


if __name__ == "__main__":
    main()

"""Measure how fast S1 (full-size v2, random weights) makes tokens.

    python scripts/speed/token_decoding.py

compares a straightforward loop (plain layers, a cache that is concatenated at every step) with what
a voice does, at batch 1 and 8 and at every precision, and prints a Markdown table. Only the steps
after the first pass over the prefix are timed. Agreement is the share of steps at which a variant
prefers the token that the straightforward float32 loop prefers, given the same history.
"""

from __future__ import annotations

import argparse
import time
from functools import partial

import torch
import torch.nn.functional as F
from measuring import Elapsed, interleaved, machine, median, peak_memory_mib, speedup
from torch import Tensor

from models.gpt_sovits.build import build_text_to_semantic
from models.gpt_sovits.presets import V2
from models.gpt_sovits.s1.key_value_cache import KeyValueCache
from models.gpt_sovits.s1.sampling import (
    SamplingOptions,
    penalise_repetition,
    probabilities,
    sample,
)
from models.gpt_sovits.s1.speaking_transformer import prepare_to_speak
from models.gpt_sovits.s1.text_to_semantic import TextToSemantic
from models.gpt_sovits.s1.token_model import Prompted

PHONES, PROMPT = 120, 125
"""A prompt of 5 s and a sentence of as much."""

PLAIN, COMPILED = "straightforward", "float32, compiled"

Measured = dict[tuple[int, str], list[Elapsed]]
"""The rounds of each batch and variant."""


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--compile", action="store_true", help="also try torch.compile")
    parser.add_argument("--peak-tflops", type=float, help="bfloat16 peak of the accelerator")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    precisions = ["float32", "bfloat16", *(["int8"] if chosen.device == "cpu" else [])]
    models = {PLAIN: build(None, chosen.device)}
    models |= {name: build(name, chosen.device) for name in precisions}
    if chosen.compile:
        models[COMPILED] = build("float32", chosen.device)
        compile_steps(models[COMPILED])
    items = {batch: make_items(batch, chosen.device) for batch in chosen.batches}
    print(machine(chosen.device, chosen.threads))
    print(f"prefix {PHONES} phones + {PROMPT} tokens, {chosen.tokens} steps, N = {chosen.rounds}\n")
    measured = measure(models, items, tokens=chosen.tokens, rounds=chosen.rounds)
    print_table(measured, first=chosen.batches[0], tokens=chosen.tokens)
    for name in precisions:
        agreed = agreement(models[PLAIN], models[name], items[chosen.batches[0]][0], 128)
        print(f"{name}: agreement {agreed:.1%}")
    if chosen.peak_tflops:
        flops = 2 * weights(models[PLAIN]) * (chosen.tokens - 1)
        for (batch, name), runs in measured.items():
            share = batch * flops / median(runs, "wall_s") / (chosen.peak_tflops * 1e12)
            print(f"batch {batch}, {name}: {share:.2%} of the peak")
    print(f"peak memory {peak_memory_mib():.0f} MiB (all variants)")


def print_table(measured: Measured, *, first: int, tokens: int) -> None:
    """Print a row for every batch and variant; ratios are medians over the rounds."""
    print(
        f"| batch | variant | tokens/s | x straightforward | by processor time | x batch {first} |"
    )
    print("|---|---|---|---|---|---|")
    for (batch, name), runs in measured.items():
        plain, single = measured[batch, PLAIN], measured[first, name]
        rate = batch * (tokens - 1) / median(runs, "wall_s")
        wall, processor = (speedup(plain, runs, what) for what in ("wall_s", "processor_s"))
        gain = batch / first * speedup(single, runs, "wall_s")
        print(f"| {batch} | {name} | {rate:.1f} | {wall:.2f} | {processor:.2f} | {gain:.2f} |")


def build(precision: str | None, device: str) -> TextToSemantic:
    """Build the full-size network; every call gives the same weights."""
    torch.manual_seed(0)
    model = build_text_to_semantic(V2).eval()
    with torch.no_grad():
        model.ar_predict_layer.weight[V2.text_to_semantic.end_token] = 0  # never likely
    model.to(device)
    if precision:
        prepare_to_speak(model, precision)  # type: ignore[arg-type]
    return model


def compile_steps(model: TextToSemantic) -> None:
    """Let `torch.compile` make one row's step through all layers; say what that takes."""
    eager = model.h.forward
    compiled = torch.compile(eager, dynamic=True)
    model.h.forward = lambda x, *rest: (compiled if x.shape[:2] == (1, 1) else eager)(x, *rest)
    start = time.perf_counter()
    [item] = make_items(1, str(model.ar_predict_layer.weight.device))
    model.generate([item], generators=[torch.Generator()], min_tokens=4, max_tokens=4)
    print(f"torch.compile: {time.perf_counter() - start:.1f} s before the first token")


def weights(model: TextToSemantic) -> int:
    """Count the weights that every token meets."""
    return sum(p.numel() for p in [*model.h.parameters(), *model.ar_predict_layer.parameters()])


def make_items(batch: int, device: str) -> list[Prompted]:
    """Draw sentences of unlike lengths."""
    numbers = torch.Generator().manual_seed(1)
    return [
        Prompted(
            phones=torch.randint(0, 700, (PHONES - 3 * row,), generator=numbers).to(device),
            prompt=torch.randint(0, 1024, (PROMPT,), generator=numbers).to(device),
        )
        for row in range(batch)
    ]


def measure(
    models: dict[str, TextToSemantic],
    items: dict[int, list[Prompted]],
    *,
    tokens: int,
    rounds: int,
) -> Measured:
    """Time the steps of every variant at every batch; float32 ones must speak the same tokens."""
    spoken: dict[tuple[int, str], Tensor] = {}

    def way(batch: int, name: str) -> Elapsed:
        model, rows = models[name], items[batch]
        generators = [torch.Generator().manual_seed(row) for row in range(batch)]
        marks: list[tuple[float, float]] = []
        hook = model.ar_predict_layer.register_forward_hook(
            lambda *_: marks.append((time.perf_counter(), time.process_time()))
        )
        if name == PLAIN:
            spoken[batch, name] = straightforward(model, rows, generators, tokens)
        else:
            found = model.generate(
                rows, generators=generators, min_tokens=tokens, max_tokens=tokens
            )
            spoken[batch, name] = torch.stack([one.tokens for one in found])
        hook.remove()
        return Elapsed(marks[-1][0] - marks[0][0], marks[-1][1] - marks[0][1])

    ways = {
        (batch, name): partial(way, batch, name)
        for batch in items
        for name in models
        if batch == 1 or name != COMPILED
    }
    measured = interleaved(ways, rounds=rounds)
    for (batch, name), tokens_spoken in spoken.items():
        same = torch.equal(spoken[batch, PLAIN], tokens_spoken)
        if name in ("float32", COMPILED) and not same:
            print(f"batch {batch}: {name} and the straightforward loop differ in a token")
    return measured


@torch.no_grad()
def straightforward(
    model: TextToSemantic, items: list[Prompted], generators: list[torch.Generator], tokens: int
) -> Tensor:
    """Decode as one would write it down: grow the cache by concatenation, build masks as needed."""
    rows = [embed(model, item.read, item.prompt) for item in items]
    size = max(len(row) for row in rows)
    x = torch.stack([F.pad(row, (0, 0, size - len(row), 0)) for row in rows])
    lengths = torch.tensor([len(row) for row in rows], device=x.device)
    real = torch.arange(size, device=x.device) >= size - lengths[:, None]
    place = torch.arange(size, device=x.device)
    audio_from = size - PROMPT
    order = (place[None] < audio_from) | (place[:, None] >= audio_from) & (place <= place[:, None])
    allowed = order & real[:, None, :] | torch.eye(size, dtype=torch.bool, device=x.device)
    caches: list[tuple[Tensor, Tensor] | None] = [None] * len(model.h.layers)
    x = layers(model, x, allowed[:, None], caches)
    end = V2.text_to_semantic.end_token
    history = torch.stack([item.prompt for item in items])
    for step in range(tokens):
        logits = model.ar_predict_layer(x[:, -1])
        logits[:, end] = -torch.inf
        seen = torch.zeros_like(logits, dtype=torch.bool).scatter_(1, history, True)
        chances = probabilities(penalise_repetition(logits, seen, 1.35), SamplingOptions())
        drawn = sample(chances, generators)
        history = torch.cat([history, drawn[:, None]], dim=1)
        start = torch.full((len(items),), PROMPT + step, device=x.device)
        x = model.ar_audio_position(model.ar_audio_embedding(drawn[:, None]), start)
        real = torch.cat([real, torch.ones_like(real[:, :1])], dim=1)
        if step + 1 < tokens:
            x = layers(model, x, real[:, None, None], caches)
    return history[:, PROMPT:].cpu()


def layers(
    model: TextToSemantic, x: Tensor, allowed: Tensor, caches: list[tuple[Tensor, Tensor] | None]
) -> Tensor:
    """Run every layer, and let its cache grow."""
    batch, size, width = x.shape
    for index, layer in enumerate(model.h.layers):
        attention = layer.self_attn
        projected = F.linear(x, attention.in_proj_weight, attention.in_proj_bias)
        query, key, value = (
            part.view(batch, size, attention.heads, -1).transpose(1, 2)
            for part in projected.chunk(3, dim=-1)
        )
        earlier = caches[index]
        if earlier is not None:
            key = torch.cat([earlier[0], key], dim=2)
            value = torch.cat([earlier[1], value], dim=2)
        caches[index] = (key, value)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        mixed = mixed.transpose(1, 2).reshape(batch, size, width)
        x = layer.norm1(x + attention.out_proj(mixed))
        x = layer.norm2(x + layer.linear2(F.relu(layer.linear1(x))))
    return x


def embed(model: TextToSemantic, phones: Tensor, tokens: Tensor) -> Tensor:
    """Embed phones and the tokens after them: (S, D)."""
    text = model.embed_text(phones[None])
    audio = model.ar_audio_position(model.ar_audio_embedding(tokens[None]))
    return torch.cat([text, audio], dim=1)[0]


@torch.no_grad()
def agreement(exact: TextToSemantic, other: TextToSemantic, item: Prompted, steps: int) -> float:
    """Return the share of steps with the same likeliest token after the same random history."""
    numbers = torch.Generator().manual_seed(5)
    tokens = torch.randint(0, 1024, (steps,), generator=numbers).to(item.phones.device)
    choices = [_likeliest(model, item.phones, tokens) for model in (exact, other)]
    return float((choices[0] == choices[1]).float().mean())


def _likeliest(model: TextToSemantic, phones: Tensor, tokens: Tensor) -> Tensor:
    x = embed(model, phones, tokens)[None]
    size, first = x.shape[1], len(phones)
    place = torch.arange(size, device=x.device)
    order = (place[None] < first) | (place[:, None] >= first) & (place <= place[:, None])
    cache = KeyValueCache(
        layers=V2.text_to_semantic.layers,
        batch=1,
        heads=V2.text_to_semantic.heads,
        capacity=size,
        channels=V2.text_to_semantic.width // V2.text_to_semantic.heads,
        dtype=model.h.cache_dtype or x.dtype,
        device=x.device,
    )
    return model.ar_predict_layer(model.h(x, order[None, None], cache)[0, first - 1 :]).argmax(-1)


if __name__ == "__main__":
    main()

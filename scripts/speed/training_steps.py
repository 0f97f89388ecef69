"""Measure one training step of both networks (full-size v2, random weights).

    python scripts/speed/training_steps.py

compares with straightforward ones: S1 as torch's own `nn.TransformerEncoder` of the same size, S2
with torch's own weight normalisation. All steps are forward, backward and AdamW on the same batch;
S2's trains the discriminators too. Prints a Markdown table; peak memory is that of a process of its
own that runs one variant.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable

import torch
import torch.nn.functional as F
from measuring import interleaved, machine, median, peak_memory_mib, speedup, timed
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.masks import take_windows
from models.gpt_sovits.presets import V2, FlowVocoderPreset
from models.gpt_sovits.s1.text_to_semantic import TextToSemanticBatch, token_loss
from models.gpt_sovits.s2.discriminators import Discriminators
from models.gpt_sovits.s2.flow_synthesizer import FlowDraws, FlowSynthesizer
from models.gpt_sovits.s2.losses import adversarial_loss, discriminator_loss, feature_loss, kl_loss
from models.gpt_sovits.s2.spectrogram import LinearSpectrogram, MelSpectrogram
from models.gpt_sovits.s2.synthesizer import SynthesizerBatch
from models.gpt_sovits.weight_norm import NormConv1d, NormConv2d, NormConvTranspose1d

BATCH, PHONES, CODES = 2, 60, 100
SECONDS = 1.28
"""Length of each item of S2's batch: 32 tokens."""

Step = Callable[[], object]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--networks", nargs="+", default=["S1", "S2"], choices=["S1", "S2"])
    parser.add_argument("--peak", choices=list(STEPS), help="run one variant, print its memory")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    if chosen.peak:
        step = STEPS[chosen.peak](chosen.device)
        step()
        step()
        print(f"{peak_memory_mib():.0f}")
        return
    print(machine(chosen.device, chosen.threads))
    print(f"batch {BATCH}, N = {chosen.rounds}\n")
    print("| step | s | x straightforward | by processor time | peak memory, MiB |")
    print("|---|---|---|---|---|")
    for network in chosen.networks:
        names = [name for name in STEPS if name.startswith(network)]
        steps = {name: STEPS[name](chosen.device) for name in names}
        measured = interleaved(
            {name: lambda step=step: timed(step) for name, step in steps.items()},
            rounds=chosen.rounds,
        )
        for name in names:
            wall, processor = (
                speedup(measured[names[0]], measured[name], what)
                for what in ("wall_s", "processor_s")
            )
            memory = _peak(name, chosen.device, chosen.threads)
            taken = median(measured[name], "wall_s")
            print(f"| {name} | {taken:.2f} | {wall:.2f} | {processor:.2f} | {memory} |", flush=True)


def _peak(name: str, device: str, threads: int) -> str:
    command = [sys.executable, __file__, "--peak", name, "--device", device]
    answer = subprocess.run(
        [*command, "--threads", str(threads)], capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def ours_s1(device: str) -> Step:
    """S1 as voxgate trains it."""
    torch.manual_seed(0)
    model = build_text_to_semantic(V2).to(device).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4)
    batch = text_batch().to(device)

    def step() -> None:
        logits, targets = model(batch)
        _descend(token_loss(logits, targets, batch.code_lengths)["total"], optimiser)

    return step


def straightforward_s1(device: str) -> Step:
    """S1 of torch's own layers under a mask of minus infinities."""
    torch.manual_seed(0)
    sizes = V2.text_to_semantic
    layer = nn.TransformerEncoderLayer(
        sizes.width, sizes.heads, sizes.feed_forward, dropout=sizes.dropout, batch_first=True
    )
    body = nn.TransformerEncoder(layer, sizes.layers, enable_nested_tensor=False)
    parts = nn.ModuleList(
        [
            nn.Embedding(sizes.phones, sizes.width),
            nn.Embedding(sizes.codes + 1, sizes.width),
            body,
            nn.Linear(sizes.width, sizes.codes + 1, bias=False),
        ]
    ).to(device)
    optimiser = torch.optim.AdamW(parts.parameters(), lr=1e-4)
    batch = text_batch().to(device)
    size = PHONES + CODES
    place = torch.arange(size, device=device)
    order = (place[None] < PHONES) | (place[:, None] >= PHONES) & (place <= place[:, None])
    mask = torch.zeros(size, size, device=device).masked_fill(~order, -torch.inf)

    def step() -> None:
        phones, codes, transformer, predict = parts
        x = torch.cat([phones(batch.phones), codes(batch.codes)], dim=1)
        logits = predict(transformer(x, mask=mask)[:, PHONES - 1 :])
        targets = F.pad(batch.codes, (0, 1), value=sizes.end_token)
        _descend(F.cross_entropy(logits.transpose(1, 2), targets), optimiser)

    return step


def text_batch() -> TextToSemanticBatch:
    """Draw a batch without padding."""
    numbers = torch.Generator().manual_seed(1)
    return TextToSemanticBatch(
        phones=torch.randint(0, 700, (BATCH, PHONES), generator=numbers),
        phone_lengths=torch.full((BATCH,), PHONES),
        codes=torch.randint(0, 1024, (BATCH, CODES), generator=numbers),
        code_lengths=torch.full((BATCH,), CODES),
    )


def _descend(loss: Tensor, optimiser: torch.optim.Optimizer) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def ours_s2(device: str) -> Step:
    """S2 and its discriminators with this package's layers."""
    return _adversarial(*_networks(), device)


def straightforward_s2(device: str) -> Step:
    """The same networks under torch's own weight normalisation."""
    model, judges = _networks()
    _replace_norms(model)
    _replace_norms(judges)
    return _adversarial(model, judges, device)


def _networks() -> tuple[FlowSynthesizer, Discriminators]:
    torch.manual_seed(0)
    model = build_synthesizer(V2)
    assert isinstance(model, FlowSynthesizer)
    wave = V2.synthesizer.wave
    assert isinstance(wave, FlowVocoderPreset)
    return model, Discriminators(wave)


def _replace_norms(network: nn.Module) -> None:
    plain = {NormConv1d: nn.Conv1d, NormConv2d: nn.Conv2d, NormConvTranspose1d: nn.ConvTranspose1d}
    for name, child in list(network.named_children()):
        kind = plain.get(type(child))
        if kind is None:
            _replace_norms(child)
            continue
        options = {"stride": child.stride, "padding": child.padding, "dilation": child.dilation}
        network.add_module(
            name,
            weight_norm(
                kind(
                    child.in_channels,
                    child.out_channels,
                    child.kernel_size,
                    groups=child.groups,
                    bias=child.bias is not None,
                    **options,
                )
            ),
        )


def _adversarial(model: FlowSynthesizer, judges: Discriminators, device: str) -> Step:
    model.to(device).train()
    judges.to(device).train()
    betas = (0.8, 0.99)
    of_model = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=betas, eps=1e-9)
    of_judges = torch.optim.AdamW(judges.parameters(), lr=1e-4, betas=betas, eps=1e-9)
    mel = MelSpectrogram(V2.sample_rate_hz, V2.n_fft, V2.hop, V2.mels).to(device)
    batch = _speech_batch().to(device)
    frames = V2.synthesizer.segment_frames
    draws = _draws(batch)

    def step() -> None:
        outputs = model(batch, draws)
        starts = outputs.starts
        real = take_windows(batch.wave[:, None], starts * V2.hop, frames * V2.hop)[:, 0]
        of_real, of_fake = judges(real), judges(outputs.wave.detach())
        _descend(discriminator_loss(of_real.scores, of_fake.scores), of_judges)
        of_real, of_fake = judges(real), judges(outputs.wave)
        target = take_windows(mel.from_linear(batch.spectrogram), starts, frames)
        loss = (
            adversarial_loss(of_fake.scores)
            + feature_loss(of_real.features, of_fake.features)
            + 45 * (target - mel(outputs.wave)).abs().mean()
            + kl_loss(
                outputs.flowed,
                outputs.posterior_log_scale,
                outputs.mean,
                outputs.log_scale,
                outputs.mask,
            )
        )
        _descend(loss, of_model)

    return step


def _draws(batch: SynthesizerBatch) -> FlowDraws:
    numbers = torch.Generator().manual_seed(4)
    wave = V2.synthesizer.wave
    assert isinstance(wave, FlowVocoderPreset)
    noise = torch.randn(BATCH, wave.latent, batch.spectrogram.shape[-1], generator=numbers)
    windows = torch.rand(BATCH, generator=numbers)
    device = batch.spectrogram.device
    return FlowDraws(noise=noise.to(device), windows=windows.to(device))


def _speech_batch() -> SynthesizerBatch:
    numbers = torch.Generator().manual_seed(1)
    tokens = round(SECONDS * V2.tokens_per_s)
    wave = 0.1 * torch.randn(BATCH, tokens * V2.samples_per_token, generator=numbers)
    return SynthesizerBatch(
        codes=torch.randint(0, 1024, (BATCH, tokens), generator=numbers),
        code_lengths=torch.full((BATCH,), tokens),
        phones=torch.randint(0, 700, (BATCH, 20), generator=numbers),
        phone_lengths=torch.full((BATCH,), 20),
        spectrogram=LinearSpectrogram(V2.n_fft, V2.hop)(wave),
        wave=wave,
    )


STEPS: dict[str, Callable[[str], Step]] = {
    "S1, straightforward": straightforward_s1,
    "S1, ours": ours_s1,
    "S2, straightforward": straightforward_s2,
    "S2, ours": ours_s2,
}


if __name__ == "__main__":
    main()

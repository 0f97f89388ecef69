"""What adapting the base costs and brings: the table of docs/voice.md, "Adaptation".

`python scripts/speed/adaptation.py --root CHECKOUT --work DIR [--base-speech PREPARED]`

CHECKOUT has a finished `make run`: its build/featurize is trained on, its instruments judge. The
texts are those that the gate never sees: the `select` prompts and new template sentences. Weights
stay in DIR, so that a second call trains nothing again. Rows that mix in the base's own data need
what `voxgate pretrain base` prepared.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from tasks.measuring.setup import build_instruments
from voxgate.audio.shards import from_pcm16, to_pcm16
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.protocol import Instruments
from voxgate.evaluation.rates import corpus_rate, count_errors
from voxgate.evaluation.real_clips import read_recordings
from voxgate.evaluation.speaker_similarity import Centroid, build_centroid
from voxgate.features.clips import FeatureSet, read_feature_set
from voxgate.files import digest_bytes
from voxgate.params import Params, load_params
from voxgate.params.train import LoopParams
from voxgate.ports import Voice
from voxgate.pretraining.base.base_set import read_base_set
from voxgate.pretraining.speech.sentences import normalise, sentences
from voxgate.speaking import load_voice
from voxgate.stage import Workspace
from voxgate.training.fit.learner import Learner
from voxgate.training.fit.learner_state import network_state
from voxgate.training.fit.loop import FitPlan, fit
from voxgate.training.fit.ranks import ALONE
from voxgate.training.fit.resume import ResumeStore
from voxgate.training.learners import synthesizer_learner, text_to_semantic_learner
from voxgate.training.networks import Networks, start_networks
from voxgate.training.new_voice import write_unadapted
from voxgate.training.preset_choice import choose_preset
from voxgate.voice.card import read_voice_card
from voxgate.voice.package import VoiceFiles, write_voice

NEW_SENTENCES = 60
SELECT_SEEDS = 3
WORDS = range(4, 17)


@dataclass(frozen=True)
class Variant:
    """How one network is adapted; 0 steps leave the base's weights."""

    model: str
    steps: int
    learning_rate: float
    frozen: str = ""
    mixed_in: bool = False

    @property
    def name(self) -> str:
        """Name its folder and its row."""
        parts = [f"{self.steps} steps", f"{self.learning_rate:g}"]
        parts += [f"{self.frozen} frozen"] * bool(self.frozen)
        parts += ["base mixed in"] * self.mixed_in
        return ", ".join(parts) if self.steps else "base"


BASE_S1, BASE_S2 = Variant("s1", 0, 0.0), Variant("s2", 0, 0.0)
PAIRS = [
    (BASE_S1, BASE_S2),
    (Variant("s1", 160, 3e-4), BASE_S2),
    (Variant("s1", 160, 3e-4, mixed_in=True), BASE_S2),
    (BASE_S1, Variant("s2", 150, 5e-4)),
    (BASE_S1, Variant("s2", 300, 5e-4)),
    (BASE_S1, Variant("s2", 150, 1e-3)),
    (BASE_S1, Variant("s2", 150, 5e-4, frozen="enc_p")),
    (BASE_S1, Variant("s2", 150, 5e-4, mixed_in=True)),
    (Variant("s1", 160, 3e-4), Variant("s2", 300, 5e-4)),
]


def train(variant: Variant, params: Params, workspace: Workspace, work: Path, extra: Path) -> Path:
    """Return the file of the network's weights after `variant`, training it if it is not there."""
    out = work / variant.model / f"{variant.name.replace(' ', '-')}.safetensors"
    if out.exists():
        return out
    networks = start_networks(choose_preset(params.train.preset), params, workspace.base_dir)
    if variant.steps:
        _adapt(networks, variant, params, workspace, out.with_suffix(""), extra)
    network = networks.synthesizer if variant.model == "s2" else networks.text_to_semantic
    out.parent.mkdir(parents=True, exist_ok=True)
    safetensors.torch.save_file(network_state(network), out)
    return out


def _adapt(
    networks: Networks,
    variant: Variant,
    params: Params,
    workspace: Workspace,
    folder: Path,
    extra: Path,
) -> None:
    network = networks.synthesizer if variant.model == "s2" else networks.text_to_semantic
    for name, parameter in network.named_parameters():
        if variant.frozen and name.startswith(variant.frozen):
            parameter.requires_grad_(False)
    learner, loop = _learner(networks, variant, params)
    features = read_feature_set(workspace.stage_dir("featurize"))
    if variant.mixed_in:
        features = _with_base_speech(features, extra)
    plan = FitPlan(
        loop=loop,
        seed=params.train.seed,
        threads=params.train.threads,
        resume_every=50,
        snapshot_steps=frozenset(),
    )
    fit(learner, features, plan=plan, store=ResumeStore(folder))
    shutil.rmtree(folder)


def _learner(networks: Networks, variant: Variant, params: Params) -> tuple[Learner, LoopParams]:
    cpu = torch.device("cpu")
    changes = {"steps": variant.steps, "learning_rate": variant.learning_rate}
    if variant.model == "s1":
        s1 = params.train.text_to_semantic.model_copy(update=changes)
        return text_to_semantic_learner(networks, s1, device=cpu, ranks=ALONE), s1
    s2 = params.train.synthesizer.model_copy(update=changes)
    preset = choose_preset(params.train.preset)
    return synthesizer_learner(preset, networks, s2, device=cpu, ranks=ALONE), s2


def _with_base_speech(features: FeatureSet, prepared: Path) -> FeatureSet:
    """Add as many readings of the base's voices as the speaker has clips."""
    known = read_base_set(prepared).train
    order = np.random.default_rng(3).permutation(len(known))[: len(features.train)]
    added = tuple(replace(known[i], clip_id=f"base-{known[i].clip_id}") for i in order)
    return FeatureSet(train=features.train + added, validation=features.validation)


def texts(params: Params, workspace: Workspace) -> Iterator[tuple[str, int]]:
    """Yield what is spoken, each text with its seed."""
    benchmark = load_benchmark(workspace.benchmark_dir / params.evaluate.prompt_file)
    for prompt in benchmark.of_split("select"):
        yield from ((prompt.text, 1000 + k) for k in range(SELECT_SEEDS))
    excluded = frozenset(normalise(prompt.text) for prompt in benchmark.prompts)
    found = 0
    for sentence in sentences(777, excluded=excluded):
        if sentence.kind != "random" and len(sentence.text.split()) in WORDS:
            yield sentence.text, 1000
            found += 1
        if found == NEW_SENTENCES:
            return


@dataclass(frozen=True)
class Judge:
    """Scores a voice on the texts; `centroid` is the speaker's."""

    instruments: Instruments
    centroid: Centroid
    items: Sequence[tuple[str, int]]

    def row(self, voice: Voice) -> str:
        """Let the voice speak; returns WER, CER and similarity as cells."""
        waves = [
            from_pcm16(to_pcm16(voice.speak(text, seed=seed).wave)) for text, seed in self.items
        ]
        clean = self.instruments.normaliser
        heard = self.instruments.transcriber.transcribe(waves)
        counts = [
            count_errors(clean(text), clean(found.text))
            for (text, _), found in zip(self.items, heard, strict=True)
        ]
        words, characters = (corpus_rate(column) for column in zip(*counts, strict=True))
        likeness = np.mean(self.centroid.similarity(self.instruments.encoder.embed(waves)))
        return f"{words:.1%} | {characters:.1%} | {likeness:.3f}"


def build_judge(params: Params, workspace: Workspace) -> Judge:
    """Build the instruments of params.yaml and the centroid of the held-out clips."""
    instruments = build_instruments(params.evaluate)
    recordings = read_recordings(
        workspace.stage_dir("featurize"), train_clips=0, min_train_clip_s=0.0
    )
    own = [clip.wave for clip in recordings.clips if clip.role == "centroid"]
    digests = [digest_bytes(wave.tobytes()) for wave in own]
    centroid = build_centroid(instruments.encoder.embed(own), digests)
    return Judge(instruments, centroid, list(texts(params, workspace)))


def main() -> None:
    """Train what is missing, judge every pair, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--base-speech", type=Path)
    args = parser.parse_args()
    workspace = Workspace(args.root.resolve())
    params = load_params(workspace.params_file)
    judge = build_judge(params, workspace)
    package, voice = args.work / "package", args.work / "voice"
    write_unadapted(
        package,
        workspace.stage_dir("featurize"),
        preset=choose_preset(params.train.preset),
        params=params,
        base_dir=workspace.base_dir,
    )
    reference = safetensors.torch.load_file(package / "reference.safetensors")
    print("| S1 | S2 | WER | CER | similarity |\n|---|---|---|---|---|")
    for pair in PAIRS:
        if any(variant.mixed_in for variant in pair) and args.base_speech is None:
            continue
        weights = {
            variant.model: safetensors.torch.load_file(
                train(variant, params, workspace, args.work, args.base_speech)
            )
            for variant in pair
        }
        files = VoiceFiles(
            s1=weights["s1"],
            s2=weights["s2"],
            reference_tokens=reference["tokens"],
            reference_spectrogram=reference["spectrogram"],
        )
        write_voice(voice, read_voice_card(package), files)
        row = judge.row(load_voice(voice, threads=params.evaluate.threads))
        print(f"| {pair[0].name} | {pair[1].name} | {row} |", flush=True)


if __name__ == "__main__":
    main()

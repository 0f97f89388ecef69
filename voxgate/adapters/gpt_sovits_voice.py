"""A voice package that speaks: text → sentences → phones → tokens (S1) → wave (S2).

Loads torch and the networks, and neither the speech tokenizer nor any evaluator.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np
import safetensors.torch
import torch
from torch import nn

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.flow_synthesizer import FlowSynthesizer
from models.gpt_sovits.mini_synthesizer import MiniSynthesizer
from models.gpt_sovits.presets import Preset, preset
from models.gpt_sovits.sampling import SamplingOptions
from models.gpt_sovits.token_model import Generated, Prompted, TokenModel
from voxgate.adapters.gpt_sovits.reference import VoiceReference
from voxgate.adapters.gpt_sovits.threads import torch_threads
from voxgate.audio.joining import join_with_pauses
from voxgate.errors import VoiceError
from voxgate.text.lexicon import Lexicon, load_lexicon
from voxgate.text.normalise import normalise
from voxgate.text.phonemes import to_phonemes
from voxgate.text.sentences import sentences
from voxgate.text.symbols import SymbolTable, symbol_table
from voxgate.training.voice_package import VoiceCard, read_voice_card, verify_voice
from voxgate.types import Speech, Wave

__all__ = ["GptSovitsVoice", "load_voice"]

_MIN_TOKENS = 11
"""The end cannot come earlier (specification 4.5): 0.44 s."""

_BATCH_SENTENCES = 8
"""Sentences spoken at once; bounds memory on long texts."""


def load_voice(folder: Path, *, threads: int | None = None, device: str = "cpu") -> GptSovitsVoice:
    """Load a voice package after verifying every file of it.

    `threads` is the number of torch threads while it speaks; None leaves what is set. The same
    text, seed, number of threads and machine give the same audio.

    Raises:
        WeightsError: a file is absent or is not the one that voice.json names.
        VoiceError: the folder is no voice package, or its weights do not fit its preset.
    """
    card = read_voice_card(folder)
    verify_voice(folder, card)
    try:
        chosen = preset(card.preset)
    except ValueError as error:
        raise VoiceError(f"{folder / 'voice.json'}: {error}") from error
    reference = safetensors.torch.load_file(folder / "reference.safetensors")
    symbols = symbol_table(card.symbols)
    lexicon_path = folder / "lexicon.txt"
    return GptSovitsVoice(
        card=card,
        preset=chosen,
        text_to_semantic=_loaded(build_text_to_semantic(chosen), folder / "s1.safetensors", device),
        synthesizer=_loaded(build_synthesizer(chosen), folder / "s2.safetensors", device),
        reference=VoiceReference(
            spectrograms=(reference["spectrogram"].float().to(device)[None],),
            prompt_phones=torch.tensor(card.reference.phones, device=device),
            prompt_tokens=reference["tokens"].to(device),
        ),
        symbols=symbols,
        lexicon=load_lexicon(
            lexicon_path if "lexicon.txt" in card.files else None, symbols=symbols
        ),
        threads=threads,
        device=device,
    )


@dataclass(frozen=True, kw_only=True)
class GptSovitsVoice:
    """Implements the port `Voice`. Requests share nothing but the weights."""

    card: VoiceCard
    preset: Preset
    text_to_semantic: TokenModel = field(repr=False)
    synthesizer: MiniSynthesizer | FlowSynthesizer = field(repr=False)
    reference: VoiceReference = field(repr=False)
    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    threads: int | None
    device: str

    @property
    def sample_rate_hz(self) -> int:
        """Sample rate of what `speak` returns."""
        return self.preset.sample_rate_hz

    def speak(self, text: str, *, seed: int) -> Speech:
        """Speak `text`, sentence by sentence; the same text and seed give the same audio.

        Raises:
            TextError: the text has nothing speakable.
            VoiceError: the networks gave something that is not audio.
        """
        phones = self._phones(text)
        generators = [_generator(seed, index) for index in range(len(phones))]
        waves, limited = [], False
        with torch_threads(self.threads):
            for start in range(0, len(phones), _BATCH_SENTENCES):
                part = slice(start, start + _BATCH_SENTENCES)
                spoken = self._tokens(phones[part], generators[part])
                limited = limited or any(one.stopped_by_limit for one in spoken)
                waves += [
                    self._wave(one, ids, generator)
                    for one, ids, generator in zip(
                        spoken, phones[part], generators[part], strict=True
                    )
                ]
        return Speech(
            wave=join_with_pauses(
                waves, pause_samples=round(self.card.generation.pause_s * self.sample_rate_hz)
            ),
            sample_rate_hz=self.sample_rate_hz,
            stopped_by_limit=limited,
        )

    def _phones(self, text: str) -> list[tuple[int, ...]]:
        """Return the phone ids of each sentence."""
        # The whole text is normalised first: "Dr." must not end a sentence.
        pieces = sentences(normalise(text)) or [text]
        return [
            to_phonemes(
                sentence, lexicon=self.lexicon, symbols=self.symbols, language=self.card.language
            ).ids
            for sentence in pieces
        ]

    def _tokens(
        self, phones: Sequence[tuple[int, ...]], generators: Sequence[torch.Generator]
    ) -> list[Generated]:
        """Ask S1 for the tokens of several sentences."""
        options = self.card.generation
        prompted = self.reference if options.prompted else None
        return self.text_to_semantic.generate(
            [
                Prompted(
                    phones=torch.tensor(ids, device=self.device),
                    prompt_phones=prompted.prompt_phones if prompted else None,
                    prompt=self.reference.prompt_tokens[: None if prompted else 0],
                )
                for ids in phones
            ],
            generators=generators,
            options=SamplingOptions(
                top_k=options.top_k,
                top_p=options.top_p,
                temperature=options.temperature,
                repetition_penalty=options.repetition_penalty,
            ),
            min_tokens=_MIN_TOKENS,
            max_tokens=[self._longest(len(ids)) for ids in phones],
        )

    def _longest(self, n_phones: int) -> int:
        """Return the most tokens that a sentence of so many phones may take."""
        options = self.card.generation
        expected_s = n_phones / options.phones_per_second
        return max(
            2 * _MIN_TOKENS,
            math.ceil(expected_s * self.preset.tokens_per_s * options.max_length_ratio),
        )

    def _wave(self, said: Generated, phones: Sequence[int], generator: torch.Generator) -> Wave:
        """Ask S2 for the audio of one sentence."""
        decoded = self.synthesizer.decode(
            said.tokens.to(self.device)[None, None],
            torch.tensor([list(phones)], device=self.device),
            self.reference.spectrograms,
            generator=generator,
            alignment=None if said.alignment is None else said.alignment.to(self.device)[None],
            noise_scale=self.card.generation.noise_scale,
        )
        wave = np.asarray(decoded[0].cpu().numpy(), dtype=np.float32)
        if not np.isfinite(wave).all():
            raise VoiceError(
                f"the voice {self.card.speaker_id} (steps {self.card.steps.s1}/"
                f"{self.card.steps.s2}) produced samples that are not numbers; train it again with "
                "a lower learning rate"
            )
        return wave


_Network = TypeVar("_Network", bound=nn.Module)


def _loaded(network: _Network, path: Path, device: str) -> _Network:
    try:
        # load_state_dict copies into the float32 parameters, whatever the file's precision
        network.load_state_dict(safetensors.torch.load_file(path), strict=True)
    except RuntimeError as error:
        raise VoiceError(f"{path} does not fit its preset: {error}") from error
    return network.to(device).eval()


def _generator(seed: int, sentence: int) -> torch.Generator:
    digest = hashlib.sha256(f"{seed}:{sentence}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)

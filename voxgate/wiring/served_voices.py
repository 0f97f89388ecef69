"""What a worker of the speech pool loads: a voice, and what makes prompts of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from models.gpt_sovits.s1.linear_forms import Precision
from voxgate.errors import WeightsError
from voxgate.speaking.loading import load_voice
from voxgate.speaking.voice import GptSovitsVoice
from voxgate.types import Wave
from voxgate.voice.card import read_voice_card
from voxgate.voice.speech_tokenizer import SpeechTokenizer, Tokens
from voxgate.wiring.text_features import packaged_text_features

__all__ = ["load_served_voice"]


def load_served_voice(
    folder: Path, *, threads: int, precision: Precision, root: Path, device: str = "cpu"
) -> GptSovitsVoice:
    """Load a voice package; `root` is the checkout whose tokenizer reads speakers' recordings.

    `device` is where the voice computes; the tokenizer and BERT stay on the processor.

    Raises:
        VoiceError, WeightsError: as `load_voice`.
    """
    tokenizer = _TokenizerAtNeed(root, read_voice_card(folder).tokenizer_sha256)
    return load_voice(
        folder,
        threads=threads,
        device=device,
        precision=precision,
        tokenizer=tokenizer,
        text_features=packaged_text_features(folder),
    )


class _TokenizerAtNeed:
    """Implements SpeechTokenizer; its extractor is large, and most workers never need it.

    That it is the one of the voice is looked at when it is opened: a voice that was trained with
    another one still speaks, without the manner of a recording.
    """

    def __init__(self, root: Path, expected: str) -> None:
        self._root, self._expected = root, expected

    @property
    def sha256(self) -> str:
        return self._expected

    @property
    def codes(self) -> int:
        return self._opened.codes

    def encode(self, waves: Sequence[Wave]) -> list[Tokens]:
        return self._opened.encode(waves)

    def encode_prompt(self, wave: Wave) -> Tokens:
        return self._opened.encode_prompt(wave)

    @cached_property
    def _opened(self) -> SpeechTokenizer:
        from voxgate.wiring.checkout import Checkout
        from voxgate.wiring.featurizers import build_speech_tokenizer

        checkout = Checkout.open(self._root)
        opened = build_speech_tokenizer(
            checkout.params.featurize, checkout.settings, base_dir=checkout.workspace.base_dir
        )
        if opened.sha256 != self._expected:
            raise WeightsError(
                f"the voice was trained with the tokenizer {self._expected}, this checkout has "
                f"{opened.sha256}: a recording's text cannot be followed. Enrol the speaker "
                "without --text, or serve from the checkout of the voice."
            )
        return opened

"""Parameters of `voxgate corpus import`: how a long recording becomes utterances."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from voxgate.params.evaluate import RecogniserWindow
from voxgate.params.section import Section

__all__ = ["CutParams"]


class CutParams(Section):
    """Bounds of cutting, transcribing and doubting. Sources: docs/cutting.md."""

    recogniser: str
    """Name of the evaluator (in `evaluate.evaluators`) that transcribes."""

    recogniser_windows_s: list[RecogniserWindow] = Field(min_length=1)
    """Encoder windows of the second pass, which hears each utterance alone."""

    recogniser_margin_s: float = Field(ge=0)

    # speech
    min_speech_probability: float = Field(gt=0, lt=1)
    min_speech_s: float = Field(gt=0)
    """Shorter sounds that look like speech are no speech."""

    min_pause_s: float = Field(gt=0)
    """Silence at which an utterance may end."""

    max_pause_s: float = Field(gt=0)
    """Silence that always ends an utterance."""

    # utterances
    min_utterance_s: float = Field(gt=0)
    max_utterance_s: float = Field(gt=0, le=30)
    edge_room_s: float = Field(ge=0)
    """What is left before the first and after the last word, where there is room."""

    # one speaker
    speaker_window_s: float = Field(gt=0)
    speaker_hop_s: float = Field(gt=0)
    min_speaker_cosine: float = Field(ge=-1, le=1)
    """Windows below it, held against the speaker, are somebody else's."""

    min_voice_cosine: float = Field(ge=-1, le=1)
    """Windows that are less alike on average are of two voices."""

    min_enrolled_cosine: float = Field(ge=-1, le=1)
    """Below it nobody in a recording is surely the enrolled speaker."""

    # doubts
    max_pass_wer: float = Field(ge=0)
    """Share of words in which two passes of the recogniser may differ."""

    min_log_probability: float = Field(le=0)
    max_no_speech_probability: float = Field(gt=0, le=1)
    min_language_probability: float = Field(ge=0, le=1)
    max_repeats: int = Field(ge=1)
    """How often a run of words may follow itself."""

    aligner: str | None
    """Folder of `base/` whose S1 places the words a second time; null: nothing does."""

    max_aligners_apart_s: float = Field(gt=0)
    """How much sound may lie between the places where two aligners see an edge of a word."""

    min_word_probability: float = Field(ge=0, lt=1)
    """The recogniser's own of each word of a text that is forced onto the audio."""

    min_stretch_probability: float = Field(ge=0, lt=1)
    """The second aligner's of each third of a second, against the phone that would suit best."""

    # cleaning
    clean: list[Literal["dc", "clicks", "hum", "noise"]]
    """What is taken out of clips that are no worse without it: docs/cutting.md."""

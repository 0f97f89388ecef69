"""Sizes of the networks: one frozen record a preset, and nothing else decides a shape.

The numbers of v1, v2, v2Pro and v2ProPlus are those of the public checkpoints; `mini` keeps their
layout at a size that two CPU cores can train, with a cheaper way from frames to samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

__all__ = [
    "MINI",
    "MINI_AR",
    "PRESETS",
    "V1",
    "V2",
    "V2PRO",
    "V2PROPLUS",
    "DurationPreset",
    "FlowVocoderPreset",
    "Preset",
    "SourceFilterPreset",
    "SynthesizerPreset",
    "TextToSemanticPreset",
    "preset",
]


@dataclass(frozen=True, kw_only=True)
class TextToSemanticPreset:
    """Sizes of S1, the transformer from phones to semantic tokens."""

    phones: int
    """Rows of the phone embedding."""

    codes: int
    """Semantic codes; the end-of-speech token has the id `codes`."""

    bert_channels: int
    """Width of the text features that are added to the phones; 0 leaves the input out."""

    width: int
    heads: int
    layers: int
    feed_forward: int
    dropout: float = 0.1

    @property
    def end_token(self) -> int:
        """Id of the end-of-speech token."""
        return self.codes


@dataclass(frozen=True, kw_only=True)
class DurationPreset:
    """Sizes of `mini`'s other S1: durations, then all codes at once (duration_text_to_semantic)."""

    phones: int
    codes: int
    width: int = 192
    feed_forward: int = 512
    heads: int = 2
    text_layers: int = 3
    frame_layers: int = 3
    kernel: int = 3
    window: int = 4
    dropout: float = 0.0
    label_smoothing: float = 0.0
    emission_width: int = 96
    boundary: int = 95
    """Id of "_", which stands for the silence at both ends."""

    mean_rate: float = 1.4
    """ln of the average number of frames a phone, so that the rate's input is centred."""


@dataclass(frozen=True, kw_only=True)
class FlowVocoderPreset:
    """Sizes of the posterior, the flow and the upsampling vocoder of the public checkpoints."""

    latent: int = 192
    posterior_layers: int = 16
    flow_layers: int = 4
    upsample_rates: tuple[int, ...] = (10, 8, 2, 2, 2)
    upsample_kernels: tuple[int, ...] = (16, 16, 8, 2, 2)
    upsample_width: int = 512
    resblock_kernels: tuple[int, ...] = (3, 7, 11)
    resblock_dilations: tuple[int, ...] = (1, 3, 5)
    periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    """Periods of the discriminators that train it."""

    discriminator_width: int = 1024
    """Channels of their widest layers, a multiple of 64; the other layers are fractions of it."""


@dataclass(frozen=True, kw_only=True)
class SourceFilterPreset:
    """Sizes of `mini`'s wave decoder: frames → mel, pitch → filtered source (wave_decoder.py)."""

    latent: int = 96
    """Half the channels that the prior hands over; there is no distribution."""

    acoustic_width: int = 256
    acoustic_layers: int = 4
    acoustic_expansion: int = 2
    vocoder_width: int = 192
    vocoder_layers: int = 4
    vocoder_expansion: int = 3
    mels: int = 80
    fine_hop: int = 160
    """Samples a fine frame: the rate of mel, pitch and filter; divides the spectrogram's hop."""

    filter_fft: int = 640
    min_pitch_hz: float = 60.0
    max_pitch_hz: float = 500.0


@dataclass(frozen=True, kw_only=True)
class SynthesizerPreset:
    """Sizes of S2, the synthesizer from semantic tokens, phones and a reference to a wave."""

    phones: int
    codes: int = 1024
    code_channels: int = 768
    """Width of a code vector: what `ssl_proj` makes of the features."""

    ssl_channels: int = 768
    """Width of the frozen extractor's features, 50 frames a second."""

    spectrogram_bins: int = 1025
    reference_bins: int = 704
    """The reference encoder sees the first so many bins of the linear spectrogram."""

    hidden: int = 192
    feed_forward: int = 768
    heads: int = 2
    kernel: int = 3
    dropout: float = 0.1
    text_layers: int = 6
    ssl_layers: int = 3
    fused_layers: int = 3
    window: int = 4
    """Relative positions reach so many frames to each side."""

    cross_width: int = 512
    """Width of the cross-attention of tokens and text, and of the timbre vector added to it."""

    cross_heads: int = 4
    alignment_reach: int = 2
    """Where the alignment is given, a frame reads so many phones to each side of its own."""

    reference_hidden: int = 128
    timbre: int = 512
    """Width of the timbre vector ("ge"); unless equal to `cross_width` it is projected to it."""

    speaker_vector: int = 0
    """Width of a speaker-verification vector added to the timbre (Pro); 0 leaves it out."""

    segment_frames: int = 32
    """Frames of 50 Hz that one training step decodes to samples, per item."""

    reference_frames: int = 0
    """Training takes the timbre from a random window of so many frames; 0: the whole item."""

    null_phone: int = 95
    """Id of "_", which stands for "no text" where text is dropped in training."""

    text_dropout: float = 0.0
    """Share of training items whose text is replaced by one `null_phone`."""

    alignment_dropout: float = 0.0
    """Share of training items that read their text without its alignment."""

    wave: FlowVocoderPreset | SourceFilterPreset = field(default_factory=FlowVocoderPreset)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One complete voice model: signal format and the sizes of both networks."""

    name: str
    symbols: str
    """Which phone table of SYMBOLS.json the ids index: "v1" or "v2"."""

    sample_rate_hz: int
    n_fft: int
    hop: int
    """Samples a spectrogram frame; 50 frames a second in every preset."""

    text_to_semantic: TextToSemanticPreset | DurationPreset
    synthesizer: SynthesizerPreset
    mels: int = 128
    """Bands of the mel spectrogram that the losses compare."""

    tokens_per_s: float = 25.0
    frames_per_token: int = 2

    @property
    def samples_per_token(self) -> int:
        """Samples that one semantic token becomes."""
        return self.hop * self.frames_per_token

    @property
    def spectrogram_bins(self) -> int:
        """Rows of the linear spectrogram."""
        return self.n_fft // 2 + 1

    @property
    def text_channels(self) -> int:
        """Width of the text features that S1 reads beside the phones; 0: it reads none."""
        s1 = self.text_to_semantic
        return s1.bert_channels if isinstance(s1, TextToSemanticPreset) else 0

    @property
    def has_flow(self) -> bool:
        """Whether S2 is that of the public checkpoints, trained against discriminators."""
        return isinstance(self.synthesizer.wave, FlowVocoderPreset)

    @property
    def flow_vocoder(self) -> FlowVocoderPreset:
        """Sizes of S2's way from frames to samples, if it has a flow.

        Raises:
            TypeError: it has none.
        """
        wave = self.synthesizer.wave
        if not isinstance(wave, FlowVocoderPreset):
            raise TypeError(f"preset {self.name} has no flow and vocoder")
        return wave

    @property
    def source_filter(self) -> SourceFilterPreset:
        """Sizes of S2's way from frames to samples, if it filters a source.

        Raises:
            TypeError: it does not.
        """
        wave = self.synthesizer.wave
        if not isinstance(wave, SourceFilterPreset):
            raise TypeError(f"preset {self.name} has no source-filter decoder")
        return wave


_S1_FULL = TextToSemanticPreset(
    phones=732, codes=1024, bert_channels=1024, width=512, heads=16, layers=24, feed_forward=2048
)
_S2_V2 = SynthesizerPreset(phones=732)
_S2_PRO = replace(
    _S2_V2,
    dropout=0.0,
    timbre=1024,
    speaker_vector=20480,
    wave=FlowVocoderPreset(periods=(2, 3, 5, 7, 11, 17, 23)),
)

V2 = Preset(
    name="v2",
    symbols="v2",
    sample_rate_hz=32000,
    n_fft=2048,
    hop=640,
    text_to_semantic=_S1_FULL,
    synthesizer=_S2_V2,
)
V1 = replace(
    V2,
    name="v1",
    symbols="v1",
    text_to_semantic=replace(_S1_FULL, phones=512),
    synthesizer=replace(_S2_V2, phones=322, reference_bins=1025),
)
V2PRO = replace(V2, name="v2Pro", synthesizer=_S2_PRO)
V2PROPLUS = replace(
    V2,
    name="v2ProPlus",
    synthesizer=replace(
        _S2_PRO,
        wave=FlowVocoderPreset(
            upsample_width=768,
            upsample_kernels=(20, 16, 8, 2, 2),
            periods=(2, 3, 5, 7, 11, 17, 23),
        ),
    ),
)
MINI = Preset(
    name="mini",
    symbols="v2",
    sample_rate_hz=16000,
    n_fft=1024,
    hop=320,
    mels=80,
    text_to_semantic=DurationPreset(phones=732, codes=512, dropout=0.1),
    synthesizer=SynthesizerPreset(
        phones=732,
        codes=512,
        ssl_channels=384,
        code_channels=64,
        spectrogram_bins=513,
        reference_bins=513,
        hidden=128,
        feed_forward=256,
        text_layers=2,
        ssl_layers=1,
        fused_layers=2,
        cross_width=192,
        timbre=192,
        dropout=0.0,  # random numbers for every attention weight cost a fifth of a CPU step
        segment_frames=50,
        reference_frames=150,
        text_dropout=0.1,
        alignment_dropout=0.1,
        wave=SourceFilterPreset(),
    ),
)

MINI_AR = replace(
    MINI,
    name="mini-ar",
    text_to_semantic=TextToSemanticPreset(
        phones=732, codes=512, bert_channels=0, width=256, heads=4, layers=6, feed_forward=1024
    ),
)
"""`mini` with the autoregressive S1 of the public checkpoints, at its size (docs/voice.md)."""

PRESETS: Mapping[str, Preset] = MappingProxyType(
    {each.name: each for each in (MINI, MINI_AR, V1, V2, V2PRO, V2PROPLUS)}
)


def preset(name: str) -> Preset:
    """Return the preset called `name`.

    Raises:
        ValueError: there is no such preset; the message lists those there are.
    """
    try:
        return PRESETS[name]
    except KeyError:
        known = ", ".join(PRESETS)
        raise ValueError(f"preset {name!r} is not known; choose one of: {known}") from None

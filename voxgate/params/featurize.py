"""Parameters of `featurize`: what the models are trained on."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["FeaturizeParams", "WeightsSource"]


class WeightsSource(Section):
    """A frozen network's weights."""

    source: str
    """A name of `voxgate weights list`, or a local folder."""

    sha256: str = Field(min_length=64, max_length=64)


class FeaturizeParams(Section):
    """Tokenizer, phoneme table and the held-out split."""

    speaker: str | None
    """Whose voice is trained; null where the corpus has one speaker."""

    symbols: str
    """Phoneme table: `v1` or `v2`."""

    lexicon: str | None
    """The user's own pronunciations: a folder under `data/` of files `lexicon.LANGUAGE.tsv`."""

    languages: list[str] = Field(default_factory=list)
    """Further languages that the voice may be asked for, beside those of its recordings."""

    tokenizer: str
    """The speech tokenizer: `<tokenizer>.safetensors` and `<tokenizer>.json` under `base/`."""

    tokenizer_sha256: str = Field(min_length=64, max_length=64)
    """Digest of both files: see voxgate.voice.speech_tokenizer.tokenizer_digest."""

    extractor: str
    """The frozen feature extractor's weights: a name (`whisper-tiny.en`) or a local folder."""

    extractor_sha256: str = Field(min_length=64, max_length=64)
    speaker_vectors: WeightsSource | None
    """The network behind the speaker vectors of v2Pro and v2ProPlus; other presets need none."""

    text_features_sha256: str | None = Field(default=None, min_length=64, max_length=64)
    """The imported BERT that tells public presets what a Chinese text means: the digest that
    `voxgate weights import` prints; presets and languages without such features need none."""

    validation_fraction: float = Field(gt=0, lt=0.5)
    """Share of clips that only measure the loss."""

    min_centroid_clip_s: float = Field(ge=1)
    """Shorter clips do not define the speaker; how many do is a matter of size (`sizes`)."""

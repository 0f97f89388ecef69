"""Parameters of `evaluate`: the instruments and the measurement."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from voxgate.params.section import Section

__all__ = ["EvaluateParams", "EvaluatorSource", "Precision", "RecogniserWindow", "SelfTestParams"]

_NAME_PARTS = 2

Precision = Literal["float32", "bfloat16"]
"""In which numbers the recogniser's encoder computes."""

RecogniserWindow = Annotated[int, Field(gt=0, le=30)]
"""Seconds; Whisper was trained on 30 and knows no position after that."""


class EvaluatorSource(Section):
    """One pinned instrument. Absent or different weights are a HOLD, never a fallback."""

    kind: Literal["whisper", "speechbrain"]
    source: str
    """A name of the asset catalogue (or the hub id that it knows it by), or a local folder."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    """Digest of the folder of weights; `voxgate weights list` prints it."""


class SelfTestParams(Section):
    """What the instruments must show on known clips before any of their numbers count."""

    max_known_wer: float = Field(gt=0, lt=1)
    """Corpus WER of the known clips against what they say."""

    min_wrong_wer: float = Field(gt=0)
    """Corpus WER of the same clips against what they do not say."""

    max_equal_error_rate: float = Field(ge=0, lt=0.5)
    """Of telling same-speaker pairs from different-speaker pairs."""

    min_separation: float = Field(gt=0)
    """Mean same-speaker cosine minus mean different-speaker cosine. Random weights give every pair
    nearly the same cosine."""


class EvaluateParams(Section):
    """How checkpoints are scored."""

    evaluators: dict[str, EvaluatorSource]
    transcriber: str
    recogniser_windows_s: list[RecogniserWindow] = Field(min_length=1)
    """Encoder windows of the transcriber to choose from; 30 s is always one of them."""

    recogniser_margin_s: float = Field(ge=0)
    """Silence that a window shorter than the longest must leave behind a sample."""

    precision: Precision
    """Of the transcriber's encoder; bfloat16 is refused on a machine without it."""

    speaker_encoder: str
    prompts: str | dict[str, str]
    """Prompt file under benchmark/; of a voice of several languages one for each, its own first."""

    select_seeds: int = Field(ge=1)
    gate_seeds: int = Field(ge=1)
    max_audio_ratio: float = Field(gt=1)
    """Audio is cut at this multiple of the expected duration; reaching it is a catastrophe."""

    max_tokens_per_second: float = Field(gt=0)
    """Cap on decoded text tokens per second of audio; reaching it is a catastrophe."""

    catastrophe_wer: float = Field(gt=0)
    min_duration_ratio: float = Field(ge=0)
    max_duration_ratio: float = Field(gt=1)
    wrong_language_probability: float = Field(gt=0, le=1)
    """Another language heard with at least this probability is a catastrophe."""

    similarity_floor: float
    """Below this a sample counts as another speaker."""

    reference_clips: int = Field(ge=20)
    """Real clips, beside the held-out ones, that show how alike the speaker is to herself."""

    held_out_clips: int = Field(default=500, ge=20)
    """Clips beside the speaker's centroid that were not trained on and are heard, at most; the
    share `featurize.validation_fraction` of 10,000 clips is that many."""

    self_test: SelfTestParams
    batch_size: int = Field(ge=1)
    threads: int = Field(ge=1)

    @property
    def prompt_files(self) -> dict[str, str]:
        """The prompt files by the languages that their names give, the voice's own first."""
        if isinstance(self.prompts, dict):
            return dict(self.prompts)
        return {_language_of(self.prompts): self.prompts}

    @property
    def language(self) -> str:
        """The language that is judged; of several the first, until one is chosen."""
        return next(iter(self.prompt_files))

    @property
    def prompt_file(self) -> str:
        """The prompt file of `language`."""
        return self.prompt_files[self.language]

    def in_language(self, language: str) -> EvaluateParams:
        """Return the parameters of one language of those that are judged.

        Raises:
            KeyError: it is not judged.
        """
        return self.model_copy(update={"prompts": self.prompt_files[language]})

    @model_validator(mode="after")
    def _files_are_named_by_language(self) -> Self:
        if self.prompts == {}:
            raise ValueError("prompts: expected a file, or one a language; got none")
        if isinstance(self.prompts, dict):
            for language, file in self.prompts.items():
                if _language_of(file) != language:
                    raise ValueError(
                        f"prompts: {language}: {file!r}: expected a name like "
                        f"prompts.{language}.jsonl, with the language"
                    )
        return self

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        self.require_kind("transcriber", self.transcriber, "whisper")
        self.require_kind("speaker_encoder", self.speaker_encoder, "speechbrain")
        return self

    def require_kind(self, role: str, name: str, kind: str) -> None:
        """Pass a role whose evaluator is there and can play it.

        Raises:
            ValueError: it is not in `evaluators`, or of another kind.
        """
        if name not in self.evaluators:
            known = ", ".join(sorted(self.evaluators))
            raise ValueError(f"{role} names {name!r}, which is not in evaluators ({known})")
        if (found := self.evaluators[name].kind) != kind:
            raise ValueError(f"{role} {name!r} is of kind {found!r}, expected {kind!r}")


def _language_of(file: str) -> str:
    """Return what stands before the last ending of a file name; a file of none names no language.

    The reader of the file says so (`voxgate.evaluation.benchmark.prompts_language`).
    """
    parts = file.split(".")
    return parts[-2] if len(parts) > _NAME_PARTS else ""

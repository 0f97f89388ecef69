"""Parameters of measuring speaker profiles."""

from __future__ import annotations

from pydantic import Field

from voxgate.params.section import Section

__all__ = ["SpeakersParams"]


class SpeakersParams(Section):
    """How profiles are measured, and what they must reach. Sources: docs/speakers.md."""

    prompts: int = Field(ge=5)
    """How many gate prompts are spoken as a profile, one seed each."""

    min_similarity: float = Field(ge=-1, le=1)
    """Floor: median similarity of the samples to the enrolled reference. Below it a profile is
    poor; where it surely is, it is not spoken with."""

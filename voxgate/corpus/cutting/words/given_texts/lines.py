"""What every format of transcripts becomes: lines of text, some with times."""

from __future__ import annotations

from dataclasses import dataclass

from voxgate.text.spaceless import split_words

__all__ = ["GivenLine", "GivenTranscript"]


@dataclass(frozen=True, kw_only=True)
class GivenLine:
    """A line of a transcript; `number` is its line in the file, times are in seconds."""

    number: int
    text: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class GivenTranscript:
    """What somebody wrote down of a recording, in the order in which it is said.

    `name` is the file's, `format` one of `plain`, `srt`, `vtt`, `textgrid`, `audacity`.
    """

    name: str
    format: str
    lines: tuple[GivenLine, ...]

    @property
    def words(self) -> list[str]:
        """All words, as they are written."""
        return [word for line in self.lines for word in split_words(line.text)]

    @property
    def end_s(self) -> float | None:
        """Where the last line ends, or None where lines have no times."""
        ends = [line.end_s for line in self.lines if line.end_s is not None]
        return max(ends, default=None)

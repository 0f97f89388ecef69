"""How speech is to be delivered, whatever dialect it was asked for in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voxgate.audio.encoding import EncodingName

__all__ = ["Output"]


@dataclass(frozen=True, kw_only=True)
class Output:
    """An encoding, its rate (None is the voice's), and whether it comes whole.

    `audio` is a stream of the encoding's bytes, `sse` the same as events, `whole` a file with true
    sizes. `headers` are told beside the usual ones.
    """

    encoding: EncodingName
    rate_hz: int | None = None
    shape: Literal["audio", "sse", "whole"] = "audio"
    headers: Mapping[str, str] = field(default_factory=dict)

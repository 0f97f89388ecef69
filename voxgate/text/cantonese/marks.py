"""Fold the marks of Chinese writing onto the six that the voices know."""

from __future__ import annotations

import re

__all__ = ["tidy"]

_FOLDS = str.maketrans(
    {
        "\n": ".",
        "。": ".",
        **dict.fromkeys("，、；;：:·・‧|/", ","),
        "！": "!",
        "？": "?",
        **dict.fromkeys("‥⋯～~", "…"),
        **dict.fromkeys("—–―", "-"),
        **dict.fromkeys("「」『』《》〈〉【】〔〕〖〗﹁﹂“”„‘’‚〝〞«»‹›()[]\"'`_\\ ", ""),
    }
)
"""Brackets and quotation marks are not heard, nor are spaces."""

_DOTS = re.compile(r"\.{3,}|。{3,}")
_RUN = re.compile("([,.!?…-])[,.!?…-]+")


def tidy(text: str) -> str:
    """Return `text` with `, . ! ? … -` for all marks, and of several in a row the first."""
    return _RUN.sub(r"\1", _DOTS.sub("…", text).translate(_FOLDS))

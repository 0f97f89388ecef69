"""Names and words that people give: what the register keeps, and a reader can trust."""

from __future__ import annotations

from voxgate.corpus.manifest import SPEAKER_ID
from voxgate.errors import ProfileStateError
from voxgate.excerpts import excerpt
from voxgate.printable import describe_character, find_unprintable
from voxgate.speakers.profiles import ProfileInputs
from voxgate.speakers.register import Register

__all__ = ["MAX_TEXT", "input_faults", "require_words"]

MAX_TEXT = 500
_MAX_NAME = 100
_MAX_REASON = 500


def require_words(by: str, reason: str) -> None:
    """Stop a decision without a name or a reason.

    Raises:
        ProfileStateError: one of them is empty, too long, or not one line of printable text.
    """
    for option, text, limit in (("--by", by, _MAX_NAME), ("--reason", reason, _MAX_REASON)):
        if fault := _line_fault(text, limit):
            raise ProfileStateError(f"{option}: {fault}; the register keeps who decided, and why")


def input_faults(register: Register, inputs: ProfileInputs) -> list[str]:
    """Say what is wrong with name, speaker and text of a version that is to be enrolled."""
    faults = [
        f"{what}: expected 1 to 64 of the letters A to Z, digits, '_' and '-', got {excerpt(name)}"
        for what, name in (("name", inputs.name), ("speaker", inputs.speaker_id))
        if not SPEAKER_ID.fullmatch(name)
    ]
    folded = inputs.name.casefold()
    other = next((name for name in register.profiles if name.casefold() == folded), inputs.name)
    if other != inputs.name:
        faults.append(f"name: differs from the profile {other} in letter case only")
    text_fault = None if inputs.text is None else _line_fault(inputs.text, MAX_TEXT)
    return faults if text_fault is None else [*faults, f"text: {text_fault}"]


def _line_fault(text: str, limit: int) -> str | None:
    if not text.strip():
        return "expected words, got none"
    if len(text) > limit:
        return f"expected at most {limit} characters, got {len(text)}"
    hidden = find_unprintable(text)
    if hidden is not None:
        return f"expected one line of printable text, got {describe_character(hidden)}"
    return None

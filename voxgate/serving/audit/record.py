"""Who had what said, by which version, with which consent: one record an answer.

The text that was said is named by a keyed digest; a plain one would let anybody try names against
it. The text itself is kept only where the caller's key allows that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from voxgate.errors import LedgerTamperedError, SpeechRequestError
from voxgate.files import canonical_json
from voxgate.hash_chain import time_text
from voxgate.printable import describe_character, find_unprintable

__all__ = ["Outcome", "SpeechRecord", "kept_text", "keyed_text_digest"]

_SCHEMA = 1
_PROGRESS = ("sentences", "duration_s", "pcm_sha256")
_LONGEST_NAME = 200
_SHORTEST_KEY = 16


class Outcome(StrEnum):
    """How speech ended that had begun."""

    COMPLETE = "complete"
    LEFT = "left"
    """The caller went away; `sentences` is how far it came."""

    FAILED = "failed"
    """It broke off; the caller was told."""

    DIED = "died"
    """Its end was never written, since the server died: what is recorded was handed out at most."""


@dataclass(frozen=True, kw_only=True)
class SpeechRecord:
    """One answer of the speech service; never changed once it is written.

    `profile` is `name@version` and `consent_digest` the consent that was held against the use; both
    are None where the voice's own reference speaks. `sentences`, `duration_s` and `pcm_sha256` are
    of what was handed out, the digest over the PCM16 of the sentences in their order (None: none
    was). Of an answer that died, the last of these sentences may have been heard in part or not at
    all, and `finished_at` is when it was to leave. `text_hmac` is `keyed_text_digest`; `text` is
    the text itself where the caller's key allows that, else None.

    Raises:
        SpeechRequestError: a name holds what does not print, or is endless; it would hide others in
            a list.
    """

    request_id: str
    trace_id: str
    key_id: str
    purpose: str
    model: str
    version: int
    voice_digest: str
    profile: str | None
    consent_digest: str | None
    preset: str
    preset_digest: str
    seed: int
    lane: str
    cache: str
    outcome: Outcome
    sentences: int
    duration_s: float
    pcm_sha256: str | None
    text_hmac: str
    text: str | None
    started_at: datetime
    finished_at: datetime

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name != "text" and isinstance(value, str):
                _require_name(name, value)

    def content(self) -> str:
        """Return the record as the one text that is stored and digested."""
        times = {name: time_text(getattr(self, name)) for name in ("started_at", "finished_at")}
        return canonical_json({"schema": _SCHEMA, **asdict(self), **times})

    def progress(self) -> str:
        """Return what a further sentence changes, as a part of `content`."""
        handed_out = {name: getattr(self, name) for name in _PROGRESS}
        return canonical_json({**handed_out, "finished_at": time_text(self.finished_at)})

    @staticmethod
    def parse(content: str) -> SpeechRecord:
        """Read a record from its text.

        Raises:
            LedgerTamperedError: it is none that voxgate writes.
        """
        try:
            values: dict[str, Any] = json.loads(content)
            if values.pop("schema") != _SCHEMA:
                raise ValueError("another schema")  # noqa: TRY301  # one message for all of them
            for name in ("started_at", "finished_at"):
                values[name] = datetime.fromisoformat(values[name])
            return SpeechRecord(**{**values, "outcome": Outcome(values["outcome"])})
        except (AttributeError, KeyError, TypeError, ValueError, SpeechRequestError) as error:
            raise LedgerTamperedError(
                f"a record of the speech audit is none that this voxgate writes "
                f"({type(error).__name__}: {error}). Update voxgate, or restore from a backup."
            ) from error


def keyed_text_digest(text: str, key: bytes) -> str:
    """Return the HMAC-SHA256 of a text in hex: equal texts are equal, for who has the key.

    Raises:
        ValueError: the key is shorter than 16 bytes.
    """
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f"expected a key of {_SHORTEST_KEY} bytes or more, got {len(key)}")
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def kept_text(text: str, *, allowed: bool) -> str | None:
    """Return the text that goes into a record: None unless the caller's key allows it.

    Half a surrogate pair, which JSON can hold and UTF-8 cannot, is kept as its escape.
    """
    return text.encode("utf-8", "backslashreplace").decode() if allowed else None


def _require_name(name: str, value: str) -> None:
    hidden = find_unprintable(value)
    if hidden is not None:
        what = f"{name}: {describe_character(hidden)} does not belong into a name"
        raise SpeechRequestError(name, "unprintable", what)
    if len(value) > _LONGEST_NAME:
        what = f"{name}: {len(value)} characters, at most {_LONGEST_NAME} are kept"
        raise SpeechRequestError(name, "too_long", what)

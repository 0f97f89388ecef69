"""Who had what said, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

__all__ = ["describe_speech", "describe_speech_chain"]


def describe_speech(records: Sequence[dict[str, Any]]) -> str:
    """Return a few lines a record: when and who, what it was made with, what came out."""
    return "\n".join(line for record in records for line in _lines(record)) or "nothing was found"


def describe_speech_chain(result: dict[str, Any]) -> str:
    """Return what was verified, and the head to remember."""
    beside = ", ".join(result["compared_with"]) or "no remembered head"
    lost = f", {result['dropped']} lines that were not whole" if result["dropped"] else ""
    return (
        f"verified: {result['records']} records in {result['batches']} batches{lost}, "
        f"head {result['head']}, compared with {beside}"
    )


def _lines(record: dict[str, Any]) -> list[str]:
    started = datetime.fromisoformat(record["started_at"]).astimezone(UTC)
    # The server died before the end was written: nobody knows how far the caller heard it.
    bound = "at most " if record["outcome"] == "died" else ""
    said = f"{record['text']!r}" if record["text"] is not None else "not kept"
    return [
        f"{started:%Y-%m-%d %H:%M:%S} UTC  {record['request_id']}  by key {record['key_id']} "
        f"for {record['purpose']}: {record['outcome']}, {bound}{record['sentences']} sentences, "
        f"{record['duration_s']:.2f} s",
        f"  voice      {record['model']}@{record['version']}  {record['voice_digest']}",
        f"  profile    {record['profile'] or 'the reference of the voice'}, "
        f"consent {record['consent_digest'] or 'as the version was released'}",
        f"  preset     {record['preset']}  {record['preset_digest']}  seed {record['seed']}",
        f"  way        lane {record['lane']}, cache {record['cache']}, trace {record['trace_id']}",
        f"  text       {said}  (keyed digest {record['text_hmac']})",
        f"  audio      {record['pcm_sha256'] or 'none was handed out'}",
        f"  sealed     batch {record['batch']}, record {record['number']}",
    ]

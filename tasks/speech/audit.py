"""`audit speech`: who had what said, by which version, with which consent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tasks.heads import heads_outside
from tasks.moments import parse_moment
from voxgate.errors import ConfigError
from voxgate.serving.audit.chain import SpeechQuery
from voxgate.settings import load_settings
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor
from voxgate.wiring.speech_audit import open_speech_audit

__all__ = ["find_speech", "verify_speech"]


def find_speech(
    root: Path,
    *,
    request_id: str | None = None,
    version: int | None = None,
    profile: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """Return the records that are asked for, oldest first, as JSON values.

    `since` and `until` are ISO times, UTC where they name no zone; `profile` is `name@version`, or
    a name for all versions of it. Of more than `limit` records the newest are returned.

    Raises:
        ConfigError: nothing is asked for, or a time is none.
        LedgerTamperedError: a batch that a record comes from is not what was appended.
    """
    asked = (request_id, version, profile, since, until)
    if all(value is None for value in asked):
        raise ConfigError(
            "audit speech",
            ["nothing is asked for: name --request, --version, --profile, --since or --until"],
        )
    query = SpeechQuery(
        request_id=request_id,
        version=version,
        profile=profile,
        since=None if since is None else parse_moment("--since", since),
        until=None if until is None else parse_moment("--until", until),
        limit=limit,
    )
    found = open_speech_audit(load_settings(), root).find(query)
    return [
        {"batch": entry.batch, "number": entry.number, **json.loads(entry.record.content())}
        for entry in found
    ]


def verify_speech(root: Path, head: str | None) -> dict[str, Any]:
    """Check every batch and record, and the chain against the heads that are remembered outside.

    Those are `head`, and the last one that this checkout saw.

    Raises:
        ConfigError: `head` is not SEQUENCE:SHA256.
        LedgerTamperedError: something is not what was appended.
    """
    settings = load_settings()
    heads = heads_outside(head, open_anchor(Workspace(root), settings, "speech"))
    audit = open_speech_audit(settings, root)
    last = audit.verify(heads.values())
    rows = audit.rows()
    return {
        "batches": len(rows),
        "records": sum(row.records for row in rows),
        "dropped": sum(row.dropped for row in rows),
        "head": None if last is None else last.head,
        "compared_with": list(heads),
    }

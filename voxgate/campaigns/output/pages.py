"""The report as a page and as Markdown. Both escape whatever somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxgate.campaigns.records import CampaignState
from voxgate.files import canonical_json
from voxgate.reporting.environment import open_templates

__all__ = ["render_markdown", "render_page"]

_MINUTES_FROM_S = 120
_HOURS_FROM_S = 7200
_DIGEST_LENGTH = 64
_COLOURS = {
    CampaignState.FINISHED: "PASS",
    CampaignState.STOPPED: "FAIL",
    CampaignState.RECALLED: "FAIL",
    CampaignState.CANCELLED: "INCONCLUSIVE",
    CampaignState.EXPIRED: "INCONCLUSIVE",
}
_CELL_COLOURS = {
    "stored": "PASS",
    "failed": "FAIL",
    "recalled": "FAIL",
    "needs_review": "INCONCLUSIVE",
    "expired": "INCONCLUSIVE",
    "cancelled": "INCONCLUSIVE",
}


def render_page(report: Mapping[str, Any], audio: Mapping[str, bytes]) -> str:
    """Return the report as one HTML file; `audio` is FLAC by asset id, to be heard in it."""
    return _render("report.html.j2", report, audio=audio)


def render_markdown(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown."""
    return _render("report.md.j2", report)


def _render(name: str, report: Mapping[str, Any], **more: Any) -> str:
    template = open_templates("voxgate.campaigns.output").get_template(name)
    return template.render(
        r=report,
        colour=_COLOURS.get(CampaignState(report["state"]), "HOLD"),
        cell_colours=_CELL_COLOURS,
        words=_words,
        length=_length,
        facts=_facts,
        clock=_clock,
        **more,
    )


def _words(code: str) -> str:
    """Return a code as people read it."""
    return code.replace("_", " ")


def _clock(time: str) -> str:
    """Return a time of the report, which is UTC, as people read it."""
    return f"{time[:10]} {time[11:19]} UTC"


def _length(seconds: float) -> str:
    """Return a time in the unit in which it is a number that people see.

    >>> [_length(9.46), _length(754), _length(90_000)]
    ['9.5 s', '12.6 minutes', '25.0 hours']
    """
    if seconds < _MINUTES_FROM_S:
        return f"{seconds:.1f} s"
    if seconds < _HOURS_FROM_S:
        return f"{seconds / 60:.1f} minutes"
    return f"{seconds / 3600:.1f} hours"


def _facts(facts: Mapping[str, Any]) -> str:
    """Return the facts of an event on one line; digests by their beginning."""
    texts = {
        name: value if isinstance(value, str) else canonical_json(value)
        for name, value in facts.items()
        if value not in (None, "")
    }
    return ", ".join(
        f"{_words(name)} {text[:12] if len(text) == _DIGEST_LENGTH else text}"
        for name, text in texts.items()
    )

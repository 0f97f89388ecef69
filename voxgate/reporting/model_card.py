"""The model card of a version, in Markdown, from the same source as the page."""

from __future__ import annotations

from typing import Any

from voxgate.evaluation.evidence import Evidence
from voxgate.gate.bundle import Bundle
from voxgate.gate.verdict import judge
from voxgate.reporting.document import Surroundings
from voxgate.reporting.environment import open_templates
from voxgate.reporting.figures import find_figures, voices
from voxgate.reporting.numbers import bounds, plain

__all__ = ["MAX_DESCRIPTION", "describe_version", "render_card"]

MAX_DESCRIPTION = 4000
"""Characters; MLflow's column for the description of a version holds 5000."""

_USES = {
    "evaluation": "measuring and comparing voices; nobody outside the project hears it",
    "internal": "use inside the organisation; it is not published",
    "publication": "any use that the licence of the recordings allows, publication included",
}
_ROLES = ("transcriber", "speaker_encoder", "quality_predictor", "normaliser")


def render_card(bundle: Bundle, around: Surroundings) -> str:
    """Return the card; the same bundle and surroundings give the same bytes."""
    case = bundle.case
    verdict = judge(case)
    own = verdict.languages.get(case.challenger.language, verdict)
    figures, silent = find_figures(case, own)
    return open_templates().get_template("model_card.md.j2").render(
        case=case,
        verdict=verdict,
        bundle=bundle,
        around=around,
        subjects=list(voices(case)),
        figures=figures,
        silent=silent,
        use=_USES.get(str(verdict.consent_scope), "none: the consent of the speaker is unknown"),
        instruments=_instruments(case.challenger),
        classes=sorted({row.prompt_class for row in case.challenger.rows}),
        bounds=bounds,
        plain=plain,
    )  # fmt: skip


def describe_version(card: str) -> str:
    """Return the card as the description of a version, cut between lines at `MAX_DESCRIPTION`."""
    if len(card) <= MAX_DESCRIPTION:
        return card
    note = "\n\nThe rest is in the artifact report/model_card.md of the run.\n"
    return card[: MAX_DESCRIPTION - len(note)].rpartition("\n")[0] + note


def _instruments(evidence: Evidence) -> list[tuple[str, str]]:
    """Return who judged, by role: everything in the protocol that has a name."""
    named = {role: value for role, value in evidence.protocol.items() if isinstance(value, dict)}
    ordered = sorted(named, key=lambda role: (role not in _ROLES, role))
    return [
        (role.replace("_", " "), _identity(named[role]))
        for role in ordered
        if "name" in named[role]
    ]


def _identity(instrument: dict[str, Any]) -> str:
    digest = instrument.get("weights_sha256") or instrument.get("fingerprint")
    return f"{instrument['name']}" + (f" ({str(digest)[:12]})" if digest else "")

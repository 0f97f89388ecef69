"""The verdict for people; a pure function of the case, so that it can be recomputed anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voxgate.evaluation.summary import summarise
from voxgate.evaluation.unit_report import say_tones, say_unit
from voxgate.gate.criterion import Criterion
from voxgate.gate.small_data import describe_data
from voxgate.gate.sound_report import sound_rows
from voxgate.gate.standing import describe_standing
from voxgate.gate.verdict import GOLD, Case, Verdict
from voxgate.text.counting_units import CountingUnit

__all__ = ["render_verdict"]

_BESIDE_GOLD = (
    "Beside gold a difference beyond its margin passes where the voice is surely no farther from "
    "the speaker's recordings than gold is; the criterion then says so."
)
_FIGURES = (
    ("similarity", "mean similarity"),
    ("share_below_floor", "share of samples below the similarity floor"),
    ("catastrophe_rate", "share of prompts with a catastrophe"),
)


def render_verdict(case: Case, verdict: Verdict) -> str:
    """Return the report in Markdown; of several languages one after the other, each whole."""
    if not verdict.languages:
        return _render_language(case, verdict, verdict.ruling.value)
    cases = {case.challenger.language: case, **case.further}
    rows = [
        (
            language,
            found.ruling.value,
            cases[language].challenger.unit.rate,
            _plain((found.figures or {}).get("wer", {}).get("point")),
            " and ".join(found.rivals) or "the floors alone",
        )
        for language, found in verdict.languages.items()
    ]
    head = [
        f"# {verdict.ruling.value}",
        "The voice passes only where it passes in every language that it speaks.",
        _table(("language", "verdict", "rate of errors", "measured", "against"), rows),
        "## Reasons",
        _reasons(verdict.reasons),
    ]
    parts = [
        _render_language(cases[language], found, f"{language}: {found.ruling.value}")
        for language, found in verdict.languages.items()
    ]
    return "\n\n".join(head) + "\n\n" + "\n".join(parts)


def _render_language(case: Case, verdict: Verdict, title: str) -> str:
    sections = [
        f"# {title}",
        _summary(case, verdict),
        "## Reasons",
        _reasons(verdict.reasons),
        "## Figures",
        _figures(case, verdict),
        "## Sound",
        _sound(case, verdict),
        "## Every criterion",
        _criteria(verdict.criteria),
        "## Provenance",
        _provenance(case),
    ]
    return "\n\n".join(sections) + "\n"


def _summary(case: Case, verdict: Verdict) -> str:
    versus = " and ".join(verdict.rivals) or "the floors alone: there is no champion"
    lines = [
        f"- checkpoint {case.challenger.model.get('checkpoint')} against {versus}",
        f"- consent scope **{verdict.consent_scope}**",
        f"- look {verdict.look} of {case.thresholds.max_looks}, each bound one-sided at "
        f"{100 * case.thresholds.confidence_at_look:.4g} %",
        f"- candidate {case.thresholds.candidate} against this champion on this benchmark, first "
        f"looked at on block {case.thresholds.first_block} of its prompts",
        "- approval by a person: "
        + ("**needed**" if verdict.needs_approval_by_person else "not needed by this verdict"),
    ]
    lines += describe_data(case.challenger)
    lines += describe_standing(case.standing)
    if verdict.advice is not None:
        lines.append(f"- next: {verdict.advice.action}: {verdict.advice.message}")
    return "\n".join(lines)


def _reasons(reasons: Sequence[Criterion]) -> str:
    if not reasons:
        return "Every criterion was met."
    return "\n".join(f"- {c.ruling.value} `{c.code}` ({c.subject}): {c.message}" for c in reasons)


def _figures(case: Case, verdict: Verdict) -> str:
    if verdict.figures is None:
        return "None was computed: the evidence cannot be trusted."
    ceiling, floor = case.challenger.ceiling, case.challenger.impostor_floor
    beside = {
        "wer": f"real recordings {_plain(ceiling.get('wer'))}",
        "cer": f"real recordings {_plain(ceiling.get('cer'))}",
        "similarity": f"real recordings {_plain(ceiling.get('similarity'))}, other speakers "
        f"{_plain(floor.get('similarity'))}",
    }
    rows = [
        (title, _plain(value["point"]), f"[{_plain(value['low'])}, {_plain(value['high'])}]",
         beside.get(name, "-"))
        for name, title in (*_rates(case.challenger.unit), *_FIGURES)
        for value in [verdict.figures[name]]
    ]  # fmt: skip
    counts = f"{verdict.figures['samples']} samples of {verdict.figures['prompts']} prompts; "
    tail = f"5th percentile of similarity {_plain(verdict.figures['similarity_p5'])}."
    table = _table(("figure", "measured", "bounds", "beside it"), rows)
    evidence = case.challenger
    said = (
        say_unit(evidence),
        say_tones(summarise(evidence.rows), evidence.ceiling, evidence.unit),
    )
    return "\n\n".join([table, f"{counts}{tail}", *filter(None, said)])


def _rates(unit: CountingUnit) -> list[tuple[str, str]]:
    rates = [("wer", f"{unit.rate} (corpus)")]
    return rates if unit.written is None else [*rates, ("cer", f"{unit.written} (corpus)")]


def _sound(case: Case, verdict: Verdict) -> str:
    if verdict.figures is None:
        return "None was computed: the evidence cannot be trusted."
    header, *rows = sound_rows(case, verdict)
    if GOLD not in case.rivals:
        return _table(header, rows)
    return f"{_table(header, rows)}\n\n{_BESIDE_GOLD}"


def _criteria(criteria: Sequence[Criterion]) -> str:
    rows = [(c.ruling.value, f"`{c.code}`", c.subject, c.message) for c in criteria]
    return _table(("ruling", "code", "subject", "finding"), rows)


def _provenance(case: Case) -> str:
    rows = [_origin("challenger", case.challenger.model, case.challenger.protocol_digest)]
    rows += [
        _origin(name, rival.model, rival.protocol_digest)
        for name, rival in sorted(case.rivals.items())
    ]
    calibrated = "absent" if case.calibration is None else f"{case.calibration.runs} A/A runs"
    table = _table(("model", "checkpoint", "digest", "measurement"), rows)
    benchmark = f"`{case.thresholds.benchmark_digest}`"
    return f"{table}\n\nBenchmark {benchmark}; calibration: {calibrated}."


def _origin(subject: str, model: Any, protocol_digest: str) -> tuple[str, str, str, str]:
    return (
        subject,
        str(model.get("checkpoint")),
        f"`{model.get('digest')}`",
        f"`{protocol_digest}`",
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _plain(value: Any) -> str:
    return "-" if not isinstance(value, (int, float)) else f"{value:.4f}"

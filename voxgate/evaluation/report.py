"""The evaluation for people: one page, every number beside its ceiling and its floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voxgate.evaluation.evidence import Evidence, ItemScore
from voxgate.evaluation.sound.distribution import sound_rows, sound_spreads
from voxgate.evaluation.speaker_similarity import percentile_within
from voxgate.evaluation.summary import Summary, summarise
from voxgate.evaluation.unit_report import rate_rows, say_tones, say_unit
from voxgate.text.counting_units import WORD

__all__ = ["render_report", "report_metrics"]

WORST_SHOWN = 10
_CEILING = ("wer", "mean_wer", "cer", "wer_whisper", "mean_wer_whisper", "similarity")


def report_metrics(evidence: Evidence) -> dict[str, Any]:
    """Return the figures that `dvc metrics` compares; None was not measured."""
    summary = summarise(evidence.rows)
    ceiling = evidence.ceiling
    named: dict[str, Any] = {} if evidence.unit is WORD else {"unit": evidence.unit.code}
    if summary.wer_toneless is not None:
        named["wer_toneless"] = summary.wer_toneless
    return {
        **named,
        "wer": summary.wer,
        "mean_wer": summary.mean_wer,
        "cer": summary.cer,
        "wer_whisper": summary.wer_whisper,
        "mean_wer_whisper": summary.mean_wer_whisper,
        "similarity": summary.similarity,
        "similarity_p5": summary.similarity_p5,
        "similarity_percentile_of_real": _percentile(summary, evidence),
        "duration_ratio": summary.duration_ratio,
        "catastrophic_prompts": summary.catastrophic_prompts,
        "critical_error_rate": summary.critical_error_rate,
        "sound": {name: each.median for name, each in sound_spreads(evidence.rows).items()},
        "items": summary.items,
        "unmeasured": summary.unmeasured,
        "ceiling": {
            **{name: ceiling.get(name) for name in _CEILING},
            "sound": {name: each["p50"] for name, each in ceiling.get("sound", {}).items()},
        },
        "impostor_similarity": evidence.impostor_floor.get("similarity"),
        "self_test_passed": int(bool(evidence.self_test.get("passed"))),
    }


def render_report(evidence: Evidence) -> str:
    """Return the report in Markdown."""
    sections = [
        f"# Evaluation of {evidence.model.get('checkpoint') or 'no checkpoint'}",
        _identity(evidence),
        "## Result on the gate's prompts",
        _result(evidence),
        "## Sound",
        _sound(evidence),
        "## Self-test of the instruments",
        _self_test(evidence),
        "## Checkpoints on the select prompts",
        _selection(evidence),
        "## Catastrophes",
        _catastrophes(evidence.rows),
        f"## The {WORST_SHOWN} worst samples",
        _worst(evidence),
    ]
    return "\n\n".join(sections) + "\n"


def _identity(evidence: Evidence) -> str:
    lines = [
        f"- model `{_short(evidence.model.get('digest'))}`, consent scope "
        f"**{evidence.consent_scope}**",
        f"- benchmark {evidence.benchmark.get('file')} "
        f"`{_short(evidence.benchmark.get('digest'))}`",
        f"- measurement `{_short(evidence.protocol_digest)}`, centroid of "
        f"{_speech(evidence.centroid)} `{_short(evidence.centroid.get('digest'))}`",
        f"- {evidence.evaluated_items} of {evidence.expected_items} samples measured",
    ]
    for role in ("transcriber", "speaker_encoder", "quality_predictor"):
        if role not in evidence.protocol:  # no predictor before scoring version 2
            continue
        instrument = evidence.protocol[role]
        lines.append(
            f"- {role.replace('_', ' ')} {instrument['name']}, weights "
            f"`{_short(instrument['weights_sha256'])}`"
        )
    for role in ("normaliser", "published_normaliser"):
        rules = evidence.protocol.get(role)
        if rules is not None:  # evidence of schema 1 names one
            lines.append(
                f"- {role.replace('_', ' ')} {rules['name']}, rules "
                f"`{_short(rules['fingerprint'])}`"
            )
    return "\n".join(lines)


def _speech(centroid: Mapping[str, Any]) -> str:
    clips = f"{centroid.get('clips')} clips"
    return f"{centroid['windows']} windows of {clips}" if "windows" in centroid else clips


def _result(evidence: Evidence) -> str:
    summary = summarise(evidence.rows)
    ceiling, floor = evidence.ceiling, evidence.impostor_floor
    rows = [
        *(
            (title, _percent(getattr(summary, name)), _percent(ceiling.get(name)), "-")
            for title, name in rate_rows(evidence.unit)
        ),
        (
            "similarity",
            _number(summary.similarity),
            _number(ceiling.get("similarity")),
            _number(floor.get("similarity")),
        ),
        (
            "similarity, 5th percentile",
            _number(summary.similarity_p5),
            _number(ceiling.get("similarity_p5")),
            "-",
        ),
        ("percentile among real clips", _number(_percentile(summary, evidence)), "50.000", "-"),
        ("duration / expected", _number(summary.duration_ratio), "1.000", "-"),
        (
            "prompts with a catastrophe",
            f"{summary.catastrophic_prompts} of {summary.prompts}",
            "0",
            "-",
        ),
        ("words that must not change, wrong", _percent(summary.critical_error_rate), "-", "-"),
    ]
    table = _table(("", "this voice", "real recordings", "other speakers"), rows)
    said = (say_unit(evidence), say_tones(summary, ceiling, evidence.unit))
    return "\n\n".join([table, *filter(None, said)])


def _sound(evidence: Evidence) -> str:
    header = ("measure", "unit", "this voice: median [p5, p95]", "real recordings: p1 to p99")
    return _table(header, list(sound_rows(evidence.rows, evidence.ceiling.get("sound", {}))))


def _self_test(evidence: Evidence) -> str:
    rows = [
        (
            check["code"],
            _number(check["measured"]),
            f"{check['relation']} {check['bound']}",
            "passed" if check["passed"] else f"**failed** {check['message']}",
        )
        for check in evidence.self_test["checks"]
    ]
    return _table(("check", "measured", "bound", "result"), rows)


def _selection(evidence: Evidence) -> str:
    rows = [
        (
            row["name"] + (" (chosen)" if row["chosen"] else ""),
            _percent(row["wer"]),
            _percent(row["cer"]),
            _number(row["similarity"]),
            f"{row['catastrophic_prompts']} of {row['prompts']}",
            str(row["unmeasured"]),
            _versus_best(row),
            row.get("why", "-"),
        )
        for row in evidence.selection["checkpoints"]
    ]
    rate = evidence.unit.rate
    header = (
        "checkpoint", rate, evidence.unit.written or "characters", "similarity",
        "prompts with a catastrophe", "unmeasured", f"{rate} minus the best", "stands",
    )  # fmt: skip
    why = evidence.selection.get("why")
    said = "" if why is None else f"Chosen: {why}.\n\n"
    return f"{_table(header, rows)}\n\n{said}Rule: {evidence.selection['rule']}."


def _versus_best(row: Mapping[str, Any]) -> str:
    wer = row.get("wer_versus_best")  # early evidence has none
    if wer is None:
        return "-"
    return f"{100 * wer['point']:+.2f} [{100 * wer['low']:+.2f}, {100 * wer['high']:+.2f}]"


def _catastrophes(rows: Sequence[ItemScore]) -> str:
    counts = summarise(rows).catastrophe_codes
    if not counts:
        return "None."
    return _table(("code", "samples"), [(code, str(n)) for code, n in counts.items()])


def _worst(evidence: Evidence) -> str:
    order = sorted(evidence.rows, key=lambda row: (row.fault is None, -_rate(row), row.item))
    lines = [
        (
            f"{row.prompt_id}-{row.seed_index}",
            f"{row.word_errors}/{row.ref_words}",
            _number(row.similarity),
            ", ".join(row.catastrophes) or "-",
            (row.fault or row.transcript or "(nothing)").replace("|", "/").replace("\n", " "),
        )
        for row in order[:WORST_SHOWN]
    ]
    errors = f"{evidence.unit.code} errors"
    return _table(("sample", errors, "similarity", "catastrophes", "heard"), lines)


def _rate(row: ItemScore) -> float:
    if row.word_errors is None or row.ref_words is None:
        return 0.0
    return row.word_errors / row.ref_words


def _percentile(summary: Summary, evidence: Evidence) -> float | None:
    if summary.similarity is None:
        return None
    return percentile_within(summary.similarity, evidence.ceiling.get("similarities", []))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _short(digest: str | None) -> str:
    return "-" if digest is None else digest[:12]

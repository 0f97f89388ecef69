"""What was calibrated, in words, and the table of a drill, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.measuring.drill_report import DrillReport, FaultResult
from tasks.measuring.sound_moves import SoundMove
from voxgate.evaluation.summary import Summary
from voxgate.gate.calibration import Calibration
from voxgate.gate.sound_limits import CRITICAL, CRITICAL_MARGIN, SOUND_LIMITS
from voxgate.gate.thresholds import Thresholds

__all__ = ["describe_record", "render_drill"]

_HEADER = (
    "voice", "verdict", "on floors alone", "reasons", "WER", "similarity", "duration / expected",
    "prompts with a catastrophe", "sound that moved most",
)  # fmt: skip
_CRITERIA_HEADER = ("criterion", "A/A runs that it lets pass", "bad voices that it stops")
_SHOWN_MOVES = 3


def describe_record(record: Calibration, thresholds: Thresholds) -> str:
    """Return what was measured and the margins that follow, in words."""
    confidence, origin = thresholds.confidence, record.provenance
    wer = record.margin("wer", thresholds.wer_margin, confidence=confidence)
    similarity = record.margin("similarity", thresholds.similarity_margin, confidence=confidence)
    judged = origin["judged"]
    lines = [
        f"{origin['checkpoint']}: {origin['prompts']} prompts x {origin['takes']} takes, "
        f"{record.runs} A/A runs of {record.seeds} seeds",
        f"WER {origin['wer']:.4f}, standard error of a difference "
        f"{record.wer_standard_error:.4f}, margin {wer:.4f}",
        f"similarity {origin['similarity']:.4f}, standard error of a difference "
        f"{record.similarity_standard_error:.4f}, margin {similarity:.4f}",
        *_sound(record, confidence),
        f"with these margins the gate passes {judged['passed']} of {judged['runs']} A/A runs"
        + "".join(f"; {code}: {count}" for code, count in judged["blamed"].items()),
    ]
    return "\n".join(lines)


def _sound(record: Calibration, confidence: float) -> list[str]:
    smallest = {name: limit.margin for name, limit in SOUND_LIMITS.items()}
    margins = {
        name: record.margin(name, margin, confidence=confidence)
        for name, margin in {CRITICAL: CRITICAL_MARGIN, **smallest}.items()
        if name in record.standard_errors
    }
    return [
        f"{name} standard error of a difference {record.standard_errors[name]:.4g}, "
        f"margin {margin:.4g}"
        for name, margin in margins.items()
    ]


def render_drill(report: DrillReport) -> str:
    """Return what was drilled, one row a voice, and how the drill ended."""
    itself = report.itself
    judge = report.protocol["transcriber"]["name"]
    encoder = report.protocol["speaker_encoder"]["name"]
    lines = [
        f"{report.checkpoint}, {report.prompts} prompts x {report.seeds} samples, judged by "
        f"{judge} and {encoder}. Standard errors of A/A runs: WER "
        f"{report.calibration.wer_standard_error:.4f}, similarity "
        f"{report.calibration.similarity_standard_error:.4f}.",
        "",
        _row(_HEADER),
        _row(["---"] * len(_HEADER)),
        _row(["sound (the champion)", "-", "-", "-", *_figures(report.sound), "-"]),
        *(_row(_cells(result)) for result in report.faults),
        "",
        f"A/A: {itself.passed} of {itself.runs} runs pass ({report.takes} takes a prompt).",
        "",
        _row(_CRITERIA_HEADER),
        _row(["---"] * len(_CRITERIA_HEADER)),
        *(
            _row([f"`{one.code}`", f"{100 * one.aa_share:.0f} %", str(one.stopped)])
            for one in report.criteria
        ),
        "",
        _ending(report),
    ]
    return "\n".join(lines)


def _cells(result: FaultResult) -> list[str]:
    codes = ", ".join(f"`{code}`" for code in sorted(result.codes)) or "none"
    catastrophes = ", ".join(result.summary.catastrophe_codes)
    return [
        f"{result.fault.name}: {result.fault.what}",
        result.outcome if result.blocked else f"**{result.outcome}**",
        result.on_floors.ruling.value,
        codes + (f" ({catastrophes})" if catastrophes else ""),
        *_figures(result.summary),
        ", ".join(_move(move) for move in result.moves[:_SHOWN_MOVES]) or "-",
    ]


def _move(move: SoundMove) -> str:
    return f"{move.measure} {move.before:.3g} to {move.after:.3g}"


def _figures(summary: Summary) -> list[str]:
    return [
        "-" if summary.wer is None else f"{100 * summary.wer:.1f} %",
        "-" if summary.similarity is None else f"{summary.similarity:.3f}",
        "-" if summary.duration_ratio is None else f"{summary.duration_ratio:.2f}",
        f"{summary.catastrophic_prompts} of {summary.prompts}",
    ]


def _ending(report: DrillReport) -> str:
    through = [result.fault.name for result in report.faults if not result.blocked]
    blocked = len(report.faults) - len(through)
    text = f"{blocked} of {len(report.faults)} bad voices are blocked for the right reasons"
    text += f"; not: {', '.join(through)}." if through else "."
    if report.left_out:
        text += f" {report.left_out} others were left out."
    return text + (" The drill is passed." if report.passed else " **The drill failed.**")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

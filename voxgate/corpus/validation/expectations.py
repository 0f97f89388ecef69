"""What must hold for the finished table as a whole, and when a passing suite proves nothing.

The suites are data; an adapter evaluates them. A range check over an all-null column passes, and so
does any check over an empty frame, and so does a suite without checks: `CheckResult.proves` and
`SuiteResult.passed` count those as failures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from voxgate.params import ValidateParams

__all__ = [
    "CheckResult",
    "Expectation",
    "Rows",
    "Suite",
    "SuiteResult",
    "build_suites",
    "suite_columns",
]

Kind = Literal["row_count", "not_null", "between", "in_set", "unique"]
Rows = Literal["all", "heard", "usable"]


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """One check; `row_count` has no column, and bounds that are None are open."""

    kind: Kind
    column: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Checks over one selection of rows: all, those that the recogniser heard, the usable ones."""

    name: str
    rows: Rows
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What became of one expectation. `evaluated` counts values that were compared."""

    expectation: Expectation
    success: bool
    evaluated: int
    observed: str

    @property
    def proves(self) -> bool:
        """Whether the check succeeded and had something to look at."""
        return self.success and self.evaluated > 0


@dataclass(frozen=True, kw_only=True)
class SuiteResult:
    """What became of one suite."""

    name: str
    rows: int
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether there were checks, and every one proves what it says."""
        return bool(self.results) and all(result.proves for result in self.results)

    def failures(self) -> list[str]:
        """Name each failed check with what it saw."""
        if not self.results:
            return [f"{self.name}: the suite has no checks, so its success says nothing"]
        if not self.rows and not self.passed:
            return [
                f"{self.name}: 0 rows, on which none of {len(self.results)} checks says anything"
            ]
        return [
            f"{self.name}: {_title(result.expectation)}: {result.observed}"
            for result in self.results
            if not result.proves
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return {
            "suite": self.name,
            "rows": self.rows,
            "passed": self.passed,
            "statistics": {
                "evaluated_expectations": len(self.results),
                "successful_expectations": sum(result.proves for result in self.results),
            },
            "results": [
                {
                    "check": _title(result.expectation),
                    "success": result.success,
                    "evaluated": result.evaluated,
                    "proves": result.proves,
                    "observed": result.observed,
                }
                for result in self.results
            ],
        }


def suite_columns(suites: Iterable[Suite]) -> frozenset[str]:
    """Return the columns that any of the suites looks at."""
    return frozenset(
        expectation.column
        for suite in suites
        for expectation in suite.expectations
        if expectation.column is not None
    )


def build_suites(params: ValidateParams, *, expected_rows: int) -> tuple[Suite, ...]:
    """Return the suites of the validated table."""
    return (
        Suite(name="every_clip", rows="all", expectations=_every_clip(expected_rows)),
        Suite(name="heard_clips", rows="heard", expectations=_heard()),
        Suite(name="usable_clips", rows="usable", expectations=_usable(params)),
    )


def _every_clip(expected_rows: int) -> tuple[Expectation, ...]:
    named = ("clip_id", "recording_id", "speaker_id", "language", "status", "detail")
    return (
        Expectation(kind="row_count", minimum=expected_rows, maximum=expected_rows),
        *(Expectation(kind="not_null", column=column) for column in named),
        Expectation(kind="unique", column="clip_id"),
        Expectation(kind="unique", column="recording_id"),
        Expectation(kind="in_set", column="status", values=("accepted", "fixed", "quarantined")),
    )


def _heard() -> tuple[Expectation, ...]:
    return (
        Expectation(kind="row_count", minimum=1),
        Expectation(kind="not_null", column="language_detected"),
        *_measured("language_probability", 0.0, 1.0),
    )


def _usable(params: ValidateParams) -> tuple[Expectation, ...]:
    return (
        Expectation(kind="row_count", minimum=1),
        *(Expectation(kind="not_null", column=c) for c in ("train_text", "audio_sha256")),
        Expectation(kind="unique", column="audio_sha256"),
        *_measured("trim_start", 0, None),
        *_measured("trim_end", 1, None),
        *_measured("clipped_fraction", 0.0, params.max_clipped_fraction),
        *_measured("snr_db", params.min_snr_db, None),
        *_measured("bandwidth_hz", 1.0, None),
        *_measured("cer", 0.0, params.max_cer),
        *_measured("wer", 0.0, None),
        *_measured("edge_cer", 0.0, params.max_edge_cer),
        *_measured("alignment_log_probability", None, 0.0),
        *_measured("speech_rate", 0.1, None),
        *_measured("speaker_cosine", params.min_speaker_cosine, 1.0001),
    )


def _measured(
    column: str, minimum: float | None, maximum: float | None
) -> tuple[Expectation, Expectation]:
    """Expect a column to be there in every row, and inside its range."""
    return (
        Expectation(kind="not_null", column=column),
        Expectation(kind="between", column=column, minimum=minimum, maximum=maximum),
    )


def _title(expectation: Expectation) -> str:
    if expectation.kind == "row_count":
        return f"row count in [{expectation.minimum}, {expectation.maximum}]"
    if expectation.kind == "between":
        return f"{expectation.column} in [{expectation.minimum}, {expectation.maximum}]"
    if expectation.kind == "in_set":
        return f"{expectation.column} one of {', '.join(expectation.values)}"
    return f"{expectation.column} {expectation.kind.replace('_', ' ')}"

"""Pick the engine that evaluates suites over the validated table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from voxgate.corpus.validation.expectations import Rows, Suite, SuiteResult

__all__ = ["SuiteRunner", "build_suite_runner"]

SuiteRunner = Callable[[Iterable[Suite], Mapping[Rows, pd.DataFrame], Path], list[SuiteResult]]
"""Suites, one frame a selection of rows, and the folder for HTML pages."""


def build_suite_runner() -> SuiteRunner:
    """Return Great Expectations behind the domain's own terms."""
    from voxgate.adapters.great_expectations.suites import run_suites

    def run(
        suites: Iterable[Suite], frames: Mapping[Rows, pd.DataFrame], docs_dir: Path
    ) -> list[SuiteResult]:
        return run_suites(suites, frames, docs_dir=docs_dir)

    return run

"""Evaluate suites with Great Expectations 1.x, in memory, and render its data docs."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from voxgate.adapters.great_expectations.offline_pages import make_offline
from voxgate.corpus.validation.expectations import (
    CheckResult,
    Expectation,
    Rows,
    Suite,
    SuiteResult,
    suite_columns,
)
from voxgate.errors import EvaluatorError

__all__ = ["run_suites"]

_RESULT_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 20}
"""A page shows so many unexpected values and counts the others: people read it, at any size."""


def run_suites(
    suites: Iterable[Suite], frames: Mapping[Rows, pd.DataFrame], *, docs_dir: Path
) -> list[SuiteResult]:
    """Evaluate each suite over its selection of rows, and write HTML pages into `docs_dir`.

    Raises:
        EvaluatorError: a suite names a column that the table does not have.
    """
    gx = _import_gx()
    context = _context(gx, docs_dir)
    source = context.data_sources.add_pandas("validate")
    results = []
    for suite in suites:
        frame = frames[suite.rows]
        _require_columns(suite, frame)
        batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
        declared = context.suites.add(gx.ExpectationSuite(name=suite.name))
        for expectation in suite.expectations:
            declared.add_expectation(_translate(gx, expectation))
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(name=suite.name, data=batch, suite=declared)
        )
        outcome = definition.run(
            batch_parameters={"dataframe": frame}, result_format=_RESULT_FORMAT
        )
        results.append(_suite_result(suite, frame, outcome.results))
    context.build_data_docs()
    make_offline(docs_dir)
    return results


def _import_gx() -> ModuleType:
    # Read by the library when it is imported; 5 s, hence not at the top of this module.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    # It reports its temporary folders at INFO.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    module: ModuleType = gx
    return module


def _context(gx: ModuleType, docs_dir: Path) -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for site in context.get_site_names():
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        site_name="validate",
        site_config={
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(docs_dir.resolve()),
            },
        },
    )
    return context


def _require_columns(suite: Suite, frame: pd.DataFrame) -> None:
    if missing := sorted(suite_columns([suite]) - set(frame.columns)):
        raise EvaluatorError(
            f"suite {suite.name!r}: expected columns {', '.join(missing)}, which the table does "
            "not have; run the stages before this one again"
        )


def _translate(gx: ModuleType, expectation: Expectation) -> Any:
    kinds = gx.expectations
    column = expectation.column
    match expectation.kind:
        case "row_count":
            return kinds.ExpectTableRowCountToBeBetween(
                min_value=_whole(expectation.minimum), max_value=_whole(expectation.maximum)
            )
        case "not_null":
            return kinds.ExpectColumnValuesToNotBeNull(column=column)
        case "between":
            return kinds.ExpectColumnValuesToBeBetween(
                column=column, min_value=expectation.minimum, max_value=expectation.maximum
            )
        case "in_set":
            return kinds.ExpectColumnValuesToBeInSet(
                column=column, value_set=list(expectation.values)
            )
        case "unique":
            return kinds.ExpectColumnValuesToBeUnique(column=column)


def _whole(bound: float | None) -> int | None:
    return None if bound is None else int(bound)


def _suite_result(suite: Suite, frame: pd.DataFrame, results: list[Any]) -> SuiteResult:
    """Match the library's results, which come in an order of its own, to our expectations."""
    found = {_identity(r.expectation_config): r for r in results}
    checks = []
    for expectation in suite.expectations:
        result = found.get(_wanted(expectation))
        checks.append(_check(expectation, frame, result))
    return SuiteResult(name=suite.name, rows=len(frame), results=tuple(checks))


_TYPES = {
    "row_count": "expect_table_row_count_to_be_between",
    "not_null": "expect_column_values_to_not_be_null",
    "between": "expect_column_values_to_be_between",
    "in_set": "expect_column_values_to_be_in_set",
    "unique": "expect_column_values_to_be_unique",
}


def _identity(config: Any) -> tuple[str, str | None]:
    return config.type, config.kwargs.get("column")


def _wanted(expectation: Expectation) -> tuple[str, str | None]:
    return _TYPES[expectation.kind], expectation.column


def _check(expectation: Expectation, frame: pd.DataFrame, result: Any | None) -> CheckResult:
    if result is None:
        return CheckResult(
            expectation=expectation, success=False, evaluated=0, observed="not evaluated"
        )
    success = bool(result.success)
    if expectation.kind == "row_count":
        observed = result.result.get("observed_value")
        return CheckResult(
            expectation=expectation, success=success, evaluated=1, observed=f"{observed} rows"
        )
    nulls = int(frame[expectation.column].isna().sum())
    looked_at = len(frame) if expectation.kind == "not_null" else len(frame) - nulls
    unexpected = result.result.get("unexpected_count", "unknown")
    return CheckResult(
        expectation=expectation,
        success=success,
        evaluated=looked_at,
        observed=f"{unexpected} unexpected of {looked_at} values, {nulls} null",
    )

"""A check that looked at nothing proves nothing."""

from tests.fakes.ingested_corpus import small_params
from voxgate.corpus.validated_clips import VALIDATED_SCHEMA
from voxgate.corpus.validation.expectations import (
    CheckResult,
    Expectation,
    SuiteResult,
    build_suites,
    suite_columns,
)


def result(*, success=True, evaluated=3):
    return CheckResult(
        expectation=Expectation(kind="between", column="cer", minimum=0, maximum=1),
        success=success,
        evaluated=evaluated,
        observed="as observed",
    )


def test_a_success_over_no_values_is_a_failure():
    suite = SuiteResult(name="usable", rows=3, results=(result(), result(evaluated=0)))
    assert not suite.passed
    assert suite.failures() == ["usable: cer in [0, 1]: as observed"]
    assert suite.as_json()["statistics"] == {
        "evaluated_expectations": 2,
        "successful_expectations": 1,
    }


def test_a_suite_without_checks_is_a_failure():
    suite = SuiteResult(name="usable", rows=3, results=())
    assert not suite.passed
    assert "no checks" in suite.failures()[0]


def test_a_suite_of_successes_passes():
    assert SuiteResult(name="usable", rows=3, results=(result(),)).passed


def test_the_suites_ask_only_for_columns_of_the_table():
    suites = build_suites(small_params().validate_, expected_rows=1)
    asked = suite_columns(suites)
    assert {"clip_id", "cer", "audio_sha256"} < asked < set(VALIDATED_SCHEMA.names)
    assert asked == {e.column for suite in suites for e in suite.expectations} - {None}


def test_a_table_without_rows_is_one_failure_and_not_one_a_check():
    suite = SuiteResult(name="usable", rows=0, results=(result(evaluated=0),) * 9)
    assert suite.failures() == ["usable: 0 rows, on which none of 9 checks says anything"]

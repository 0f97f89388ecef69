from __future__ import annotations

from pathlib import Path

import pytest

from scripts.load.report import BEGIN, END, Report, put_between_markers
from scripts.load.rows import Row, at_most, exactly
from scripts.load.scenarios import DEFAULT, SCENARIOS, Run

ROOT = Path(__file__).resolve().parents[3]


def run_of(*rows: Row) -> Run:
    return Run(name=rows[0].scenario, rows=list(rows), machine="load average 0.1", took_s=12.4)


def rendered(*runs: Run, plain: tuple[Run, ...] = ()) -> str:
    return Report(
        command="make load",
        date="2027-03-01",
        machine="2 cores",
        voice="a voice",
        scale=1.0,
        runs=runs,
        plain=plain,
    ).render()


def test_a_row_has_its_target_ruling_and_count() -> None:
    text = rendered(
        run_of(
            Row(scenario="L1", what="p50", value=52.34, unit="ms", target=at_most(60), count=200)
        )
    )
    assert "| L1 | p50 | 200 | 52.3 ms | ≤ 60 ms | met |  |  |" in text
    assert "1 targets met, 0 missed, 0 rows not measured." in text


def test_misses_and_what_was_not_measured_are_named() -> None:
    text = rendered(
        run_of(
            Row(scenario="L5", what="mixed", value=1, target=exactly(0), count=2000),
            Row(scenario="L10", what="Redis", value=None, note="there is no\nredis-server"),
        )
    )
    assert "* missed: L5, mixed: 1, wanted = 0" in text
    assert "* not measured: L10, Redis: there is no redis-server" in text
    assert "| L10 | Redis |  |  |  | **not measured** |  |  |" in text
    assert "* not in this run: L1, L2" in text


def test_the_gain_is_a_ratio_of_the_same_row() -> None:
    def one(value: float) -> Run:
        return run_of(Row(scenario="L2", what="5/s: p50", value=value, unit="ms"))

    text = rendered(one(50.0), plain=(one(125.0),))
    assert "| L2 | 5/s: p50 |  | 50 ms |  |  | 125 ms | 2.50 x |" in text
    assert "* L2, straightforward server: load average 0.1; 12 s" in text


def test_a_cell_stays_in_its_column() -> None:
    text = rendered(run_of(Row(scenario="L1", what="x", value=1.0, note="a | b")))
    assert "| 1 (a \\| b) |" in text


def test_the_table_replaces_the_one_before(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Speed\n\n{BEGIN}\nold\n{END}\n\nmore\n", encoding="utf-8")
    put_between_markers(page, "new")
    put_between_markers(page, "newer")
    assert page.read_text(encoding="utf-8") == f"# Speed\n\n{BEGIN}\nnewer\n{END}\n\nmore\n"


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}"])
def test_a_page_without_its_markers_is_refused(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="once each"):
        put_between_markers(page, "new")
    assert page.read_text(encoding="utf-8") == text


def test_the_page_of_benchmarks_has_them() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1


def test_a_default_run_takes_twelve_minutes_and_has_all_but_the_soak() -> None:
    assert set(SCENARIOS) - set(DEFAULT) == {"L13"}
    assert sum(SCENARIOS[name].seconds for name in DEFAULT) <= 660  # a minute for the plain server

"""Parts of the benchmark."""

from __future__ import annotations

from tests.fakes.reported import make_case
from voxgate.gate.verdict import judge
from voxgate.reporting.slices import find_slice_rows


def test_parts_add_up_to_the_whole() -> None:
    case = make_case()
    rows = {row.name: row for row in find_slice_rows(case, judge(case))}
    assert {"class:names", "class:numbers", "class:plain", "length:long"} <= rows.keys()
    classes = [row for name, row in rows.items() if name.startswith("class:")]
    assert sum(row.prompts for row in classes) == 60
    rates = [row.wer["champion"] for row in classes]
    known = [(r.word_errors or 0, r.ref_words or 0) for r in case.rivals["champion"].rows]
    mean = sum(rate or 0 for rate in rates) / 3
    assert abs(mean - sum(c[0] for c in known) / sum(c[1] for c in known)) < 1e-9
    assert {row.ruling for row in classes} != {None}

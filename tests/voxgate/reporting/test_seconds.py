"""The page of where each second went."""

from dataclasses import replace

from tests.fakes.imports import an_import, doubtful, kept, rejected, silence
from voxgate.corpus.cutting.accounting import account_for
from voxgate.reporting.seconds import SourceSeconds, render_seconds

IMPORTED = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5), rejected(5, 610))


def page(name="talk.wav"):
    source = replace(IMPORTED.source, name=name)
    account = account_for(IMPORTED.stretches, source.n_samples)
    return render_seconds(
        [SourceSeconds(source=source, stretches=IMPORTED.stretches, account=account)]
    )


def test_each_stretch_is_a_bar_with_times_and_reasons():
    html = page()
    assert "<title>0.00–2.00 s: kept</title>" in html
    assert "<title>3.00–5.00 s: doubtful (passes_differ)</title>" in html


def test_a_stretch_goes_on_in_the_next_lines():
    assert page().count("5.00–610.00 s: rejected (music)") == 3


def test_the_table_adds_up_to_the_recording():
    assert "<td>all</td><td></td><td>4</td><td>610.00</td><td>100.0 %</td>" in page()


def test_a_name_is_no_markup_and_nothing_is_loaded():
    html = page(name="<script>alert(1)</script>.wav")
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert "good morning" not in html

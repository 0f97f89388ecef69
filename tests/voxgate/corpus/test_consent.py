"""Consent records: complete and known."""

import pytest

from tests.fakes.recordings import CONSENT
from voxgate.corpus.consent import (
    ConsentScope,
    dump_consents,
    load_consents,
    parse_consent,
    parse_consents,
)
from voxgate.errors import ConsentError


def test_records_survive_writing_and_reading(tmp_path):
    path = tmp_path / "consent.yaml"
    path.write_text(dump_consents({"b": CONSENT, "a": CONSENT}), encoding="utf-8")
    assert load_consents(path) == {"a": CONSENT, "b": CONSENT}


def test_the_same_records_give_the_same_bytes():
    assert dump_consents({"b": CONSENT, "a": CONSENT}) == dump_consents(
        {"a": CONSENT, "b": CONSENT}
    )


def test_every_fault_of_a_record_is_named():
    text = (
        "schema: 1\nspeakers:\n  anna: {scope: all, source: x, licence: '', attribution: y, a: 1}\n"
    )
    with pytest.raises(ConsentError) as caught:
        parse_consents(text, "consent.yaml")
    for name in ("anna.scope", "anna.licence", "anna.statement", "anna.a"):
        assert f"speakers.{name}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: 2\nspeakers: {}", "expected `schema: 1`, got 2"),
        ("schema: 1\nspeakers: []", "mapping `speakers`"),
        ("schema: 1\nspeakers: {}\nextra: 1", "got also extra"),
        ("- a", "expected a mapping, got list"),
        ("a: [", "not YAML"),
        ("schema: 1\nspeakers: {anna: null}", "speakers.anna"),
    ],
)
def test_a_broken_file_says_what_is_wrong(text, message):
    with pytest.raises(ConsentError, match=message):
        parse_consents(text, "consent.yaml")


def test_a_missing_file_says_how_to_get_one(tmp_path):
    with pytest.raises(ConsentError, match="voxgate corpus add --consent"):
        load_consents(tmp_path / "consent.yaml")


def test_one_record_is_read_as_the_command_line_takes_it():
    text = (
        "scope: publication\nsource: our studio\nlicence: contract 7\n"
        "attribution: Anna\nstatement: signed\nrecorded_on: 2026-01-31\n"
    )
    consent = parse_consent(text, "file")
    assert consent.scope is ConsentScope.PUBLICATION
    assert consent.recorded_on.isoformat() == "2026-01-31"

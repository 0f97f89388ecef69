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


RECORD = "{scope: internal, source: s, licence: l, attribution: a, statement: t"


@pytest.mark.parametrize("key", ["010", "001", "no", "1", "1e3", "~"])
def test_a_speaker_id_that_yaml_reads_as_something_else_is_to_be_quoted(key):
    record = RECORD + "}"
    with pytest.raises(ConsentError, match=f'line 3: the key {key} is read as .*marks .*: "{key}"'):
        parse_consents(f"schema: 1\nspeakers:\n  {key}: {record}", "consent.yaml")


def test_a_speaker_has_one_record():
    text = f"schema: 1\nspeakers:\n  anna: {RECORD}}}\n  anna: {RECORD}}}\n"
    with pytest.raises(ConsentError, match="line 4: the key 'anna' is on line 3 already"):
        parse_consents(text, "consent.yaml")


def test_speakers_that_differ_in_letter_case_only_are_one_person():
    text = f"schema: 1\nspeakers:\n  anna: {RECORD}}}\n  Anna: {RECORD}}}\n"
    with pytest.raises(
        ConsentError, match=r"speakers\.Anna: differs from anna in letter case only"
    ):
        parse_consents(text, "consent.yaml")


@pytest.mark.parametrize("key", ["an\u200bna", "anna\u0301", "\u0430nna", "anna ", "a/b", ""])
def test_a_key_is_a_speaker_id_and_holds_nothing_invisible(key):
    text = f'schema: 1\nspeakers:\n  "{key}": {RECORD}}}\n'
    with pytest.raises(ConsentError, match="expected a speaker_id as manifest") as caught:
        parse_consents(text, "consent.yaml")
    assert "\u200b" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-02-30", "'2026-02-30' is no date that exists"),
        ("2999-01-01", "recorded_on: lies in the future"),
        ("20260131", "recorded_on: expected a date such as 2026-01-31"),
        ("2026-01-31 12:00:00", "recorded_on: expected a date such as"),
        ("'yesterday'", "recorded_on: Invalid isoformat string"),
        ("yes", "recorded_on: expected a date such as"),
    ],
)
def test_a_day_that_cannot_be_is_refused(value, said):
    with pytest.raises(ConsentError, match=said):
        parse_consent(f"{RECORD}, recorded_on: {value}}}", "anna.yaml")


def test_an_unknown_scope_is_shown_with_those_that_exist():
    with pytest.raises(ConsentError, match="'evaluation', 'internal' or 'publication', got 'all'"):
        parse_consent(RECORD.replace("internal", "all") + "}", "anna.yaml")


@pytest.mark.parametrize("value", ["'\u200b'", "'  '", "'-'", "no", "2026", "[a]"])
def test_a_statement_is_words(value):
    with pytest.raises(ConsentError, match="statement"):
        parse_consent(RECORD.replace("statement: t", f"statement: {value}") + "}", "anna.yaml")


def test_the_schema_is_a_number():
    for value in ("true", "1.0", "'1'"):
        with pytest.raises(ConsentError, match="expected `schema: 1`"):
            parse_consents(f"schema: {value}\nspeakers: {{}}", "consent.yaml")


def test_a_message_does_not_repeat_the_file():
    text = "schema: 1\nspeakers:\n" + "".join(f"  s{n}: {'x' * 500}\n" for n in range(500))
    with pytest.raises(ConsentError) as caught:
        parse_consents(text, "consent.yaml")
    assert len(str(caught.value)) < 5000


def test_ids_that_look_like_numbers_survive_writing_and_reading(tmp_path):
    path = tmp_path / "consent.yaml"
    written = dict.fromkeys(["001", "1e3", "8", "no"], CONSENT)
    path.write_text(dump_consents(written), encoding="utf-8")
    assert load_consents(path) == written


def test_a_record_may_end_on_a_day_to_come():
    consent = parse_consent(f"{RECORD}, recorded_on: 2026-01-31, expires_on: 2999-01-01}}", "f")
    assert consent.expires_on.isoformat() == "2999-01-01"
    assert parse_consents(dump_consents({"anna": consent}), "f") == {"anna": consent}
    same_day = f"{RECORD}, expires_on: 2026-01-31, recorded_on: 2026-01-31}}"
    assert parse_consent(same_day, "f").expires_on == parse_consent(same_day, "f").recorded_on


def test_a_record_that_never_ends_is_written_as_before():
    assert "expires_on" not in dump_consents({"anna": CONSENT})


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("recorded_on: 2026-01-31, expires_on: 2026-01-30", "lies before recorded_on, 2026-01-31"),
        ("expires_on: 2026-01-30, recorded_on: 2026-01-31", "lies before recorded_on, 2026-01-31"),
        ("expires_on: never", "expires_on: Invalid isoformat string"),
        ("expires_on: 2027", "expires_on: expected a date such as 2026-01-31"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(days, said):
    with pytest.raises(ConsentError, match=said):
        parse_consent(f"{RECORD}, {days}}}", "anna.yaml")

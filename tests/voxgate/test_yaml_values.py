"""From YAML to values: what is written is what is meant."""

import datetime as dt

import pytest
import yaml

from voxgate.yaml_values import MAX_DEPTH, ValueBuilder, YamlFaultError


def build(text):
    builder = ValueBuilder()
    return builder.document(yaml.parse(text, Loader=yaml.SafeLoader)), builder.faults


def fault(text):
    try:
        return "; ".join(build(text)[1])
    except YamlFaultError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: {b: [1, x, 2026-01-31, no, ~, .5]}", [1, "x", dt.date(2026, 1, 31), False, None, 0.5]),
    ],
)
def test_plain_data_is_read_as_yaml_has_it(text, value):
    found, faults = build(text)
    assert (found["a"]["b"] if found else found) == value
    assert faults == []


@pytest.mark.parametrize("key", ["010", "001", "1", "1e3", "1.5", "no", "On", "~", "2026-01-01"])
def test_a_key_that_is_no_text_is_to_be_quoted(key):
    message = fault(f"first: 0\n{key}: x")
    assert message.startswith(f"line 2: the key {key} is read as")
    assert message.endswith(f'put quotation marks around it: "{key}"')
    assert build(f'"{key}": x') == ({key: "x"}, [])


def test_every_key_that_is_there_twice_is_named_with_both_lines():
    found = build("a: 1\nb: {c: 1, c: 2}\na: 2\n")[1]
    assert found[0].startswith("line 2: the key 'c' is on line 2 already")
    assert found[1].startswith("line 3: the key 'a' is on line 1 already")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x", "line 1: anchors (&)"),
        ("*x : 1", "line 1: anchors (&)"),
        ("&x a: 1", "line 1: anchors (&)"),
        ("<<: {a: 1}", "line 1: the key << is read as"),
        ("a: !!python/name:os.system x", "line 1: tags (!)"),
        ("!t a: 1", "line 1: tags (!)"),
        ("? [a]\n: b", "line 1: expected a text as a key"),
        ("--- 1\n--- 2", "line 2: a second document"),
        ("[" * 50 + "]" * 50, f"line 1: more than {MAX_DEPTH} levels"),
        ("- " * 50 + "x", f"line 1: more than {MAX_DEPTH} levels"),
        ("a: 2026-02-30", "line 1: '2026-02-30' is no date that exists"),
        ("a: 2026-01-01 00:00:00 +99:99", "is no date that exists"),
        ("a: " + "9" * 5000, "is no number that exists"),
        ("a: 0x" + "F" * 5000, "is too large a number"),
        ("a: 0b_", "is no number that exists"),
        ("a: =", "is no number that exists"),
        ('a: "\\0"', "control character U+0000"),
        ('a: "\\ud800"', "control character U+D800"),
    ],
)
def test_what_no_file_of_ours_needs_is_refused_with_its_line(text, said):
    assert said in fault(text)
    assert len(fault(text)) <= 200

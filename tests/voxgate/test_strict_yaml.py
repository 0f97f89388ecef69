"""The one loader of YAML: bounded, typed, and nobody goes round it."""

import random
import re
import time
from pathlib import Path

import pytest

from tasks.schedules import read_schedules
from voxgate.corpus.consent import load_consents
from voxgate.errors import ConfigError, VoxgateError
from voxgate.params import load_params
from voxgate.strict_yaml import MAX_BYTES, dump_yaml, parse_yaml, read_yaml

ROOT = Path(__file__).parents[2]
CONSENT = """schema: 1
speakers:
  anna:
    scope: internal
    source: recorded in our studio
    licence: contract 2026-07
    attribution: Anna Example
    statement: agreed in writing
    recorded_on: 2026-01-31
"""


def faults(data):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(data, "file.yaml")
    return caught.value.faults


@pytest.mark.parametrize("name", ["params.yaml", "prefect.yaml", "dvc.yaml", "data.dvc"])
def test_the_files_of_the_project_are_plain(name):
    assert isinstance(read_yaml(ROOT / name), dict)


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "file.yaml") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a: 1\nb: \xe9", "line 2: expected UTF-8, got the byte 0xe9"),
        (b"a: 1\nb: \x00", "line 2: the control character U+0000"),
        ("a: \x1b[31m", "line 1: the control character U+001B"),
        ("a: [", "not YAML"),
        ("a\tb:\n\t- c", "line 2: not YAML"),
        ("%YAML 9.9\n--- a", "line 1: not YAML"),
        ("a" * (MAX_BYTES + 1), "at most 1 MiB"),
        ("a: @" + "x" * 10000, "line 1: not YAML"),
    ],
)
def test_a_broken_text_is_one_short_fault_with_its_line(data, said):
    found = faults(data)
    assert len(found) == 1
    assert said in found[0]
    assert len(found[0]) <= 200


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_yaml(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_yaml(tmp_path / "absent.yaml")


def test_many_faults_are_not_all_listed():
    assert len(faults("".join("a: 1\n" for _ in range(1000)))) <= 21


def test_what_is_written_is_read_back_as_the_same_keys():
    keys = ["010", "no", "1e3", "0o17", "-.5e3", "~", "2026-01-01", "anna", "1_0"]
    assert parse_yaml(dump_yaml(dict.fromkeys(keys, "x")), "file.yaml") == dict.fromkeys(keys, "x")


def test_no_other_module_of_the_product_reads_yaml():
    reading = re.compile(r"yaml\.(?:safe_load|load|full_load|unsafe_load|compose|parse)")
    found = {
        path.relative_to(ROOT).as_posix()
        for top in ("flows", "tasks", "voxgate", "models")
        for path in (ROOT / top).rglob("*.py")
        if reading.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"voxgate/strict_yaml.py"}


def mutated(text, chance):
    """A valid text, damaged: by lines, by characters, or replaced by something hostile."""
    lines = text.splitlines()
    odd = ["010: x", "no: {}", "? [a]\n: b", "<<: *a", "&a b: *a", "~: 1", "\t x", "- " * 200 + "x"]
    odd += ["[" * 3000, "a: " + "9" * 6000, "b: 2026-02-30", "c: !!python/object:os.x {}", "--- a"]
    odd += ["d: 0x" + "f" * 6000, "e: |\n" + "  z\n" * 3000, "f: .inf", "g: =", "h: '\u0000'", "%T"]
    odd += ["a: &a [x]\nb: &b [" + "*a," * 9 + "]\nc: [" + "*b," * 9 + "]", "schedules: 3", "i: ''"]
    match chance.randrange(6):
        case 0:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(odd))
        case 1:
            index = chance.randrange(len(lines))
            indent = " " * (len(lines[index]) - len(lines[index].lstrip()))
            lines[index] = indent + chance.choice(odd)
        case 2:
            lines = chance.sample(lines, chance.randrange(1, len(lines) + 1))
        case 3:
            lines.insert(chance.randrange(len(lines)), chance.choice(lines))
        case 4:
            characters = list(text)
            for _ in range(chance.randrange(1, 8)):
                characters[chance.randrange(len(characters))] = chance.choice(
                    ":-[]{}&*!|>'\"%@`#,? \n\t~\u2028\ufeff\u200b\u0085\x7f0e9"
                )
            lines = "".join(characters).split("\n")
        case _:
            return chance.choice(odd).encode() * chance.randrange(1, 4) + chance.randbytes(
                chance.randrange(60)
            )
    return "\n".join(lines).encode()


def test_a_thousand_documents_give_values_or_typed_errors_in_time(tmp_path):
    chance = random.Random(11)
    files = {
        load_consents: CONSENT,
        load_params: (ROOT / "params.yaml").read_text(encoding="utf-8"),
        read_schedules: (ROOT / "prefect.yaml").read_text(encoding="utf-8"),
    }
    refused = 0
    faults_of_all: list[str] = []
    for number in range(1000):
        load, text = chance.choice(list(files.items()))
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(mutated(text, chance))
        began = time.perf_counter()
        try:
            load(path)
        except VoxgateError as error:
            faults_of_all += re.split(r"; |\n", str(error))
            refused += 1
        assert time.perf_counter() - began < 1.0
    assert refused > 500
    assert max(map(len, faults_of_all)) <= 400

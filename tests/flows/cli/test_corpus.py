"""`voxgate corpus` and `voxgate data`, as a user calls them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import corpus as cli_corpus
from flows.cli import data as cli_data
from tests.fakes.dvc_checkout import copy_checkout
from tests.fakes.recordings import make_tone, write_audio
from voxgate.corpus.consent import load_consents
from voxgate.errors import ConfigError, ConsentError, DataVersionError

REPOSITORY = Path(__file__).parents[3]
CONSENT_OPTIONS = ["--scope", "internal", "--statement", "signed", "--source", "studio"]
CONSENT_OPTIONS += ["--licence", "contract", "--attribution", "Anna"]


def call(app, *arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def root(tmp_path):
    root = copy_checkout(tmp_path / "checkout")
    (root / "benchmark").mkdir()
    for name in ("params.yaml", "benchmark/prompts.en.jsonl"):
        shutil.copyfile(REPOSITORY / name, root / name)
    return root


@pytest.fixture
def takes(tmp_path):
    write_audio(tmp_path / "takes" / "one.wav", make_tone())
    (tmp_path / "takes" / "a.list").write_text("one.wav|A|EN|Hello | there.")
    return tmp_path / "takes"


def add(root, takes, *options):
    return call(cli_corpus.app, "add", takes, "--speaker", "anna", "--root", root, *options)


def test_adding_and_registering_is_two_commands(root, takes):
    said = add(root, takes, *CONSENT_OPTIONS)
    assert "1 added, 0 replaced, 0 unchanged" in said
    assert "voxgate data commit" in said
    with pytest.raises(DataVersionError, match=r"1 added: audio/anna/one\.wav"):
        call(cli_data.app, "version", "--root", root)
    assert "recordings added: 1\n  anna/one" in call(cli_data.app, "diff", "--root", root)
    registered = json.loads(call(cli_data.app, "commit", "--root", root, "--json"))["version"]
    assert call(cli_data.app, "version", "--root", root).strip() == registered


def test_the_terms_may_hold_any_letters(root, takes):
    options = [*CONSENT_OPTIONS[:-1], "Zoë 🎙"]
    add(root, takes, *options)
    assert load_consents(root / "data" / "consent.yaml")["anna"].attribution == "Zoë 🎙"


def test_one_of_two_lists_is_chosen_and_what_was_understood_is_said(root, takes):
    (takes / "b.list").write_text("D:\\out\\one.wav|A|en-US|Hello.")
    said = json.loads(add(root, takes, *CONSENT_OPTIONS, "--list", "b.list", "--json"))
    assert said["added"] == 1
    assert "a path of another machine" in said["notes"][0]


def test_a_record_may_come_from_a_file(root, takes, tmp_path):
    path = tmp_path / "anna.yaml"
    path.write_text("{scope: internal, statement: s, source: s, licence: l, attribution: a}")
    said = json.loads(add(root, takes, "--consent", path, "--json"))
    assert said["added"] == 1
    again = json.loads(add(root, takes, "--json"))
    assert (again["added"], again["unchanged"]) == (0, 1)


def test_no_consent_no_recordings(root, takes):
    with pytest.raises(ConsentError, match="no consent record"):
        add(root, takes)
    with pytest.raises(ConsentError, match=r"licence: .*attribution: "):
        add(root, takes, "--scope", "internal", "--statement", "x", "--source", "y")
    with pytest.raises(ConsentError, match="cannot be read"):
        add(root, takes, "--consent", takes / "absent.yaml")
    with pytest.raises(ConsentError, match="exclude each other"):
        add(root, takes, "--consent", takes / "a.list", "--scope", "internal")


def test_an_unknown_layout_lists_the_known_ones(root, takes):
    with pytest.raises(ConfigError, match="auto, gpt-sovits, csv, ljspeech, got 'kaldi'"):
        add(root, takes, "--layout", "kaldi", *CONSENT_OPTIONS)


def test_a_diff_is_json_for_scripts(root):
    said = json.loads(call(cli_data.app, "diff", "--root", root, "--json"))
    assert said["added"] == said["removed"] == said["changed"] == []


def test_versions_are_pushed_and_pulled(root):
    assert call(cli_data.app, "push", "--root", root) == "5 files sent\n"
    assert call(cli_data.app, "pull", "--root", root) == "0 files fetched\n"


def test_data_that_are_there_are_kept(root):
    assert call(cli_corpus.app, "fetch", "--root", root, "--if-missing") == ""
    assert "already" in call(cli_corpus.app, "fetch", "--root", root)
    said = json.loads(call(cli_corpus.app, "fetch", "--root", root, "--json"))
    assert said["layout"] is None

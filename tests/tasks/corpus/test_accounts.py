"""Where each second went, and where each clip came from."""

import pytest

from tasks.corpus.accounts import account_sources, find_clip
from tests.fakes.imports import an_import, decide, doubtful, kept, silence
from voxgate.corpus.cutting.records import import_folder, write_import
from voxgate.corpus.cutting.stretches import Status
from voxgate.errors import CorpusError

FIRST = an_import(kept(0, 2), silence(2, 3), doubtful(3, 5))
SECOND = an_import(silence(0, 7), source_id="memo-87654321")
DOUBTFUL_ID = "anna/talk-12345678/000003000-000005000"


@pytest.fixture
def data(tmp_path):
    for imported in (FIRST, SECOND):
        write_import(tmp_path / import_folder(imported.source), imported)
    return tmp_path


def test_all_sources_are_shown_and_added_up(data):
    accounts = account_sources(data)
    assert [each.source.source_id for each in accounts.sources] == [
        "memo-87654321",
        "talk-12345678",
    ]
    assert accounts.together.seconds == 12
    assert accounts.together.seconds_of(Status.SILENCE) == 8


def test_one_source_is_chosen_by_its_id(data):
    accounts = account_sources(data, "memo-87654321")
    assert accounts.together.seconds == 7


def test_an_unknown_source_is_named_with_the_known_ones(data):
    with pytest.raises(CorpusError, match="there are: memo-87654321, talk-12345678"):
        account_sources(data, "gone")


def test_without_an_import_the_command_that_makes_one_is_named(tmp_path):
    with pytest.raises(CorpusError, match="voxgate corpus import"):
        account_sources(tmp_path)


def test_decisions_are_in_the_table(data):
    decide(data, DOUBTFUL_ID, "accept", trim_ms=(0, 1_000))
    together = account_sources(data).together
    assert together.seconds_of(Status.KEPT) == 3
    assert together.seconds_of(Status.REJECTED) == 1
    assert together.seconds_of(Status.DOUBTFUL) == 0


@pytest.mark.parametrize("name", [DOUBTFUL_ID, f"data/audio/{DOUBTFUL_ID}.flac"])
def test_a_clip_leads_back_to_file_and_second(data, name):
    found = find_clip(data, name)
    assert found.source.name == "talk.wav"
    assert (found.stretch.span.start_s, found.stretch.span.end_s) == (3, 5)
    assert found.decision is None


def test_a_trimmed_clip_leads_back_too(data):
    decide(data, DOUBTFUL_ID, "accept", trim_ms=(500, 1_000))
    found = find_clip(data, "anna/talk-12345678/000003500-000004000")
    assert found.stretch.span.start_s == 3.5
    assert found.decision.by == "bo"


def test_an_unknown_clip_is_refused_with_an_example(data):
    with pytest.raises(CorpusError, match="expected a recording id of"):
        find_clip(data, "anna/talk-12345678/000000001-000000002")

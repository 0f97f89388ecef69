from __future__ import annotations

import pytest

from tests.fakes.speech_records import make_record
from voxgate.serving.audit.lines import Kind, Line, frame, merged, read_line
from voxgate.serving.audit.record import Outcome, SpeechRecord

CONTENT = make_record(text="日本\nzwei begun ab {").content()


@pytest.mark.parametrize("kind", ["begun", "said", "ended"])
def test_a_line_says_what_it_is_and_of_which_answer(kind: Kind) -> None:
    line = frame(CONTENT, kind=kind, name="00ff").rstrip(b"\n")
    assert read_line(line) == Line(kind=kind, name="00ff", content=CONTENT)


def test_a_record_alone_is_a_line_as_older_versions_wrote_it() -> None:
    assert read_line(frame(CONTENT).rstrip(b"\n")) == Line(kind="record", content=CONTENT)


def test_a_line_that_is_not_whole_says_nothing() -> None:
    line = frame(CONTENT, kind="begun", name="00ff").rstrip(b"\n")
    assert read_line(line[:-1]) is None
    assert read_line(line.replace(b"begun 00", b"begun 01")) is None


def test_a_further_sentence_changes_what_it_changes_and_nothing_else() -> None:
    before = make_record(text="said", outcome=Outcome.DIED, sentences=1, duration_s=1.5)
    after = make_record(text="said", outcome=Outcome.DIED, pcm_sha256="b" * 64)
    assert SpeechRecord.parse(merged(before.content(), after.progress())) == after

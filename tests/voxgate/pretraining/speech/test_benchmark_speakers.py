from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate.errors import TextError
from voxgate.files import digest_file
from voxgate.pretraining.speech.benchmark_speakers import CLIPS, SPEAKERS, make_speakers
from voxgate.pretraining.speech.sentences import normalise
from voxgate.pretraining.speech.teacher import VOICES, Reading

SHIPPED = Path(__file__).parents[4] / "benchmark" / "speakers"


class SlowTeacher(ToneTeacher):
    """Reads for three seconds more."""

    def read(self, text: str, *, voice: str, speed: float) -> Reading:
        reading = super().read(text, voice=voice, speed=speed)
        return Reading(wave=reading.wave.repeat(3), ipa=reading.ipa)


def test_each_voice_speaks_three_clips_of_its_own(tmp_path: Path) -> None:
    make_speakers(tmp_path, SlowTeacher(), excluded=frozenset())
    rows = _rows(tmp_path)
    assert [row["voice"] for row in rows] == [voice for voice in SPEAKERS for _ in range(CLIPS)]
    assert len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert digest_file(tmp_path / row["file"]) == row["sha256"]
        assert 2.0 <= soundfile.info(tmp_path / row["file"]).duration <= 4.0


def test_excluded_texts_are_not_read(tmp_path: Path) -> None:
    make_speakers(tmp_path / "all", SlowTeacher(), excluded=frozenset())
    text = normalise(_rows(tmp_path / "all")[0]["text"])
    make_speakers(tmp_path / "some", SlowTeacher(), excluded={text})
    assert text not in {normalise(row["text"]) for row in _rows(tmp_path / "some")}


def test_a_teacher_that_never_reads_long_enough_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TextError, match=r"took 2\.0 to 4\.0 s"):
        make_speakers(tmp_path, ToneTeacher(), excluded=frozenset())


def test_the_shipped_clips_are_what_their_index_says() -> None:
    rows = _rows(SHIPPED)
    assert len(rows) == len(SPEAKERS) * CLIPS
    assert {row["voice"] for row in rows} == set(SPEAKERS) <= set(VOICES)
    assert {row["gender"] for row in rows} == {"female", "male"}
    for row in rows:
        assert digest_file(SHIPPED / row["file"]) == row["sha256"]
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 3_000_000


def test_no_shipped_clip_reads_a_benchmark_prompt() -> None:
    lines = (SHIPPED.parent / "prompts.en.jsonl").read_text(encoding="utf-8").splitlines()
    prompts = {normalise(json.loads(line)["text"]) for line in lines}
    assert prompts.isdisjoint(normalise(row["text"]) for row in _rows(SHIPPED))


def _rows(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]

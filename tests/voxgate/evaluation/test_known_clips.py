from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.evaluation_workspace import EvaluationWorkspace
from voxgate.errors import ConfigError
from voxgate.evaluation.known_clips import known_clips_digest, load_known_clips


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return EvaluationWorkspace(tmp_path).workspace.benchmark_dir / "speakers"


def faults_of(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_known_clips(folder)
    return "\n".join(caught.value.faults)


def rewrite(folder: Path, line: int, **changes: object) -> None:
    index = folder / "index.jsonl"
    rows = [json.loads(text) for text in index.read_text().splitlines()]
    rows[line].update(changes)
    index.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_clips_come_with_their_words_and_voice(folder: Path) -> None:
    clips = load_known_clips(folder)
    assert len(clips) == 9
    assert clips[0].voice == "voice0"
    assert clips[0].wave.dtype == np.float32
    assert known_clips_digest(clips) == known_clips_digest(list(reversed(clips)))


def test_an_altered_clip_is_named(folder: Path) -> None:
    path = folder / "voice1-0.flac"
    path.write_bytes(path.read_bytes()[:-1])
    assert "voice1-0.flac is not the file that the index names" in faults_of(folder)


def test_every_broken_line_is_reported(folder: Path) -> None:
    (folder / "voice0-0.flac").unlink()
    rewrite(folder, 1, file="../../../etc/passwd")
    rewrite(folder, 2, duration_s="long")
    with (folder / "index.jsonl").open("a") as stream:
        stream.write("{broken\n[]\n")
    text = faults_of(folder)
    assert "line 1" in text
    assert "line 2: '../../../etc/passwd' leaves the folder" in text
    assert "line 3: wrong type of duration_s" in text
    assert "line 10: not JSON" in text
    assert "line 11: expected the fields" in text


def test_a_clip_of_another_rate_is_named(folder: Path) -> None:
    path = folder / "voice0-1.flac"
    soundfile.write(path, np.zeros(8000, np.int16), 8000, subtype="PCM_16")
    from voxgate.files import digest_file

    rewrite(folder, 1, sha256=digest_file(path))
    assert "expected 16000 Hz mono, got 8000 Hz" in faults_of(folder)


def test_one_voice_gives_no_pairs_to_compare(folder: Path) -> None:
    index = folder / "index.jsonl"
    index.write_text("".join(line + "\n" for line in index.read_text().splitlines()[:3]))
    assert "at least two voices" in faults_of(folder)


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    assert "the self-test clips are part of the project" in faults_of(tmp_path)


def test_the_committed_clips_are_twenty_voices_of_three() -> None:
    clips = load_known_clips(Path("benchmark/speakers"))
    voices = {clip.voice for clip in clips}
    assert len(voices) >= 20
    assert len(clips) == 3 * len(voices)

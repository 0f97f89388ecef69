"""An import that is killed at any write is whole or not there, and the same command ends it."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.import_child import NEVER
from tests.fakes.recordings import write_audio
from tests.fakes.tone_talk import hush, say
from voxgate.corpus.consent import load_consents
from voxgate.corpus.cutting.records import clip_path, read_imports
from voxgate.corpus.manifest import read_manifest
from voxgate.files import digest_file

REPOSITORY = Path(__file__).parents[3]
KILLS = 12


@pytest.fixture(scope="module")
def podcast(tmp_path_factory):
    folder = tmp_path_factory.mktemp("podcast")
    for name, text in (("a.wav", "one two three four"), ("b.wav", "five six seven eight nine")):
        talk = [hush(0.6), say(text), hush(1.2), say("yes no stop. ten"), hush(0.6)]
        write_audio(folder / name, np.concatenate(talk))
    return folder


@pytest.fixture(scope="module")
def child():
    command = [sys.executable, "-m", "tests.fakes.import_child"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def run(root, podcast, *, kill_at):
            job = {"root": str(root), "podcast": str(podcast), "kill_at": kill_at}
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield run


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): digest_file(path)
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_whole(data):
    """Everything that is named is there, and nothing is named that is not."""
    if not data.exists():
        return
    assert list(load_consents(data / "consent.yaml")) == ["anna"]
    clips = {clip_path(clip) for imported in read_imports(data) for clip in imported.clips}
    audio = {path.relative_to(data).as_posix() for path in data.rglob("*.flac")}
    assert audio == clips
    assert {recording.path for recording in read_manifest(data / "manifest.csv")} <= clips


@pytest.mark.slow
def test_a_killed_import_is_whole_or_absent_and_goes_on(podcast, child, tmp_path):
    whole = tmp_path / "whole"
    assert child(whole, podcast, kill_at=NEVER) == 0
    expected = digests(whole / "data")
    draw = random.Random(15)
    root, killed = tmp_path / "killed", 0
    for _ in range(KILLS):
        status = child(root, podcast, kill_at=draw.randint(1, 160))
        killed += status == -9
        assert_whole(root / "data")
        if status == 0:
            assert digests(root / "data") == expected
            shutil.rmtree(root)
    assert killed > KILLS / 2
    assert child(root, podcast, kill_at=NEVER) == 0
    assert digests(root / "data") == expected
    assert [path.name for path in root.iterdir() if path.name.endswith(".tmp")] == []
    assert list((root / ".voxgate" / "work").iterdir()) == []

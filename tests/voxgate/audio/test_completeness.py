"""What the framing of a file announces."""

import pytest

from tests.fakes.encoded_audio import encode
from tests.fakes.ingested_corpus import make_speech
from voxgate.audio.completeness import Framing, inspect_framing

CONTAINERS = {"wav": "wav", "aiff": "aiff", "flac": "flac", "ogg": "ogg", "mp3": "mp3"}
CONTAINERS |= {"opus": "ogg", "m4a": "mp4"}


def framing(tmp_path, suffix, data):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    return inspect_framing(path, CONTAINERS.get(suffix))


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_whole_file_is_one_part_with_nothing_missing(tmp_path, suffix):
    found = framing(tmp_path, suffix, encode(suffix, make_speech(1)))
    assert (found.parts, found.missing_bytes) == (1, 0)


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg", "opus", "mp3"])
def test_parts_are_counted(tmp_path, suffix):
    assert framing(tmp_path, suffix, encode(suffix, make_speech(1)) * 2).parts == 2


@pytest.mark.parametrize("suffix", ["wav", "aiff", "ogg", "opus", "m4a"])
def test_what_is_missing_is_noticed(tmp_path, suffix):
    data = encode(suffix, make_speech(1))
    assert framing(tmp_path, suffix, data[: len(data) * 3 // 4]).missing_bytes > 0


def test_an_unknown_kind_and_damage_announce_nothing(tmp_path):
    assert framing(tmp_path, "bin", b"anything at all") == Framing()
    assert framing(tmp_path, "ogg", b"OggS" + bytes(100) + b"damage").missing_bytes == 0
    assert framing(tmp_path, "m4a", bytes(100)).missing_bytes == 0

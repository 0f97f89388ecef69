"""Recognition of files by their first bytes."""

import pytest

from tests.fakes.recordings import make_tone, write_audio
from voxgate.audio.containers import sniff_container


@pytest.mark.parametrize(
    ("suffix", "container"), [(".wav", "wav"), (".flac", "flac"), (".ogg", "ogg"), (".mp3", "mp3")]
)
def test_containers_are_recognised_whatever_the_name(tmp_path, suffix, container):
    path = write_audio(tmp_path / f"a{suffix}", make_tone()).rename(tmp_path / "a.dat")
    assert sniff_container(path) == container


def test_a_frame_sync_is_not_believed_of_a_headerless_format(tmp_path):
    head = b"\xff\xfb\x90\x00" + b"\x00" * 60
    (tmp_path / "a.g722").write_bytes(head)
    (tmp_path / "a.mp3").write_bytes(head)
    assert sniff_container(tmp_path / "a.g722") is None
    assert sniff_container(tmp_path / "a.mp3") == "mp3"


def test_a_few_bytes_announce_nothing(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    assert sniff_container(tmp_path / "a.wav") is None

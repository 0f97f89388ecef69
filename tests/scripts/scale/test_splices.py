"""Clips from pieces of few recordings: no two alike, and a checkout that grows by new ones."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from scripts.scale.splices import PIECE_S, Splicer, write_checkout
from tests.fakes.recordings import (
    INGEST_PARAMS,
    list_recording,
    make_tone,
    write_audio,
    write_data,
)
from voxgate.corpus.manifest import read_manifest
from voxgate.files import digest_bytes

TONES = 4


@pytest.fixture
def splicer(tmp_path: Path) -> Splicer:
    recordings = [list_recording(str(number)) for number in range(TONES)]
    for number, recording in enumerate(recordings):
        tone = make_tone(0.9, hz=200.0 + 50 * number)
        write_audio(tmp_path / "data" / recording.path, tone)
    write_data(tmp_path, recordings, speakers=["tone"])
    return Splicer.of(tmp_path / "data", INGEST_PARAMS)


def test_every_pair_of_pieces_is_a_clip_once(splicer: Splicer) -> None:
    clips = list(splicer.clips())
    assert len(splicer.pieces) == TONES
    assert len({digest_bytes(clip.tobytes()) for clip in clips}) == TONES * (TONES - 1)
    assert all(len(clip) > 2 * PIECE_S * splicer.rate_hz for clip in islice(clips, 3))


def test_a_checkout_grows_by_new_clips(splicer: Splicer, tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    write_checkout(root, splicer, 3)
    first = (root / "data.dvc").read_text()
    write_checkout(root, splicer, 5)
    rows = read_manifest(root / "data" / "manifest.csv")
    assert len(rows) == 5
    assert len({row.text for row in rows}) == 5
    assert all((root / "data" / row.path).is_file() for row in rows)
    assert (root / "data.dvc").read_text() != first


def test_more_clips_than_pairs_are_not_promised(splicer: Splicer, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected 13 pairs of pieces, got 12"):
        write_checkout(tmp_path / "checkout", splicer, 13)

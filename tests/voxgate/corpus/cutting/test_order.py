from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voxgate.corpus.cutting.order import CutOrder, digest_settings, source_id_of

SHA256 = "1a2b3c4d" * 8
ORDER = CutOrder(name="talk.wav", sha256=SHA256, speaker_id="anna", language="en")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("talk.wav", "talk"),
        ("../../Ä b/c.d.mp3", "c-d"),
        ("Zoë, part 1.MP3", "Zoe-part-1"),
        ("日本.wav", "recording"),
        ("-rf --.wav", "rf"),
        ("x" * 300 + ".wav", "x" * 60),
    ],
)
def test_a_source_id_is_safe_in_paths_and_lists(name: str, stem: str) -> None:
    assert source_id_of(name, SHA256) == f"{stem}-1a2b3c4d"


def digest(order: CutOrder, params: int = 1, instruments: int = 1) -> str:
    return digest_settings(order, params={"p": params}, instruments={"i": instruments})


def test_settings_are_told_apart_by_all_that_decides(tmp_path: Path) -> None:
    text = tmp_path / "talk.txt"
    text.write_text("hello")
    others = [
        digest(replace(ORDER, language="fr")),
        digest(replace(ORDER, one_aligner=True)),
        digest(replace(ORDER, reference=np.zeros(5, np.float32))),
        digest(replace(ORDER, transcript=text)),
        digest(ORDER, params=2),
        digest(ORDER, instruments=2),
    ]
    assert len({digest(ORDER), *others}) == 7


def test_the_name_of_a_recording_decides_nothing() -> None:
    assert digest(replace(ORDER, name="other.wav")) == digest(ORDER)

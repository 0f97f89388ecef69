from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voxgate.adapters.g2pw import G2pw, open_g2pw, read_labels
from voxgate.errors import WeightsError

PAIRS = (("行", "ㄒㄧㄥ2"), ("行", "ㄏㄤ2"), ("長", "ㄔㄤ2"), ("長", "ㄓㄤ3"))
PINYIN = {"ㄒㄧㄥ": "xing", "ㄏㄤ": "hang", "ㄔㄤ": "chang", "ㄓㄤ": "zhang"}
TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "銀", "行", "長")


class Session:
    """Prefers the last label that is allowed, and keeps what it was given."""

    def __init__(self) -> None:
        self.feeds: Mapping[str, np.ndarray] = {}

    def run(self, names: Sequence[str] | None, feeds: Mapping[str, np.ndarray]) -> list[Any]:
        self.feeds = feeds
        size = feeds["phoneme_mask"].shape
        return [np.broadcast_to(np.arange(1, size[1] + 1), size)]


def network(session: Session) -> G2pw:
    labels, candidates = read_labels(PAIRS)
    return G2pw(
        session=session,
        digest="of a test",
        vocabulary={token: place for place, token in enumerate(TOKENS)},
        labels=labels,
        candidates=candidates,
        pinyin=PINYIN,
        traditional=lambda text: text.replace("银", "銀").replace("长", "長"),
    )


def test_asks_once_for_all_places_in_traditional_characters() -> None:
    session = Session()
    model = network(session)
    assert model.knows("长")
    assert not model.knows("银")
    assert model.read("银行长", [1, 2]) == ("xing2", "chang2")
    assert session.feeds["input_ids"].tolist() == [[2, 4, 5, 6, 3]] * 2
    assert session.feeds["position_ids"].tolist() == [2, 3]
    assert session.feeds["char_ids"].tolist() == [0, 1]
    assert session.feeds["phoneme_mask"].sum(axis=1).tolist() == [2, 2]


def test_long_sentences_are_cut_around_the_character() -> None:
    session = Session()
    assert network(session).read("银" * 600 + "长", [600]) == ("chang2",)
    assert session.feeds["input_ids"].shape == (1, 512)
    assert session.feeds["position_ids"].tolist() == [510]


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"g2pW\.onnx, which is not there"):
        open_g2pw(tmp_path, vocabulary=tmp_path / "vocab.txt", sha256="0" * 64)
    (tmp_path / "g2pW.onnx").write_bytes(b"?")
    (tmp_path / "POLYPHONIC_CHARS.txt").write_text("")
    (tmp_path / "vocab.txt").write_text("")
    with pytest.raises(WeightsError, match="expected 0000"):
        open_g2pw(tmp_path, vocabulary=tmp_path / "vocab.txt", sha256="0" * 64)

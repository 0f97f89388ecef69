"""g2pW, the network that upstream reads Chinese polyphones with, for who has its files.

Chen et al. 2022, arXiv 2203.10430. It is in no package and nothing is fetched here: a folder with
`g2pW.onnx`, `POLYPHONIC_CHARS.txt` and `bopomofo_to_pinyin_wo_tune_dict.json`, and the `vocab.txt`
of bert-base-chinese, are given by the user. The network reads traditional characters, and answers
in bopomofo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voxgate.errors import WeightsError
from voxgate.files import digest_bytes, read_json
from voxgate.text.chinese.phrases import traditional

__all__ = ["G2pw", "Session", "open_g2pw"]

_LONGEST = 510
"""Characters that fit between the marks of the beginning and the end."""

_LEFT_TO_OTHERS = frozenset("一不和咋嗲剖差倒难奔劲拗肖瘙泊听噢")
"""Characters that the network reads worse than words do, as upstream found."""


class Session(Protocol):
    """What of an ONNX session is used."""

    def run(self, names: Sequence[str] | None, feeds: Mapping[str, NDArray[Any]]) -> list[Any]:
        """Return the outputs for the arrays of `feeds`."""
        ...


@dataclass(frozen=True, kw_only=True)
class G2pw:
    """Implements `PolyphoneModel`."""

    session: Session = field(repr=False)
    digest: str
    vocabulary: Mapping[str, int] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)
    candidates: Mapping[str, tuple[int, ...]] = field(repr=False)
    """Places of a traditional character's readings among the labels."""

    pinyin: Mapping[str, str] = field(repr=False)
    """From bopomofo without a tone."""

    traditional: Callable[[str], str] = field(repr=False)

    def knows(self, character: str) -> bool:
        """Tell whether the network tells readings of the character apart."""
        return self.traditional(character) in self.candidates and character not in _LEFT_TO_OTHERS

    def read(self, sentence: str, places: Sequence[int]) -> tuple[str, ...]:
        """Return the likeliest reading at each place; one run for all of them."""
        text = self.traditional(sentence)
        if len(text) != len(sentence):
            text = "".join(self.traditional(character)[:1] for character in sentence)
        windows = [_window(text, place) for place in places]
        size = max(len(window) for window, _ in windows) + 2
        ids = np.array([self._ids(window, size) for window, _ in windows], dtype=np.int64)
        characters = sorted(self.candidates)
        masks = np.zeros((len(places), len(self.labels)), dtype=np.float32)
        for row, place in enumerate(places):
            masks[row, list(self._candidates(text, sentence, place))] = 1.0
        feeds = {
            "input_ids": ids,  # (N, T)
            "token_type_ids": np.zeros_like(ids),
            "attention_mask": (ids != self.vocabulary["[PAD]"]).astype(np.int64),
            "phoneme_mask": masks,  # (N, labels)
            "char_ids": np.array(
                [characters.index(self._known(text, sentence, place)) for place in places],
                dtype=np.int64,
            ),
            "position_ids": np.array([place + 1 for _, place in windows], dtype=np.int64),
        }
        scores = np.asarray(self.session.run(None, feeds)[0]) * masks
        return tuple(self._said(self.labels[int(place)]) for place in scores.argmax(axis=1))

    def _known(self, text: str, sentence: str, place: int) -> str:
        """Return the form that the network knows: of the sentence, or of the character alone."""
        return text[place] if text[place] in self.candidates else self.traditional(sentence[place])

    def _candidates(self, text: str, sentence: str, place: int) -> tuple[int, ...]:
        return self.candidates[self._known(text, sentence, place)]

    def _ids(self, window: str, size: int) -> list[int]:
        unknown = self.vocabulary["[UNK]"]
        ids = [self.vocabulary.get(character, unknown) for character in window.lower()]
        padding = [self.vocabulary["[PAD]"]] * (size - len(ids) - 2)
        return [self.vocabulary["[CLS]"], *ids, self.vocabulary["[SEP]"], *padding]

    def _said(self, label: str) -> str:
        bopomofo = label.rpartition(" ")[2]
        return self.pinyin[bopomofo[:-1]].replace("ü", "v").replace("u:", "v") + bopomofo[-1]


def _window(text: str, place: int) -> tuple[str, int]:
    start = max(0, min(place - _LONGEST // 2, len(text) - _LONGEST))
    return text[start : start + _LONGEST], place - start


def open_g2pw(folder: Path, *, vocabulary: Path, sha256: str) -> G2pw:
    """Open the network of a folder.

    Args:
        folder: has the three files that the module names.
        vocabulary: `vocab.txt` of bert-base-chinese, a token a line.
        sha256: of `g2pW.onnx`, as whoever gave it says.

    Raises:
        WeightsError: a file is missing, or the network is another one.
    """
    for path in (folder / "g2pW.onnx", folder / "POLYPHONIC_CHARS.txt", vocabulary):
        if not path.is_file():
            raise WeightsError(f"g2pW needs {path}, which is not there; see docs/text.md")
    data = (folder / "g2pW.onnx").read_bytes()
    found = digest_bytes(data)
    if found != sha256:
        raise WeightsError(f"{folder / 'g2pW.onnx'} has sha256 {found}, expected {sha256}")
    import onnxruntime

    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    lines = (folder / "POLYPHONIC_CHARS.txt").read_text(encoding="utf-8").split("\n")
    labels, candidates = read_labels([line.split("\t") for line in lines if line.strip()])
    tokens = vocabulary.read_text(encoding="utf-8").splitlines()
    return G2pw(
        session=session,
        digest=found,
        vocabulary={token: place for place, token in enumerate(tokens)},
        labels=labels,
        candidates=candidates,
        pinyin=read_json(folder / "bopomofo_to_pinyin_wo_tune_dict.json"),
        traditional=traditional,
    )


def read_labels(
    pairs: Sequence[Sequence[str]],
) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """Return the labels in the network's order, and each character's places among them."""
    labels = tuple(sorted({reading for _, reading in pairs}))
    place_of = {label: place for place, label in enumerate(labels)}
    candidates: dict[str, tuple[int, ...]] = {}
    for character, reading in pairs:
        candidates[character] = (*candidates.get(character, ()), place_of[reading])
    return labels, candidates

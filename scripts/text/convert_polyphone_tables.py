"""Turn the tables of g2pM, which are pickles, into the arrays that Chinese readings are made of.

    pip download --no-deps g2pM==0.1.2.5
    python scripts/text/convert_polyphone_tables.py g2pM-0.1.2.5-py3-none-any.whl \
        voxgate/text/chinese/data/polyphones.npz

g2pM (Park and Lee, 2020, https://github.com/kakaobrain/g2pM) is Apache-2.0. Nothing but arrays,
dictionaries, lists, strings and numbers can come out of its pickles here.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

WHEEL = "9e920b82df4002f96d8679720c7a858d10816d438dbd61b8b6b621a80a976361"
BEGIN, END, UNKNOWN = "시", "끝", "<UNK>"
LAYERS = {
    "embedding": "embedding.weight",
    "forward_input": "lstm.weight_ih_l0",
    "forward_state": "lstm.weight_hh_l0",
    "backward_input": "lstm.weight_ih_l0_reverse",
    "backward_state": "lstm.weight_hh_l0_reverse",
    "hidden": "logit_layer.0.weight",
    "hidden_bias": "logit_layer.0.bias",
    "output": "logit_layer.2.weight",
    "output_bias": "logit_layer.2.bias",
}


def _empty_array(*_: object) -> np.ndarray:
    """Stand in for numpy's own function of this kind: the state comes afterwards."""
    return np.ndarray((0,), dtype=np.int8)


class PlainUnpickler(pickle.Unpickler):
    """Knows the three names that an array of numpy is written with, and no other."""

    def find_class(self, module: str, name: str) -> Any:
        """Return what an array is made with.

        Raises:
            pickle.UnpicklingError: anything else is asked for.
        """
        known = {
            ("numpy.core.multiarray", "_reconstruct"): _empty_array,
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"the table asks for {module}.{name}: not a plain table")
        return known[module, name]


def main() -> None:
    """Read the wheel, check its digest, write the arrays."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    found = hashlib.sha256(arguments.wheel.read_bytes()).hexdigest()
    if found != WHEEL:
        raise SystemExit(f"{arguments.wheel}: digest {found}, need {WHEEL} (g2pM 0.1.2.5)")
    with zipfile.ZipFile(arguments.wheel) as wheel:
        tables = {
            name: PlainUnpickler(io.BytesIO(wheel.read(f"g2pM/{name}.pkl"))).load()
            for name in ("char2idx", "class2idx", "digest_cedict", "np_ckpt")
        }
    arrays = convert(**tables)
    np.savez_compressed(arguments.target, **arrays)


def convert(
    *,
    char2idx: dict[str, int],
    class2idx: dict[str, int],
    digest_cedict: dict[str, list[str]],
    np_ckpt: dict[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Return the arrays: half precision, one bias a direction, texts as bytes of UTF-8."""
    order = sorted(char2idx, key=char2idx.__getitem__)
    places = {name: char2idx[name] for name in (BEGIN, END, UNKNOWN)}
    characters = "".join(name if len(name) == 1 else "\0" for name in order)
    candidates = [
        f"{character} {' '.join(readings)}"
        for character, readings in sorted(digest_cedict.items())
        if len(readings) > 1 and all(reading in class2idx for reading in readings)
    ]
    arrays = {name: np_ckpt[key].astype(np.float16) for name, key in LAYERS.items()}
    for direction, suffix in (("forward", ""), ("backward", "_reverse")):
        bias = np_ckpt[f"lstm.bias_ih_l0{suffix}"] + np_ckpt[f"lstm.bias_hh_l0{suffix}"]
        arrays[f"{direction}_bias"] = bias.astype(np.float16)
    return arrays | {
        "characters": _text(characters),
        "places": np.array([places[BEGIN], places[END], places[UNKNOWN]], dtype=np.int32),
        "classes": _text(" ".join(sorted(class2idx, key=class2idx.__getitem__))),
        "candidates": _text("\n".join(candidates)),
    }


def _text(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), dtype=np.uint8)


if __name__ == "__main__":
    main()

from __future__ import annotations

import importlib.util
import io
import os
import pickle
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "text" / "convert_polyphone_tables.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("convert_polyphone_tables", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_arrays_and_tables_come_out(script: ModuleType) -> None:
    table = {"a": [1, "b"]}
    assert script.PlainUnpickler(io.BytesIO(pickle.dumps(table))).load() == table


def test_nothing_else_does(script: ModuleType) -> None:
    content = pickle.dumps(os.getcwd)
    with pytest.raises(pickle.UnpicklingError, match="not a plain table"):
        script.PlainUnpickler(io.BytesIO(content)).load()


def test_half_precision_and_one_bias_a_direction(script: ModuleType) -> None:
    checkpoint = {key: np.ones((2, 2), dtype=np.float32) for key in script.LAYERS.values()}
    for suffix in ("", "_reverse"):
        for side in ("ih", "hh"):
            checkpoint[f"lstm.bias_{side}_l0{suffix}"] = np.ones(2, dtype=np.float32)
    arrays = script.convert(
        char2idx={"<PAD>": 0, script.UNKNOWN: 1, script.BEGIN: 2, script.END: 3, "行": 4},
        class2idx={"xing2": 0, "hang2": 1},
        digest_cedict={"行": ["xing2", "hang2"], "我": ["wo3"]},
        np_ckpt=checkpoint,
    )
    assert arrays["forward_bias"].tolist() == [2.0, 2.0]
    assert arrays["embedding"].dtype == np.float16
    assert arrays["candidates"].tobytes().decode() == "行 xing2 hang2"
    assert arrays["places"].tolist() == [2, 3, 1]

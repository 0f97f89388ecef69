from __future__ import annotations

import ast
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate.errors import StorageError
from voxgate.pretraining.speech import unpack
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.speech.pack import make_pack
from voxgate.pretraining.speech.shards import load_wave, read_items
from voxgate.pretraining.speech.unpack import read_pack

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the pack carries a decoder for Linux x86-64"
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, ToneTeacher, hours=0.014)
    return folder


def test_the_pack_decodes_to_the_same_items_without_delay(corpus: Path, tmp_path: Path) -> None:
    hours = make_pack(corpus, tmp_path / "pack")
    items = list(read_items(corpus))
    packed = list(read_pack(tmp_path / "pack"))
    assert [row["item_id"] for row, _ in packed] == [item.item_id for item in items]
    assert hours == pytest.approx(sum(item.duration_s for item in items) / 3600)
    for item, (_, wave) in list(zip(items, packed, strict=True))[::20]:
        original = load_wave(corpus, item)
        assert len(wave) == len(original)
        assert np.corrcoef(wave, original)[0, 1] > 0.98


def test_only_whole_shards_that_fit_are_packed(corpus: Path, tmp_path: Path) -> None:
    decoder = 3_700_000
    make_pack(corpus, tmp_path / "pack", max_bytes=decoder + 150_000)
    shards = {row["shard"] for row, _ in read_pack(tmp_path / "pack")}
    assert shards == {0}
    size = sum(path.stat().st_size for path in (tmp_path / "pack").iterdir())
    assert size <= decoder + 150_000


def test_a_limit_below_one_shard_is_an_error(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no shard"):
        make_pack(corpus, tmp_path / "pack", max_bytes=10_000)
    assert not (tmp_path / "pack").exists()


def test_a_damaged_pack_is_refused(corpus: Path, tmp_path: Path) -> None:
    make_pack(corpus, tmp_path / "pack")
    path = tmp_path / "pack" / "000000.opus"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match=r"000000\.opus is not the file"):
        next(read_pack(tmp_path / "pack"))


def test_the_unpacker_needs_numpy_and_the_standard_library_only() -> None:
    tree = ast.parse(Path(unpack.__file__).read_text(encoding="utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert names <= sys.stdlib_module_names | {"numpy"}

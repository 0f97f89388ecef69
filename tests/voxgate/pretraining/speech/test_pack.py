from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.voxgate.pretraining.conftest import ToneTeacher
from voxgate.errors import StorageError
from voxgate.files import digest_file, read_json, write_json
from voxgate.pretraining.speech.generate import generate
from voxgate.pretraining.speech.pack import make_pack, read_pack
from voxgate.pretraining.speech.shards import load_wave, read_items


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    generate(folder, ToneTeacher, hours=0.014)
    return folder


def test_the_pack_decodes_to_the_same_items_without_delay(corpus: Path, tmp_path: Path) -> None:
    hours = make_pack(corpus, tmp_path / "pack")
    items = list(read_items(corpus))
    packed = list(read_pack(tmp_path / "pack"))
    assert [item for item, _ in packed] == items
    assert hours == pytest.approx(sum(item.duration_s for item in items) / 3600)
    for item, (_, wave) in list(zip(items, packed, strict=True))[::20]:
        original = load_wave(corpus, item)
        assert len(wave) == len(original)
        assert np.corrcoef(wave, original)[0, 1] > 0.98


def test_only_whole_shards_that_fit_are_packed(corpus: Path, tmp_path: Path) -> None:
    make_pack(corpus, tmp_path / "pack", max_bytes=150_000)
    shards = {item.shard for item, _ in read_pack(tmp_path / "pack")}
    assert shards == {0}
    size = sum(path.stat().st_size for path in (tmp_path / "pack").iterdir())
    assert size <= 150_000


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


def test_a_pack_may_lie_anywhere_and_name_files_that_nothing_reads(
    corpus: Path, tmp_path: Path
) -> None:
    make_pack(corpus, tmp_path / "pack")
    manifest = read_json(tmp_path / "pack" / "manifest.json")
    (tmp_path / "pack" / "unpack.py").write_text("# as packs of version 0.1.0 carried")
    manifest["files"]["unpack.py"] = digest_file(tmp_path / "pack" / "unpack.py")
    write_json(tmp_path / "pack" / "manifest.json", manifest | {"decoder": "libsndfile.so"})
    moved = (tmp_path / "pack").rename(tmp_path / "elsewhere")
    assert [item for item, _ in read_pack(moved)] == list(read_items(corpus))

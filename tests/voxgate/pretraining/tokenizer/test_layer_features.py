from pathlib import Path

from tests.voxgate.pretraining.conftest import WindowExtractor
from voxgate.pretraining.tokenizer.layer_features import cache_features


def test_cached_shards_are_not_extracted_again(corpus: Path, tmp_path: Path) -> None:
    extractor = WindowExtractor()
    cache_features(corpus, tmp_path, extractor, shards=[0])
    first = extractor.calls
    cache_features(corpus, tmp_path, extractor)
    assert extractor.calls == 2 * first
    cache_features(corpus, tmp_path, extractor)
    assert extractor.calls == 2 * first

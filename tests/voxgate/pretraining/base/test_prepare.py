from pathlib import Path

from tests.voxgate.pretraining.conftest import tone_tokenizer
from voxgate.pretraining.base.prepare import prepare


def test_finished_shards_are_not_prepared_again(corpus: Path, prepared: Path) -> None:
    assert prepare(corpus, prepared, tone_tokenizer()) == 0

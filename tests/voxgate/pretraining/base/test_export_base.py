from pathlib import Path

import pytest

from voxgate.errors import WeightsError
from voxgate.pretraining.base.export_base import export_base


def test_nothing_is_exported_without_a_state(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no state; fit --model s1 first"):
        export_base(tmp_path, {}, tmp_path / "out", facts={})

from __future__ import annotations

import pytest

from voxgate.errors import TextError
from voxgate.text.extras import libraries_of


def test_a_missing_library_names_itself_and_the_extra() -> None:
    with (
        pytest.raises(TextError, match=r"Japanese needs .*'pyopen'.*pip install 'voxgate\[ja\]'"),
        libraries_of("ja"),
    ):
        raise ModuleNotFoundError("No module named 'pyopen'", name="pyopen")

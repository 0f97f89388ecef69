import sys

import pytest

from voxgate.adapters.extractors.transformers_compat import import_transformers
from voxgate.errors import AssetError


def test_an_absent_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(AssetError, match=r"need transformers .* install voxgate\[public\]"):
        import_transformers()

"""What the tests of campaigns share."""

from __future__ import annotations

import pytest

from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end


@pytest.fixture(scope="session")
def english() -> FrontEnd:
    return open_front_end("en")

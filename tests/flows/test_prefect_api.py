from __future__ import annotations

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.prefect_api import require_api
from voxgate.errors import ExternalServiceError


def test_a_prefect_server_that_is_away_is_waited_for_and_then_named() -> None:
    waited: list[float] = []
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ExternalServiceError, match=r"http://127\.0\.0\.1:9/api.*does not answer"),
    ):
        require_api(pauses_s=(1.0, 2.0), sleep=waited.append)
    assert waited == [1.0, 2.0]

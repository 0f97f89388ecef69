from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.prefect_api import require_api
from voxgate.errors import ExternalServiceError


@pytest.mark.usefixtures("impatient_client")
def test_a_prefect_server_that_is_away_is_waited_for_and_then_named() -> None:
    waited: list[float] = []
    with (
        temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}),
        pytest.raises(ExternalServiceError, match=r"http://127\.0\.0\.1:9/api.*does not answer"),
    ):
        require_api(pauses_s=(1.0, 2.0), sleep=waited.append)
    assert waited == [1.0, 2.0]


@pytest.mark.slow
def test_an_embedded_api_starts_where_no_folder_is(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from flows.environment import prepare_prefect\n"
        "prepare_prefect(Path(sys.argv[1]))\n"
        "from flows.prefect_api import require_api; require_api()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_HOME"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=environment
        | {
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Failed to create" not in done.stderr
    assert (tmp_path / ".voxgate" / "prefect" / "prefect.db").is_file()

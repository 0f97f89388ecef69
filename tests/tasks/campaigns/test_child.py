from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.campaigns.child import ACTIONS
from tests.fakes.release_site import ReleaseSite


def test_what_is_slow_is_done_by_these_names() -> None:
    assert set(ACTIONS) == {"plan", "recipients", "report"}


@pytest.mark.slow
def test_the_answer_is_all_that_stands_on_standard_output(tmp_path: Path) -> None:
    root = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db").root
    done = subprocess.run(
        [sys.executable, "-m", "tasks.campaigns.child", str(root), "key a", "plan", "spring"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["error"] == "UnknownCampaignError"

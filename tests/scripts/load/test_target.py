from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.load.machine import descendants
from scripts.load.target import LoadError, ServeSite, fetch_json, listening_address
from tests.fakes.http_service import ANONYMOUS, anonymous_app
from tests.fakes.live_server import HOST, live_server
from tests.fakes.speech_service import FakeSpeechService


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def test_a_server_says_where_it_listens(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    log = tmp_path / "log"
    log.write_text("INFO warming\nlistening on http://127.0.0.1:4711 (2 workers)\n")
    assert listening_address(log, sleeper, within_s=1) == ("127.0.0.1", 4711)


def test_one_that_does_not_start_is_quoted(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    log = tmp_path / "log"
    log.write_text("ConfigError: nothing is released\n")
    with pytest.raises(LoadError, match="nothing is released"):
        listening_address(log, sleeper, within_s=0.2)


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"voxgate status: .*no checkout of voxgate"):
        ServeSite(root=tmp_path).run("status")


def test_the_processes_below_one_are_found(sleeper: subprocess.Popen[bytes]) -> None:
    import os

    assert sleeper.pid in descendants(os.getpid())
    assert descendants(sleeper.pid) == [sleeper.pid]


def test_the_routes_that_a_site_reads_are_those_of_the_app() -> None:
    with live_server(anonymous_app(FakeSpeechService(), ANONYMOUS)) as port:
        ready = fetch_json((HOST, port), "/readyz")
        models = fetch_json((HOST, port), "/v1/models")["data"]
        voices = fetch_json((HOST, port), "/v1/audio/voices")["voices"]
    assert ready["degraded"] == ["redis"]
    assert [model["id"] for model in models] == ["voice-en"]
    assert [voice["name"] for voice in voices] == ["anna", "ben"]

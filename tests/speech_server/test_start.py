"""The commands that start script and container give, outside containers and on loopback."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest
import yaml

from tests.fakes.postgres import free_port
from tests.fakes.release_site import ReleaseSite

pytestmark = pytest.mark.slow

SERVER = Path(__file__).resolve().parents[2] / "speech_server"
VOXGATE = (sys.executable, "-c", "from flows.cli.app import main; main()")


@contextmanager
def running(words: list[str], site: ReleaseSite) -> Iterator[str]:
    """Start a server in a checkout; yields its address. It ends by SIGTERM."""
    process = subprocess.Popen(
        words, cwd=site.root, env=environment(site), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        found = re.search(r"listening on (http://\S+)", process.stdout.readline())
        assert found is not None
        yield found[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in (0, 128 + signal.SIGTERM, -signal.SIGTERM)
    finally:
        process.kill()
        process.communicate()


def environment(site: ReleaseSite) -> dict[str, str]:
    # Found from the checkout of the test, in which no code lies.
    path = os.pathsep.join(filter(None, [str(SERVER.parent), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "VOXGATE_MLFLOW_TRACKING_URI": site.mlflow_uri, "PYTHONPATH": path}


def test_the_start_script_opens_the_page_to_this_machine(release_site: ReleaseSite) -> None:
    script = release_site.root / "speech_server" / "start.sh"
    script.parent.mkdir()
    shutil.copy(SERVER / "start.sh", script)
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHON", sys.executable)
        with running([str(script), str(port)], release_site) as url:
            assert url == f"http://127.0.0.1:{port}"
            assert 'data-key="optional"' in httpx.get(url, trust_env=False).text
            status = httpx.get(f"{url}/v1/status", trust_env=False).json()
            assert [model["live"] for model in status["models"]] == [None]
            assert httpx.get(f"{url}/readyz", trust_env=False).status_code == 503


def test_the_containers_command_wants_a_key_first(release_site: ReleaseSite) -> None:
    document = yaml.safe_load((SERVER / "compose.yaml").read_text("utf-8"))
    command = [
        {"0.0.0.0": "127.0.0.1", "8080": "0"}.get(word, re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word))
        for word in document["services"]["speech"]["command"]
    ]
    words = [*VOXGATE, *command]

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VOXGATE, *arguments], cwd=release_site.root, env=environment(release_site),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    refused = call(*command)
    assert refused.returncode == 1
    assert "there is no valid key" in refused.stderr
    made = call("keys", "create", "the shop", "--class", "real-time", "--right", "speak")
    assert made.returncode == 0, made.stderr
    token = made.stdout.split()[0]
    with running(words, release_site) as url:
        assert 'data-key="needed"' in httpx.get(url, trust_env=False).text
        status = f"{url}/v1/status"
        assert httpx.get(status, trust_env=False).status_code == 401
        key = {"Authorization": f"Bearer {token}"}
        assert httpx.get(status, headers=key, trust_env=False).status_code == 200


def test_the_containers_campaign_worker_waits_for_work_until_sigterm(
    release_site: ReleaseSite,
) -> None:
    document = yaml.safe_load((SERVER / "compose.yaml").read_text("utf-8"))
    command = document["services"]["campaign-worker"]["command"]
    words = [*VOXGATE, *(re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in command)]
    process = subprocess.Popen(
        words,
        cwd=release_site.root,
        env=environment(release_site),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("takes turns at campaigns, 1 at once")
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0
        assert process.stdout.read().splitlines()[-1] == "ended"
    finally:
        process.kill()
        process.communicate()


def test_without_follow_the_worker_ends_when_nothing_is_open(release_site: ReleaseSite) -> None:
    done = subprocess.run(
        [*VOXGATE, "campaign", "work", "--workers", "1"],
        cwd=release_site.root,
        env=environment(release_site),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "nothing of any campaign is open"

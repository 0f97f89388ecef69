"""`kill -9` of a service whose callers have heard the beginning of their answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows.reports.speech_audit import describe_speech
from tasks.speech.audit import find_speech, verify_speech
from tests.fakes.memory import memory_folder
from tests.fakes.speaking_house import TEXT
from voxgate.serving.audit.delivery import Delivery, deliver
from voxgate.settings import Settings
from voxgate.wiring.speech_audit import open_speech_audit

ROOT = Path(__file__).resolve().parents[3]


def test_a_server_that_is_killed_leaves_a_record_of_what_its_callers_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    with memory_folder() as folder:
        command = [sys.executable, "-m", "tests.fakes.speech_killed_child", str(folder)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "heard\n"
            server.kill()
        assert server.returncode == -9
        audit = open_speech_audit(Settings(), folder)
        assert deliver(folder / "spool", audit) == Delivery(batches=2, records=3, died=2)
        assert deliver(folder / "spool", audit) == Delivery()
        assert verify_speech(folder, None)["records"] == 3
        (whole,) = find_speech(folder, request_id="whole")
        assert (whole["outcome"], whole["sentences"]) == ("complete", 2)
        (older,) = find_speech(folder, request_id="older")
        assert (older["outcome"], older["sentences"], older["text"]) == ("died", 1, TEXT)
        (newer,) = find_speech(folder, request_id="newer")
        assert newer["pcm_sha256"] == older["pcm_sha256"] != whole["pcm_sha256"]
        assert (newer["version"], newer["voice_digest"]) == (1, whole["voice_digest"])
        first = describe_speech([newer]).splitlines()[0]
        assert first.endswith(": died, at most 1 sentences, 0.12 s")

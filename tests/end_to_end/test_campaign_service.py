"""A campaign over HTTP as a customer makes it: a real server, real hands, a voice that speaks."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import soundfile

from scripts.load.machine import command, descendants
from tasks.campaigns.create import create
from tasks.campaigns.desk import open_campaign_desk
from tests.fakes.base_voice import write_base_voice
from tests.fakes.campaign_site import FILE, LIST
from tests.fakes.release_site import ReleaseSite
from voxgate.campaigns.quality.calibration import (
    QualityCalibration,
    Refusals,
    quality_code,
)
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.quality.figures import MEASURES
from voxgate.campaigns.quality.rules import QualityRules
from voxgate.campaigns.spec import parse_spec
from voxgate.wiring.campaign_limits import keep_limits
from voxgate.wiring.campaign_studio import open_booth, subject_of
from voxgate.wiring.campaign_voices import choose_voice

pytestmark = pytest.mark.slow

VOXGATE = (sys.executable, "-c", "from flows.cli.app import main; main()")


def set_wide_limits(site: ReleaseSite, file: dict[str, Any]) -> None:
    """Let the check refuse nothing: what it refuses is tested where it is."""
    desk = open_campaign_desk(site.root, by="anna")
    spec = parse_spec({**file, "campaign": "limits"}, "limits")
    create(desk, spec)
    voice = choose_voice(desk.checkout, spec)
    ears = open_booth(desk.checkout, spec, voice).ears
    subject = subject_of(voice, ears)
    found = QualityCalibration(
        subject=subject,
        ears=ears.identity,
        code=quality_code(),
        rules=QualityRules(limits={one.fault: 1e6 if one.above else -1e6 for one in MEASURES}),
        own={kind: Refusals(refused=0, n=20) for kind in SentenceKind},
        bad={},
    )
    keep_limits(desk.checkout, found)


def until(look: Callable[[], Any], wanted: str, *, within_s: float = 400.0) -> Any:
    deadline = time.monotonic() + within_s
    while (found := look())["status"] != wanted:
        assert found["status"] not in {"failed", "stopped"}, found
        assert time.monotonic() < deadline, found
        time.sleep(0.5)
    return found


def test_a_campaign_is_made_heard_and_delivered_by_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = ReleaseSite.create(tmp_path / "site", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", site.mlflow_uri)
    write_base_voice(tmp_path / "package")
    site.release(1, tmp_path / "package")
    file = {**FILE, "model": site.desk.model}
    set_wide_limits(site, file)
    options = "--port 0 --anonymous --workers 1 --spares 0 --campaign-workers 1 --root".split()
    process = subprocess.Popen(
        [*VOXGATE, "serve", *options, str(site.root)],
        env=dict(os.environ), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        found = re.search(r"listening on (http://\S+)", process.stdout.readline())
        assert found is not None
        with httpx.Client(base_url=found[1], timeout=120) as client:
            make_and_hear(client, file)
        below = descendants(process.pid)
        assert any("campaign_hand" in command(pid) for pid in below)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        assert [pid for pid in below if "voxgate" in command(pid)] == []
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def make_and_hear(client: httpx.Client, file: dict[str, Any]) -> None:
    address = "/v1/campaigns/spring"
    assert client.put(address, json=file).status_code == 201
    taken = client.post(
        f"{address}/recipients",
        content=LIST + "r-5,\n",
        headers={"Content-Type": "text/csv", "Idempotency-Key": "k-1"},
    ).json()
    assert (taken["accepted"], taken["rejected"]) == (4, 1)
    client.post(f"{address}/dry-run", json={})
    run = until(lambda: client.get(f"{address}/dry-run").json(), "succeeded")
    assert run["plan"]["estimate"]["renders"] == 3
    assert client.post(f"{address}/start", json={}).status_code == 200
    until(lambda: client.get(address).json(), "proofed")
    (first, _) = client.get(f"{address}/items?proof=true&texts=true").json()["data"]
    assert first["text"].startswith("Hello Anna, this is Green Street Dental.")
    assert client.post(f"{address}/approve", json={"reason": "heard"}).status_code == 200
    told = until(lambda: client.get(address).json(), "finished")
    assert told["items"] == {"stored": 4}
    items = client.get(f"{address}/items").json()["data"]
    for item in items:
        audio = client.get(item["output"]["url"])
        pcm, rate_hz = soundfile.read(io.BytesIO(audio.content))
        assert len(pcm) / rate_hz == pytest.approx(item["output"]["duration_s"], abs=0.01)
    assert items[0]["output"]["sha256"] == items[3]["output"]["sha256"]
    deadline = time.monotonic() + 120
    while client.get(f"{address}/report").status_code != 200:
        assert time.monotonic() < deadline, "no report was written"
        time.sleep(0.5)
    assert client.get(f"{address}/report").json()["cells_total"] == 4

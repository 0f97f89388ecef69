from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.fakes.speech_jobs import ListQueue, ToneService, make_draft
from voxgate.errors import ConfigError
from voxgate.serving.jobs.runner import run_jobs
from voxgate.settings import Settings, load_settings
from voxgate.stage import Workspace
from voxgate.wiring.speech_jobs import (
    build_job_desk,
    build_job_tools,
    open_assets,
    open_job_queue,
)

SECRET = "c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtaGVyZQ=="
SET = (
    "SPEECH_ADDRESSES",
    "SPEECH_SECRET",
    "SPEECH_ASSETS_URL",
    "SPEECH_ASSETS_ENDPOINT",
    "SPEECH_URL",
    "BROKER_URL",
)


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SET, "LEDGER_URL"):
        monkeypatch.delenv(f"VOXGATE_{name}", raising=False)


def settings(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in changes.items():
        monkeypatch.setenv(f"VOXGATE_{name.upper()}", value)
    return load_settings()


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    workspace, found = Workspace(tmp_path), load_settings()
    tools = build_job_tools(found, workspace, say=ToneService().say)
    desk = build_job_desk(tools, ListQueue(), found, workspace)
    job = desk.submit(make_draft(format="opus", text="One. Two.")).job
    ended = asyncio.run(run_jobs([job.id], tools))[0]
    address = desk.address(ended)
    assert address is not None
    url = urlsplit(address.url)
    # Another process of the same checkout knows the addresses of this one.
    again = build_job_desk(tools, ListQueue(), found, workspace)
    stored = again.signed_audio(url.path.removeprefix("/a/"), **dict(parse_qsl(url.query)))
    assert b"".join(again.read(stored.asset_id, None)).startswith(b"OggS")
    assert open_job_queue(found) is None
    kept = {path.relative_to(tmp_path).parts[:2] for path in tmp_path.rglob("*")}
    assert kept >= {(".voxgate", "speech"), (".voxgate", "speech.key")}


def test_addresses_begin_as_others_reach_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings(monkeypatch, speech_url="https://speech.example/voices/")
    url = open_assets(found, Workspace(tmp_path)).url("a" * 40, ttl_s=60)
    assert url.startswith(f"https://speech.example/voices/a/{'a' * 40}?expires=")


def test_a_bucket_signs_itself_and_every_machine_has_one_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    place = {
        "speech_assets_url": "s3://speech/kept",
        "speech_assets_endpoint": "http://127.0.0.1:9000",
    }
    with pytest.raises(ConfigError, match="VOXGATE_SPEECH_SECRET: not set"):
        build_job_tools(settings(monkeypatch, **place), Workspace(tmp_path), say=ToneService().say)
    found = settings(monkeypatch, speech_secret=SECRET)
    names = [
        build_job_tools(found, Workspace(tmp_path / name), say=ToneService().say).secret
        for name in ("here", "there")
    ]
    assert names[0] == names[1]
    tools = build_job_tools(found, Workspace(tmp_path), say=ToneService().say)
    desk = build_job_desk(tools, ListQueue(), found, Workspace(tmp_path))
    assert desk.signer is None
    assert tools.assets.url("a" * 40, ttl_s=60).startswith(
        f"http://127.0.0.1:9000/speech/kept/{'a' * 40}?"
    )


def test_addresses_of_a_bucket_can_lead_to_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings(
        monkeypatch,
        speech_assets_url="s3://speech/kept",
        speech_secret=SECRET,
        speech_addresses="service",
        speech_url="https://speech.example",
    )
    tools = build_job_tools(found, Workspace(tmp_path), say=ToneService().say)
    signer = build_job_desk(tools, ListQueue(), found, Workspace(tmp_path)).signer
    url = urlsplit(tools.assets.url("a" * 40, ttl_s=60))
    assert (url.netloc, url.path) == ("speech.example", f"/a/{'a' * 40}")
    assert signer is not None
    signer.require_valid("a" * 40, **dict(parse_qsl(url.query)), now_s=0.0)


def test_names_and_addresses_have_secrets_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, workspace = settings(monkeypatch, speech_secret=SECRET), Workspace(tmp_path)
    tools = build_job_tools(found, workspace, say=ToneService().say)
    signer = build_job_desk(tools, ListQueue(), found, workspace).signer
    assert signer is not None
    assert len({tools.secret, signer._secret, SECRET.encode()}) == 3


def test_a_broker_is_not_asked_when_a_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_job_queue(settings(monkeypatch, broker_url="redis://127.0.0.1:1/0")) is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"speech_secret": "short"}, "VOXGATE_SPEECH_SECRET: expected base64"),
        ({"speech_secret": "!" * 40}, "VOXGATE_SPEECH_SECRET: expected base64"),
        ({"speech_url": "speech.example"}, "VOXGATE_SPEECH_URL: expected"),
        ({"speech_url": "http://["}, "VOXGATE_SPEECH_URL: expected"),
        ({"speech_assets_url": "/a/folder"}, "VOXGATE_SPEECH_ASSETS_URL: expected s3://"),
        ({"speech_assets_url": "s3://../x"}, "VOXGATE_SPEECH_ASSETS_URL: expected s3://"),
        ({"broker_url": "amqp://user:hunter2@host"}, "VOXGATE_BROKER_URL: expected redis://"),
    ],
)
def test_what_cannot_be_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], said: str
) -> None:
    found = settings(monkeypatch, **changes)
    with pytest.raises(ConfigError, match=said) as refused:
        open_job_queue(found)
        open_assets(found, Workspace(tmp_path))
    assert "hunter2" not in str(refused.value)

"""Voices, presets and enrolment over the app: real checks, synthetic speech, a fake encoder."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient

from tasks.speech.catalogue import build_catalogue
from tests.fakes.http_service import MemoryKeys, MovedClock, keyed_app
from tests.fakes.recordings import CONSENT
from tests.fakes.speaker_profiles import BandEncoder, MemorySpeakerRegister, speak_like
from tests.fakes.speech_service import FakeSpeechService
from voxgate.clock import utc_now
from voxgate.serving.preset_book import PresetBook
from voxgate.speakers.profiles import State
from voxgate.speaking.presets import shipped_presets
from voxgate.strict_yaml import dump_yaml

VOICES = "/v1/audio/voices"
TERMS = CONSENT.model_dump(mode="json", exclude_none=True)
BOUNDARY = "a-boundary"


class NoRows:
    def rows(self) -> list[Any]:
        return []

    def add(self, preset: object, *, actor: str) -> bool:
        raise NotImplementedError


@pytest.fixture
def register() -> MemorySpeakerRegister:
    return MemorySpeakerRegister(clock=[utc_now()])


@pytest.fixture
def references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()
    return tmp_path / "speakers"


@pytest.fixture
def client(
    register: MemorySpeakerRegister,
    references: Path,
    service: FakeSpeechService,
    keys: MemoryKeys,
    clock: MovedClock,
) -> Iterator[TestClient]:
    catalogue = build_catalogue(
        register,
        PresetBook(shipped_presets(), NoRows()),
        encoder=BandEncoder,
        references=references,
    )
    app = keyed_app(service, keys, clock, catalogue=catalogue)
    with TestClient(app, client=("192.0.2.7", 50_000)) as made:
        yield made


@pytest.fixture
def key(keys: MemoryKeys) -> dict[str, str]:
    return keys.issue(rights=["profiles:write"])


def wav(wave: Any = None, *, rate: int = 16_000, format: str = "WAV") -> bytes:  # noqa: A002
    stream = io.BytesIO()
    soundfile.write(stream, speak_like() if wave is None else wave, rate, format=format)
    return stream.getvalue()


def upload(client: TestClient, key: dict[str, str], **changes: Any) -> Any:
    parts = {
        "name": (None, "anna"),
        "recording": ("anna.wav", wav()),
        "consent": ("anna.yaml", dump_yaml(TERMS)),
        **changes,
    }
    files = {name: part for name, part in parts.items() if part is not None}
    return client.post(VOICES, files=files, headers=key)


def fault(answer: Any) -> tuple[int, str, str | None]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["param"]


def test_a_recording_becomes_a_draft_that_can_be_looked_at(
    client: TestClient, key: dict[str, str], register: MemorySpeakerRegister, references: Path
) -> None:
    answer = upload(client, key, text=(None, "Bla bla."))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{VOICES}/anna@1"
    made = answer.json()
    assert (made["state"], made["added"], made["speaker_id"]) == ("draft", True, "anna")
    assert made["reference"]["has_text"]
    shown = client.get(answer.headers["location"], headers=key).json()
    assert shown == {k: v for k, v in made.items() if k not in ("added", "actions")}
    version = register.read().require("anna", 1)
    assert version.state is State.DRAFT
    assert register.stored[-1].actor.startswith("key ")
    assert [path.stem for path in references.iterdir()] == [version.inputs.reference_sha256]
    assert list(references.with_name("uploads").iterdir()) == [], "nothing else is kept"


def test_the_same_recording_is_the_same_version(
    client: TestClient, key: dict[str, str], register: MemorySpeakerRegister
) -> None:
    upload(client, key)
    again = upload(client, key)
    assert (again.status_code, again.json()["added"]) == (200, False)
    assert len(register.stored) == 1


def test_every_failed_check_is_told_and_nothing_is_kept(
    client: TestClient, key: dict[str, str], register: MemorySpeakerRegister, references: Path
) -> None:
    noise = np.random.default_rng(0).standard_normal(16_000).astype(np.float32)
    answer = upload(client, key, recording=("a.wav", wav(np.clip(noise, -0.5, 0.5))))
    assert fault(answer) == (422, "profile_refused", None)
    told = [each.partition(":")[0] for each in answer.json()["faults"]]
    assert {"duration", "clipping", "snr"} <= set(told)
    assert (register.stored, references.exists()) == ([], False)
    assert list(references.with_name("uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"this is no audio at all", "unreadable"),
        (b"", "empty_audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "unreadable"),
        (wav()[: len(wav()) // 2], "cut_short"),
        (wav(np.zeros(10 * 60 * 16_000, np.float32), format="FLAC"), "too_long"),
        (wav(np.zeros(8_000 * 5, np.float32), rate=8_000), "sample_rate_too_low"),
    ],
    ids=["words", "nothing", "picture", "half", "ten minutes", "telephone"],
)
def test_what_is_no_reference_is_refused(
    client: TestClient, key: dict[str, str], references: Path, content: bytes, code: str
) -> None:
    answer = upload(client, key, recording=("../../etc/passwd", content))
    assert answer.status_code == 422, answer.text
    assert answer.json()["faults"][0].startswith(f"{code}: ")
    assert "passwd" not in answer.text
    assert not references.exists()


def test_the_record_of_a_consent_is_read_strictly(
    client: TestClient, key: dict[str, str], register: MemorySpeakerRegister
) -> None:
    record = {**TERMS, "scope": "everything", "statement": "!", "licences": "x"}
    answer = upload(client, key, consent=("c.yaml", dump_yaml(record)))
    assert fault(answer) == (422, "consent_invalid", "consent")
    for name in ("scope", "statement", "licences"):
        assert name in answer.json()["detail"]
    for text in (b"- a\n- list", b"{", b"a: &x [*x]", b"x\0y: 1"):
        assert upload(client, key, consent=("c.yaml", text)).status_code == 422
    yesterday = (utc_now() - timedelta(days=2)).date().isoformat()
    over = {**TERMS, "expires_on": yesterday}
    answer = upload(client, key, consent=("c.yaml", dump_yaml(over)))
    assert fault(answer) == (403, "consent_refused", "voice")
    assert register.stored == []


@pytest.mark.parametrize("name", ["../anna", "anna voice", "a" * 65, "anna\n", "ännä"])
def test_a_name_that_cannot_be_one_is_refused(
    client: TestClient, key: dict[str, str], references: Path, name: str
) -> None:
    answer = upload(client, key, name=(None, name.encode()))
    assert fault(answer) == (422, "profile_refused", None)
    assert not references.exists()


@pytest.mark.parametrize("missing", ["name", "recording", "consent"])
def test_what_is_missing_is_named(client: TestClient, key: dict[str, str], missing: str) -> None:
    answer = upload(client, key, **{missing: None})
    assert fault(answer) == (400, "missing_required_parameter", missing)


def test_what_is_too_large_is_not_read(
    client: TestClient, key: dict[str, str], register: MemorySpeakerRegister
) -> None:
    answer = upload(client, key, recording=("a.wav", bytes(12_000_001)))
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert register.stored == []


def test_enrolling_needs_its_right(client: TestClient, keys: MemoryKeys) -> None:
    assert upload(client, {}).status_code == 401
    assert fault(upload(client, keys.issue(rights=["speak", "jobs"])))[:2] == (
        403, "permission_denied",
    )  # fmt: skip


def test_a_version_may_be_named(client: TestClient, key: dict[str, str]) -> None:
    upload(client, key)
    assert client.get(f"{VOICES}/anna", headers=key).json()["version"] == 1
    for name in ("anna@2", "anna@0", "anna@x", "ben", "..%2fanna", "%2e%2e", "a%00"):
        answer = client.get(f"{VOICES}/{name}", headers=key)
        assert answer.status_code == 404
    assert client.get(f"{VOICES}/anna").status_code == 401


def test_a_preset_is_shown_by_its_label(client: TestClient, key: dict[str, str]) -> None:
    known = shipped_presets()[-1]
    newest = client.get(f"/v1/presets/{known.name}", headers=key).json()
    exact = client.get(f"/v1/presets/{known.label}", headers=key).json()
    assert (exact["label"], exact["digest"]) == (known.label, known.digest)
    assert newest["name"] == known.name
    unknown = client.get("/v1/presets/nothing@1", headers=key)
    assert fault(unknown) == (404, "preset_not_found", "preset")
    assert client.get(f"/v1/presets/{known.label}").status_code == 401

import asyncio
from pathlib import Path

import pytest

from tests.fakes.campaigns import begin, fill, run
from tests.fakes.release_site import ReleaseSite
from tests.fakes.speech_jobs import ToneService
from voxgate.adapters.http.settings import HttpSettings
from voxgate.campaigns.ports import Selector
from voxgate.errors import ConfigError, ExternalServiceError
from voxgate.wiring.api_keys import open_keys
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_fetch_log
from voxgate.wiring.speech_server import open_doors, open_jobs, read_http_settings

ANONYMOUS = HttpSettings(allow_anonymous=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    site = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    return Checkout.open(site.root)


def test_settings_are_the_fields_of_the_doors(tmp_path: Path) -> None:
    assert read_http_settings(None) == HttpSettings()
    file = tmp_path / "serve.yaml"
    file.write_text(
        "model_aliases: {tts-1: voice-en}\nvoice_aliases: {alloy: null}\ndeadline_s: 5\n",
        encoding="utf-8",
    )
    found = read_http_settings(file)
    assert found.model_aliases == {"tts-1": "voice-en"}
    assert (found.voice_aliases, found.deadline_s) == ({"alloy": None}, 5.0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("deadline: 5\n", "deadline"),
        ("deadline_s: soon\n", "deadline_s"),
        ("deadline_s: 0\n", "deadline_s: expected a number above 0"),
        ("- a list\n", "file"),
        ("upstream_dialect: true\n", "upstream_model"),
    ],
)
def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "serve.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=fault):
        read_http_settings(file)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="missing"):
        read_http_settings(tmp_path / "none.yaml")


def test_nobody_listens_where_anybody_could_speak(checkout: Checkout) -> None:
    with pytest.raises(ConfigError, match="no valid key"):
        open_doors(checkout, HttpSettings(), host="127.0.0.1", port=0)
    with pytest.raises(ConfigError, match="without keys it listens on"):
        open_doors(checkout, ANONYMOUS, host="0.0.0.0", port=0)


def test_the_address_is_told_and_a_taken_one_is_refused(checkout: Checkout) -> None:
    doors = open_doors(checkout, ANONYMOUS, host="127.0.0.1", port=0)
    with doors.listener:
        port = doors.listener.getsockname()[1]
        assert doors.url == f"http://127.0.0.1:{port}"
        with pytest.raises(ExternalServiceError):
            open_doors(checkout, ANONYMOUS, host="127.0.0.1", port=port)
    assert list(open_keys(checkout.settings, checkout.root).all()) == []


def test_what_was_fetched_is_in_the_database_when_the_service_ends(checkout: Checkout) -> None:
    async def serve() -> None:
        async with open_jobs(checkout, ToneService().say) as desk:
            desk.note_fetch("0123456789abcdef")
            desk.note_fetch("0123456789abcdef")

    asyncio.run(serve())
    log = open_fetch_log(checkout.settings, checkout.root)
    found = log.fetches(["0123456789abcdef", "fedcba9876543210"])
    assert {asset_id: each.times for asset_id, each in found.items()} == {"0123456789abcdef": 2}


def test_what_campaigns_called_back_has_no_address_any_more(checkout: Checkout) -> None:
    store = open_campaign_store(checkout.settings, checkout.root)
    fill(store, "spring", ["Al"])
    begin(store, "spring")
    run(store, "spring")

    async def ask() -> tuple[bool, bool]:
        async with open_jobs(checkout, ToneService().say) as desk:
            assert desk.is_recalled is not None
            before = desk.is_recalled("asset-file-Al")
            store.recall(Selector(campaign="spring"), actor="anna", reason="it hisses")
            return before, desk.is_recalled("asset-file-Al")

    assert asyncio.run(ask()) == (False, True)

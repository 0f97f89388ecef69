import asyncio
from pathlib import Path

import pytest

from tests.fakes.gpu import KIND
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ConfigError
from voxgate.serving.pool.devices import OwnedDevice
from voxgate.serving.pool.supervision import PoolSettings
from voxgate.wiring import speech_service
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_devices import SpeakingDevices
from voxgate.wiring.speech_service import SpeechOptions, open_speech

DEVICES = SpeakingDevices(owned=(OwnedDevice(name="cuda:0", visible="0"),), kind=KIND)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    site = ReleaseSite.create(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")
    return Checkout.open(site.root)


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[PoolSettings]:
    """The settings of the pools that are opened; nothing is live, so no process starts."""
    found: list[PoolSettings] = []

    class Watched(speech_service.WorkerPool):
        def __init__(self, settings: PoolSettings) -> None:
            found.append(settings)
            super().__init__(settings)

    monkeypatch.setattr(speech_service, "WorkerPool", Watched)
    return found


def device_of(checkout: Checkout, options: SpeechOptions) -> str | None:
    async def scene() -> str | None:
        async with open_speech(checkout, options) as service:
            return service.device

    return asyncio.run(scene())


def test_processors_speak_where_nothing_else_is_asked_for(
    checkout: Checkout, pools: list[PoolSettings]
) -> None:
    assert device_of(checkout, SpeechOptions(workers=3)) is None
    [settings] = pools
    assert settings.loader == "voxgate.wiring.served_voices:load_served_voice"
    assert (settings.devices, settings.real_time_workers) == ((), 3)


def test_a_gpu_has_a_loader_of_its_own_and_names_the_answers(
    checkout: Checkout, pools: list[PoolSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech_service, "open_devices", lambda names, workspace: DEVICES)
    assert device_of(checkout, SpeechOptions(devices=("cuda:0",))) == KIND
    [settings] = pools
    assert settings.loader == "voxgate.wiring.device_voices:load_device_voice"
    assert settings.devices == DEVICES.owned


def test_a_device_that_cannot_be_used_opens_nothing(
    checkout: Checkout, pools: list[PoolSettings]
) -> None:
    with pytest.raises(ConfigError, match="expected cpu alone"):
        device_of(checkout, SpeechOptions(devices=("gpu",)))
    assert pools == []

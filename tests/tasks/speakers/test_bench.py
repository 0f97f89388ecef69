"""The bench follows the ledger: what is live, byte for byte, with the rules of params.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.release.approve import approve
from tasks.speakers.bench import live_bar, open_bench
from tests.fakes.normaliser import LOWER
from tests.fakes.quality_predictor import FakeQualityPredictor
from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.release_site import ReleaseSite
from tests.fakes.speaker_encoder import FakeSpeakerEncoder
from voxgate.errors import ConfigError, EvaluatorError, UnknownVersionError, VoiceError
from voxgate.evaluation.protocol import Instruments
from voxgate.speaking.presets import SpeakingPreset
from voxgate.wiring.checkout import Checkout

ROOT = Path(__file__).resolve().parents[3]
PRESET = SpeakingPreset(name="plain", version=1)


@pytest.fixture
def checkout(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)
    monkeypatch.delenv("VOXGATE_LEDGER_URL", raising=False)
    (release_site.root / "benchmark").symlink_to(ROOT / "benchmark")
    return Checkout.open(release_site.root)


def _release(site: ReleaseSite, number: int) -> str:
    version = site.offer(number)
    approve(site.desk, version, by="anna", reason="sounds right")
    return str(site.desk.ledger.read(site.desk.model).require(version).origin.model_digest)


def test_nothing_live_is_nothing_to_measure_with(checkout: Checkout) -> None:
    assert live_bar(checkout) is None
    with pytest.raises(UnknownVersionError, match="a profile is measured with what is"):
        open_bench(checkout)


def test_a_promotion_is_what_the_next_bench_measures_with(
    checkout: Checkout, release_site: ReleaseSite
) -> None:
    for number in (1, 2):
        digest = _release(release_site, number)
        bench = open_bench(checkout)
        assert (bench.version, bench.bar.model_digest) == (number, digest)
        assert bench.bar == live_bar(checkout)
    assert bench.bar.min_similarity == checkout.params.speakers.min_similarity
    assert bench.prompts == checkout.params.speakers.prompts


def test_a_package_that_was_altered_is_not_measured(
    checkout: Checkout, release_site: ReleaseSite
) -> None:
    card = checkout.workspace.releases_dir / _release(release_site, 1) / "voice.json"
    registered = card.read_bytes()
    card.write_bytes(registered + b" ")
    with pytest.raises(VoiceError):  # a package of a test holds no voice
        open_bench(checkout).load_voice(PRESET)
    assert card.read_bytes() == registered
    (aside,) = checkout.workspace.releases_dir.glob("*.altered-*")
    assert (aside / "voice.json").read_bytes() == registered + b" "


def test_a_package_that_is_not_here_is_fetched(
    checkout: Checkout, release_site: ReleaseSite
) -> None:
    folder = checkout.workspace.releases_dir / _release(release_site, 1)
    folder.rename(folder.with_name("moved"))
    with pytest.raises(VoiceError):  # a package of a test holds no voice
        open_bench(checkout).load_voice(PRESET)
    assert (folder / "voice.json").read_bytes() == (
        folder.with_name("moved") / "voice.json"
    ).read_bytes()


def _deaf() -> Instruments:
    return Instruments(
        transcriber=FakeRecogniser(default_text="something else"),
        encoder=FakeSpeakerEncoder(),
        normaliser=LOWER,
        published=LOWER,
        quality=FakeQualityPredictor(),
        batch_size=16,
    )


def test_instruments_that_fail_their_test_measure_nothing(
    checkout: Checkout, release_site: ReleaseSite
) -> None:
    _release(release_site, 1)
    with pytest.raises(EvaluatorError):
        open_bench(checkout, build=_deaf).sit(5)


def test_there_are_only_so_many_prompts(checkout: Checkout, release_site: ReleaseSite) -> None:
    _release(release_site, 1)
    with pytest.raises(ConfigError, match="--prompts: expected at most"):
        open_bench(checkout, build=_deaf).sit(10_000)

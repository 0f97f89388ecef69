from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.syllables import hiss
from voxgate.adapters.speechmos import dnsmos
from voxgate.adapters.speechmos.dnsmos import WEIGHTS_SHA256, DnsmosPredictor, load_dnsmos
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.types import EvaluatorIdentity


@pytest.fixture(scope="module")
def predictor() -> DnsmosPredictor:
    return load_dnsmos()


def test_noise_costs_marks(predictor: DnsmosPredictor) -> None:
    clean, _ = soundfile.read("benchmark/speakers/af_aoede-1.flac", dtype="float32")
    noisy = (clean + hiss(5.0, 0.02)[: len(clean)]).astype(np.float32)
    good, bad = predictor.predict([clean, noisy])
    assert good.background > bad.background + 1
    assert all(0 < mark < 5 for mark in (good.overall, good.signal, bad.overall, bad.signal))


class _Session:
    """Answers with the mean of each window instead of marks, and remembers the windows."""

    def __init__(self, answer: float | None = None) -> None:
        self.answer = answer
        self.windows: list[np.ndarray] = []

    def run(self, _outputs: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        (window,) = inputs["input_1"]
        self.windows.append(window)
        return [np.full((1, 3), window.mean() if self.answer is None else self.answer)]


IDENTITY = EvaluatorIdentity(name="scripted", weights_sha256="0" * 64)


@pytest.mark.parametrize(("seconds", "windows"), [(1.0, 1), (9.01, 1), (9.5, 2), (20.0, 3)])
def test_a_wave_is_heard_from_its_beginning_to_its_end(seconds: float, windows: int) -> None:
    session = _Session()
    wave = hiss(seconds, 0.1)
    DnsmosPredictor(session, IDENTITY).predict([wave])
    assert len(session.windows) == windows
    assert np.array_equal(session.windows[0][: len(wave)], wave[:144_160])
    if seconds > 9.01:
        assert np.array_equal(session.windows[-1], wave[-144_160:])


def test_marks_are_the_published_polynomials_of_the_network() -> None:
    (found,) = DnsmosPredictor(_Session(3.0), IDENTITY).predict([hiss(1.0, 0.1)])
    assert found.overall == pytest.approx(-0.06766283 * 9 + 1.11546468 * 3 + 0.04602535)
    assert found.signal == pytest.approx(-0.08397278 * 9 + 1.22083953 * 3 + 0.0052439)
    assert found.background == pytest.approx(-0.13166888 * 9 + 1.60915514 * 3 - 0.39604546)


def test_what_cannot_be_marked_is_refused() -> None:
    with pytest.raises(EvaluatorError, match=r"wave 0 of 1: 0\.00 s"):
        DnsmosPredictor(_Session(), IDENTITY).predict([np.zeros(0, np.float32)])
    with pytest.raises(EvaluatorError, match="wave 0: scripted gave marks"):
        DnsmosPredictor(_Session(float("nan")), IDENTITY).predict([hiss(1.0, 0.1)])


def test_the_identity_pins_the_weights(predictor: DnsmosPredictor) -> None:
    assert predictor.identity.weights_sha256 == WEIGHTS_SHA256


def test_an_absent_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dnsmos, "_PACKAGE", "no_such_package")
    with pytest.raises(WeightsError, match="no_such_package, and it is not installed; `pip"):
        load_dnsmos()


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "other_weights"
    (package / "dnsmos_models").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "dnsmos_models" / "sig_bak_ovr.onnx").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(dnsmos, "_PACKAGE", "other_weights")
    with pytest.raises(WeightsError, match="has sha256 d9298a10d1b073583"):
        load_dnsmos()

"""DNSMOS P.835 (Reddy, Gopal, Cutler 2022): marks for speech, background and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voxgate.adapters.packaged_network import open_packaged_network
from voxgate.adapters.wave_checks import check_waves
from voxgate.errors import EvaluatorError
from voxgate.types import HEARING_RATE_HZ, EvaluatorIdentity, PredictedQuality, Wave

__all__ = ["WEIGHTS_SHA256", "DnsmosPredictor", "load_dnsmos"]

WEIGHTS_SHA256 = "269fbebdb513aa23cddfbb593542ecc540284a91849ac50516870e1ac78f6edd"
"""Of sig_bak_ovr.onnx in speechmos 0.0.1.1."""

_PACKAGE = "speechmos"
_FILE = ("dnsmos_models", "sig_bak_ovr.onnx")
_WINDOW = 144_160  # samples, 9.01 s: the only length that the network takes
_INPUT = "input_1"

_SIGNAL = (-0.08397278, 1.22083953, 0.0052439)
_BACKGROUND = (-0.13166888, 1.60915514, -0.39604546)
_OVERALL = (-0.06766283, 1.11546468, 0.04602535)
"""Coefficients, highest power first, that the package publishes beside the weights."""


class DnsmosPredictor:
    """Implements ports.QualityPredictor.

    A wave shorter than the network's 9.01 s is repeated to that length; a longer one is heard in as
    few windows as cover it, and the marks are averaged. The package's own code repeats a short wave
    to up to twice the length and hears it every second: up to nine windows for the same sentence.
    """

    def __init__(self, session: Any, identity: EvaluatorIdentity) -> None:
        self._session = session
        self._identity = identity

    @property
    def identity(self) -> EvaluatorIdentity:
        """Name, weights, and how a wave is cut."""
        return self._identity

    def predict(self, waves: Sequence[Wave]) -> list[PredictedQuality]:
        """Mark 16 kHz waves; one answer a wave, in order.

        Raises:
            EvaluatorError: a wave is empty or not finite, or a mark is no number.
        """
        check_waves(waves)
        return [self._predict_one(wave, n) for n, wave in enumerate(waves)]

    def _predict_one(self, wave: Wave, index: int) -> PredictedQuality:
        # One window at a time: a batch computes nothing faster on a processor.
        raw = np.concatenate(
            [self._session.run(None, {_INPUT: row[None]})[0] for row in _windows(wave)]
        ).astype(np.float64)  # (N, 3): signal, background, overall
        marks = {
            name: float(np.polyval(coefficients, raw[:, column]).mean())
            for column, (name, coefficients) in enumerate(
                (("signal", _SIGNAL), ("background", _BACKGROUND), ("overall", _OVERALL))
            )
        }
        if not np.isfinite(list(marks.values())).all():
            raise EvaluatorError(f"wave {index}: {self._identity.name} gave marks {marks}")
        return PredictedQuality(**marks)


def load_dnsmos(*, threads: int = 1) -> DnsmosPredictor:
    """Load the network that the installed package carries; nothing is downloaded.

    Raises:
        WeightsError: the package is absent, or its file is not the pinned one.
    """
    session = open_packaged_network(
        _PACKAGE, _FILE, sha256=WEIGHTS_SHA256, what="the quality predictor", threads=threads
    )
    identity = EvaluatorIdentity(
        name="speechmos:dnsmos-sig-bak-ovr",
        weights_sha256=WEIGHTS_SHA256,
        options={"sample_rate_hz": HEARING_RATE_HZ, "windows": "fewest of 9.01 s, repeated"},
    )
    return DnsmosPredictor(session, identity)


def _windows(wave: Wave) -> NDArray[np.float32]:
    """Return (N, 144160) float32 that cover the wave, evenly spread."""
    if len(wave) <= _WINDOW:
        return np.resize(wave, (1, _WINDOW))
    count = -(-len(wave) // _WINDOW)
    starts = np.linspace(0, len(wave) - _WINDOW, count).round().astype(int)
    return np.stack([wave[start : start + _WINDOW] for start in starts])

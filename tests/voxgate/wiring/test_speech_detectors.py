from __future__ import annotations

import subprocess
import sys

import numpy as np

from voxgate.settings import Settings
from voxgate.wiring.speech_detectors import build_speech_detector


def test_the_detector_listens() -> None:
    detector = build_speech_detector(Settings())
    assert detector.identity.name.startswith("silero-vad")
    assert detector.detect([np.zeros(1000, dtype=np.float32)]).shape == (2,)


def test_it_does_without_torch() -> None:
    code = (
        "import sys; from voxgate.settings import Settings\n"
        "from voxgate.wiring.speech_detectors import build_speech_detector\n"
        "build_speech_detector(Settings()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

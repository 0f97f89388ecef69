"""One suite for the real detector of speech and its fake, and what only the real one has."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.recordings import make_tone
from tests.fakes.speech_detector import FakeSpeechDetector
from tests.fakes.syllables import hiss
from voxgate.adapters.silero import detector as silero
from voxgate.adapters.silero.detector import WEIGHTS_SHA256, SileroDetector, load_silero
from voxgate.errors import EvaluatorError, WeightsError
from voxgate.ports import SpeechDetector
from voxgate.types import Wave


@pytest.fixture(scope="module")
def real() -> SileroDetector:
    return load_silero()


@pytest.fixture(scope="module", params=["silero", "fake"])
def detector(request: pytest.FixtureRequest, real: SileroDetector) -> SpeechDetector:
    return real if request.param == "silero" else FakeSpeechDetector()


@pytest.fixture(scope="module")
def speech() -> Wave:
    """Return silence, real words, silence: (T,), with bounds at 2 s before and after."""
    clip, _ = soundfile.read("benchmark/speakers/af_aoede-1.flac", dtype="float32")
    pause = hiss(2.0, 1e-4)
    return np.concatenate([pause, clip, pause]).astype(np.float32)


def cut(wave: Wave, *lengths: int) -> list[Wave]:
    return np.split(wave, np.cumsum(lengths))


def test_words_are_speech_and_silence_is_not(detector: SpeechDetector, speech: Wave) -> None:
    found = detector.detect([speech])
    frames_a_second = 16_000 / detector.frame_samples
    edge = int(1.8 * frames_a_second)
    assert found.max() > 0.9
    assert found[edge:-edge].mean() > 0.6
    assert max(found[:edge].max(), found[-edge:].max()) < 0.5


@pytest.mark.parametrize("samples", [0, 1, 511, 512, 513, 16_000])
def test_there_is_one_probability_a_frame_begun(detector: SpeechDetector, samples: int) -> None:
    found = detector.detect([np.zeros(samples, dtype=np.float32)])
    assert found.dtype == np.float32
    assert found.shape == (-(-samples // detector.frame_samples),)
    assert np.all((found >= 0) & (found <= 1))


def test_how_it_is_divided_changes_nothing(detector: SpeechDetector, speech: Wave) -> None:
    long = np.tile(speech, 4)
    whole = detector.detect([long])
    for blocks in (
        cut(long, 1, 0, 511, 513, 7),
        np.array_split(long, 999),
        [long[at : at + 262_144] for at in range(0, len(long), 262_144)],
        (block for block in np.array_split(long, 3)),
    ):
        np.testing.assert_array_equal(detector.detect(blocks), whole)


def test_one_recording_leaves_nothing_behind_for_the_next(
    detector: SpeechDetector, speech: Wave
) -> None:
    first = detector.detect([speech])
    detector.detect([hiss(3.0, 0.1)])
    np.testing.assert_array_equal(detector.detect([speech]), first)


@pytest.mark.parametrize(
    "block",
    [np.full(100, np.nan, np.float32), np.zeros(100), np.zeros((100, 1), np.float32)],
)
def test_what_is_no_sound_is_refused(detector: SpeechDetector, block: Wave) -> None:
    with pytest.raises(EvaluatorError, match="block 1"):
        detector.detect([np.zeros(10, np.float32), block])


def test_a_silence_of_any_length_needs_little_memory(real: SileroDetector) -> None:
    held: list[int] = []

    def blocks() -> object:
        for number in range(300):
            held.append(number)
            yield np.zeros(1600, dtype=np.float32)

    assert len(real.detect(blocks())) == 938
    assert len(held) == 300


def test_tones_and_noise_are_no_speech(real: SileroDetector) -> None:
    for sound in (make_tone(3.0), hiss(3.0, 0.1)):
        assert np.mean(real.detect([sound]) > 0.5) < 0.1


def test_the_identity_pins_the_weights(real: SileroDetector) -> None:
    assert real.identity.weights_sha256 == WEIGHTS_SHA256


def test_probabilities_that_are_no_numbers_are_an_error(real: SileroDetector) -> None:
    class Broken:
        def run(self, *_: object) -> tuple[object, ...]:
            return np.full(2, np.nan, np.float32), None, None

    with pytest.raises(EvaluatorError, match="probabilities that are no numbers"):
        SileroDetector(Broken(), real.identity).detect([np.zeros(1024, np.float32)])


def test_an_absent_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silero, "_PACKAGE", "no_such_package")
    with pytest.raises(WeightsError, match="no_such_package, and it is not installed; `pip"):
        load_silero()


def test_another_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "other_weights"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "data" / "silero_vad_16k_sequence.onnx").write_bytes(b"other")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(silero, "_PACKAGE", "other_weights")
    with pytest.raises(WeightsError, match="has sha256 d9298a10d1b073583"):
        load_silero()


def test_it_is_what_the_network_gives_frame_by_frame(real: SileroDetector, speech: Wave) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    network = Path(str(find_spec("silero_vad").submodule_search_locations[0]))
    session = onnxruntime.InferenceSession(network / "data" / "silero_vad.onnx", options)
    wave = np.resize(speech, 600 * 512)  # more than one call of the detector
    wave = np.concatenate([np.zeros(64, np.float32), wave])
    state, expected = np.zeros((2, 1, 128), np.float32), []
    for start in range(0, 600 * 512, 512):
        heard = wave[None, start : start + 576]
        inputs = {"input": heard, "state": state, "sr": np.array(16_000, dtype=np.int64)}
        probability, state = session.run(None, inputs)
        expected.append(float(probability[0, 0]))
    np.testing.assert_allclose(real.detect([wave[64:]]), expected, atol=1e-4)

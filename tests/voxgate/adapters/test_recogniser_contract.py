"""What every ports.Recogniser promises; the fake and the adapter answer to the same tests."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.recogniser import FakeRecogniser
from tests.fakes.tiny_whisper import tiny_whisper
from voxgate.adapters.whisper.encoding import WindowPolicy
from voxgate.adapters.whisper.model import LoadedWhisper
from voxgate.adapters.whisper.recogniser import WhisperRecogniser
from voxgate.errors import EvaluatorError
from voxgate.ports import Recogniser
from voxgate.types import EvaluatorIdentity, Wave


def _untrained_whisper() -> Recogniser:
    loaded = LoadedWhisper(tiny_whisper(), ((1, 0), (1, 1)))
    identity = EvaluatorIdentity(name="untrained", weights_sha256="0" * 64)
    windows = WindowPolicy(windows_s=(5, 30), margin_s=1.0)  # short, to be quick
    return WhisperRecogniser(loaded, identity, batch_size=2, language="en", windows=windows)


@pytest.fixture(scope="module", params=["fake", "whisper"])
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    """Return an implementation that has something to say about any wave."""
    if request.param == "fake":
        return FakeRecogniser(default_text="one two three four five six")
    return _untrained_whisper()


def noise(seconds: float, seed: int = 0) -> Wave:
    generator = np.random.default_rng(seed)
    return (0.1 * generator.standard_normal(int(16_000 * seconds))).astype(np.float32)


def test_no_waves_give_no_transcripts(recogniser: Recogniser) -> None:
    assert recogniser.transcribe([]) == []
    assert recogniser.recognise([], []) == []


def test_transcripts_come_in_the_order_of_the_waves(recogniser: Recogniser) -> None:
    waves = [noise(3, 1), noise(1, 2), noise(2, 3)]
    limits = [4, 4, 4]

    together = recogniser.transcribe(waves, max_tokens=limits)
    alone = [recogniser.transcribe([wave], max_tokens=[4])[0] for wave in waves]

    assert [t.text for t in together] == [t.text for t in alone]


def test_token_limit_caps_and_says_so(recogniser: Recogniser) -> None:
    capped, free = recogniser.transcribe([noise(1), noise(1)], max_tokens=[2, 10_000])

    assert capped.capped
    assert free.text.startswith(capped.text.split()[0])
    assert len(free.text) > len(capped.text)


def test_a_transcript_has_its_words_with_their_times_unless_it_is_capped(
    recogniser: Recogniser,
) -> None:
    capped, *whole = recogniser.transcribe([noise(1), noise(2), noise(3)], max_tokens=[1, 999, 999])

    assert capped.words == ()
    for heard, seconds in zip(whole, (2.0, 3.0), strict=True):
        if not heard.capped:
            assert [word.word for word in heard.words] == heard.text.split()
            assert all(0 <= w.start_s <= w.end_s <= seconds + 1e-6 for w in heard.words)


def test_only_texts_are_aligned(recogniser: Recogniser) -> None:
    with_text, without, blank = recogniser.recognise(
        [noise(1), noise(1), noise(1)], ["one two", None, "  "]
    )

    assert with_text.alignment is not None
    assert [word.word for word in with_text.alignment.words] == ["one", "two"]
    assert without.alignment is None
    assert blank.alignment is None


def test_alignment_stays_inside_the_wave_and_moves_forward(recogniser: Recogniser) -> None:
    (found,) = recogniser.recognise([noise(2)], ["every good boy does fine"])

    assert found.alignment is not None
    starts = [word.start_s for word in found.alignment.words]
    assert starts == sorted(starts)
    assert all(0 <= w.start_s <= w.end_s <= 2.0 + 1e-6 for w in found.alignment.words)
    assert all(0 <= w.probability <= 1 for w in found.alignment.words)
    assert found.alignment.mean_log_probability <= 0


@pytest.mark.parametrize(
    ("wave", "message"),
    [
        (np.zeros(0, dtype=np.float32), "0.00 s, need at least"),
        (np.full(16_000, np.nan, dtype=np.float32), "NaN"),
        (np.zeros((2, 16_000), dtype=np.float32), r"shape \(2, 16000\)"),
        (np.zeros(16_000, dtype=np.float64), "float64"),
        (np.zeros(31 * 16_000, dtype=np.float32), "at most 30"),
    ],
)
def test_wave_that_cannot_be_measured_is_refused_by_position(
    recogniser: Recogniser, wave: Wave, message: str
) -> None:
    with pytest.raises(EvaluatorError, match=f"wave 1 of 2: .*{message}"):
        recogniser.transcribe([noise(1), wave])


def test_counts_that_do_not_match_are_refused(recogniser: Recogniser) -> None:
    with pytest.raises(EvaluatorError, match="1 waves but 2 texts"):
        recogniser.recognise([noise(1)], ["a", "b"])
    with pytest.raises(EvaluatorError, match="1 waves but 2 token limits"):
        recogniser.transcribe([noise(1)], max_tokens=[1, 2])


def test_identity_is_json_with_the_hash_of_the_weights(recogniser: Recogniser) -> None:
    identity = recogniser.identity.as_json()

    assert len(str(identity["weights_sha256"])) == 64

from pathlib import Path

import pytest
import soundfile

from tests.fakes.base_voice import RECORDING, ROOT, write_base_voice
from voxgate.errors import WeightsError
from voxgate.speaking.reference import ReferenceClip
from voxgate.types import HEARING_RATE_HZ
from voxgate.voice.card import CARD_NAME
from voxgate.wiring.served_voices import load_served_voice

SPEECH = RECORDING.parent / "am_santa-2.flac"


def test_a_text_is_followed_by_the_tokenizer_of_the_voice_alone(tmp_path: Path) -> None:
    write_base_voice(tmp_path / "voice")
    voice = load_served_voice(tmp_path / "voice", threads=1, precision="float32", root=ROOT)
    assert len(voice.speak("Good morning.", seed=1).wave) > HEARING_RATE_HZ // 4
    wave, _ = soundfile.read(SPEECH, dtype="float32")
    card = tmp_path / "voice" / CARD_NAME
    stated = card.read_text(encoding="utf-8")
    other = stated.replace(voice.tokenizer._expected, "0" * 64)  # type: ignore[union-attr]
    assert other != stated
    card.write_text(other, encoding="utf-8")
    stranger = load_served_voice(tmp_path / "voice", threads=1, precision="float32", root=ROOT)
    with pytest.raises(WeightsError, match="the voice was trained with the tokenizer 0000"):
        stranger.prepare_reference(
            ReferenceClip(wave=wave, sample_rate_hz=HEARING_RATE_HZ, text="Hello.")
        )

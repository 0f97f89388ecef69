from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.http_service import SPEECH
from voxgate.adapters.http.openai_dialect import read_model, read_speech
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.settings import HttpSettings
from voxgate.errors import SpeechRequestError
from voxgate.serving.requests import SpeechRequest

SETTINGS = HttpSettings(
    model_aliases={"tts-1": "voice-en@3"}, voice_aliases={"default": None, "alloy": "anna"}
)


def read(**changes: Any) -> tuple[SpeechRequest, Output]:
    return read_speech({**SPEECH, **changes}, SETTINGS)


def refused(**changes: Any) -> tuple[str | None, str]:
    with pytest.raises(SpeechRequestError) as error:
        read(**changes)
    return error.value.field, error.value.code


def test_what_is_left_out_is_left_to_the_release() -> None:
    request, output = read()
    assert request == SpeechRequest(text=SPEECH["input"], model="voice-en", profile="anna")
    assert output == Output(encoding="mp3")


def test_every_field_has_its_place() -> None:
    request, output = read(
        model="voice-en@12", voice={"id": "ben"}, preset="telephone@2", seed=3, speed=2,
        language="en", instructions="", response_format="opus", sample_rate=48_000,
        stream_format="sse",
    )  # fmt: skip
    assert request == SpeechRequest(
        text=SPEECH["input"], model="voice-en", version=12, profile="ben", preset="telephone@2",
        seed=3, speed=2.0,
    )  # fmt: skip
    assert output == Output(encoding="opus", rate_hz=48_000, shape="sse")


def test_names_of_other_services_are_known_by_setting_only() -> None:
    request, _ = read(model="tts-1", voice="alloy")
    assert (request.model, request.version, request.profile) == ("voice-en", 3, "anna")
    assert read(voice="default")[0].profile is None
    assert read(model="tts-1-hd")[0].model == "tts-1-hd"  # the service then knows no such model


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"input": 5}, "input", "invalid_value"),
        ({"input": ""}, "input", "string_below_min_length"),
        ({"voice": {"id": "a", "x": 1}}, "voice", "invalid_value"),
        ({"voice": 7}, "voice", "invalid_value"),
        ({"seed": -1}, "seed", "invalid_value"),
        ({"seed": 2**31}, "seed", "invalid_value"),
        ({"speed": 0.49}, "speed", "invalid_value"),
        ({"speed": "1"}, "speed", "invalid_value"),
        ({"language": "xx"}, "language", "invalid_value"),
        ({"response_format": "ogg"}, "response_format", "invalid_value"),
        ({"response_format": "opus", "sample_rate": 44_100}, "sample_rate", "invalid_value"),
        ({"sample_rate": 1}, "sample_rate", "invalid_value"),
        ({"stream_format": "chunks"}, "stream_format", "invalid_value"),
        ({"priority": 1}, "priority", "unknown_parameter"),
        ({"model": "a@0"}, "model", "invalid_value"),
        ({"model": "a@b"}, "model", "invalid_value"),
        ({"model": "a b"}, "model", "invalid_value"),
    ],
)
def test_a_wrong_value_is_refused_by_name(changes: dict[str, Any], field: str, code: str) -> None:
    assert refused(**changes) == (field, code)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(SpeechRequestError) as error:
        read_speech({"input": "x", "model": "m"}, SETTINGS)
    assert (error.value.field, error.value.code) == ("voice", "missing_required_parameter")


def test_texts_may_be_as_long_as_openai_allows() -> None:
    assert len(read(input="x" * 4_096)[0].text) == 4_096
    assert refused(input="x" * 4_097) == ("input", "string_above_max_length")


def test_a_model_may_name_its_version() -> None:
    assert read_model("voice-en", SETTINGS) == ("voice-en", None)
    assert read_model("voice-en@7", SETTINGS) == ("voice-en", 7)

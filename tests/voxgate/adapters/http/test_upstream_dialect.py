from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.http_service import ANONYMOUS
from voxgate.adapters.http.output import Output
from voxgate.adapters.http.upstream_dialect import read_upstream
from voxgate.errors import SpeechRequestError
from voxgate.serving.requests import SpeechRequest

LENIENT = replace(ANONYMOUS, upstream_lenient=True)
TTS = {"text": "Hello.", "text_lang": "EN", "ref_audio_path": "/data/anna.wav"}


def test_what_every_client_of_upstream_sends_is_taken() -> None:
    defaults = {
        "aux_ref_audio_paths": "", "prompt_lang": "en", "prompt_text": "", "top_k": "15",
        "top_p": "1", "temperature": "1.0", "repetition_penalty": "1.35", "seed": "-1",
        "fragment_interval": "0.3", "text_split_method": "cut5", "batch_size": "1",
        "speed_factor": "1.0", "media_type": "wav", "streaming_mode": "false",
    }  # fmt: skip
    request, output = read_upstream({**TTS, **defaults}, ANONYMOUS)
    assert request == SpeechRequest(text="Hello.", model="voice-en", profile="anna")
    assert output == Output(
        encoding="wav", shape="whole", headers={"X-Voxgate-Ignored": "batch_size"}
    )


@pytest.mark.parametrize(
    ("changes", "encoding", "shape"),
    [
        ({"media_type": "raw"}, "pcm", "whole"),
        ({"media_type": "ogg", "streaming_mode": 2}, "opus", "audio"),
        ({"streaming_mode": "0"}, "wav", "whole"),
        ({"streaming_mode": "3"}, "wav", "audio"),
        ({"streaming_mode": True}, "wav", "audio"),
        ({"streaming_mode": "True"}, "wav", "audio"),
    ],
)
def test_how_it_is_delivered(changes: dict[str, Any], encoding: str, shape: str) -> None:
    _, output = read_upstream({**TTS, **changes}, ANONYMOUS)
    assert (output.encoding, output.shape) == (encoding, shape)


@pytest.mark.parametrize("language", ["zh", "all_ja", "auto", "auto_yue", "KO"])
def test_every_language_with_a_front_end_may_be_said(language: str) -> None:
    request, _ = read_upstream({**TTS, "text_lang": language, "prompt_lang": "zh"}, ANONYMOUS)
    assert request.text == "Hello."


def test_speed_seed_and_cut_have_their_places() -> None:
    given = {**TTS, "speed_factor": 1.5, "seed": 9, "text_split_method": "cut0"}
    request, _ = read_upstream(given, ANONYMOUS)
    assert (request.speed, request.seed, request.preset) == (1.5, 9, "telephone")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"top_k": 5}, "top_k"),
        ({"temperature": 0.6}, "temperature"),
        ({"fragment_interval": 0.5}, "fragment_interval"),
        ({"text_split_method": "cut3"}, "text_split_method"),
        ({"prompt_text": "what anna said"}, "prompt_text"),
    ],
)
def test_a_wish_that_the_preset_decides_is_refused_or_named(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(SpeechRequestError) as error:
        read_upstream({**TTS, **changes}, ANONYMOUS)
    assert (error.value.field, error.value.code) == (field, "unsupported_parameter")
    _, output = read_upstream({**TTS, **changes}, LENIENT)
    assert output.headers == {"X-Voxgate-Ignored": field}


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"text": ""}, "text", "string_below_min_length"),
        ({"text": "x" * 4_097}, "text", "string_above_max_length"),
        ({"text_lang": "fr"}, "text_lang", "invalid_value"),
        ({"prompt_lang": "all_fr"}, "prompt_lang", "invalid_value"),
        ({"ref_audio_path": "/data/../data/anna.wav"}, "ref_audio_path", "voice_not_found"),
        ({"ref_audio_path": "https://192.0.2.1/x.wav"}, "ref_audio_path", "voice_not_found"),
        ({"aux_ref_audio_paths": ["/b.wav"]}, "aux_ref_audio_paths", "unsupported_parameter"),
        ({"media_type": "aac"}, "media_type", "unsupported_format"),
        ({"media_type": "mp3"}, "media_type", "invalid_value"),
        ({"text_split_method": "cut9"}, "text_split_method", "invalid_value"),
        ({"speed_factor": 3}, "speed_factor", "invalid_value"),
        ({"top_k": "many"}, "top_k", "invalid_value"),
        ({"streaming_mode": 4}, "streaming_mode", "invalid_value"),
        ({"return_fragment": True}, "return_fragment", "unknown_parameter"),
    ],
)
def test_what_cannot_be_is_refused_even_leniently(
    changes: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(SpeechRequestError) as error:
        read_upstream({**TTS, **changes}, LENIENT)
    assert (error.value.field, error.value.code) == (field, code)

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
import torch
from whisper.model import Whisper

from tests.fakes.tiny_whisper import tiny_whisper
from voxgate.adapters.whisper.encoding import encode_windows
from voxgate.adapters.whisper.precision import require_precision, set_encoder_precision
from voxgate.errors import EvaluatorError
from voxgate.types import Wave

CPU = torch.device("cpu")


def able(monkeypatch: pytest.MonkeyPatch, **flags: bool) -> None:
    found: Mapping[str, bool] = flags
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)


def encoded(network: Whisper) -> torch.Tensor:
    wave: Wave = (0.1 * np.random.default_rng(5).standard_normal(16_000)).astype(np.float32)
    with torch.inference_mode():
        return encode_windows(network, [wave], 2)


@pytest.mark.parametrize("flag", ["avx512_bf16", "amx_bf16", "bf16"])
def test_bfloat16_is_taken_where_the_processor_has_it(
    flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    able(monkeypatch, **{flag: True})
    require_precision("bfloat16", CPU)


def test_bfloat16_is_refused_where_the_processor_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    able(monkeypatch, avx512_f=True, avx512_bf16=False)
    with pytest.raises(EvaluatorError, match="this processor has no bfloat16 arithmetic; set it"):
        require_precision("bfloat16", CPU)
    require_precision("float32", CPU)


def test_bfloat16_is_refused_on_a_gpu_that_only_emulates_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation
    )
    with pytest.raises(EvaluatorError, match="this GPU has no bfloat16"):
        require_precision("bfloat16", torch.device("cuda", 0))


def test_float32_changes_nothing() -> None:
    plain, set_ = tiny_whisper(), tiny_whisper()
    set_encoder_precision(set_, "float32")
    assert torch.equal(encoded(plain), encoded(set_))


def test_bfloat16_moves_the_encoder_a_little_and_leaves_the_decoder_alone() -> None:
    plain, short = tiny_whisper(), tiny_whisper()
    set_encoder_precision(short, "bfloat16")

    expected, found = encoded(plain), encoded(short)
    assert found.dtype == torch.float32
    assert not torch.equal(found, expected)
    assert torch.nn.functional.cosine_similarity(found, expected, dim=-1).min() > 0.99
    assert {p.dtype for p in short.decoder.parameters()} == {torch.float32}

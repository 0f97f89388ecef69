from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.fakes.tiny_whisper import tiny_whisper
from voxgate.adapters.whisper.memory import remember


@pytest.fixture
def encoded() -> Tensor:
    network = tiny_whisper()
    generator = torch.Generator().manual_seed(1)
    return torch.randn(3, 7, network.dims.n_audio_state, generator=generator)


def test_a_text_is_read_as_without_the_memory(encoded: Tensor) -> None:
    network = tiny_whisper()
    texts = torch.arange(12).reshape(3, 4)

    with torch.inference_mode():
        memory = remember(network, encoded)
        found = network.decoder(texts, memory.encoded, kv_cache=memory.as_cache())
        expected = network.decoder(texts, encoded)

    torch.testing.assert_close(found, expected)


def test_a_text_can_grow_token_by_token(encoded: Tensor) -> None:
    network = tiny_whisper()
    texts = torch.arange(12).reshape(3, 4)

    with torch.inference_mode():
        cache, hooks = network.install_kv_cache_hooks(remember(network, encoded).as_cache())
        steps = [network.decoder(texts[:, n : n + 1], encoded, kv_cache=cache) for n in range(4)]
        for hook in hooks:
            hook.remove()
        expected = network.decoder(texts, encoded)

    torch.testing.assert_close(torch.cat(steps, dim=1), expected)


def test_some_clips_of_a_batch(encoded: Tensor) -> None:
    network = tiny_whisper()
    texts = torch.arange(8).reshape(2, 4)

    with torch.inference_mode():
        memory = remember(network, encoded).of_rows([2, 0])
        found = network.decoder(texts, memory.encoded, kv_cache=memory.as_cache())
        expected = network.decoder(texts, encoded[[2, 0]])

    torch.testing.assert_close(found, expected)

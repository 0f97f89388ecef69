import pytest
import torch

from models.gpt_sovits.s2.speaker_verification import ERES2NETV2, SpeakerVerifier
from tests.fakes.tiny_public import TINY_SPEAKER_NETWORK
from tests.models.gpt_sovits import golden


def recorded_weight(key: str, shape: tuple[int, ...]) -> torch.Tensor:
    """Return the fixture's weight: batch normalisation has a rule of its own."""
    if key.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.long)
    value = torch.from_numpy(golden.recipe(f"{key}.x", shape))
    if key.endswith("running_mean"):
        return 0.1 * value
    if key.endswith("running_var"):
        return 1 + 0.2 * torch.from_numpy(golden.recipe(f"w:{key}.x", shape)).tanh()
    if key.endswith(".weight") and len(shape) == 1:
        return 1 + 0.1 * value
    return torch.from_numpy(golden.recipe(key, shape))


def test_the_tensors_are_those_of_the_public_checkpoint() -> None:
    with torch.device("meta"):
        own = SpeakerVerifier().state_dict()
    assert {key: tuple(value.shape) for key, value in own.items()} == golden.shapes(
        "KEYS_sv_eres2netv2"
    )


def test_the_vector_is_a_mean_over_time_of_channels_times_bands() -> None:
    network = SpeakerVerifier(TINY_SPEAKER_NETWORK).eval()
    bank = torch.randn(2, 64, 80, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        vectors = network(bank)
        assert vectors.shape == (2, TINY_SPEAKER_NETWORK.vector_size)
        assert torch.allclose(vectors[1:], network(bank[1:]), atol=1e-5)
        assert network.embed(bank).shape == (2, TINY_SPEAKER_NETWORK.embedding)
    assert ERES2NETV2.vector_size == 20480


@pytest.mark.slow
def test_vector_and_embedding_are_upstreams() -> None:
    with torch.device("meta"):
        network = SpeakerVerifier()
    state = {key: recorded_weight(key, tuple(v.shape)) for key, v in network.state_dict().items()}
    network.load_state_dict(state, assign=True)
    stored = golden.arrays("sv_eres2netv2")
    # In float64 only the recording's own rounding is left: 3.8e-4, whatever the number of threads.
    network, bank = network.eval().double(), stored["fbank"][None].double()
    with torch.inference_mode():
        vector, embedding = network(bank), network.embed(bank)
    assert golden.largest_error(vector, stored["emb20480"]) < 4e-4
    assert golden.largest_error(embedding, stored["emb192"]) < 4e-4

import pytest
import torch

from models.gpt_sovits.build import build_synthesizer, build_text_to_semantic
from models.gpt_sovits.presets import PRESETS, FlowVocoderPreset, preset
from models.gpt_sovits.s2.discriminators import Discriminators
from tests.models.gpt_sovits import golden

PUBLIC = ["v1", "v2", "v2Pro", "v2ProPlus"]


def shapes_of(module: torch.nn.Module, prefix: str = "") -> dict[str, tuple[int, ...]]:
    return {prefix + key: tuple(value.shape) for key, value in module.state_dict().items()}


@pytest.mark.parametrize("name", PUBLIC)
def test_synthesizer_has_the_tensors_of_the_public_checkpoints(name: str) -> None:
    with torch.device("meta"):
        ours = shapes_of(build_synthesizer(preset(name)))
    assert ours == golden.shapes(f"KEYS_s2_{name}")


@pytest.mark.parametrize("name", ["v1", "v2"])
def test_text_to_semantic_has_the_tensors_of_the_public_checkpoints(name: str) -> None:
    with torch.device("meta"):
        ours = shapes_of(build_text_to_semantic(preset(name)), "model.")
    assert ours == golden.shapes(f"KEYS_s1_{name}")


@pytest.mark.parametrize("name", ["v2", "v2Pro"])
def test_discriminators_have_the_tensors_of_the_public_checkpoints(name: str) -> None:
    wave = preset(name).synthesizer.wave
    assert isinstance(wave, FlowVocoderPreset)
    with torch.device("meta"):
        ours = shapes_of(Discriminators(wave))
    assert ours == golden.shapes(f"KEYS_s2D_{name}")


def test_mini_keeps_the_public_names_of_tokenizer_prior_and_reference_encoder() -> None:
    with torch.device("meta"):
        ours = set(build_synthesizer(preset("mini")).state_dict())
    public = set(golden.shapes("KEYS_s2_v2"))
    own = {name for name in ours - public if not name.startswith("dec.")}
    assert own == set()


def test_mini_leaves_two_of_the_base_checkpoints_24_megabytes_free() -> None:
    with torch.device("meta"):
        both = [build_synthesizer(preset("mini")), build_text_to_semantic(preset("mini"))]
    state = [value for module in both for value in module.state_dict().values()]
    in_half_precision = sum(value.numel() for value in state) * 2
    assert in_half_precision < 22e6


def test_an_unknown_preset_is_named_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match=r"'v9' is not known; choose one of: mini, mini-ar, v1, v2"
    ):
        preset("v9")


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_token_is_two_spectrogram_frames_of_20_ms(name: str) -> None:
    chosen = preset(name)
    assert chosen.samples_per_token * chosen.tokens_per_s == chosen.sample_rate_hz
    assert chosen.spectrogram_bins == chosen.synthesizer.spectrogram_bins


def test_a_preset_says_which_way_it_goes_from_frames_to_samples():
    full, small = preset("v2"), preset("mini")
    assert full.has_flow
    assert not small.has_flow
    assert full.flow_vocoder is full.synthesizer.wave
    assert small.source_filter is small.synthesizer.wave
    with pytest.raises(TypeError, match="preset v2 has no source-filter decoder"):
        _ = full.source_filter
    with pytest.raises(TypeError, match="preset mini has no flow and vocoder"):
        _ = small.flow_vocoder

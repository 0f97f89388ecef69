import pytest

from models.gpt_sovits.public.networks import identify_network
from models.gpt_sovits.public.restricted_pickle import CheckpointError
from tests.models.gpt_sovits import golden


@pytest.mark.parametrize("name", ["v1", "v2", "v2Pro", "v2ProPlus"])
def test_the_preset_of_s2_is_told_by_shapes(name: str) -> None:
    assert identify_network(golden.shapes(f"KEYS_s2_{name}")) == ("s2", name)


@pytest.mark.parametrize("name", ["v1", "v2"])
def test_the_preset_of_s1_is_told_by_shapes(name: str) -> None:
    assert identify_network(golden.shapes(f"KEYS_s1_{name}")) == ("s1", name)


@pytest.mark.parametrize("name", ["v2", "v2Pro"])
def test_discriminators_are_told_by_their_number(name: str) -> None:
    assert identify_network(golden.shapes(f"KEYS_s2D_{name}")) == ("discriminators", name)


def test_frozen_extractors_belong_to_no_preset() -> None:
    assert identify_network(golden.shapes("KEYS_sv_eres2netv2")) == ("eres2netv2", "")
    assert identify_network(golden.shapes("KEYS_cnhubert_base")) == ("hubert", "")
    words = {"bert.embeddings.word_embeddings.weight": (21128, 1024)}
    assert identify_network(words) == ("bert", "")


@pytest.mark.parametrize(
    "name", ["model.ar_text_embedding.word_embeddings.weight", "enc_p.text_embedding.weight"]
)
def test_a_single_number_in_place_of_a_matrix_is_refused(name: str) -> None:
    with pytest.raises(CheckpointError, match="is a single number"):
        identify_network({name: ()})


def test_a_v3_synthesizer_is_refused_by_name() -> None:
    with pytest.raises(CheckpointError, match="v3 or v4 synthesizer: supported are"):
        identify_network({"enc_p.text_embedding.weight": (732, 192), "cfm.estimator.x": (1,)})


def test_other_tensors_are_refused() -> None:
    with pytest.raises(CheckpointError, match=r"no network of GPT-SoVITS: neither S1, S2"):
        identify_network({"conv.weight": (1, 2)})

"""Which network a file of tensors is, told by names and shapes: names and headers of files change.

Source: docs/gpt_sovits.md 8 and 2.3 to 2.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.gpt_sovits.presets import preset
from models.gpt_sovits.public.restricted_pickle import CheckpointError

__all__ = ["FROZEN", "identify_network"]

FROZEN: Mapping[str, str] = {
    "seg_1.weight": "eres2netv2",
    "feature_extractor.conv_layers.0.conv.weight": "hubert",
    "bert.embeddings.word_embeddings.weight": "bert",
}
"""A tensor's name → the extractor that has it."""

Shapes = Mapping[str, tuple[int, ...]]


def identify_network(shapes: Shapes) -> tuple[str, str]:
    """Return the network and the preset that it fits.

    Networks: "s1", "s2", "discriminators", or one of the frozen extractors (`FROZEN`), which
    belong to no preset: theirs is "".

    Raises:
        CheckpointError: none of them, or of a version that is not supported (v3, v4).
    """
    if "model.ar_text_embedding.word_embeddings.weight" in shapes:
        rows = _rows(shapes, "model.ar_text_embedding.word_embeddings.weight")
        return "s1", "v1" if rows == preset("v1").text_to_semantic.phones else "v2"
    if "enc_p.text_embedding.weight" in shapes:
        return "s2", _synthesizer(shapes)
    if "discriminators.0.convs.0.weight_v" in shapes:
        return "discriminators", _discriminators(shapes)
    for name, network in FROZEN.items():
        if name in shapes:
            return network, ""
    raise CheckpointError(
        "no network of GPT-SoVITS: neither S1, S2 nor discriminators, nor the speaker verifier, "
        "HuBERT or BERT, by the names of its tensors"
    )


def _synthesizer(shapes: Shapes) -> str:
    if _rows(shapes, "enc_p.text_embedding.weight") == preset("v1").synthesizer.phones:
        return "v1"
    if "dec.conv_pre.weight" not in shapes:
        raise CheckpointError("a v3 or v4 synthesizer: supported are v1, v2, v2Pro and v2ProPlus")
    if "sv_emb.weight" not in shapes:
        return "v2"
    known = preset("v2ProPlus").flow_vocoder
    width = _rows(shapes, "dec.conv_pre.weight")
    return "v2ProPlus" if width == known.upsample_width else "v2Pro"


def _rows(shapes: Shapes, name: str) -> int:
    if not shapes[name]:
        raise CheckpointError(f"{name} is a single number, expected a matrix: the file is damaged")
    return shapes[name][0]


def _discriminators(shapes: Shapes) -> str:
    """v1 shares its sizes with v2, v2ProPlus with v2Pro: the first preset of each pair."""
    last = len(preset("v2Pro").flow_vocoder.periods)  # one over samples comes first
    return "v2Pro" if f"discriminators.{last}.convs.0.weight_v" in shapes else "v2"

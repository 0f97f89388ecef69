"""The base files that the GPT-SoVITS project publishes, by content.

Source: docs/gpt_sovits.md 8.1: digests from public Git LFS pointers. The files themselves were
never at hand where this was written.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["KNOWN_FILES"]

KNOWN_FILES: Mapping[str, str] = {
    "020a014e1e01e550e510f2f61fae5e5f5b6aab40f15c22f1f12f724df507e835": "s2G488k.pth",
    "fc579c1db3c1e21b721001cf99d7a584214280df19b002e200b630a34fa06eb8": "s2D488k.pth",
    "b1c1e17e9c99547a89388f72048cd6e1b41b5a18b170e86a46dfde0324d63eb1": (
        "s1bert25hz-2kh-longer-epoch=68e-step=50232.ckpt"
    ),
    "924fdccaa3c574bf139c25c9759aa1ed3b3f99e19a7c529ee996c2bc17663695": (
        "gsv-v2final-pretrained/s2G2333k.pth"
    ),
    "8ae7fe8dd8c8f2e718de359e00edac88b0c71ab2fd10b07ad4cc45070eb8a836": (
        "gsv-v2final-pretrained/s2D2333k.pth"
    ),
    "732f94e63b148066e24c7f9d2637f3374083e637635f07fbdb695dee20ddbe1f": (
        "gsv-v2final-pretrained/s1bert25hz-5kh-longer-epoch=12-step=369668.ckpt"
    ),
    "87133414860ea14ff6620c483a3db5ed07b44be42e2c3fcdad65523a729a745a": "s1v3.ckpt",
    "f33abb1920076d988e1711d5f41b5c9c6d7f92575b4acf0ad4fae6a4ebf0cf19": "s2Gv3.pth",
    "0f8ead815234365edf045c6d86370ed6e4f440e8195be77ff0ea72684ad406a5": "v2Pro/s2Gv2Pro.pth",
    "257a7f36ae49e9ff08790d2cd3d398592530852caba810197f8606e884a52c54": "v2Pro/s2Dv2Pro.pth",
    "d42a22bbbf65fb2bbdd45ad6a66841156977db45c7aabe0a6992ff378d9c7d3b": "v2Pro/s2Gv2ProPlus.pth",
    "635cd84bf6f7f9b8d41c88c7106f81d782c794c61f931845214ea037b0c5bef2": "v2Pro/s2Dv2ProPlus.pth",
    "4f5a0bf73c61eb41b174e1bb54e7ee3c83233892be8e0af1f187024e8e581a35": (
        "sv/pretrained_eres2netv2w24s4ep4.ckpt"
    ),
    "24164f129c66499d1346e2aa55f183250c223161ec2770c0da3d3b08cf432d3c": (
        "chinese-hubert-base/pytorch_model.bin"
    ),
    "e53a693acc59ace251d143d068096ae0d7b79e4b1b503fa84c9dcf576448c1d8": (
        "chinese-roberta-wwm-ext-large/pytorch_model.bin"
    ),
}
"""sha256 → its path in the published repository."""

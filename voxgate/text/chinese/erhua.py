"""Say 儿 behind a word: with the tone of the syllable before it, or as a syllable of its own."""

from __future__ import annotations

from voxgate.text.chinese.words import Word

__all__ = ["say_er"]

_ALWAYS = frozenset("小院儿 胡同儿 范儿 老汉儿 撒欢儿 寻老礼儿 妥妥儿 媳妇儿".split())
_NEVER = frozenset(
    """
虐儿 为儿 护儿 瞒儿 救儿 替儿 有儿 一儿 我儿 俺儿 妻儿 拐儿 聋儿 乞儿 患儿 幼儿 孤儿 婴儿 婴幼儿
连体儿 脑瘫儿 流浪儿 体弱儿 混血儿 蜜雪儿 舫儿 祖儿 美儿 应采儿 可儿 侄儿 孙儿 侄孙儿 女儿 男儿
红孩儿 花儿 虫儿 马儿 鸟儿 猪儿 猫儿 狗儿 少儿
""".split()
)
"""儿 is a child or a pet name; as the checkpoints were trained (PaddleSpeech, Apache-2.0)."""

_PLAIN_FLAGS = frozenset(("a", "j", "nr"))


def say_er(group: Word, syllables: list[str]) -> list[str]:
    """Return the syllables of a group whose last character may be 儿."""
    word = group.text
    if word[-1:] != "儿" or len(word) == 1:
        return syllables
    said = [*syllables[:-1], "er2" if syllables[-1] in ("er1", "r5") else syllables[-1]]
    apart = word in _NEVER or group.flag in _PLAIN_FLAGS or word[-2:] in _NEVER
    if apart and word not in _ALWAYS:
        return said
    if said[-1] in ("er2", "er5"):
        said[-1] = f"er{said[-2][-1]}"
    return said

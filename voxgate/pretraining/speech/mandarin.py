"""Chinese text to the symbols that Kokoro-82M's Chinese voices read.

Words by `jieba`, their pinyin by `pypinyin`, the sounds of a syllable in IPA (Duanmu 2007, Lin
2007) as the `misaki` front end describes them: an arrow after the vowel for the tone (→ ↗ ↓ ↘, none
for the neutral one), a space between words. The network learnt the sandhi; the symbols have none.
"""

from __future__ import annotations

import re
from typing import Any

from voxgate.errors import TextError
from voxgate.temporaries import scratch_directory
from voxgate.text.extras import libraries_of

__all__ = ["MandarinPhonemizer", "syllable_symbols"]

_TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
_INITIALS = {
    "zh": "ꭧ",
    "ch": "ꭧʰ",
    "sh": "ʂ",
    "b": "p",
    "p": "pʰ",
    "m": "m",
    "f": "f",
    "d": "t",
    "t": "tʰ",
    "n": "n",
    "l": "l",
    "g": "k",
    "k": "kʰ",
    "h": "x",
    "j": "ʨ",
    "q": "ʨʰ",
    "x": "ɕ",
    "r": "ɻ",
    "z": "ʦ",
    "c": "ʦʰ",
    "s": "s",
}
# What stands before the tone and what after it.
_FINALS = {
    "a": ("a", ""),
    "ai": ("ai", ""),
    "an": ("a", "n"),
    "ang": ("a", "ŋ"),
    "ao": ("au", ""),
    "e": ("ɤ", ""),
    "ei": ("ei", ""),
    "en": ("ə", "n"),
    "eng": ("ə", "ŋ"),
    "i": ("i", ""),
    "ia": ("ja", ""),
    "ian": ("jɛ", "n"),
    "iang": ("ja", "ŋ"),
    "iao": ("jau", ""),
    "ie": ("je", ""),
    "in": ("i", "n"),
    "ing": ("i", "ŋ"),
    "iong": ("jʊ", "ŋ"),
    "iu": ("jou", ""),
    "o": ("wo", ""),
    "ong": ("ʊ", "ŋ"),
    "ou": ("ou", ""),
    "u": ("u", ""),
    "ua": ("wa", ""),
    "uai": ("wai", ""),
    "uan": ("wa", "n"),
    "uang": ("wa", "ŋ"),
    "ui": ("wei", ""),
    "un": ("wə", "n"),
    "ueng": ("wə", "ŋ"),
    "uo": ("wo", ""),
    "v": ("y", ""),
    "van": ("ɥɛ", "n"),
    "ve": ("ɥe", ""),
    "vn": ("y", "n"),
}
_ALONE = {"er": ("ɚ", ""), "o": ("ɔ", ""), "m": ("m", ""), "n": ("n", ""), "ng": ("ŋ", "")}
_ALONE |= {"hm": ("hm", ""), "hng": ("hŋ", ""), "yo": ("wo", ""), "ê": ("ɛ", "")}
# y and w are spellings of i, u and ü that begin a syllable.
_RESPELLED = {
    "you": "iu",
    "yu": "v",
    "yue": "ve",
    "yuan": "van",
    "yun": "vn",
    "wei": "ui",
    "wen": "un",
    "weng": "ueng",
    "wu": "u",
}
_APICAL = {"zh", "ch", "sh", "r", "z", "c", "s"}
_PALATAL = {"j", "q", "x"}
_SYLLABLE = re.compile(r"([a-zêü]+)([1-5])")
_MARKS = str.maketrans(
    {"，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "：": ":", "；": ";"}
)
_RUNS = re.compile(r"([\u4e00-\u9fff]+)|([A-Za-z][A-Za-z' ]*[A-Za-z]|[A-Za-z])|([,.!?:;…]+)|(\s+)")


def syllable_symbols(syllable: str) -> str:
    """Return Kokoro's symbols of a pinyin syllable with its tone as a digit.

    >>> syllable_symbols("zhong1"), syllable_symbols("lü4"), syllable_symbols("yuan2")
    ('ꭧʊ→ŋ', 'ly↘', 'ɥɛ↗n')

    Raises:
        TextError: it is no syllable of Mandarin.
    """
    match = _SYLLABLE.fullmatch(syllable.replace("v", "ü"))
    if match is None:
        raise TextError(f"{syllable!r}: expected pinyin with a tone 1 to 5, such as zhong1")
    spelled, tone = match[1].replace("ü", "v"), _TONES[match[2]]
    if spelled in _ALONE:
        before, after = _ALONE[spelled]
        return before + tone + after
    initial = next((one for one in _INITIALS if spelled.startswith(one)), "")
    final = spelled[len(initial) :]
    if initial in _APICAL and final == "i":
        return f"{_INITIALS[initial]}ɨ{tone}"
    if initial in _PALATAL and final.startswith("u"):
        final = "v" + final[1:]
    if not initial:
        final = _RESPELLED.get(spelled) or _unspelled(spelled)
    if final not in _FINALS:
        raise TextError(f"{syllable!r} is no syllable of Mandarin that the teacher can read")
    before, after = _FINALS[final]
    return _INITIALS.get(initial, "") + before + tone + after


def _unspelled(spelled: str) -> str:
    if spelled.startswith("y"):
        return spelled[1:] if spelled[1:2] == "i" else "i" + spelled[1:]
    if spelled.startswith("w"):
        return "u" + spelled[1:]
    return spelled


class MandarinPhonemizer:
    """Reads Chinese without digits; Latin words are read by `english` as they are met.

    Raises:
        TextError: `jieba` or `pypinyin` is not installed (the extra `zh`).
    """

    def __init__(self) -> None:
        with libraries_of("zh"):
            import jieba
            import pypinyin
        self._pypinyin: Any = pypinyin
        self._words: Any = jieba.Tokenizer()
        jieba.setLogLevel(60)
        with scratch_directory() as folder:  # jieba writes what it read there
            self._words.tmp_dir = str(folder)
            self._words.initialize()

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """Cut `text` into (kind, content): "symbols" in Kokoro's symbols, "latin" as written.

        Raises:
            TextError: a character is neither Chinese nor Latin nor a mark.
        """
        found: list[tuple[str, str]] = []
        place = 0
        text = text.translate(_MARKS)
        for match in _RUNS.finditer(text):
            if match.start() != place:
                break
            place = match.end()
            chinese, latin, marks, _ = match.groups()
            if chinese:
                found.append(("symbols", self._read(chinese)))
            elif latin:
                found.append(("latin", latin))
            elif marks:
                found.append(("marks", marks[0]))
        if place != len(text):
            raise TextError(f"{text[place]!r} at character {place + 1} of {text!r} is not Chinese")
        return found

    def _read(self, chinese: str) -> str:
        style = self._pypinyin.Style.TONE3
        words = []
        for word in self._words.lcut(chinese):
            pinyin = self._pypinyin.lazy_pinyin(word, style=style, neutral_tone_with_five=True)
            words.append("".join(map(syllable_symbols, pinyin)))
        return " ".join(words)

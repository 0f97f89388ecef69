"""Find what a transcript says about the recording instead of what is said in it.

Square, curly and angle brackets always hold a remark. Parentheses and asterisks may hold speech:
`(laughs)` is a remark, `(as he said)` is not.
"""

from __future__ import annotations

import re

__all__ = ["find_remark", "is_remark", "without_emphasis", "without_parentheses"]

_ENGLISH = "en"
_WIDE = str.maketrans("（）［］【】〔〕｛｝＜＞＊", "()[][][]{}<>*")
_ALWAYS = re.compile(r"\[[^\]]*\]|\{[^}]*\}|<[^>]*>")
_WHOLE = re.compile(r"\s*(?:\[[^\]]*\]|\{[^}]*\}|<[^>]*>|\([^)]*\))[\s.]*")
_PERHAPS = re.compile(r"\(([^)]*)(?:\)|$)|(\*{1,3})(?=\S)([^*]+)\2")
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=\w)([^*_\n]*?\w[.,!?]?)\1(?!\w)")
# The first digits of a telephone number keep theirs: the front end knows them by it.
_BRACKETS = re.compile(r"(\s*\(\d{2,5}\)(?=\s?\d))|\s*[()]+\s*")

_SOUNDS = (
    "laugh chuckle giggle snicker cough sneeze sniff sniffle sigh gasp groan grunt moan yawn sob "
    "cry breath breathe inhale exhale whisper mumble mutter scream shout yell hum sing clap "
    "applause laughter music noise sound silence pause beat inaudible unintelligible indistinct "
    "crosstalk static beep click ring bell cheer whistle hiccup burp throat clear swallow lip "
    "smack unclear blank audio foreign language speech tone"
)
_AROUND = (
    "a an the of and in on at to for with by one two three long short loud soft loudly softly "
    "quietly nervously deep deeply heavy heavily slight slightly background playing plays ends "
    "continues starts begins fades his her their speaker man woman audience crowd other people all "
    "over second minute sec simple"
)


def _forms(words: str) -> frozenset[str]:
    found = set()
    for word in words.split():
        stem = word.removesuffix("e")
        found |= {word, f"{word}s", f"{word}es", f"{stem}ing", f"{word}{word[-1]}ing", f"{stem}ed"}
    return frozenset(found | {"cries", "cried", "sobbed", "hummed", "sang", "laughters"})


_OTHER = (
    "笑 大笑 笑声 笑聲 咳 咳嗽 叹气 嘆氣 呼吸 呼吸声 哭 哭声 哭聲 掌声 掌聲 鼓掌 音乐 "
    "音樂 背景音乐 静音 靜音 沉默 停顿 停頓 噪音 杂音 雜音 听不清 聽不清 "
    "笑い 笑い声 咳払い せき 拍手 ため息 溜息 音楽 沈黙 無音 雑音 ノイズ 聞き取れない "
    "웃음 웃음소리 기침 한숨 박수 박수소리 음악 침묵 정적 잡음 소음"
)
_OTHER_SOUNDS = frozenset(_OTHER.split())
"""What Chinese, Japanese and Korean transcripts say of a sound, alone in its parentheses."""

_SOUND_WORDS = _forms(_SOUNDS)
_WORDS = _SOUND_WORDS | _forms(_AROUND)


def is_remark(text: str, *, language: str = _ENGLISH) -> bool:
    """Tell whether all of `text` is one remark."""
    plain = text.translate(_WIDE)
    whole = _PERHAPS.fullmatch(plain.strip())
    return bool(_WHOLE.fullmatch(plain)) or bool(whole and _names_a_sound(whole, language))


def find_remark(text: str, *, language: str = _ENGLISH) -> str | None:
    """Return the first remark in `text` as it stands there, if there is one."""
    plain = text.translate(_WIDE)
    found = [match for match in _PERHAPS.finditer(plain) if _names_a_sound(match, language)]
    found += list(_ALWAYS.finditer(plain))
    first = min(found, key=lambda match: match.start(), default=None)
    return None if first is None else text[first.start() : first.end()]


def without_emphasis(text: str) -> str:
    """Drop the marks of written emphasis: `*very*`, `_very_`."""
    return _EMPHASIS.sub(r"\2", text)


def without_parentheses(text: str) -> str:
    """Put what is said in parentheses between commas; a telephone number keeps its own.

    A normaliser that deletes parentheses with what is in them would compare less than is trained.
    """
    plain = _BRACKETS.sub(lambda match: match.group(1) or ", ", text)
    if plain == text:
        return text
    plain = re.sub(r"(?:\s*,)+\s*([.!?,;:])", r"\1", re.sub(r"(?:,\s*){2,}", ", ", plain))
    plain = re.sub(r"([.!?;:])\s*,", r"\1", plain)
    return plain.strip(" ,")


def _content(match: re.Match[str]) -> str:
    return match.group(1) if match.group(1) is not None else match.group(3)


def _names_a_sound(match: re.Match[str], language: str) -> bool:
    content = _content(match)
    if language != _ENGLISH and content.strip() in _OTHER_SOUNDS:
        return True
    words = re.findall(r"[a-z]+", content.casefold())
    return any(word in _SOUND_WORDS for word in words) and all(word in _WORDS for word in words)

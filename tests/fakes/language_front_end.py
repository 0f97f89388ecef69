"""Front ends of one language each, that speak every letter of their script as a word."""

from __future__ import annotations

from dataclasses import dataclass, field

from voxgate.errors import TextError
from voxgate.text.front_end import SpokenText, SpokenWord
from voxgate.text.inline_readings import lift, lower
from voxgate.text.mixed import MixedFrontEnd
from voxgate.text.scripts import script_of
from voxgate.text.symbols import SymbolTable, symbol_table

SCRIPTS = {"zh": {"han"}, "yue": {"han"}, "ja": {"han", "kana"}, "ko": {"hangul"}, "en": {"latin"}}
DIGITS = {
    "zh": "零一二三四五六七八九",
    "yue": "零一二三四五六七八九",
    "ja": "零一二三四五六七八九",
    "ko": "공일이삼사오육칠팔구",
}
MARKS = str.maketrans("，。！？、", ",.!?,")


@dataclass(frozen=True)
class LetterFrontEnd:
    """Reads its own script, digits in its own words, and refuses everything else."""

    language: str
    symbols: SymbolTable = field(default_factory=lambda: symbol_table("v2"), repr=False)
    dictionary_digest: str = "5" * 64
    shared_run: int = 6

    def normalise(self, text: str) -> str:
        plain, readings = lift(text)
        digits = DIGITS.get(self.language, "ABCDEFGHIJ")
        spoken = "".join(digits[int(c)] if c.isdigit() else c for c in plain.translate(MARKS))
        for character in spoken:
            if character.isalpha() and script_of(character) not in SCRIPTS[self.language]:
                raise TextError(f"{character!r} is no {self.language}")
        return lower(" ".join(spoken.split()), readings)

    def read(self, text: str) -> SpokenText:
        spoken = self.normalise(text)
        words = [self._word(c) for c in spoken if not c.isspace()]
        return SpokenText(text=spoken, words=tuple(words))

    def units(self, text: str) -> tuple[str, ...]:
        return tuple(c for c in self.normalise(text) if c.isalpha())

    def _word(self, character: str) -> SpokenWord:
        phones = (character,) if character in self.symbols else ("a1", "a1")
        counts = (len(phones),) if self.language == "zh" else None
        return SpokenWord(
            word=character, phones=phones, source="letter", phones_per_character=counts
        )


def mixed_front_end(language: str, *further: str) -> MixedFrontEnd:
    """Return a voice's front end over fakes of its languages."""
    return MixedFrontEnd(
        language=language,
        symbols=symbol_table("v2"),
        languages=tuple(dict.fromkeys((language, *further, "en"))),
        open_language=LetterFrontEnd,
    )

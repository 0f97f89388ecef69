"""Open the front end of a language: to add one, name it here and in `languages`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from voxgate.text.front_end import FrontEnd
from voxgate.text.languages import LANGUAGES, require_language
from voxgate.text.mixed import MixedFrontEnd
from voxgate.text.symbols import SymbolTable, symbol_table

__all__ = ["LANGUAGES", "fold_characters", "open_front_end", "require_language"]

_NO_LEXICONS: Mapping[str, Path] = MappingProxyType({})


def open_front_end(
    language: str,
    *,
    symbols: SymbolTable | None = None,
    lexicons: Mapping[str, Path] = _NO_LEXICONS,
    languages: Iterable[str] = (),
) -> MixedFrontEnd:
    """Open what reads texts of a voice whose own language is `language`.

    The table is v2 by default. English words are read as well, and the further `languages` of the
    voice. `lexicons` holds the user's own pronunciations by language, in the form that each has.

    Raises:
        TextError: a language has no front end, is not in the table, or lacks its libraries; a
            lexicon is missing or no text.
        ConfigError: a lexicon has broken lines; names all of them.
    """
    table = symbols or symbol_table("v2")
    spoken = tuple(dict.fromkeys((language, *languages, "en")))
    for name in spoken:
        require_language(name, symbols=table.name)
    opened = MixedFrontEnd(
        language=language,
        symbols=table,
        languages=spoken,
        open_language=lambda name: _OPENERS[name](table, lexicons.get(name)),
    )
    # Broken lexicons and missing libraries are told now, and not at the first text.
    for name in {language, *lexicons} & set(spoken):
        opened.front_end(name)
    return opened


def fold_characters(language: str, text: str) -> str:
    """Return the same words in the characters that the rules of a language start from.

    Raises:
        TextError: the language has no front end, or a letter is none of its letters.
    """
    require_language(language)
    return _FOLDERS[language](text)


def _fold_english(text: str) -> str:
    from voxgate.text.english.characters import plain_characters

    return plain_characters(text)


def _fold_chinese(text: str) -> str:
    from voxgate.text.chinese.characters import plain_characters

    return plain_characters(text)


def _fold_japanese(text: str) -> str:
    from voxgate.text.japanese.characters import plain_characters

    return plain_characters(text)


def _fold_cantonese(text: str) -> str:
    from voxgate.text.cantonese.characters import plain_characters

    return plain_characters(text)


def _fold_korean(text: str) -> str:
    from voxgate.text.korean.characters import plain_characters

    return plain_characters(text)


def _english(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.english.front_end import open_english

    return open_english(symbols, lexicon=lexicon)


def _chinese(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.chinese.front_end import open_chinese

    return open_chinese(symbols, lexicon=lexicon)


def _japanese(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.japanese.front_end import open_japanese

    return open_japanese(symbols, lexicon=lexicon)


def _cantonese(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.cantonese.front_end import open_cantonese

    return open_cantonese(symbols, lexicon=lexicon)


def _korean(symbols: SymbolTable, lexicon: Path | None) -> FrontEnd:
    from voxgate.text.korean.front_end import open_korean

    return open_korean(symbols, lexicon=lexicon)


# Imported when first opened: a language may need libraries that only its users install.
_OPENERS: Mapping[str, Callable[[SymbolTable, Path | None], FrontEnd]] = {
    "en": _english,
    "zh": _chinese,
    "ja": _japanese,
    "yue": _cantonese,
    "ko": _korean,
}

_FOLDERS: Mapping[str, Callable[[str], str]] = {
    "en": _fold_english,
    "zh": _fold_chinese,
    "ja": _fold_japanese,
    "yue": _fold_cantonese,
    "ko": _fold_korean,
}

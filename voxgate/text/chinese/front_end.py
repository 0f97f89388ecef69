"""Mandarin Chinese, as the rest of voxgate meets it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from voxgate.files import digest_bytes
from voxgate.text.chinese.comparison import written
from voxgate.text.chinese.lexicon import Lexicon, load_lexicon
from voxgate.text.chinese.normalisation import normalise
from voxgate.text.chinese.phrases import simplified
from voxgate.text.chinese.polyphone_model import PolyphoneModel
from voxgate.text.chinese.polyphone_network import polyphone_network
from voxgate.text.chinese.pronunciation import pronounce
from voxgate.text.chinese.rules import rules_text
from voxgate.text.extras import libraries_of
from voxgate.text.front_end import SpokenText, SpokenWord
from voxgate.text.languages import require_language
from voxgate.text.symbols import SymbolTable

__all__ = ["ChineseFrontEnd", "open_chinese"]


def open_chinese(
    symbols: SymbolTable, *, lexicon: Path | None, model: PolyphoneModel | None = None
) -> ChineseFrontEnd:
    """Load words, phrases and the network for readings; `model` takes the network's place.

    Raises:
        ConfigError: the lexicon has broken lines; names all of them.
        TextError: the lexicon is missing or is no UTF-8 text, or a library is not installed.
    """
    require_language("zh", symbols=symbols.name)
    with libraries_of("zh"):
        import jieba  # noqa: F401 refused here, not in the middle of a text
        import opencc  # noqa: F401
        import pypinyin  # noqa: F401
    return ChineseFrontEnd(
        symbols=symbols, lexicon=load_lexicon(lexicon), model=model or polyphone_network()
    )


@dataclass(frozen=True, kw_only=True)
class ChineseFrontEnd:
    """Implements `FrontEnd`. Both tables hold all of its phones."""

    symbols: SymbolTable = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    model: PolyphoneModel = field(repr=False)

    @property
    def language(self) -> str:
        """Chinese."""
        return "zh"

    @property
    def dictionary_digest(self) -> str:
        """Digest of the network's arrays, the rules, and the versions of the dictionaries."""
        versions = [f"{name} {version(name)}" for name in ("jieba", "pypinyin", "opencc")]
        return digest_bytes("\n".join([self.model.digest, rules_text(), *versions]).encode())

    @property
    def shared_run(self) -> int:
        """Eight characters: four-character idioms, and two of them in a row, are anybody's."""
        return 8

    def normalise(self, text: str) -> str:
        """Write `text` as it is spoken: Han characters, `, . ! ? …` and `{word|reading}`."""
        return normalise(text)

    def read(self, text: str) -> SpokenText:
        """Normalise `text` and find its readings."""
        spoken = self.normalise(text)
        words = pronounce(spoken, self.lexicon, self.model)
        return SpokenText(text=spoken, words=tuple(map(_with_characters, words)))

    def units(self, text: str) -> tuple[str, ...]:
        """Return the characters without marks, in simplified form."""
        return written(self.normalise(text))


def _with_characters(word: SpokenWord) -> SpokenWord:
    """Say what a traditional word is in simplified characters, which the networks learnt from."""
    simple = simplified(word.word)
    return word if simple == word.word else replace(word, characters=simple)

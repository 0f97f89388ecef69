"""The text front end as `featurize` uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.code_digest import code_digest
from voxgate.errors import TextError
from voxgate.features.readings import Reading
from voxgate.files import digest_file, digest_json
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.languages import PACKAGES, require_language
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import symbol_table
from voxgate.voice.text_features import featured

__all__ = ["TablePhonemiser", "open_phonemiser", "phonemiser_digest", "rules_digest"]

_SHARED = ("voxgate.text.phonemes", "voxgate.text.mixed")
_OPENERS = Path(__file__).parents[1] / "text" / "front_ends.py"
"""Says which languages are read together; its imports are all languages, so it counts alone."""


@dataclass(frozen=True)
class TablePhonemiser:
    """Reads texts in one symbol table under one lexicon a language."""

    front_ends: Mapping[str, FrontEnd] = field(repr=False)
    """By language; each reads words of the others inside its texts."""

    digest: str

    def read(self, text: str, *, language: str) -> Reading:
        """Return how `text` is spoken.

        Raises:
            TextError: the text has nothing speakable, or the language is not supported.
        """
        require_language(language)
        if language not in self.front_ends:
            opened = ", ".join(self.front_ends)
            raise TextError(f"a text in {language!r}: texts in {opened} were announced")
        found = to_phonemes(text, self.front_ends[language])
        return Reading(
            phones=found.ids, guessed_words=found.guessed_words, chinese=featured(found.spans)
        )


def open_phonemiser(
    symbols: str, *, lexicons: Mapping[str, Path], languages: Sequence[str]
) -> TablePhonemiser:
    """Open the front ends of a corpus and of no other language: each may need libraries.

    `lexicons` are the user's own pronunciations, one file a language; `languages` are those of the
    texts, and of words inside them.

    Raises:
        TextError: there is no such table or front end, the table lacks a language, its libraries
            are not installed, or a lexicon is missing or not UTF-8.
        ConfigError: a lexicon has broken lines.
    """
    table = symbol_table(symbols)
    return TablePhonemiser(
        front_ends={
            language: open_front_end(
                language,
                symbols=table,
                lexicons=lexicons,
                languages=[other for other in languages if other != language],
            )
            for language in languages
        },
        digest=phonemiser_digest(symbols, lexicons=lexicons, languages=languages),
    )


def phonemiser_digest(
    symbols: str, *, lexicons: Mapping[str, Path], languages: Sequence[str]
) -> str:
    """Return the digest that `open_phonemiser`'s has, without opening a front end."""
    return digest_json(
        {
            "symbols": symbols,
            "rules": rules_digest(languages),
            "lexicons": {
                language: digest_file(path) for language, path in sorted(lexicons.items())
            },
        }
    )


def rules_digest(languages: Sequence[str]) -> str:
    """Digest the rules themselves: whoever improves a rule need not remember a version number.

    Only those of `languages` count, and of English, whose words stand in texts of all of them: so
    a better rule for one language leaves what was read in another as it is.
    """
    own = [f"{PACKAGES[language]}.front_end" for language in sorted({*languages, "en"})]
    return digest_json({"rules": code_digest([*_SHARED, *own]), "openers": digest_file(_OPENERS)})

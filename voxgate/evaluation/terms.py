"""What evidence says of a voice's own pronunciations: is every term read as its lexicon says?

No recogniser is asked: it writes the word that makes sense, however it was read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxgate.corpus.lexicon_check import check_lexicons
from voxgate.text.symbols import symbol_table
from voxgate.voice.card import card_lexicons, read_card, read_voice_card

__all__ = ["describe_terms"]


def describe_terms(folder: Path) -> dict[str, Any] | None:
    """Return which lexicons a voice package has, how many terms, and which are read otherwise.

    None for a package without lexicons.

    Raises:
        VoiceError: the folder is no voice package.
        ConfigError: a lexicon has broken lines.
        TextError: a lexicon is no text, or the libraries of a language are not installed.
    """
    lexicons = card_lexicons(folder, read_card(folder))
    if not lexicons:
        return None
    card = read_voice_card(folder)
    found = check_lexicons(
        lexicons, symbols=symbol_table(card.symbols), languages=card.spoken_languages
    )
    return {
        "lexicons": {language: card.files[path.name] for language, path in lexicons.items()},
        "checked": found.terms,
        "sentences": len(found.rows),
        "differing": [
            {
                "language": row.language,
                "term": row.term,
                "where": row.where,
                "expected": " ".join(row.expected),
                "got": row.fault or " ".join(row.got),
            }
            for row in found.differences
        ],
    }

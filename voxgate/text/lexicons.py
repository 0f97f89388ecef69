"""A folder of user lexicons, one file a language: `lexicon.zh.tsv` holds the words of Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from voxgate.errors import ConfigError
from voxgate.text.languages import LANGUAGES, require_language

__all__ = ["find_lexicons", "lexicon_language", "lexicon_name"]

_NAME = re.compile(r"lexicon\.(?P<language>[^.]+)\.tsv")


def lexicon_name(language: str) -> str:
    """Return the name of the file that holds a language's words.

    Raises:
        TextError: the language has no front end.
    """
    require_language(language)
    return f"lexicon.{language}.tsv"


def lexicon_language(name: str) -> str | None:
    """Return the language whose words a file of this name holds; None where it is no lexicon."""
    match = _NAME.fullmatch(name)
    return match["language"] if match and match["language"] in LANGUAGES else None


def find_lexicons(folder: Path) -> Mapping[str, Path]:
    """Return the lexicons of a folder by language; files of other names may lie beside them.

    Raises:
        ConfigError: a file is named like a lexicon, and no stage would ever read it.
    """
    found: dict[str, Path] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("lexicon.*")):
        language = lexicon_language(path.name)
        if language is None:
            known = ", ".join(map(lexicon_name, LANGUAGES))
            faults.append(f"{path.name}: no stage reads it; expected one of {known}")
        else:
            found[language] = path
    if faults:
        raise ConfigError(str(folder), faults)
    return {language: found[language] for language in LANGUAGES if language in found}

"""Where the user's own pronunciations lie: the folder below data/ that params.yaml names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voxgate.errors import ConfigError
from voxgate.text.lexicons import find_lexicons

__all__ = ["DEFAULT_FOLDER", "lexicon_folder", "user_lexicons"]

DEFAULT_FOLDER = "lexicons"
"""Where the first word is written while params.yaml names no folder."""


def lexicon_folder(data_dir: Path, named: str) -> Path:
    """Return the folder that `featurize.lexicon` names; it may not be there yet.

    Raises:
        ConfigError: it is not below data/, or is the one file of before.
    """
    data = data_dir.resolve()
    path = (data / named).resolve()
    if not path.is_relative_to(data):
        raise ConfigError(
            "params.yaml", [f"featurize.lexicon: expected a folder under data/, got {named!r}"]
        )
    if path.is_file():
        raise ConfigError(
            "params.yaml",
            [
                f"featurize.lexicon: expected a folder under data/, got the file {named!r}; move "
                f"it, as it is, to data/{DEFAULT_FOLDER}/lexicon.en.tsv (en, or the language of "
                f"its words) and write featurize.lexicon: {DEFAULT_FOLDER}"
            ],
        )
    return path


def user_lexicons(data_dir: Path, named: str | None) -> Mapping[str, Path]:
    """Return the lexicons of `featurize.lexicon` by language; none where it is null.

    Raises:
        ConfigError: there is no such folder under data/, or it holds what no stage reads.
    """
    if named is None:
        return {}
    folder = lexicon_folder(data_dir, named)
    if not folder.is_dir():
        raise ConfigError(
            "params.yaml", [f"featurize.lexicon: expected a folder under data/, got {named!r}"]
        )
    return find_lexicons(folder)

"""Say which extra brings a language's libraries, where they are not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from voxgate.errors import TextError
from voxgate.text.languages import LANGUAGE_NAMES

__all__ = ["libraries_of"]


@contextmanager
def libraries_of(language: str) -> Iterator[None]:
    """Import a language's libraries inside: a missing one becomes an error with its remedy.

    Raises:
        TextError: a library is not installed; names it, and the extra.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise TextError(
            f"{LANGUAGE_NAMES[language]} needs the library {error.name!r}, which is not installed: "
            f"pip install 'voxgate[{language}]'"
        ) from error

"""The phones of texts, as training would read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.errors import TextError
from voxgate.files import digest_file
from voxgate.params.featurize import FeaturizeParams
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import PUNCTUATION, symbol_table

__all__ = ["PhoneReader"]


@dataclass(frozen=True, kw_only=True)
class PhoneReader:
    """Names the phones of texts; a front end takes a second to open, so each is opened once.

    `closed` are languages that cannot be read here, for want of libraries that may come later.
    """

    params: FeaturizeParams
    lexicons: Mapping[str, Path]
    opened: dict[str, FrontEnd] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)

    def rules(self) -> dict[str, object]:
        """Return what phones depend on besides the text and the code, as JSON values."""
        return {
            "symbols": self.params.symbols,
            "languages": list(self.params.languages),
            "lexicons": {code: digest_file(path) for code, path in self.lexicons.items()},
        }

    def phones_of(self, text: str, language: str) -> Iterable[str]:
        """Return the phones that a text is said with, without marks.

        Raises:
            TextError: it cannot be read, or the language has no front end.
        """
        found = to_phonemes(text, self._front_end(language), lead_in=False)
        return [phone for phone in found.phones if phone not in PUNCTUATION]

    def _front_end(self, language: str) -> FrontEnd:
        if language in self.closed:
            raise TextError(self.closed[language])
        if language not in self.opened:
            try:
                self.opened[language] = open_front_end(
                    language,
                    symbols=symbol_table(self.params.symbols),
                    lexicons=self.lexicons,
                    languages=self.params.languages,
                )
            except TextError as error:
                self.closed[language] = str(error)
                raise
        return self.opened[language]

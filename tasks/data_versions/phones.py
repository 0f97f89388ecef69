"""The phones of texts, as training would read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from voxgate.files import digest_file
from voxgate.params.featurize import FeaturizeParams
from voxgate.text.front_end import FrontEnd
from voxgate.text.front_ends import open_front_end
from voxgate.text.phonemes import to_phonemes
from voxgate.text.symbols import PUNCTUATION, symbol_table

__all__ = ["PhoneReader"]


@dataclass(frozen=True, kw_only=True)
class PhoneReader:
    """Names the phones of texts; a front end takes a second to open, so each is opened once."""

    params: FeaturizeParams
    lexicons: Mapping[str, Path]
    opened: dict[str, FrontEnd] = field(default_factory=dict)

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
        if language not in self.opened:
            self.opened[language] = open_front_end(
                language,
                symbols=symbol_table(self.params.symbols),
                lexicons=self.lexicons,
                languages=self.params.languages,
            )
        found = to_phonemes(text, self.opened[language], lead_in=False)
        return [phone for phone in found.phones if phone not in PUNCTUATION]

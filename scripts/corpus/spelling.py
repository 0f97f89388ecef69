"""Words that the packages' lists of texts spell wrongly; what is said is the word beside it.

Found by holding the lists against word lists of the languages (Debian's wamerican, wspanish and
wfrench). Only the spelling is mended: where a list has another word than is said, it stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["mend_spelling"]

_MISSPELT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "indentified": "identified",
        "represenatives": "representatives",
        "umute": "unmute",
        "witheld": "withheld",
    },
    "es": {
        "atravez": "a traves",
        "contrasenia": "contrasena",
        "defeto": "defecto",
        "ingese": "ingrese",
        "introdusca": "introduzca",
        "mesaje": "mensaje",
        "nimbre": "nombre",
        "numbre": "nombre",
        "paracambiar": "para cambiar",
    },
    "fr": {
        "acceuil": "accueil",
        "appellant": "appelant",
        "aurevoir": "au revoir",
        "ce tte": "cette",
        "connection": "connexion",
        "deboguage": "debogage",
        "demontration": "demonstration",
        "deverouiller": "deverrouiller",
        "deverouillee": "deverrouillee",
        "etez": "ete",
        "presentemnet": "presentement",
        "rappler": "rappeler",
        "verouillee": "verrouillee",
        "verouiller": "verrouiller",
    },
}
"""Without accents; small letters stand for capital ones too."""


def mend_spelling(language: str, text: str) -> str:
    """Return a text, of Spanish and French without accents, as it should be spelt."""
    for wrong, right in _MISSPELT.get(language, {}).items():
        text = re.sub(rf"\b{wrong}\b", right, text, flags=re.IGNORECASE)
    return text

"""Languages are known by the codes that manifests use."""

from voxgate.adapters.whisper.languages import HEARD_LANGUAGES


def test_languages_are_iso_codes():
    assert {"en", "es", "fr", "ja"} <= HEARD_LANGUAGES
    assert all(2 <= len(code) <= 3 and code.islower() for code in HEARD_LANGUAGES)

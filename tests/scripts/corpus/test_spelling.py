from __future__ import annotations

from scripts.corpus.spelling import mend_spelling
from scripts.corpus.wording import load_wording


def test_whole_words_are_mended_and_nothing_else() -> None:
    assert mend_spelling("fr", "vous avez etez expulse") == "vous avez ete expulse"
    assert mend_spelling("fr", "competez") == "competez"
    assert mend_spelling("ru", "etez") == "etez"


def test_a_misspelt_text_is_what_was_said() -> None:
    english, french = load_wording("en"), load_wording("fr")
    assert english("Our represenatives.") == english("our representatives")
    assert french("Enregistrer ce tte conférence") == french("enregistrer cette conférence")

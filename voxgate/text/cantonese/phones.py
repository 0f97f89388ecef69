"""From a syllable to the two phones that the public networks were trained to hear.

`Y` and the onset, `Y` and the rime with its tone. Where a vowel begins the syllable, upstream cut
its rime in two instead, at odd places; the cuts below are what was trained.
"""

from __future__ import annotations

from voxgate.text.cantonese.syllables import Syllable
from voxgate.text.front_end import Phones

__all__ = ["phones_of"]

_CUTS = {
    rime: tuple(cut.split("|"))
    for rime, cut in (
        pair.split(":")
        for pair in (
            "aa:aa|a aai:aa|i aau:aa|u aam:aa|m aan:aa|n aap:aa|p aat:aa|t aak:aa|k "
            "ai:ai|i au:au|u am:a|m an:a|n ak:ak|k o:o|o oi:oi|i ou:ou|u on:on|n ok:ok|k "
            "uk:uk|k e:e|e ei:e|i m:m|m ng:ng|g"
        ).split()
    )
}
"""Where upstream cuts the rimes that begin a syllable: two halves, the second has the tone."""

_NEAREST_RIME = {
    # the vowel of "e" before a labial: Cantonese has only "i" there in its older words
    "eu": "iu",
    "em": "im",
    "ep": "ip",
    # one place further back: many speakers in Hong Kong merge them
    "en": "eng",
    "et": "ek",
    "oen": "oeng",
    "oet": "oek",
    # borrowed words
    "om": "am",
    "op": "ap",
    "um": "ung",
    "up": "uk",
}
"""Rimes that no table holds, and what sounds most like them."""

_BORROWED_ONSET = "ng"
"""Speakers vary between none and ng before a vowel: 罌 is aang1 and ngaang1."""

_SUNG = {"m": "am", "ng": "ang"}
"""Nasals alone behind an onset, as in hng6, take a vowel."""


def phones_of(syllable: Syllable) -> tuple[Phones, bool]:
    """Return two phones, and whether they only come near the syllable.

    756 of all combinations have no phones of their own; few of them occur: 掉 deu6, 罌 aang1.
    """
    onset, rime, tone = syllable.onset, syllable.rime, syllable.tone
    if not onset and rime in _CUTS:
        first, second = _CUTS[rime]
        return (f"Y{first}", f"Y{second}{tone}"), False
    spoken_onset = onset or _BORROWED_ONSET
    spoken_rime = _SUNG.get(rime) or _NEAREST_RIME.get(rime, rime)
    near = (spoken_onset, spoken_rime) != (onset, rime)
    return (f"Y{spoken_onset}", f"Y{spoken_rime}{tone}"), near

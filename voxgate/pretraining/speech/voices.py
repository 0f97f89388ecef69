"""The voices of the teacher, Kokoro-82M, and what each of them is for."""

from __future__ import annotations

__all__ = ["CORPUS_VOICES", "HELD_OUT_VOICES", "PLAN_VOICES", "VOICES", "language_of"]

VOICES = tuple(
    (  # noqa: SIM905 - a word list
        "af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river "
        "af_sarah af_sky am_adam am_echo am_eric am_fenrir am_liam am_michael am_onyx am_puck "
        "am_santa bf_alice bf_emma bf_isabella bf_lily bm_daniel bm_fable bm_george bm_lewis"
    ).split()
)
"""The English ones: accent (a American, b British) and gender (f, m) in the first two letters."""

HELD_OUT_VOICES = ("af_sky", "am_liam", "bf_lily", "bm_lewis")
"""A woman and a man of each accent, whom neither the base nor a comparison of tokenizers hears."""

CORPUS_VOICES = {"zh": "zf_xiaoxiao", "ja": "jf_alpha"}
"""Who speaks the corpus of a language; the base does not hear them."""

PLAN_VOICES = {
    "en": VOICES,
    "zh": ("zf_xiaobei", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia"),
    "ja": ("jf_gongitsune", "jf_nezumi", "jf_tebukuro", "jm_kumo"),
}
"""Who speaks what a base is pretrained on, by language.

Of the Chinese ones zf_xiaoni is left out, who speaks wrong tones (31 % of toned syllables heard
wrong, 3 % without tones), and zm_yunyang, who is hard to understand (12 %).
"""

_LANGUAGES = {"a": "en", "b": "en", "z": "zh", "j": "ja"}


def language_of(voice: str) -> str:
    """Return the language of a voice, which its first letter says.

    >>> language_of("zf_xiaobei")
    'zh'
    """
    return _LANGUAGES[voice[0]]

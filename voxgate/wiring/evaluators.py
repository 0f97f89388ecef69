"""Build the instruments that params.yaml names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from voxgate.code_digest import closure_sources
from voxgate.files import digest_file, digest_json
from voxgate.params import EvaluateParams
from voxgate.params.evaluate import Precision
from voxgate.ports import QualityPredictor, Recogniser, SpeakerEncoder
from voxgate.settings import Settings
from voxgate.text.comparison import spoken_form
from voxgate.text.comparisons import (
    WORD_LANGUAGES,
    comparison_rules,
    front_end_modules,
    unit_comparison,
)
from voxgate.text.counting_units import counting_unit
from voxgate.text.front_ends import open_front_end

__all__ = [
    "NamedNormaliser",
    "build_quality_predictor",
    "build_recogniser",
    "build_speaker_encoder",
    "published_normaliser",
    "text_normaliser",
]

_JUST_READ = 64
"""Texts and, where one cannot be read as a whole, its words."""


def build_recogniser(
    params: EvaluateParams,
    settings: Settings,
    *,
    name: str | None = None,
    windows_s: Sequence[int] | None = None,
    window_margin_s: float | None = None,
    precision: Precision | None = None,
    language: str = "en",
) -> Recogniser:
    """Load the speech recogniser `name`, or the one that judges when no name is given.

    `windows_s` are the encoder windows that it may use, each for clips that leave
    `window_margin_s` of it; they and `precision` are the judge's where they are not given.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
        EvaluatorError: this machine lacks the device of the settings, or the precision.
    """
    from voxgate.adapters.whisper.encoding import WindowPolicy
    from voxgate.adapters.whisper.recogniser import load_recogniser

    source = params.evaluators[name or params.transcriber]
    return load_recogniser(
        source,
        assets_dir=settings.assets_dir,
        threads=params.threads,
        batch_size=params.batch_size,
        windows=WindowPolicy(
            windows_s=tuple(params.recogniser_windows_s if windows_s is None else windows_s),
            margin_s=params.recogniser_margin_s if window_margin_s is None else window_margin_s,
        ),
        precision=precision or params.precision,
        language=language,
        device=settings.device,
    )


def build_speaker_encoder(params: EvaluateParams, settings: Settings) -> SpeakerEncoder:
    """Load the speaker encoder that scores similarity.

    Raises:
        WeightsError: its weights are absent or are not the pinned ones.
        EvaluatorError: this machine lacks the device of the settings.
    """
    from voxgate.adapters.speechbrain.speaker_encoder import load_speaker_encoder

    source = params.evaluators[params.speaker_encoder]
    return load_speaker_encoder(
        source, assets_dir=settings.assets_dir, threads=params.threads, device=settings.device
    )


def build_quality_predictor(params: EvaluateParams) -> QualityPredictor:
    """Load the predictor of quality; its weights come with its package.

    Raises:
        WeightsError: the package is absent or is not the pinned one.
    """
    from voxgate.adapters.speechmos.dnsmos import load_dnsmos

    return load_dnsmos(threads=params.threads)


@dataclass(frozen=True, kw_only=True)
class NamedNormaliser:
    """A way of comparing texts, with the name and the rules that its figures go by.

    Implements `Normaliser`. `spell` gives the units, parted by spaces; what is not given is made
    of them: their characters, and the one language that every text is in.
    """

    name: str
    fingerprint: str
    spell: Callable[[str], str] = field(repr=False)
    unit: str = "word"
    write: Callable[[str], str] | None = field(default=None, repr=False)
    strip_tones: Callable[[str], str] | None = field(default=None, repr=False)
    find_languages: Callable[[str], frozenset[str]] = field(
        default=lambda _text: frozenset(), repr=False
    )

    def __call__(self, text: str) -> str:
        """Return `text` as it is compared."""
        return self.spell(text)

    def characters(self, text: str) -> str:
        """Return what the second rate compares character by character."""
        return (self.write or self.spell)(text)

    def toneless(self, text: str) -> str | None:
        """Return the units of `text` without tones; None where there are no tones."""
        return None if self.strip_tones is None else self.strip_tones(text)

    def languages(self, text: str) -> frozenset[str]:
        """Return the languages of the text's words; none where all are of the benchmark's."""
        return self.find_languages(text)


@cache
def text_normaliser(language: str = "en") -> NamedNormaliser:
    """Return what a language is judged by: both texts as the front end speaks them.

    Raises:
        TextError: the language has no front end, or lacks its libraries.
    """
    from voxgate.adapters.whisper.normaliser import load_spelling, rules_digest

    rules = {"text": _text_code(front_end_modules(language)), "spelling": rules_digest()}
    if language in WORD_LANGUAGES:
        read = comparison_rules(language)
        # Each text is read to learn whether it can be, and again for its words.
        once = replace(read, spoken=lru_cache(_JUST_READ)(read.spoken))
        return NamedNormaliser(
            name=f"spoken-form-{language}",
            fingerprint=digest_json(rules),
            spell=spoken_form(once, spelling=load_spelling()),
        )
    compared = unit_comparison(language, spelling=load_spelling())
    # Readings come of dictionaries, so those belong to the rules, too.
    rules["dictionaries"] = open_front_end(language).dictionary_digest
    return NamedNormaliser(
        name=f"spoken-form-{language}",
        fingerprint=digest_json(rules),
        spell=lambda text: compared(text).sounds,
        unit=counting_unit(language).code,
        write=lambda text: compared(text).written,
        strip_tones=(
            (lambda text: compared(text).toneless) if counting_unit(language).has_tones else None
        ),
        find_languages=lambda text: compared(text).languages,
    )


@cache
def published_normaliser(language: str = "en") -> NamedNormaliser:
    """Return Whisper's own normaliser, which published error rates of a language are counted after.

    For English it is the English one, for all others the basic one, which keeps their diacritics;
    it parts Chinese and Japanese at every character.
    """
    from voxgate.adapters.whisper.normaliser import (
        BASIC_NAME,
        PUBLISHED_NAME,
        load_basic_normaliser,
        load_normaliser,
        rules_digest,
    )

    if language in WORD_LANGUAGES:
        return NamedNormaliser(
            name=PUBLISHED_NAME,
            fingerprint=rules_digest(),
            spell=lru_cache(4096)(load_normaliser()),
        )
    by_characters = counting_unit(language).published == "CER"
    return NamedNormaliser(
        name=f"{BASIC_NAME}, by characters" if by_characters else BASIC_NAME,
        fingerprint=rules_digest(),
        spell=lru_cache(4096)(load_basic_normaliser(by_characters=by_characters)),
    )


def _text_code(modules: Sequence[str]) -> str:
    """Digest the front end and the comparison; an error's wording changes no figure."""
    sources = closure_sources(modules)
    inside = {name: path for name, path in sources.items() if name.startswith("voxgate/text/")}
    return digest_json({name: digest_file(path) for name, path in inside.items() if path.is_file()})

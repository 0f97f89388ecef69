"""Build the instruments that params.yaml names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from voxgate.code_digest import closure_sources
from voxgate.files import digest_file, digest_json
from voxgate.params import EvaluateParams
from voxgate.params.evaluate import Precision
from voxgate.ports import QualityPredictor, Recogniser, SpeakerEncoder
from voxgate.settings import Settings
from voxgate.text.comparison import spoken_form
from voxgate.text.comparisons import comparison_rules

__all__ = [
    "NamedNormaliser",
    "build_quality_predictor",
    "build_recogniser",
    "build_speaker_encoder",
    "published_normaliser",
    "text_normaliser",
]


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
    """A way of comparing words, with the name and the rules that its figures go by."""

    name: str
    fingerprint: str
    spell: Callable[[str], str] = field(repr=False)

    def __call__(self, text: str) -> str:
        """Return `text` as it is compared."""
        return self.spell(text)


@cache
def text_normaliser(language: str = "en") -> NamedNormaliser:
    """Return what words are judged by: both texts as the front end speaks them.

    Raises:
        TextError: the language has no front end.
    """
    from voxgate.adapters.whisper.normaliser import load_spelling, rules_digest

    rules = comparison_rules(language)
    return NamedNormaliser(
        name=f"spoken-form-{language}",
        fingerprint=digest_json({"text": _text_code(rules.module), "spelling": rules_digest()}),
        spell=spoken_form(rules, spelling=load_spelling()),
    )


@cache
def published_normaliser() -> NamedNormaliser:
    """Return Whisper's own English normaliser, which published error rates are counted after."""
    from voxgate.adapters.whisper.normaliser import PUBLISHED_NAME, load_normaliser, rules_digest

    return NamedNormaliser(
        name=PUBLISHED_NAME, fingerprint=rules_digest(), spell=lru_cache(4096)(load_normaliser())
    )


def _text_code(module: str) -> str:
    """Digest the front end and the comparison; an error's wording changes no figure."""
    sources = closure_sources([module, spoken_form.__module__])
    inside = {name: path for name, path in sources.items() if name.startswith("voxgate/text/")}
    return digest_json({name: digest_file(path) for name, path in inside.items() if path.is_file()})

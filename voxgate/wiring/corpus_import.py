"""Load what cuts long recordings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voxgate.code_digest import closure_sources
from voxgate.content_cache import ContentCache
from voxgate.corpus.cutting.cutting import RecordingCutter
from voxgate.corpus.cutting.instruments import Instruments
from voxgate.corpus.languages import language_code
from voxgate.corpus.lexicon_folder import lexicon_folder
from voxgate.errors import TextError
from voxgate.executors import Executor
from voxgate.files import digest_file, digest_json
from voxgate.text.bare_words import bare_words
from voxgate.text.languages import LANGUAGES, heard_as
from voxgate.text.lexicons import find_lexicons
from voxgate.wiring.aligners import pooled_aligner
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.evaluators import NamedNormaliser, text_normaliser
from voxgate.wiring.executors import pooled_encoder, pooled_recogniser
from voxgate.wiring.speech_detectors import build_speech_detector

__all__ = ["open_cutter", "require_heard"]

_HEARD_TOGETHER = 8
"""Windows of up to 30 s in one batch; their encodings are in memory at once."""

_EMBEDDED_TOGETHER = 64


def require_heard(language: str) -> str:
    """Return the code of a language that the recogniser hears.

    Raises:
        TextError: it hears no such language.
    """
    from voxgate.adapters.whisper.languages import HEARD_LANGUAGES

    code = language_code(language) or language
    if code not in HEARD_LANGUAGES:
        raise TextError(
            f"--language {language!r}: expected the ISO 639 code of a language that the recogniser "
            f"hears, such as en, es or fr; it hears {len(HEARD_LANGUAGES)} (docs/cutting.md)"
        )
    return code


def open_cutter(checkout: Checkout, language: str, executor: Executor) -> RecordingCutter:
    """Load the instruments that params.yaml names, for recordings in one language.

    The executor's workers load them, but for the detector, which hears a recording as one stream.

    Raises:
        WeightsError: weights are absent or are not the pinned ones.
        EvaluatorError: this machine lacks the device of the settings.
    """
    code = require_heard(language)
    params, settings = checkout.params, checkout.settings
    normaliser = text_normaliser(code) if code in LANGUAGES else _plain_normaliser()
    return RecordingCutter(
        instruments=Instruments(
            detector=build_speech_detector(settings),
            recogniser=pooled_recogniser(
                executor,
                params.evaluate,
                name=params.cut.recogniser,
                windows_s=params.cut.recogniser_windows_s,
                window_margin_s=params.cut.recogniser_margin_s,
                language=heard_as(code),
                batch_size=_HEARD_TOGETHER,
            ),
            encoder=pooled_encoder(executor, params.evaluate, batch_size=_EMBEDDED_TOGETHER),
            aligner=pooled_aligner(
                executor,
                params,
                language=code,
                base_dir=checkout.workspace.base_dir,
                lexicons=_lexicons(checkout),
                batch_size=_HEARD_TOGETHER,
            ),
            normalise=normaliser,
            rules=f"{normaliser.name}:{normaliser.fingerprint}",
        ),
        params=params.cut,
        quality=params.validate_,
        cache=ContentCache(checkout.workspace.cache_dir, "cutting"),
    )


def _lexicons(checkout: Checkout) -> Mapping[str, Path]:
    """Return the user's own pronunciations; before the first import there may be none."""
    named = checkout.params.featurize.lexicon
    if named is None:
        return {}
    return find_lexicons(lexicon_folder(checkout.workspace.data_dir, named))


def _plain_normaliser() -> NamedNormaliser:
    """Return what is left to languages without a front end: letters and digits, in one case."""
    sources = closure_sources([bare_words.__module__])
    digests = {name: digest_file(path) for name, path in sources.items() if path.is_file()}
    return NamedNormaliser(name="bare-words", fingerprint=digest_json(digests), spell=bare_words)

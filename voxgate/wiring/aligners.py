"""Build what places words in audio a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from voxgate.adapters.executors.instruments import PooledAligner, Question, answer_question
from voxgate.errors import WeightsError
from voxgate.executors import Executor
from voxgate.features.one_thread import one_thread
from voxgate.files import read_json
from voxgate.params import Params
from voxgate.ports import Aligner
from voxgate.settings import Settings, load_settings
from voxgate.text.languages import LANGUAGES
from voxgate.types import EvaluatorIdentity

if TYPE_CHECKING:
    from voxgate.voice.speech_tokenizer import SpeechTokenizer

__all__ = ["build_aligner", "can_align", "pooled_aligner"]

_LEARNT_BY_DEFAULT = ("en",)
_NO_LEXICONS: Mapping[str, Path] = MappingProxyType({})


def can_align(params: Params, *, language: str, base_dir: Path) -> bool:
    """Say whether `build_aligner` has an aligner for texts of a language.

    There is none where params.yaml names none, and none where the base voice has not learnt the
    language: its card names those that it has, English where it names none.

    Raises:
        WeightsError: the base voice is absent.
    """
    name = params.cut.aligner
    if name is None or language not in LANGUAGES:
        return False
    return language in _read_card(base_dir / name).get("languages", _LEARNT_BY_DEFAULT)


def build_aligner(
    params: Params,
    settings: Settings,
    *,
    language: str,
    base_dir: Path,
    lexicons: Mapping[str, Path] = _NO_LEXICONS,
) -> Aligner | None:
    """Load the aligner of `cut.aligner` for texts of a language.

    None where there is none (`can_align`). `lexicons` are the user's own pronunciations by
    language.

    Raises:
        WeightsError: the base voice, its tokenizer or the tokenizer's extractor is absent or is not
            the pinned one.
        ConfigError: a lexicon has broken lines.
        TextError: the lexicon is missing or is no text, or the language's libraries are not
            installed.
    """
    name = params.cut.aligner
    if name is None or not can_align(params, language=language, base_dir=base_dir):
        return None
    folder = base_dir / name
    card = _read_card(folder)
    from models.gpt_sovits.presets import preset
    from voxgate.adapters.base_voice.aligner import EmissionAligner, load_emissions
    from voxgate.features.phonemiser import open_phonemiser

    s1_sha256 = card["files"]["s1.safetensors"]
    network = load_emissions(folder / "s1.safetensors", sha256=s1_sha256, preset_name=name)
    tokenizer = _build_tokenizer(params, settings, folder, sha256=card["tokenizer_sha256"])
    phonemiser = open_phonemiser(preset(name).symbols, lexicons=lexicons, languages=[language])
    return EmissionAligner(
        network=network,
        tokenizer=tokenizer,
        front_end=phonemiser.front_ends[language],
        identity=EvaluatorIdentity(
            name=f"base-voice:{name}",
            weights_sha256=s1_sha256,
            options={
                "tokenizer": tokenizer.sha256,
                "phonemiser": phonemiser.digest,
                "language": language,
            },
        ),
    )


def pooled_aligner(
    executor: Executor,
    params: Params,
    *,
    language: str,
    base_dir: Path,
    lexicons: Mapping[str, Path],
    batch_size: int,
) -> Aligner | None:
    """Return `build_aligner`'s aligner, loaded by the executor's workers, or None like it.

    Raises:
        WeightsError: the base voice is absent.
    """
    if not can_align(params, language=language, base_dir=base_dir):
        return None
    work = _Aligning(
        params=params,
        language=language,
        base_dir=base_dir,
        lexicons=tuple(sorted(lexicons.items())),
    )
    return PooledAligner(executor, work, batch_size=batch_size)


@dataclass(frozen=True, kw_only=True)
class _Aligning:
    """An aligner, as `build_aligner` is told; each file is held against its digest."""

    params: Params
    language: str
    base_dir: Path
    lexicons: tuple[tuple[str, Path], ...]

    @contextmanager
    def open(self) -> Iterator[Callable[[Question], Any]]:
        aligner = build_aligner(
            self.params,
            load_settings(),
            language=self.language,
            base_dir=self.base_dir,
            lexicons=dict(self.lexicons),
        )

        def answer(question: Question) -> Any:
            with one_thread():
                return answer_question(aligner, question)

        yield answer


def _read_card(folder: Path) -> dict[str, Any]:
    path = folder / "base.json"
    if not path.is_file():
        raise WeightsError(
            f"{path} is missing: expected a base voice in the folder that cut.aligner names; "
            "restore it from git, or set cut.aligner to null for no second aligner"
        )
    card: dict[str, Any] = read_json(path)
    return card


def _build_tokenizer(
    params: Params, settings: Settings, folder: Path, *, sha256: str
) -> SpeechTokenizer:
    """Build the tokenizer that the base voice was trained with, whatever is trained now."""
    from voxgate.voice.speech_tokenizer import read_tokenizer_card
    from voxgate.wiring.featurizers import build_speech_tokenizer

    made_of = read_tokenizer_card(folder / "tokenizer", sha256=sha256)
    own = {
        "tokenizer": f"{folder.name}/tokenizer",
        "tokenizer_sha256": sha256,
        "extractor": made_of.extractor,
        "extractor_sha256": made_of.extractor_sha256,
    }
    return build_speech_tokenizer(
        params.featurize.model_copy(update=own), settings, base_dir=folder.parent
    )

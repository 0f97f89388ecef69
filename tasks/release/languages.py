"""The voices of a comparison in the further languages that a voice is judged in.

`evaluate` measures a candidate in its own language. In every other one of `evaluate.prompts`
candidate and rivals speak when they are compared; what was measured is kept and sealed as for a
rival, by voice, language and frame, so that nobody speaks twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tasks.measuring.extension import MeasureBlocks, Sitting, covering
from tasks.measuring.rescore import measured_once, package_of
from tasks.measuring.seals import LedgerSeals
from tasks.measuring.thresholds import build_thresholds, look_blocks
from voxgate.errors import (
    AssetError,
    EvaluatorError,
    GateError,
    StageError,
    TextError,
    VersionLostError,
    VoiceError,
    VoxgateError,
)
from voxgate.evaluation.benchmark import load_benchmark
from voxgate.evaluation.checkpoints import card_languages
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.evaluation.protocol import normaliser_identity
from voxgate.files import digest_json
from voxgate.params import Params
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.voice.card import read_card

__all__ = ["FurtherLanguage", "MeasureIn", "further_languages", "speaks"]

MeasureIn = Callable[[str], MeasureBlocks]
"""Gives what measures voices in a language."""

_UNMEASURABLE: tuple[type[VoxgateError], ...] = (
    AssetError,
    EvaluatorError,
    GateError,
    StageError,
    TextError,
    VersionLostError,
    VoiceError,
)
"""The language is not judged then, which holds the gate. An outage is no such thing."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class FurtherLanguage:
    """One language, for which `params` are; `challenger` is the candidate's own evidence."""

    desk: Desk
    params: Params
    measure: MeasureBlocks
    challenger: Evidence

    def spoken(
        self, releases: Mapping[str, Release], *, look: int, candidate: int
    ) -> dict[str, Path] | str:
        """Return evidence of each release by its subject, or why there is none.

        Of the rivals only those take part that speak the language.

        Raises:
            ConfigError: the prompts are broken.
            ExternalServiceError: the registry could not be reached.
        """
        language = self.params.evaluate.language
        blocks = self.blocks(look=look, candidate=candidate)
        found: dict[str, Path] = {}
        for subject, release in releases.items():
            try:
                if subject == "challenger" or speaks(self.desk, release, language):
                    found[subject] = self._evidence(release, blocks)
            except _UNMEASURABLE as error:
                _log.warning("%s is not judged in %s: %s", subject, language, error)
                return f"{subject}: {error}"
        return found

    def blocks(self, *, look: int, candidate: int) -> tuple[int, ...]:
        """Return the blocks of prompts that a look covers; there may be fewer than elsewhere."""
        workspace = self.desk.workspace
        looks = build_thresholds(workspace, self.params, candidate=candidate).max_looks
        return look_blocks(workspace, self.params, look=min(look, looks), candidate=candidate)

    def _evidence(self, release: Release, blocks: tuple[int, ...]) -> Path:
        workspace, scoring = self.desk.workspace, self.params.evaluate
        package = package_of(self.desk, release)
        registered = read_evidence(self.desk.stored_evidence(release))
        first = measured_once(
            self.desk,
            scoring,
            package,
            self._frame(),
            measure=lambda *_: self.measure(package, blocks),
            made_from={"data": registered.data, "consent_scope": registered.consent_scope},
        )
        return covering(
            workspace,
            first,
            blocks,
            package=lambda: package,
            measure=self.measure,
            seals=LedgerSeals(self.desk),
        )

    def _frame(self) -> str:
        """Name what measures, before it does: the frame of the voice's own language, and this."""
        from voxgate.wiring.evaluators import text_normaliser

        scoring = self.params.evaluate
        benchmark = load_benchmark(self.desk.workspace.benchmark_dir / scoring.prompt_file)
        return digest_json(
            {
                "own": self.challenger.frame_digest,
                "language": benchmark.language,
                "benchmark": benchmark.digest,
                "normaliser": normaliser_identity(text_normaliser(benchmark.language)),
            }
        )


def further_languages(
    desk: Desk, params: Params, challenger: Evidence, *, measure: MeasureIn | None = None
) -> dict[str, FurtherLanguage]:
    """Return the languages of `evaluate.prompts` behind the voice's own, by code."""
    _own, *others = params.evaluate.prompt_files
    found = {}
    for language in others:
        scoring = params.evaluate.in_language(language)
        found[language] = FurtherLanguage(
            desk=desk,
            params=params.model_copy(update={"evaluate": scoring}),
            measure=measure(language)
            if measure
            else Sitting(workspace=desk.workspace, params=scoring),
            challenger=challenger,
        )
    return found


def speaks(desk: Desk, release: Release, language: str) -> bool:
    """Tell whether a release was judged in a language, or its card names it.

    Raises:
        ExternalServiceError: the registry could not be reached.
    """
    if read_evidence(desk.stored_evidence(release)).language == language:
        return True
    try:
        card = read_card(package_of(desk, release))
    except VersionLostError:
        return False
    return language in card_languages(card)

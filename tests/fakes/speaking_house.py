"""The speech service on a fake pool, with everything else as it is served."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.fakes.enrolled import Enrolled
from tests.fakes.releases import MODEL
from tests.fakes.served_releases import ServedReleases, caught_up
from tests.fakes.speaker_profiles import NOW
from tests.fakes.speech_pool import FakeSpeechPool, plain_sentences
from voxgate.corpus.consent import ConsentScope
from voxgate.serving.admission import Admission
from voxgate.serving.audit.record import SpeechRecord
from voxgate.serving.audit.segments import read_segment
from voxgate.serving.audit.spool import SpeechSpool
from voxgate.serving.desk.cache import SentenceCache
from voxgate.serving.desk.desk import SpeakingDesk
from voxgate.serving.ports import Answer, Caller
from voxgate.serving.preset_book import PresetBook
from voxgate.serving.releases.shadow import AnswerFacts
from voxgate.serving.requests import Lane, SpeechRequest, Utterance
from voxgate.serving.service import ReleasedSpeech
from voxgate.serving.shelf import ProfileShelf
from voxgate.speaking.presets import SpeakingPreset, shipped_presets

TEXT = "Good morning, Anna. Your parcel is here."
ASKED = SpeechRequest(text=TEXT, model=MODEL)
CALLER = Caller(
    key_id="k1",
    lane=Lane.REAL_TIME,
    rights=frozenset({"speak"}),
    purpose="internal",
    request_id="r1",
    trace_id="0" * 32,
)


class NoTable:
    def rows(self) -> list[SpeakingPreset]:
        return []

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        raise AssertionError("nobody adds")


class House:
    """The service on a fake pool, with the real shelf, desk, spool and followed ledger."""

    def __init__(self, folder: Path, *, spool_bytes: int = 1 << 26) -> None:
        self.releases, self.register, self.pool = ServedReleases(), Enrolled(), FakeSpeechPool()
        self.observed: list[AnswerFacts] = []
        self.releases.story.released(1)
        follow = self.releases.follow(with_challenger=True, now=lambda: self.releases.story.now)
        self.live = caught_up(follow)
        self.register.enrol("anna", scope=ConsentScope.INTERNAL)
        self.shelf = ProfileShelf(
            self.register, folder / "speakers", max_stale_s=60.0, withdrawn=lambda _: None
        )
        self.shelf.read()
        self.cache = SentenceCache(max_bytes=1 << 24, time_to_live=timedelta(hours=1))
        self.spool = SpeechSpool(folder / "spool", max_bytes=spool_bytes)
        self.book = PresetBook(shipped_presets(), NoTable())
        self.service = ReleasedSpeech(
            models_served=(MODEL,),
            admission=Admission(
                live=self.live,
                shelf=self.shelf,
                book=self.book,
                min_similarity=0.55,
                clock=lambda: NOW,
            ),
            desk=SpeakingDesk(
                self.pool, read=plain_sentences, cache=self.cache, speaking_code="c0de"
            ),
            spool=self.spool,
            pool=self.pool.readiness,
            text_key=b"k" * 32,
            observer=self,
            clock=lambda: NOW,
        )

    def observe(self, request: SpeechRequest, utterance: Utterance, answered: AnswerFacts) -> None:
        """Implement TrialObserver."""
        self.observed.append(answered)

    async def say(self, request: SpeechRequest = ASKED, **caller: Any) -> Answer:
        return await self.service.say(request, caller=replace(CALLER, **caller))

    def records(self) -> list[SpeechRecord]:
        """Return what was entered, oldest first."""
        self.spool.seal()
        found = [read_segment(path) for path in self.spool.folder.glob("*.spool")]
        return [SpeechRecord.parse(content) for each in found for content in each.contents]

"""A ledger that is told a story, for whoever follows which version is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fakes.releases import MODEL, Story
from voxgate.errors import ExternalServiceError, WeightsError
from voxgate.release.book import Book
from voxgate.release.records import Release
from voxgate.serving.releases.live_versions import LiveVersions
from voxgate.serving.requests import PackagedVoice


class ServedReleases:
    """A ledger that is told a story, packages at hand, and a clock that is turned by hand."""

    def __init__(self) -> None:
        self.story = Story()
        self.now_s = 100.0
        self.away = False
        self.fetched: list[int] = []
        self.warmed: list[str] = []
        self.broken: set[int] = set()
        self.swapped: set[int] = set()

    def read(self, model: str) -> Book:
        if self.away:
            raise ExternalServiceError("the database does not answer")
        return self.story.book if model == MODEL else Book(model=model)

    def fetch(self, model: str, release: Release) -> PackagedVoice:
        if release.version in self.broken:
            raise WeightsError("the store is empty")
        self.fetched.append(release.version)
        digest = release.origin.model_digest
        assert digest is not None
        other = "f" * 64 if release.version in self.swapped else digest
        return PackagedVoice(folder=Path(f"{model}-{release.version}"), digest=other)

    def warm(self, voice: PackagedVoice) -> None:
        self.warmed.append(voice.folder.name)

    def follow(self, **changes: Any) -> LiveVersions:
        return LiveVersions(
            self,  # type: ignore[arg-type]  # only `read` is asked for
            [MODEL],
            max_stale_s=30.0,
            clock=lambda: self.now_s,
            **{"fetch": self.fetch, "warm": self.warm, **changes},
        )


def caught_up(live: LiveVersions) -> LiveVersions:
    """Read the ledger and make everything ready, once."""
    live.read()
    live.prepare()
    return live

"""`listen`: a release engineer's ears on a version, blind, beside what is live."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voxgate.errors import EvidenceChangedError, EvidenceMissingError
from voxgate.evaluation.benchmark import Benchmark, Prompt, load_benchmark
from voxgate.evaluation.evidence import Evidence, read_evidence
from voxgate.params import Params
from voxgate.private_files import keep_secret
from voxgate.release.book import Book
from voxgate.release.desk import Desk
from voxgate.release.listening.recordings import (
    LISTENING_LUFS,
    Recordings,
    level_gains,
    open_recordings,
    to_wav,
)
from voxgate.release.listening.room import Answer
from voxgate.release.listening.session import Trial, cast, plan_trials, rival_of
from voxgate.release.listening.tally import Tally, tally
from voxgate.release.people import person_id
from voxgate.release.policy import require_person, require_words
from voxgate.release.votes import Ballot, Vote

__all__ = ["ListeningRoom", "count_votes", "open_room"]


@dataclass(frozen=True, kw_only=True)
class ListeningRoom:
    """One listener and the prompts that they hear; the port that the page talks to.

    What a side is, and what was measured on it, is in no answer before the vote on it.
    """

    desk: Desk
    version: int
    rival: int | None
    listener: str
    trials: Sequence[Trial]
    prompts: Mapping[str, Prompt]
    recordings: Mapping[int, Recordings]
    unheard: int
    """Prompts that are left out, because a sample of one version could not be measured."""

    _fetching: threading.Lock = field(default_factory=threading.Lock)

    def overview(self) -> dict[str, Any]:
        """Say what is heard, and on which trials the listener has voted."""
        book = self._book()
        return {
            "model": self.desk.model,
            "version": self.version,
            "rival": self.rival,
            "rival_role": None if self.rival is None else _role(book, self.rival),
            "listener": self.listener,
            "loudness_lufs": LISTENING_LUFS,
            "unheard": self.unheard,
            "voted": [self._vote(book, trial) is not None for trial in self.trials],
        }

    def trial(self, number: int) -> dict[str, Any]:
        """Return a prompt; with what the vote reveals, when there is one."""
        trial = self.trials[number]
        prompt = self.prompts[trial.prompt_id]
        book = self._book()
        vote = self._vote(book, trial)
        return {
            "text": prompt.text,
            "prompt_class": prompt.prompt_class,
            "sides": len(trial.order),
            "reveal": None if vote is None else self._reveal(book, trial, vote),
        }

    def audio(self, number: int, side: int) -> bytes:
        """Return what is played, as WAV; both sides are equally loud."""
        trial = self.trials[number]
        pcm, gains = self._pair(trial)
        return to_wav(pcm[side], gain_db=gains[side])

    def vote(self, number: int, answer: Answer) -> dict[str, Any]:
        """Write a vote into the ledger; returns the trial with what it reveals."""
        trial = self.trials[number]
        preferred = None if answer.side is None else trial.order[answer.side]
        samples = [self.recordings[v].rows[trial.prompt_id, trial.seed_index] for v in trial.order]
        ballot = Ballot(
            listener=self.listener,
            version=self.version,
            prompt_id=trial.prompt_id,
            seed_index=trial.seed_index,
            order=trial.order,
            audio_sha256=tuple(str(row.audio_sha256) for row in samples),
            preferred=preferred,
            rating=answer.rating,
            note=" ".join(answer.note.split()),
        )
        self.desk.append(lambda book, _now: cast(book, ballot))
        return self.trial(number)

    def result(self) -> dict[str, Any]:
        """Return what all votes on this pair come to."""
        release = self._book().require(self.version)
        return tally(release, self.rival, self.desk.policy).as_json()

    def _book(self) -> Book:
        return self.desk.ledger.read(self.desk.model)

    def _vote(self, book: Book, trial: Trial) -> Vote | None:
        key = person_id(self.listener), trial.prompt_id, self.rival
        return book.require(self.version).votes.get(key)

    def _pair(self, trial: Trial) -> tuple[list[Any], list[float]]:
        with self._fetching:
            pcm = [
                self.recordings[version].fetch(trial.prompt_id, trial.seed_index)
                for version in trial.order
            ]
        return pcm, level_gains(pcm)

    def _reveal(self, book: Book, trial: Trial, vote: Vote) -> dict[str, Any]:
        _, gains = self._pair(trial)
        sides = []
        for version, gain_db in zip(trial.order, gains, strict=True):
            row = self.recordings[version].rows[trial.prompt_id, trial.seed_index]
            sides.append(
                {
                    "version": version,
                    "role": _role(book, version),
                    "transcript": row.transcript,
                    "word_errors": row.word_errors,
                    "ref_words": row.ref_words,
                    "similarity": row.similarity,
                    "duration_s": row.duration_s,
                    "catastrophes": list(row.catastrophes),
                    "gain_db": gain_db,
                }
            )
        preferred = None if vote.preferred is None else trial.order.index(vote.preferred)
        answer = {"side": preferred, "rating": vote.rating, "note": vote.note}
        return {"sides": sides, **answer, "blind": vote.blind}


def open_room(
    desk: Desk, params: Params, version: int, *, listener: str, limit: int | None = None
) -> ListeningRoom:
    """Find the registered recordings of a version and of what it is heard beside.

    Args:
        desk: the ledger and its rules.
        params: names the benchmark.
        version: the ledger's number.
        listener: who votes.
        limit: how many prompts; None is as many as settle the question (`gate.min_votes`).

    Raises:
        UnknownVersionError: there is no such version.
        EvidenceMissingError: recordings are not in the registry.
        EvidenceChangedError: evidence is not the registered one, or of another benchmark.
        ExternalServiceError: the registry cannot be reached.
    """
    require_words(listener, "votes")
    require_person(listener)
    book = desk.ledger.read(desk.model)
    rival = rival_of(book, version)
    benchmark = load_benchmark(desk.workspace.benchmark_dir / params.evaluate.prompt_file)
    recordings = {
        heard: _open(desk, book, benchmark, heard)
        for heard in (version, rival)
        if heard is not None
    }
    gate = {prompt.id: prompt for prompt in benchmark.of_split("gate")}
    seeds = {name: _common(recordings.values(), name, params) for name in gate}
    audible = {name: found for name, found in seeds.items() if found}
    if not audible:
        raise EvidenceMissingError(f"version {version}: no prompt was measured, so none is heard")
    trials = plan_trials(
        keep_secret(desk.workspace.listening_key),
        version=version,
        rival=rival,
        listener=listener,
        prompts=audible,
    )
    return ListeningRoom(
        desk=desk,
        version=version,
        rival=rival,
        listener=listener,
        trials=trials[: limit or desk.policy.votes.min_prompts],
        prompts=gate,
        recordings=recordings,
        unheard=len(gate) - len(audible),
    )


def count_votes(desk: Desk, version: int) -> Tally:
    """Return what the votes on a version come to, beside what it is compared with today.

    Raises:
        UnknownVersionError: there is no such version.
    """
    book = desk.ledger.read(desk.model)
    return tally(book.require(version), rival_of(book, version), desk.policy)


def _open(desk: Desk, book: Book, benchmark: Benchmark, version: int) -> Recordings:
    release = book.require(version)
    evidence = read_evidence(desk.stored_evidence(release))
    _require_benchmark(version, evidence, benchmark)
    folder = desk.workspace.cache_dir / "listening" / release.origin.evidence_digest[:16]
    return open_recordings(desk.connect(), release, evidence, folder)


def _require_benchmark(version: int, evidence: Evidence, benchmark: Benchmark) -> None:
    found = str(evidence.benchmark.get("digest"))
    if found != benchmark.digest:
        raise EvidenceChangedError(
            f"version {version} was measured on benchmark {found[:12]}, this checkout has "
            f"{benchmark.digest[:12]}: the prompts would not be what is heard. Check out the "
            "commit that it was registered from."
        )


def _common(recordings: Any, prompt_id: str, params: Params) -> list[int]:
    seeds = range(params.evaluate.gate_seeds)
    return [k for k in seeds if all((prompt_id, k) in heard.rows for heard in recordings)]


def _role(book: Book, version: int) -> str:
    if version == book.live:
        return "live"
    return "gold" if version == book.gold else book.require(version).state.value

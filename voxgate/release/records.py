"""What the ledger knows about a version; each record is the `facts` of one kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from voxgate.files import digest_json
from voxgate.release.health import Check
from voxgate.release.states import State
from voxgate.release.votes import Vote, VoteKey
from voxgate.voice.card import TRAINED

__all__ = [
    "OFFERED",
    "PAGE_NAME",
    "UNDECIDED",
    "Approval",
    "Judgement",
    "Look",
    "Origin",
    "Recipe",
    "Release",
    "evidence_name",
]

OFFERED = ("PASS", "INCONCLUSIVE")
"""Verdicts that are offered for a decision: a person may settle what the numbers leave open."""

PAGE_NAME = "verdict.html"

UNDECIDED = (State.CANDIDATE, State.PENDING, State.APPROVED)
"""States in which new evidence, a rejection or a promotion can still come."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Digests of what a candidate was made from, before anything was computed.

    `voice` covers every stage up to training, `measurement` the evaluation. Two machines that
    follow one recipe may train voices that differ in their last bits: those are two voices.
    """

    voice: str
    measurement: str

    def candidate_digest(self, model_digest: str | None) -> str:
        """Name what came of it: inputs and the trained voice, never what was measured of it."""
        return digest_json(
            {"voice": self.voice, "measurement": self.measurement, "model": model_digest}
        )


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a version was made from, and where its evidence lies.

    `model_digest` is that of the voice's card, which names every weight file;
    `evidence_digest` is the sha256 of evidence.json; `parent_run_id` is the run that stores it;
    `voice_kind` is what the card says that the voice is; `recipe_digest` is `Recipe.voice`, which
    ledgers of before did not note.
    """

    candidate_digest: str
    model_digest: str | None
    data_version: str
    clips_digest: str | None
    lexicon_digest: str | None
    evidence_digest: str
    consent_scope: str
    trained_by: str
    registry_version: int
    parent_run_id: str | None
    voice_kind: str = TRAINED
    recipe_digest: str | None = None

    def as_facts(self) -> dict[str, Any]:
        """Return JSON values."""
        return asdict(self)

    @staticmethod
    def from_facts(facts: Mapping[str, Any]) -> Origin:
        """Parse the facts of an event; early ledgers knew trained voices only, and no recipe."""
        stated = {"voice_kind": TRAINED, "recipe_digest": None, **facts}
        return Origin(**{name: stated[name] for name in Origin.__dataclass_fields__})


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A verdict and the evidence that it rests on.

    `evidence_digest` is the bundle's: it names every input. `champion` and `gold` are the versions
    that the candidate was compared with. `evaluators` are weights' sha256 by role.
    """

    verdict: str
    verdict_digest: str
    evidence_digest: str
    bundle: str
    """Folder of the bundle, relative to the checkout."""

    artifact: str
    """Folder of the bundle among the artifacts of the parent run."""

    champion: int | None
    gold: int | None
    needs_person: bool
    benchmark_digest: str
    protocol_digest: str
    evaluators: Mapping[str, str]
    expires_at: datetime
    look: int = 1
    """How often the candidate was judged in this comparison, with this one."""

    candidate: int = 1
    """How many candidates were set against this champion on this benchmark, with this one."""

    limits: Mapping[str, Any] | None = None
    """What it was measured against, by names of params.yaml; ledgers of before did not note it."""

    loosened: tuple[str, ...] = ()
    """Limits that are looser than those that the last approved version was judged under."""

    limits_changed: str | None = None
    """Who changed params.yaml last, and when, where a limit is looser."""

    @property
    def report(self) -> str:
        """The folder of the report on the verdict, beside the bundle."""
        return f"{self.bundle}.report"

    @property
    def page(self) -> str:
        """The page of the report, which is written after the verdict."""
        return f"{self.report}/{PAGE_NAME}"

    def as_facts(self) -> dict[str, Any]:
        """Return JSON values."""
        expires_at, loosened = self.expires_at.isoformat(), list(self.loosened)
        return {**asdict(self), "expires_at": expires_at, "loosened": loosened}

    @staticmethod
    def from_facts(facts: Mapping[str, Any]) -> Judgement:
        """Parse the facts of an event; early ledgers counted no looks and say nothing of limits."""
        before = {"look": 1, "candidate": 1, "limits": None, "loosened": (), "limits_changed": None}
        stated = {**before, **facts}
        values = {name: stated[name] for name in Judgement.__dataclass_fields__}
        values["expires_at"] = datetime.fromisoformat(values["expires_at"])
        return Judgement(**{**values, "loosened": tuple(values["loosened"])})


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a candidate's figures beside a champion's, whether it decided or not.

    `evidence_digest` is the bundle's.
    """

    version: int
    verdict: str
    look: int
    candidate: int
    champion: int | None
    benchmark_digest: str
    evidence_digest: str

    @staticmethod
    def of(version: int, judgement: Judgement) -> Look:
        """Return what counts of a judgement."""
        return Look(
            version=version,
            verdict=judgement.verdict,
            look=judgement.look,
            candidate=judgement.candidate,
            champion=judgement.champion,
            benchmark_digest=judgement.benchmark_digest,
            evidence_digest=judgement.evidence_digest,
        )


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A decision for a version.

    `evidence_digest` is what was seen, `scope` what the release is for, `replaces` what was live,
    `until` the end of its validity: of the decision, or of an override for as long as it is live.
    `votes` is what listeners had said by then, with the digest of their votes.
    """

    by: str
    evidence_digest: str
    scope: str
    override: bool
    replaces: int | None
    until: datetime
    votes: Mapping[str, Any] | None = None

    def as_facts(self) -> dict[str, Any]:
        """Return JSON values."""
        facts = {name: value for name, value in asdict(self).items() if name != "by"}
        return {**facts, "until": self.until.isoformat()}

    @staticmethod
    def from_facts(by: str, facts: Mapping[str, Any]) -> Approval:
        """Parse the facts of an event."""
        names = Approval.__dataclass_fields__.keys() - {"by", "votes"}
        # An approval from before there were votes says nothing about them.
        values = {name: facts[name] for name in names} | {"votes": facts.get("votes")}
        return Approval(by=by, **{**values, "until": datetime.fromisoformat(values["until"])})


@dataclass(frozen=True, kw_only=True)
class Release:
    """A version as the ledger has it. `version` is the ledger's number for good.

    `registry_version` is where the registry keeps it today: restoring a deleted version gives it
    another number there. `withdrawn` marks a version that a rollback left. `votes` are those that
    stand: a later one takes the place of the same listener's earlier one on that prompt.
    `checks` are the monitor's, one a day; `failures` counts the consecutive
    quality failures since it became live. `condemned` says who rejected or quarantined it and why.
    """

    version: int
    state: State
    origin: Origin
    registry_version: int
    parent_run_id: str | None
    judgement: Judgement | None = None
    approval: Approval | None = None
    withdrawn: bool = False
    votes: Mapping[VoteKey, Vote] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    failures: int = 0
    condemned: str | None = None
    login: Mapping[str, str] = field(default_factory=dict)
    """The account that registered it, as the operating system had it."""

    @property
    def last_check(self) -> Check | None:
        """What the monitor found last."""
        return self.checks[-1] if self.checks else None

    def is_expired(self, now: datetime) -> bool:
        """Tell whether the time for a decision, or of an approval or a live override, is over."""
        if self.state in (State.CANDIDATE, State.PENDING):
            return self.judgement is not None and now > self.judgement.expires_at
        bounded = self.approval is not None and (
            self.state is State.APPROVED or (self.state is State.LIVE and self.approval.override)
        )
        return bounded and self.approval is not None and now > self.approval.until

    def standing(self, now: datetime) -> str:
        """Return how a decision about the version stands, in words."""
        if self.state is State.CANDIDATE:
            return "not judged" if self.judgement is None else "not offered"
        return "expired" if self.is_expired(now) else self.state.value


def evidence_name(model_digest: str, frame_digest: str) -> str:
    """Name evidence by what it is about: a voice, and the frame that it was measured in."""
    return f"{model_digest}:{frame_digest}"

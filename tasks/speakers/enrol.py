"""Enrol a speaker: a recording and a consent become a draft of a profile version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voxgate.clock import utc_now
from voxgate.ports import SpeakerEncoder
from voxgate.speakers import decisions
from voxgate.speakers.enrolment import Enrolment, EnrolmentRequest, prepare_enrolment
from voxgate.speakers.events import Draft
from voxgate.speakers.ports import SpeakerRegister
from voxgate.speakers.profiles import ProfileVersion
from voxgate.speakers.reference_files import write_reference
from voxgate.speakers.register import Register

__all__ = ["Enrolled", "enrol"]


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """The version that the recording is; `added` is false where it stood already."""

    profile: ProfileVersion
    added: bool
    actions: tuple[str, ...]
    """What was done to the recording, in words."""


def enrol(
    register: SpeakerRegister,
    request: EnrolmentRequest,
    *,
    encoder: SpeakerEncoder,
    references: Path,
    by: str,
    clock: Callable[[], datetime] = utc_now,
) -> Enrolled:
    """Check a recording, keep its reference in the folder `references`, enter it as a draft.

    The file is there before the event that names it. Where the rules refuse, nothing of the
    recording is kept.

    Raises:
        ProfileRefusedError: the recording, its text or its name cannot be used; all faults.
        ProfileStateError: the same inputs were revoked.
        ConsentError: the consent has ended.
        EvaluatorError, StorageError, LedgerError, ExternalServiceError: not now.
    """
    enrolment = prepare_enrolment(request, encoder)

    def decide(standing: Register, now: datetime) -> Draft | None:
        return decisions.enrol(
            standing,
            enrolment.inputs,
            duration_s=enrolment.duration_s,
            checks=enrolment.figures,
            by=by,
            now=now,
        )

    decide(register.read(), clock())  # what is refused leaves no file
    write_reference(references, enrolment.pcm)
    event = register.append(decide)
    return Enrolled(
        profile=_found(register.read(), enrolment),
        added=event is not None,
        actions=enrolment.actions,
    )


def _found(register: Register, enrolment: Enrolment) -> ProfileVersion:
    digest = enrolment.inputs.digest
    versions = register.profiles[enrolment.inputs.name]
    return next(version for version in versions if version.digest == digest)

"""Voices and presets as the speech service shows them, and recordings that come by its door."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from tasks.presets.rows import preset_as_json
from tasks.speakers.enrol import enrol
from tasks.speakers.show import describe_profile, show_profile
from voxgate.clock import utc_now
from voxgate.corpus.consent import Consent, parse_consent
from voxgate.errors import ConsentError, SpeechRequestError
from voxgate.ports import SpeakerEncoder
from voxgate.serving.catalogue import Catalogue, EnrolledVoice, EnrolmentForm
from voxgate.serving.preset_book import PresetBook
from voxgate.speakers.enrolment import EnrolmentRequest
from voxgate.speakers.ports import SpeakerRegister
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.evaluators import build_speaker_encoder
from voxgate.wiring.speakers import open_speaker_register

__all__ = ["build_catalogue", "enrol_form", "open_catalogue"]

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def open_catalogue(checkout: Checkout, presets: PresetBook) -> Catalogue:
    """Return the catalogue of a checkout; the speaker encoder is loaded with the first recording.

    Raises:
        ConfigError, LedgerError, ExternalServiceError: the register cannot be opened.
    """
    return build_catalogue(
        open_speaker_register(checkout.settings, checkout.root),
        presets,
        encoder=partial(build_speaker_encoder, checkout.params.evaluate, checkout.settings),
        references=checkout.workspace.speakers_dir,
    )


def build_catalogue(
    register: SpeakerRegister,
    presets: PresetBook,
    *,
    encoder: Callable[[], SpeakerEncoder],
    references: Path,
) -> Catalogue:
    """Return a catalogue of these parts; `encoder` is called once, when it is needed."""
    loaded = cache(encoder)

    def enrol_one(form: EnrolmentForm, *, by: str) -> EnrolledVoice:
        return enrol_form(register, form, encoder=loaded, references=references, by=by)

    return Catalogue(
        show_voice=lambda name, version: show_profile(
            register, name, version, today=utc_now().date()
        ),
        show_preset=lambda label: preset_as_json(presets.find(label)),
        enrol=enrol_one,
    )


def enrol_form(
    register: SpeakerRegister,
    form: EnrolmentForm,
    *,
    encoder: Callable[[], SpeakerEncoder],
    references: Path,
    by: str,
) -> EnrolledVoice:
    """Enrol what was uploaded, as `voxgate speakers enrol` does; see `Enrol`.

    The recording lies in a private folder while it is checked; only the reference is kept.
    """
    consent = _consent(form)
    with tempfile.TemporaryDirectory(prefix="voxgate-upload-") as folder:
        recording = Path(folder) / f"recording{_suffix(form.file_name)}"
        recording.write_bytes(form.recording)
        request = EnrolmentRequest(
            name=form.name,
            speaker_id=form.name if form.speaker is None else form.speaker,
            recording=recording,
            text=form.text,
            consent=consent,
        )
        enrolled = enrol(register, request, encoder=encoder(), references=references, by=by)
    profile = enrolled.profile
    return EnrolledVoice(
        name=profile.name,
        version=profile.version,
        document=describe_profile(profile, today=utc_now().date()),
        added=enrolled.added,
        actions=enrolled.actions,
    )


def _consent(form: EnrolmentForm) -> Consent:
    try:
        return parse_consent(form.consent, "consent")
    except ConsentError as error:  # of the record itself; one that has ended is told otherwise
        raise SpeechRequestError("consent", "consent_invalid", str(error)) from None


def _suffix(file_name: str | None) -> str:
    """Return the end of a name that says what kind of file it is, and nothing else of it."""
    suffix = Path(file_name or "").suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""

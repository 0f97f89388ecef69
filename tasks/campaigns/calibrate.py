"""Set the limits of the check for a voice, a profile and a preset: what is good, what is bad."""

from __future__ import annotations

from dataclasses import replace

from tasks.campaigns.desk import CampaignDesk
from voxgate.campaigns.quality.calibrating import calibrate_voice
from voxgate.campaigns.quality.calibration import QualityCalibration
from voxgate.campaigns.spec import parse_spec
from voxgate.serving.requests import SpokenSentence
from voxgate.wiring.campaign_limits import keep_limits
from voxgate.wiring.campaign_studio import open_booth
from voxgate.wiring.campaign_voices import choose_voice

__all__ = ["calibrate"]


def calibrate(desk: CampaignDesk, campaign_id: str) -> QualityCalibration:
    """Let the voice that a campaign would use speak known sentences, and set its limits by them.

    The record is used by all campaigns with the same voice, profile, preset and instruments.

    Raises:
        UnknownCampaignError: there is none.
        UnknownVersionError, ConsentError, ProfileStateError, QuarantinedVersionError: the voice
            may not be used, or is not there.
        EvaluatorError, WeightsError, VoiceError: it cannot be measured.
    """
    checkout = desk.checkout
    spec = parse_spec(dict(desk.store.campaign(campaign_id).spec), campaign_id)
    voice = choose_voice(checkout, spec)
    booth = open_booth(checkout, spec, voice)

    def speak(text: str) -> SpokenSentence:
        return booth.speaker.speak_piece(replace(voice.utterance, text=text), place=0)

    found = calibrate_voice(
        speak,
        ears=booth.ears,
        reference=booth.reference,
        voice_digest=voice.utterance.voice.digest,
        preset=voice.preset,
        profile_sha256=voice.reference_sha256,
    )
    keep_limits(checkout, found)
    return found

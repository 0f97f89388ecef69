from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
import torch

from voxgate.audio.shards import to_pcm16
from voxgate.campaigns.quality.checking import hear_wave, listen
from voxgate.campaigns.quality.expected import Segment, expect_sentence
from voxgate.serving.requests import SpokenSentence
from voxgate.settings import Settings
from voxgate.wiring.campaign_ears import open_ears
from voxgate.wiring.checkout import Checkout

ROOT = Path(__file__).parents[3]


@pytest.mark.assets
def test_the_judges_instruments_hear_a_recording_on_one_thread(assets_dir: Path) -> None:
    checkout = replace(Checkout.open(ROOT), settings=Settings(assets_dir=assets_dir))
    threads = torch.get_num_threads()
    try:
        ears = open_ears(checkout)
        assert torch.get_num_threads() == 1
        wave, rate = soundfile.read(ROOT / "benchmark/speakers/bf_emma-1.flac", dtype="float32")
        spoken = SpokenSentence(
            place=0, pcm=to_pcm16(wave), sample_rate_hz=rate, stopped_by_limit=False
        )
        reference = ears.speaker.embed([hear_wave(spoken)])[0]
        (heard,) = listen([spoken], ears=ears, reference=reference)
    finally:
        torch.set_num_threads(threads)

    evaluate = checkout.params.evaluate
    pinned = evaluate.evaluators[evaluate.transcriber].sha256
    assert ears.identity["transcriber"] == ears.transcriber.identity.as_json()
    assert ears.transcriber.identity.weights_sha256 == pinned
    assert heard.transcript is not None
    assert heard.transcript.text
    assert heard.similarity == pytest.approx(1.0, abs=1e-4)


@pytest.mark.assets
def test_the_voices_own_lexicon_reads_what_was_heard(assets_dir: Path, tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon.txt"
    lexicon.write_text("siobhan  SH IH0 V AO1 N\n")
    checkout = replace(Checkout.open(ROOT), settings=Settings(assets_dir=assets_dir))
    threads = torch.get_num_threads()
    try:
        plain, known = open_ears(checkout), open_ears(checkout, lexicons={"en": lexicon})
    finally:
        torch.set_num_threads(threads)
    name = [Segment(text="Siobhan", slot="name")]
    assert expect_sentence(name, known.front_end).words[0].phones == ("SH", "IH0", "V", "AO1", "N")
    assert expect_sentence(name, plain.front_end).words[0].phones[1] != "IH0"
    assert known.digest == plain.digest  # two readings of one dictionary: see `Ears.identity`

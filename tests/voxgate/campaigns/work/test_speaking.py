"""What becomes of a claim of sentences, with a studio whose mishaps are planned."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.fakes.campaign_work import VISIT, begin, hello, make_tools, plan_campaign
from tests.fakes.studio import ALWAYS, FakeStudio, make_piece, samples
from voxgate.campaigns.planning.messages import Piece
from voxgate.campaigns.ports import SettledSentence
from voxgate.campaigns.records import SentenceState, SpokenResult
from voxgate.campaigns.work.speaking import speak_sentences
from voxgate.campaigns.work.tools import CampaignTools
from voxgate.errors import StorageError, VoiceError

NAMES = ["Anna", "Bo", "Cy"]


def speak(tools: CampaignTools, studio: FakeStudio) -> dict[str, SettledSentence]:
    """Speak all of a small campaign at once; returns what became of each text."""
    plan_campaign(tools.store, "spring", NAMES, proof=len(NAMES))
    begin(tools.store, "spring")
    claim = tools.store.claim(worker="w-1", lease_s=60.0)
    assert claim is not None
    texts = {work.key: str(work.facts["text"]) for work in claim.sentences}
    return {texts[one.key]: one for one in speak_sentences(claim, studio, tools)}


def result_of(settled: SettledSentence) -> SpokenResult:
    assert settled.result is not None
    return settled.result


def heard(tools: CampaignTools, result: SpokenResult) -> np.ndarray:
    content = b"".join(tools.assets.read(result.asset_id))
    pcm, rate_hz = soundfile.read(io.BytesIO(content), dtype="int16")
    assert rate_hz == result.sample_rate_hz
    return np.asarray(pcm)


def test_good_sentences_are_spoken_once_and_their_samples_kept(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    found = speak(tools, studio)
    assert {one.state for one in found.values()} == {SentenceState.PASSED}
    assert len(studio.said) == len(found) == 4
    anna = result_of(found[hello("Anna")])
    assert (anna.seed, anna.tries, anna.passed) == (7, 1, True)
    assert np.array_equal(heard(tools, anna), samples(hello("Anna"), 0, 7))
    assert np.array_equal(heard(tools, result_of(found[VISIT])), samples(VISIT, 1, 7))


def test_a_bad_sentence_is_spoken_again_and_the_others_are_not(folder: Path) -> None:
    studio = FakeStudio(bad={hello("Bo"): 2})
    tools = make_tools(folder, studio)
    found = speak(tools, studio)
    bo = result_of(found[hello("Bo")])
    assert (bo.seed, bo.tries, bo.passed) == (2007, 3, True)
    assert np.array_equal(heard(tools, bo), samples(hello("Bo"), 0, 2007))
    assert [text for text, _, _ in studio.said].count(hello("Bo")) == 3
    assert len(studio.said) == 4 + 2


def test_the_best_of_bad_tries_is_kept_to_be_heard(folder: Path) -> None:
    studio = FakeStudio(bad={hello("Bo"): ALWAYS})
    tools = make_tools(folder, studio)
    found = speak(tools, studio)
    assert found[hello("Bo")].state is SentenceState.NEEDS_REVIEW
    bo = result_of(found[hello("Bo")])
    assert (bo.seed, bo.tries, bo.passed) == (1007, 4, False)
    assert np.array_equal(heard(tools, bo), samples(hello("Bo"), 0, 1007))
    assert bo.quality["faults"] == ["slot"]


@pytest.mark.parametrize(
    ("bad", "broken", "state", "seed", "tries"),
    [
        (ALWAYS, {3, 4}, SentenceState.NEEDS_REVIEW, 1007, 4),
        (2, {1, 2}, SentenceState.PASSED, 2007, 3),
    ],
)
def test_a_try_that_breaks_down_costs_no_other_try(
    folder: Path, bad: int, broken: set[int], state: SentenceState, seed: int, tries: int
) -> None:
    asked: list[str] = []

    def break_down(piece: Piece) -> None:
        asked.append(piece.text)
        if piece.text == hello("Bo") and asked.count(piece.text) in broken:
            raise VoiceError("nothing came of it")

    studio = FakeStudio(bad={hello("Bo"): bad}, before=break_down)
    found = speak(make_tools(folder, studio), studio)[hello("Bo")]
    bo = result_of(found)
    assert (found.state, bo.seed, bo.tries) == (state, seed, tries)


def test_a_fallback_is_said_only_where_there_is_one_and_for_slots_alone(folder: Path) -> None:
    studio = FakeStudio(
        bad={hello("Bo"): ALWAYS, VISIT: ALWAYS}, stand_in=make_piece("Hello there.")
    )
    tools = make_tools(folder, studio)
    found = speak(tools, studio)
    bo = result_of(found[hello("Bo")])
    assert (bo.passed, bo.fallback, bo.tries) == (True, True, 5)
    assert np.array_equal(heard(tools, bo), samples("Hello there.", 0, 7))
    assert found[VISIT].state is SentenceState.NEEDS_REVIEW
    assert not result_of(found[VISIT]).fallback
    assert not result_of(found[hello("Anna")]).fallback


def test_a_fallback_that_is_said_badly_is_not_used(folder: Path) -> None:
    studio = FakeStudio(
        bad={hello("Bo"): ALWAYS, "Hello there.": ALWAYS}, stand_in=make_piece("Hello there.")
    )
    found = speak(make_tools(folder, studio), studio)
    assert found[hello("Bo")].state is SentenceState.NEEDS_REVIEW
    assert not result_of(found[hello("Bo")]).fallback


def test_what_cannot_be_spoken_is_a_fault_of_that_sentence(folder: Path) -> None:
    studio = FakeStudio(unspeakable=frozenset({hello("Bo")}))
    found = speak(make_tools(folder, studio), studio)
    bo = found.pop(hello("Bo"))
    assert bo.state is SentenceState.FAILED
    assert bo.fault is not None
    assert bo.fault.code == "voice_failed"
    assert {one.state for one in found.values()} == {SentenceState.PASSED}


def test_what_cannot_be_measured_is_one_sentence_and_not_its_neighbours(folder: Path) -> None:
    studio = FakeStudio(unmeasured=frozenset({hello("Bo")}))
    found = speak(make_tools(folder, studio), studio)
    bo = found.pop(hello("Bo"))
    assert bo.state is SentenceState.FAILED
    assert bo.fault is not None
    assert bo.fault.code == "not_measured"
    assert {one.state for one in found.values()} == {SentenceState.PASSED}


def test_two_attempts_have_files_of_their_own(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio)
    plan_campaign(tools.store, "spring", ["Anna"])
    begin(tools.store, "spring")
    names = []
    for worker in ("w-1", "w-2"):
        claim = tools.store.claim(worker=worker, lease_s=0.0)
        assert claim is not None
        names.append({result_of(one).asset_id for one in speak_sentences(claim, studio, tools)})
    assert not names[0] & names[1]


class FullDisk:
    """A store of files that can write nothing."""

    def put(self, *_: object, **__: object) -> None:
        raise StorageError("the disk is full")


def test_a_store_that_is_full_settles_nothing(folder: Path) -> None:
    studio = FakeStudio()
    tools = make_tools(folder, studio, assets=FullDisk())
    with pytest.raises(StorageError, match="full"):
        speak(tools, studio)

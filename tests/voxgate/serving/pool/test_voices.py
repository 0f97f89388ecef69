from dataclasses import replace

import numpy as np
import pytest
import soundfile

from tests.fakes.served_voice import NoiseVoice, load, packaged, utterance
from voxgate.errors import AssetError, TextError, VoiceError, WeightsError
from voxgate.serving.pool.voices import Speaker, named_loader
from voxgate.serving.requests import ReferencePlace
from voxgate.speakers.reference_files import digest_pcm, reference_path, write_reference


class Loads:
    def __init__(self):
        self.voices: list[NoiseVoice] = []

    def __call__(self, folder, *, threads, precision):
        self.voices.append(load(folder, threads=threads, precision=precision))
        return self.voices[-1]


@pytest.fixture
def loads():
    return Loads()


def say(speaker, spoken, **options):
    return list(speaker.speak(spoken, **options))


def test_a_voice_is_loaded_once_until_others_were_used_since(tmp_path, loads):
    speaker = Speaker(loads, voices=2)
    a, b, c = (packaged(tmp_path / name) for name in "abc")
    for voice in (a, b, a, b, c, b, a):
        say(speaker, utterance(voice, "one"))
    assert [voice.folder.name for voice in loads.voices] == ["a", "b", "c", "a"]


def test_a_package_that_is_not_the_one_that_was_asked_for_is_not_spoken(tmp_path, loads):
    voice = packaged(tmp_path / "a")
    (tmp_path / "a" / "voice.json").write_text("{}")
    with pytest.raises(WeightsError, match=f"sha256 {voice.digest}, found"):
        say(Speaker(loads), utterance(voice, "one"))
    with pytest.raises(VoiceError):
        say(Speaker(loads), utterance(replace(voice, folder=tmp_path / "none"), "one"))
    assert loads.voices == []


def test_sentences_come_as_16_bits_with_their_places(tmp_path, loads):
    spoken = say(Speaker(loads), utterance(packaged(tmp_path / "a"), "one|two|three"), first=1)
    assert [one.place for one in spoken] == [1, 2]
    assert {one.pcm.dtype for one in spoken} == {np.dtype(np.int16)}
    assert {one.sample_rate_hz for one in spoken} == {16_000}


def reference(folder) -> ReferencePlace:
    pcm = np.arange(48_000, dtype=np.int16)
    write_reference(folder, pcm)
    return ReferencePlace(folder=folder, sha256=digest_pcm(pcm), text="Seven.")


def test_a_reference_is_prepared_once_for_each_voice(tmp_path, loads):
    speaker, place = Speaker(loads), reference(tmp_path / "speakers")
    for name in "aabb":
        say(speaker, replace(utterance(packaged(tmp_path / name), "one"), reference=place))
    assert [len(voice.prepared) for voice in loads.voices] == [1, 1]
    (clip,) = loads.voices[0].prepared
    assert (len(clip.wave), clip.sample_rate_hz, clip.text) == (48_000, 16_000, "Seven.")


def test_a_reference_that_is_not_the_one_that_was_enrolled_is_not_spoken_with(tmp_path, loads):
    place = reference(tmp_path / "speakers")
    spoken = replace(utterance(packaged(tmp_path / "a"), "one"), reference=place)
    path = reference_path(place.folder, place.sha256)
    soundfile.write(path, np.ones(100, dtype=np.int16), 16_000)
    with pytest.raises(AssetError, match="not those of its name"):
        say(Speaker(loads), spoken)
    path.unlink()
    with pytest.raises(AssetError, match="there is no such file"):
        say(Speaker(loads), spoken)


def test_a_loader_is_found_by_its_name():
    assert named_loader("tests.fakes.served_voice:load") is load
    with pytest.raises(TextError, match="told to refuse"):
        named_loader("tests.fakes.served_voice:refuse")(None, threads=1, precision="float32")


def test_a_loader_is_told_of_the_checkout_where_there_is_one(tmp_path):
    loader = named_loader("tests.voxgate.serving.pool.test_voices:told", tmp_path)
    assert loader(tmp_path / "voice", threads=1, precision="float32") == tmp_path


def told(folder, *, threads, precision, root):
    return root

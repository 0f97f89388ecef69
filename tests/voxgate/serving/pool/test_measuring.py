from tests.fakes.gpu import MIB, FakeMemory, LetterReader, LetterVoice
from voxgate.serving.pool.measuring import growing_texts, measure_sizes

WORDS = ["aa", "bbb"]


def test_texts_grow_up_to_the_longest_that_is_spoken_at_once():
    texts = list(growing_texts(LetterReader(longest=47), WORDS))
    assert [phones for phones, _ in texts] == [13, 27, 44]  # four words more would be 48
    assert texts[0] == (13, "aa bbb aa bbb")


def test_each_size_has_its_own_peak_at_the_slowest_speed():
    memory = FakeMemory(used=5 * MIB)
    voice = LetterVoice(memory, reader=LetterReader(longest=30))
    sizes = measure_sizes(voice, memory, WORDS)
    assert [size.peak_bytes for size in sizes] == [(5 + size.phones) * MIB for size in sizes]
    assert memory.resets == len(sizes) > 1
    assert set(voice.speeds) == {0.5}


def test_a_longer_sentence_never_needs_less():
    class Falling(FakeMemory):
        def peak_bytes(self) -> int:
            return 100 * MIB - self.peak

    memory = Falling()
    sizes = measure_sizes(LetterVoice(memory, reader=LetterReader(longest=30)), memory, WORDS)
    assert len({size.peak_bytes for size in sizes}) == 1

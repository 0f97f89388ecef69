from __future__ import annotations

from voxgate.text.chinese.polyphone_network import polyphone_network


def test_reads_a_character_by_its_sentence() -> None:
    network = polyphone_network()
    assert network.read("这座桥在康熙年间重修。", [8]) == ("chong2",)


def test_only_readings_of_the_character_are_chosen() -> None:
    network = polyphone_network()
    for character in "行长重乐":
        assert network.knows(character)
        assert network.read(character, [0])[0] in network.readings(character)
    assert not network.knows("我")


def test_long_sentences_are_read_in_windows() -> None:
    network = polyphone_network()
    sentence = "这座桥在康熙年间重修，" * 60
    places = [place for place, character in enumerate(sentence) if character == "重"]
    assert network.read(sentence, places) == ("chong2",) * 60

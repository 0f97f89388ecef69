from __future__ import annotations

from collections.abc import Sequence

import pytest

from voxgate.errors import ConfigError, UnknownPresetError
from voxgate.serving.preset_book import PresetBook, require_unchanged
from voxgate.speaking.presets import SpeakingPreset, shipped_presets


def preset(name: str, version: int = 1, seed: int = 0) -> SpeakingPreset:
    return SpeakingPreset(name=name, version=version, seed=seed)


class Table:
    """Implements `PresetTable` in memory."""

    def __init__(self, *rows: SpeakingPreset) -> None:
        self.stored = list(rows)
        self.actors: list[str] = []

    def rows(self) -> Sequence[SpeakingPreset]:
        return tuple(self.stored)

    def add(self, preset: SpeakingPreset, *, actor: str) -> bool:
        for row in self.stored:
            if row.label == preset.label:
                require_unchanged(row, preset)
                return False
        self.stored.append(preset)
        self.actors.append(actor)
        return True


def test_a_name_is_its_newest_version_and_a_label_exactly_that_one() -> None:
    rows = [preset("clinic", version) for version in (9, 10, 2)]
    book = PresetBook([preset("standard")], Table(*rows))
    assert book.find("clinic").label == "clinic@10"
    assert book.find("clinic@2").label == "clinic@2"
    assert book.find("standard").label == "standard@1"
    assert [row.label for row in book.rows()] == ["clinic@2", "clinic@9", "clinic@10", "standard@1"]


@pytest.mark.parametrize(
    "label", ["clinics", "clinic@2", "clinic@", "clinic@01", "clinic@-1", "@1", "", "clinic@1@1"]
)
def test_what_is_not_there_is_refused_with_what_there_is(label: str) -> None:
    book = PresetBook([preset("standard")], Table(preset("clinic")))
    with pytest.raises(UnknownPresetError, match="there are: clinic@1, standard@1"):
        book.find(label)


def test_a_new_row_can_be_named_at_once() -> None:
    table = Table()
    book = PresetBook([preset("standard")], table)
    assert book.add(preset("clinic"), actor="anna")
    assert book.find("clinic").label == "clinic@1"
    assert table.actors == ["anna"]


def test_a_row_of_another_process_is_there_after_a_refresh() -> None:
    table = Table()
    book = PresetBook([], table)
    table.stored.append(preset("clinic"))
    with pytest.raises(UnknownPresetError, match="there are: none"):
        book.find("clinic")
    book.refresh()
    assert book.find("clinic").label == "clinic@1"


def test_the_same_row_again_is_no_event_and_another_content_is_refused() -> None:
    table = Table(preset("clinic", seed=1))
    book = PresetBook([preset("standard")], table)
    assert not book.add(preset("clinic", seed=1), actor="anna")
    assert not book.add(preset("standard"), actor="anna")
    for changed in (preset("clinic", seed=2), preset("standard", seed=2)):
        with pytest.raises(ConfigError, match="other values of seed; a row never changes"):
            book.add(changed, actor="anna")
    assert table.actors == []


def test_names_of_shipped_presets_are_kept_for_their_next_versions() -> None:
    book = PresetBook([preset("standard")], Table())
    with pytest.raises(ConfigError, match="choose another name"):
        book.add(preset("standard", 2), actor="anna")


def test_an_own_row_that_a_new_voxgate_ships_otherwise_is_not_chosen_in_silence() -> None:
    table = Table(preset("clinic", seed=1))
    with pytest.raises(ConfigError, match="clinic@1"):
        PresetBook([preset("clinic", seed=2)], table)
    assert PresetBook([preset("clinic", seed=1)], table).find("clinic").seed == 1


def test_what_ships_can_be_named() -> None:
    book = PresetBook(shipped_presets(), Table())
    assert {"standard@1", "telephone@1", "realtime@1"} <= {row.label for row in book.rows()}

"""docs/presets.md shows what ships and a file that can be added."""

from __future__ import annotations

import re
from pathlib import Path

from voxgate.speaking.presets import parse_preset, shipped_presets
from voxgate.strict_yaml import parse_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "presets.md").read_text(encoding="utf-8")


def test_the_listing_is_that_of_what_ships() -> None:
    listed = dict(re.findall(r"^    (\w+@\d+) +([0-9a-f]{12})  ", PAGE, re.MULTILINE))
    assert listed == {preset.label: preset.digest[:12] for preset in shipped_presets()}
    assert set(re.findall(r"^\| `([\w@]+)` \|", PAGE, re.MULTILINE)) == set(listed)


def test_the_example_is_a_preset_that_sets_every_field() -> None:
    [example] = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    document = parse_yaml(example, "docs/presets.md")
    preset = parse_preset(document, "docs/presets.md")
    assert preset.label == "clinic@1"
    assert set(type(preset).model_fields) - set(document) == {"threads"}
    assert set(type(preset.quality).model_fields) == set(document["quality"])

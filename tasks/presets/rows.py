"""`presets`: which there are, what one says, and a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from voxgate.release.people import require_name
from voxgate.release.policy import require_person
from voxgate.serving.preset_book import PresetBook
from voxgate.settings import load_settings
from voxgate.speaking.presets import SpeakingPreset, read_preset
from voxgate.wiring.presets import open_preset_book

__all__ = ["add_preset", "list_presets", "preset_as_json", "show_preset"]


def list_presets(root: Path) -> list[dict[str, Any]]:
    """Return every version of every preset as JSON values, by name and version."""
    return [preset_as_json(preset) for preset in _open(root).rows()]


def show_preset(root: Path, label: str) -> dict[str, Any]:
    """Return `name@version`, or the newest version of `name`, as JSON values.

    Raises:
        UnknownPresetError: there is none.
    """
    return preset_as_json(_open(root).find(label))


def add_preset(root: Path, file: Path, *, by: str) -> tuple[dict[str, Any], bool]:
    """Add the preset of a YAML file; returns it, and whether it is new.

    Raises:
        ConfigError: the file holds no preset, or a row of its name and version says something else.
        ReleaseError: `by` names nobody.
        ApproverError: `by` is the name of a policy.
    """
    require_name(by)
    require_person(by)
    preset = read_preset(file)
    added = _open(root).add(preset, actor=by)
    return preset_as_json(preset), added


def preset_as_json(preset: SpeakingPreset) -> dict[str, Any]:
    """Return a preset with its label and digest, as JSON values."""
    return {
        "label": preset.label,
        "digest": preset.digest,
        **preset.model_dump(mode="json"),
    }


def _open(root: Path) -> PresetBook:
    return open_preset_book(load_settings(), root)

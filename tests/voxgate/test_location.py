from __future__ import annotations

import os
from pathlib import Path

import pytest

from voxgate.errors import ConfigError
from voxgate.location import enclosing_checkout, find_checkout, require_usable


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "docs" / "adr").mkdir(parents=True)
    for name in ("params.yaml", "dvc.yaml"):
        (root / name).touch()
    return root


@pytest.mark.parametrize("folder", [".", "docs", "docs/adr"])
def test_a_checkout_is_found_from_every_folder_in_it(checkout: Path, folder: str) -> None:
    assert find_checkout(checkout / folder) == checkout
    assert enclosing_checkout(checkout / folder) == checkout


def test_another_pipeline_inside_a_checkout_does_not_hide_it(checkout: Path) -> None:
    (checkout / "docs" / "dvc.yaml").touch()
    assert find_checkout(checkout / "docs" / "adr") == checkout


def test_a_checkout_that_lost_a_file_is_still_the_one_that_is_meant(checkout: Path) -> None:
    (checkout / "params.yaml").unlink()
    assert find_checkout(checkout / "docs") == checkout


def test_outside_of_a_checkout_it_says_which_folder_it_wants(tmp_path: Path) -> None:
    assert enclosing_checkout(tmp_path) is None
    with pytest.raises(ConfigError, match=r"no checkout.*params\.yaml and dvc\.yaml.*--root"):
        find_checkout(tmp_path)


@pytest.mark.parametrize(
    "name", ["a b", "a#b", "50%", "a%41b", "ü 日", "it's", "[1]*", "a:b", "~", "a\u3000b"]
)
def test_names_that_every_library_can_read_are_usable(tmp_path: Path, name: str) -> None:
    require_usable(tmp_path / name)


@pytest.mark.parametrize("name", ["what?", 'say "a"', "{x}", "$HOME", "a\\b", "a\nb", "a\x1bb"])
def test_names_that_a_library_would_misread_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="move the checkout") as caught:
        require_usable(tmp_path / name / "checkout")
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert not (tmp_path / name).exists()


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\\udcff"):
        require_usable(tmp_path / os.fsdecode(b"a\xff"))

"""The digest of a folder is the one that DVC computes."""

import pytest

from tests.fakes.dvc_checkout import make_checkout
from voxgate.adapters.dvc.cache import cached_object
from voxgate.adapters.dvc.data import data_version
from voxgate.adapters.dvc.tree import FolderTree, compare_trees, parse_tree, read_tree


def test_the_digest_equals_that_of_dvc(tmp_path):
    names = ["b", "a", "a-b", "a/c", "Z", "ü", "x y", ".hidden"]
    for name in names:
        path = tmp_path / "data" / ("dir" if name == "a/c" else "") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 3)
    root = make_checkout(tmp_path)
    tree = read_tree(root / "data")
    assert tree.digest == data_version(root)
    assert parse_tree(cached_object(root, tree.digest).read_text()) == tree


def test_differences_are_named():
    old, new = FolderTree({"a": "1", "b": "1"}), FolderTree({"b": "2", "c": "1"})
    diff = compare_trees(old, new)
    assert (diff.added, diff.changed, diff.removed) == (("c",), ("b",), ("a",))
    assert diff.describe() == "1 added: c; 1 changed: b; 1 removed: a"
    assert not compare_trees(old, old)


def test_a_long_list_of_differences_is_cut_but_counted():
    new = FolderTree({f"{n:03}": "1" for n in range(100)})
    assert compare_trees(FolderTree({}), new).describe(limit=2) == (
        "100 added: 000, 001 and 98 more"
    )


@pytest.mark.parametrize("folder", [".git", ".dvc"])
def test_what_dvc_never_tracks_does_not_count(tmp_path, folder):
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "x").touch()
    assert read_tree(tmp_path).files == {}

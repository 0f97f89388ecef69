"""No path leaves its folder."""

import pytest

from voxgate.corpus.paths import resolve_inside
from voxgate.errors import UnsafePathError


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.wav", r"'\.\.' leaves data/"),
        ("audio/../../secret.wav", r"'\.\.' leaves data/"),
        ("/etc/passwd", "absolute"),
        ("C:/a.wav", "absolute or Windows"),
        ("audio\\a.wav", "Windows"),
        ("", "nothing usable"),
        ("a\0.wav", "nothing usable"),
    ],
)
def test_an_unsafe_path_is_refused_with_its_reason(tmp_path, path, reason):
    with pytest.raises(UnsafePathError, match=reason):
        resolve_inside(tmp_path / "data", path)


@pytest.mark.parametrize("target", ["file", "folder"])
def test_a_symbolic_link_out_of_the_folder_is_refused(tmp_path, target):
    (tmp_path / "data").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.wav").touch()
    if target == "file":
        (tmp_path / "data" / "a.wav").symlink_to(tmp_path / "outside" / "a.wav")
        path = "a.wav"
    else:
        (tmp_path / "data" / "sub").symlink_to(tmp_path / "outside")
        path = "sub/a.wav"
    with pytest.raises(UnsafePathError, match="symbolic link leads out"):
        resolve_inside(tmp_path / "data", path)


def test_a_link_inside_the_folder_is_followed(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"1")
    (tmp_path / "b.wav").symlink_to(tmp_path / "a.wav")
    assert resolve_inside(tmp_path, "b.wav").read_bytes() == b"1"


def test_a_folder_that_is_itself_a_link_is_no_way_out(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "real")
    assert resolve_inside(tmp_path / "data", "a..b.wav").name == "a..b.wav"


@pytest.mark.parametrize("name", ["x" * 5000, "é" * 200 + ".wav", "a/" * 3000 + "b.wav"])
def test_a_name_that_no_system_holds_is_refused_in_a_few_words(tmp_path, name):
    with pytest.raises(UnsafePathError, match="longer than a file name can be") as caught:
        resolve_inside(tmp_path, name)
    assert len(str(caught.value)) < 300


def test_links_that_lead_in_a_circle_are_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(UnsafePathError, match="a symbolic link leads in a circle"):
        resolve_inside(tmp_path, "a/x.wav")

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from voxgate.errors import AccessDeniedError, SpeechRequestError, UnsafePathError
from voxgate.serving.jobs.assets import (
    ByteRange,
    UrlSigner,
    keyed_asset_id,
    parse_range,
    random_asset_id,
    require_asset_id,
)

SECRET = b"a secret of thirty-two bytes 012"
ID = "0123456789abcdef"


def _query(url: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}


def test_ids_are_ids() -> None:
    for asset_id in (random_asset_id(), keyed_asset_id(SECRET, {"job": "a", "attempt": 1})):
        assert require_asset_id(asset_id) == asset_id
    assert random_asset_id() != random_asset_id()


def test_a_keyed_id_needs_the_secret_and_all_facts() -> None:
    one = keyed_asset_id(SECRET, {"job": "a", "attempt": 1})
    assert keyed_asset_id(SECRET, {"attempt": 1, "job": "a"}) == one
    others = {
        keyed_asset_id(SECRET[::-1], {"job": "a", "attempt": 1}),
        keyed_asset_id(SECRET, {"job": "a", "attempt": 2}),
        keyed_asset_id(SECRET, {"job": "b", "attempt": 1}),
    }
    assert len(others | {one}) == 4


@pytest.mark.parametrize(
    "bad", ["", "../../etc/passwd", "a" * 65, "abcdefg", "ABCDEFGH", "abcd/efgh", "abcdefgh\n", "…"]
)
def test_what_is_no_id_is_refused(bad: str) -> None:
    with pytest.raises(UnsafePathError, match="expected 8 to 64 characters"):
        require_asset_id(bad)
    with pytest.raises(UnsafePathError):
        UrlSigner("http://here", SECRET).url(bad, expires_s=1)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 24 random bytes, got 5"):
        UrlSigner("http://here", b"short")
    with pytest.raises(ValueError, match="at least 24 random bytes"):
        keyed_asset_id(b"short", {"job": "a"})


def test_an_address_is_good_until_its_time() -> None:
    signer = UrlSigner("http://here/a/", SECRET)
    url = signer.url(ID, expires_s=1000)
    assert url.startswith(f"http://here/a/{ID}?expires=1000&signature=")
    signer.require_valid(ID, **_query(url), now_s=999.9)
    with pytest.raises(AccessDeniedError, match="not good any more"):
        signer.require_valid(ID, **_query(url), now_s=1000.0)


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "2000"},
        {"expires": "01000"},
        {"expires": "1e9"},
        {"expires": "-1"},
        {"expires": "١٠٠٠"},
        {"signature": ""},
        {"signature": "é"},
        {"asset_id": "fedcba9876543210"},
    ],
    ids=str,
)
def test_an_address_that_was_altered_is_refused(change: dict[str, str]) -> None:
    signer = UrlSigner("http://here", SECRET)
    given = {"asset_id": ID, **_query(signer.url(ID, expires_s=1000))} | change
    if change == {"expires": "01000"}:  # the same number, and so the same address
        signer.require_valid(**given, now_s=1.0)
        return
    with pytest.raises(AccessDeniedError, match="does not fit"):
        signer.require_valid(**given, now_s=1.0)


def test_an_address_of_another_secret_is_refused() -> None:
    query = _query(UrlSigner("http://here", SECRET[::-1]).url(ID, expires_s=1000))
    with pytest.raises(AccessDeniedError):
        UrlSigner("http://here", SECRET).require_valid(ID, **query, now_s=1.0)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", (0, 10)),
        ("bytes=0-0", (0, 1)),
        ("bytes=2-4", (2, 5)),
        ("bytes=4-99", (4, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=-", None),
        ("bytes=4-2", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 4000 + "-", None),
    ],
)
def test_a_range_names_bytes_or_all(header: str | None, part: tuple[int, int] | None) -> None:
    expected = None if part is None else ByteRange(start=part[0], stop=part[1])
    assert parse_range(header, 10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_where_nothing_lies_is_refused(header: str) -> None:
    with pytest.raises(SpeechRequestError, match="the file has 10 bytes") as error:
        parse_range(header, 10)
    assert error.value.code == "range_not_satisfiable"

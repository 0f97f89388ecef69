"""What a chain is held against when it is verified: heads from outside its database, by where."""

from __future__ import annotations

from voxgate.anchor import Anchor
from voxgate.errors import ConfigError
from voxgate.hash_chain import is_head

__all__ = ["heads_outside"]


def heads_outside(given: str | None, anchor: Anchor) -> dict[str, str]:
    """Return the head that a person remembers, if any, and the one that this checkout noted.

    Raises:
        ConfigError: `given` is not SEQUENCE:SHA256.
    """
    if given is not None and not is_head(given):
        raise ConfigError("--head", [f"expected SEQUENCE:SHA256, got {given!r}"])
    found = {} if given is None else {"the given head": given}
    for noted in anchor.heads():
        found["this checkout's head"] = noted
    return found

"""Which account of which machine this process runs as: what the operating system vouches for.

The user id is the kernel's, and so is the audit id, which stays that of the first login through
`su` and `sudo`. What comes from the environment (`sudo_user`, `ssh`) is noted and vouched for by
nobody: whoever starts a process can set it.
"""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from voxgate.printable import printable

__all__ = ["describe_login", "read_login"]

_NOBODY_LOGGED_IN = "4294967295"


def read_login(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `uid`, `name` and `host`; `first_name` by the audit id, where it is another one.

    `sudo_user` and `ssh` (the address that an SSH client came from) are there where the
    environment names them. All values are printable.
    """
    uid = os.getuid()
    found = {"uid": str(uid), "name": _name_of(uid), "host": socket.gethostname()}
    with suppress(OSError):
        audit = Path("/proc/self/loginuid").read_text(encoding="ascii").strip()
        if audit not in (_NOBODY_LOGGED_IN, str(uid)) and audit.isdigit():
            found["first_name"] = _name_of(int(audit))
    if environment.get("SUDO_USER"):
        found["sudo_user"] = environment["SUDO_USER"]
    if environment.get("SSH_CONNECTION"):
        found["ssh"] = environment["SSH_CONNECTION"].partition(" ")[0]
    return {name: str(printable(value))[:100] for name, value in found.items()}


def describe_login(login: Mapping[str, str]) -> str:
    """Return an account in words: `anna on studio`, with where it came from."""
    came = [f"{key} {login[key]}" for key in ("first_name", "sudo_user", "ssh") if key in login]
    return f"{login['name']} on {login['host']}" + (f" ({', '.join(came)})" if came else "")


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"  # a container's user need not have a name

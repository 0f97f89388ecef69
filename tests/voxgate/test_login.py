from __future__ import annotations

import os
import socket

from voxgate.login import describe_login, read_login


def test_the_account_is_the_kernels_and_what_the_environment_claims_is_kept_apart() -> None:
    login = read_login({"SUDO_USER": "anna\x1b[2K\n", "SSH_CONNECTION": "10.0.0.7 1 10.0.0.1 22"})
    assert (login["uid"], login["host"]) == (str(os.getuid()), socket.gethostname())
    assert login["sudo_user"] == r"anna\x1b[2K\n"
    assert login["ssh"] == "10.0.0.7"
    assert "sudo_user" not in read_login({})


def test_an_account_in_words() -> None:
    assert describe_login({"uid": "7", "name": "anna", "host": "studio"}) == "anna on studio"

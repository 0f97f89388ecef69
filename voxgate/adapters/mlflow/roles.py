"""Accounts and roles on an MLflow server with basic-auth: trainer, approver, reader.

What MLflow 3 lets a role say is coarser than the ledger's rules: whoever may add a version may
also point an alias at it, because both ask for EDIT on the registered model. The ledger is what
counts, and `voxgate registry check` finds an alias that was moved by hand.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voxgate.adapters.mlflow.store import MlflowStore, reporting_outages
from voxgate.errors import ConfigError

__all__ = ["ROLES", "Account", "apply_roles", "read_accounts"]

ROLES = {
    # Logs runs (and deletes those that a crash left unfinished), adds versions, and lets the
    # registry follow the ledger; cannot delete a version nor take an alias away.
    "trainer": {
        "workspace": "USE",
        "experiment": "EDIT",
        "run": "MANAGE",
        "registered_model": "EDIT",
    },
    # Projects the ledger, and brings a deleted version back; cannot delete one.
    "approver": {
        "workspace": "USE",
        "experiment": "READ",
        "logged_model": "EDIT",
        "registered_model": "MANAGE",
        "registered_model_version": "EDIT",
    },
    "reader": {"experiment": "READ", "registered_model": "READ"},
}
"""What each role may do with every resource of a type; everything else is refused.

`workspace: USE` is the right to make experiments and models, which MLflow asks for before it adds
a version to a model that exists.
"""

MIN_PASSWORD = 12
_PREFIX = "voxgate-"
_WORKSPACE = "default"


@dataclass(frozen=True)
class Account:
    """Who may do what; the password stays out of messages."""

    name: str
    role: str
    password: str = field(repr=False)


def read_accounts(path: Path) -> tuple[Account, ...]:
    """Read lines of `NAME ROLE PASSWORD`; `#` begins a comment.

    Raises:
        ConfigError: a line is wrong, a name comes twice, or others may read the file; names every
            fault, and never a password.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise ConfigError(str(path), [f"cannot read it: {error.strerror}"]) from None
    faults = [f"others can read it (mode {mode:03o}): chmod 600"] if mode & 0o077 else []
    accounts: dict[str, Account] = {}
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        fault = _fault(words, accounts)
        if fault:
            faults.append(f"line {number}: {fault}")
        else:
            accounts[words[0]] = Account(*words)
    if not accounts and not faults:
        faults.append("it names nobody")
    if faults:
        raise ConfigError(str(path), faults)
    return tuple(accounts.values())


def apply_roles(store: MlflowStore, model: str, accounts: Iterable[Account]) -> list[str]:
    """Make the server's accounts those that are given; again is the same.

    Passwords are set anew. Grants beside the role are taken back, and an account that has one of
    the roles and is not given is deleted. The registered model is made here, because MLflow makes
    whoever makes it its manager.

    Returns:
        One line for each account, sorted.

    Raises:
        ConfigError: an account is an administrator's.
        RegistryError, ExternalServiceError: the caller is no administrator; no server answers.
    """
    from mlflow.server.auth.client import AuthServiceClient

    client = AuthServiceClient(store.tracking_uri)
    wanted = {account.name: account for account in accounts}
    with reporting_outages(store.tracking_uri):
        _make_model(store.client, model)
        role_ids = {role: _make_role(client, role) for role in ROLES}
        present = {user["username"]: user for user in _get(store, "2.0", "users/list")["users"]}
        admins = [name for name in wanted if name in present and present[name]["is_admin"]]
        if admins:
            raise ConfigError("accounts", [f"{name} is an administrator" for name in admins])
        for account in wanted.values():
            if account.name in present:
                client.update_user_password(account.name, account.password)
            else:
                client.create_user(account.name, account.password)
            _give_role(client, store, account, role_ids)
        strangers = [n for n, user in present.items() if _is_ours(user) and n not in wanted]
        for name in strangers:
            client.delete_user(name)
    lines = [f"{account.name}: {account.role}" for account in wanted.values()]
    return sorted([*lines, *(f"{name}: deleted" for name in strangers)])


def _make_model(client: Any, model: str) -> None:
    from mlflow.exceptions import MlflowException

    try:
        client.create_registered_model(model)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise


def _make_role(client: Any, role: str) -> int:
    """Make the role grant exactly what ROLES says; returns its id."""
    name = f"{_PREFIX}{role}"
    found = [row for row in client.list_roles(_WORKSPACE) if row.name == name]
    made = found[0] if found else client.create_role(_WORKSPACE, name)
    missing = dict(ROLES[role])
    for grant in client.list_role_permissions(made.id):
        if missing.get(grant.resource_type) == grant.permission and grant.resource_pattern == "*":
            del missing[grant.resource_type]
        else:
            client.remove_role_permission(grant.id)
    for resource_type, permission in missing.items():
        client.add_role_permission(made.id, resource_type, "*", permission)
    return int(made.id)


def _give_role(client: Any, store: MlflowStore, account: Account, role_ids: dict[str, int]) -> None:
    own = f"{_PREFIX}{account.role}"
    grants = _get(store, "3.0", "users/permissions/list", username=account.name)["permissions"]
    for grant in grants:
        if grant["role_name"].startswith("__user_"):
            # MLflow keeps what a user was given in person in a role of that name.
            client.revoke_user_permission(
                account.name, grant["resource_type"], grant["resource_pattern"]
            )
    held = {grant["role_name"]: grant["role_id"] for grant in grants}
    for name, role_id in held.items():
        if name != own and not name.startswith("__user_"):
            client.unassign_role(account.name, role_id)
    if own not in held:
        client.assign_role(account.name, role_ids[account.role])


def _is_ours(user: dict[str, Any]) -> bool:
    return not user["is_admin"] and any(r["name"].startswith(_PREFIX) for r in user["roles"])


def _get(store: MlflowStore, version: str, path: str, **query: str) -> Any:
    # MLflow's client has no call that lists accounts or grants.
    from mlflow.utils.credentials import get_default_host_creds
    from mlflow.utils.rest_utils import http_request, verify_rest_response

    endpoint = f"/api/{version}/mlflow/{path}"
    credentials = get_default_host_creds(store.tracking_uri)  # type: ignore[no-untyped-call]
    answer = http_request(credentials, endpoint, "GET", params=query)  # type: ignore[no-untyped-call]
    return verify_rest_response(answer, endpoint).json()


def _fault(words: list[str], accounts: dict[str, Account]) -> str:
    if len(words) != 3:  # noqa: PLR2004  # name, role, password
        return f"expected NAME ROLE PASSWORD, got {len(words)} words"
    name, role, password = words
    if role not in ROLES:
        return f"role {role!r} is none of {', '.join(ROLES)}"
    if len(password) < MIN_PASSWORD:
        return f"the password of {name} is shorter than {MIN_PASSWORD} characters"
    return f"{name} has a line already" if name in accounts else ""

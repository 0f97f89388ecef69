"""Open the desk at which releases are decided: ledger, leases, outbox, channels, registry."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

from voxgate.login import read_login
from voxgate.params import Params
from voxgate.release.desk import Desk
from voxgate.release.notices import Channel
from voxgate.release.policy import Policy, VoteRule
from voxgate.release.ports.ledger import Ledger
from voxgate.release.ports.registry import Registry, RegistryView
from voxgate.settings import Settings
from voxgate.stage import Workspace
from voxgate.wiring.anchors import open_anchor

__all__ = ["open_desk", "open_ledger", "open_registry", "require_sound_registry"]


def open_desk(workspace: Workspace, params: Params, settings: Settings) -> Desk:
    """Open the ledger with the rules of params.yaml.

    Raises:
        ConfigError: a notification channel cannot be used as it is set.
        LedgerError, ExternalServiceError: as `open_ledger`.
    """
    from voxgate.adapters.sql.database import open_database
    from voxgate.adapters.sql.leases import LeaseTable
    from voxgate.adapters.sql.ledger import SqlLedger
    from voxgate.adapters.sql.outbox import SqlOutbox

    channels = _open_channels(settings)
    database = open_database(settings, workspace.root)
    return Desk(
        workspace=workspace,
        ledger=SqlLedger(database),
        leases=LeaseTable(database),
        model=params.gate.model_name,
        policy=_policy(params),
        outbox=SqlOutbox(database),
        connect=partial(open_registry, settings, workspace.root),
        glance=partial(_glance, settings, workspace, params.gate.model_name),
        channels=channels,
        actor=settings.actor,
        anchor=open_anchor(workspace, settings, "releases"),
        login=read_login(),
        changed=partial(_say_who_changed, workspace),
    )


def _glance(settings: Settings, workspace: Workspace, model: str) -> RegistryView | None:
    from voxgate.adapters.mlflow.embedded import read_embedded

    return read_embedded(settings, workspace, model)


def _say_who_changed(workspace: Workspace) -> str:
    from voxgate.adapters.dvc.history import describe_change

    return describe_change(workspace.root, workspace.params_file.name)


def open_ledger(settings: Settings, root: Path) -> Ledger:
    """Open the ledger alone.

    Raises:
        ConfigError: VOXGATE_LEDGER_URL names no database that is supported.
        LedgerError: the file is no ledger, or a newer voxgate wrote it.
        ExternalServiceError: the database does not answer.
    """
    from voxgate.adapters.sql import ledger

    return ledger.open_ledger(settings, root)


def open_registry(settings: Settings, root: Path) -> Registry:
    """Open the registry alone.

    Raises:
        ExternalServiceError: it does not answer, or refuses the credentials.
    """
    from voxgate.adapters.mlflow import release_registry

    return release_registry.open_registry(settings, root)


def require_sound_registry(root: Path) -> None:
    """Stop before a server is started on a registry in this checkout that cannot be used.

    Raises:
        StorageError: its file is damaged, or its folder cannot be made.
        ExternalServiceError: another process keeps it locked.
    """
    from voxgate.adapters.mlflow.database import require_sound

    require_sound(Workspace(root))


def _open_channels(settings: Settings) -> tuple[Channel, ...]:
    from voxgate.adapters.notices.email import open_mail
    from voxgate.adapters.notices.webhook import open_webhook

    channels = (open_webhook(settings), open_mail(settings))
    return tuple(channel for channel in channels if channel is not None)


def _policy(params: Params) -> Policy:
    rules = params.gate
    return Policy(
        valid_for=timedelta(days=rules.approval_days),
        automatic=rules.approval_policy == "auto",
        automatic_rollback=rules.rollback_policy == "auto",
        approvers=rules.approvers,
        votes=VoteRule(
            min_prompts=rules.min_votes,
            preference_margin=rules.preference_margin,
            confidence=rules.confidence,
        ),
    )

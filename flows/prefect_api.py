"""The Prefect API that a flow talks to: embedded by default, a server by PREFECT_API_URL."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_API_URL

from flows.embedded_api import start_embedded_api
from voxgate.errors import ExternalServiceError

__all__ = ["is_transient", "require_api"]

PAUSES_S = (1.0, 5.0, 15.0)


def require_api(
    *, pauses_s: Sequence[float] = PAUSES_S, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Wait until the API answers; an embedded one is started by this.

    Raises:
        ExternalServiceError: it did not answer after the last pause, or did not start.
    """
    if not PREFECT_API_URL.value():
        start_embedded_api()
    with get_client(sync_client=True) as client:
        for pause_s in (*pauses_s, None):
            problem = client.api_healthcheck()
            if problem is None:
                return
            if pause_s is not None:
                sleep(pause_s)
        raise ExternalServiceError(
            f"Prefect's API at {client.api_url} does not answer ({problem!r}). Start the server or "
            "unset PREFECT_API_URL, then run again: finished stages are kept."
        )


def is_transient(_task: object, _run: object, state: State[Any]) -> bool:
    """Tell a task's retries whether trying again can help: refusals are answers."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, (ExternalServiceError, TimeoutError))

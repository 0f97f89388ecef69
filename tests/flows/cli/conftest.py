"""A command line in a site's checkout."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from flows.cli.app import app
from tests.fakes.release_site import ReleaseSite
from voxgate.errors import VoxgateError


@pytest.fixture
def call(release_site: ReleaseSite, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in the site's checkout; its typed error is raised."""
    monkeypatch.setenv("VOXGATE_MLFLOW_TRACKING_URI", release_site.mlflow_uri)

    def run(*arguments: object) -> Result:
        words = [*map(str, arguments), "--root", str(release_site.root)]
        result = CliRunner().invoke(app, words)
        if isinstance(result.exception, VoxgateError):
            raise result.exception
        return result

    return run

"""A checkout is opened in one way, and cheaply."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.release_site import ReleaseSite
from voxgate.errors import ConfigError
from voxgate.release.desk import Desk
from voxgate.wiring.checkout import Checkout


@pytest.fixture
def site(tmp_path: Path) -> ReleaseSite:
    return ReleaseSite.create(tmp_path / "checkout", "")


def test_a_checkout_knows_its_folders_its_parameters_and_its_desk(
    site: ReleaseSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.root.parent)
    checkout = Checkout.open(Path("checkout"))
    assert checkout.root == site.root.resolve()
    assert checkout.workspace.base_dir == checkout.root / "base"
    assert isinstance(checkout.desk, Desk)
    assert checkout.desk.model == checkout.params.gate.model_name


def test_the_desk_is_opened_when_it_is_asked_for_and_only_once(site: ReleaseSite) -> None:
    checkout = Checkout.open(site.root)
    assert not (site.root / ".voxgate").exists()
    assert checkout.desk is checkout.desk
    assert (site.root / ".voxgate" / "ledger").is_dir()


def test_faults_of_params_end_the_opening(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("surprise: 1\n")
    with pytest.raises(ConfigError, match="surprise"):
        Checkout.open(tmp_path)


def test_to_open_a_checkout_loads_no_orchestrator_no_store_and_no_network_library() -> None:
    heavy = "prefect", "mlflow", "sqlalchemy", "dvc", "torch", "pandas", "starlette"
    code = (
        "import sys; from pathlib import Path; from voxgate.wiring.checkout import Checkout; "
        f"Checkout.open(Path()); print([m for m in {heavy} if m in sys.modules])"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_folder_that_is_no_checkout_names_the_one_around_it(site: ReleaseSite) -> None:
    (site.root / "docs").mkdir()
    with pytest.raises(ConfigError, match=rf"docs: no checkout.* around it is {site.root}$"):
        Checkout.open(site.root / "docs")


def test_a_folder_outside_of_every_checkout_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no checkout of voxgate: it has no params\.yaml"):
        Checkout.open(tmp_path)


def test_a_checkout_without_its_parameters_says_how_to_get_them_back(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").touch()
    with pytest.raises(ConfigError, match=r"params\.yaml: the file is missing; `git checkout"):
        Checkout.open(tmp_path)


def test_a_checkout_under_a_name_that_would_be_misread_is_refused(site: ReleaseSite) -> None:
    moved = site.root.rename(site.root.with_name("what?"))
    with pytest.raises(ConfigError, match="move the checkout"):
        Checkout.open(moved)

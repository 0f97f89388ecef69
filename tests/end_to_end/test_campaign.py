"""A campaign as its manager runs it: real commands, a voice that truly speaks, real ears.

Its limits are wide: that they are set right is a test of the calibration, and takes minutes.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import soundfile

from tasks.campaigns.create import templates_of
from tests.fakes.base_voice import write_base_voice
from tests.fakes.release_site import ROOT, ReleaseSite
from tests.fakes.sentence_figures import wide_rules
from voxgate.campaigns.quality.calibration import (
    QualityCalibration,
    Refusals,
    quality_code,
)
from voxgate.campaigns.quality.expected import SentenceKind
from voxgate.campaigns.records import CampaignState
from voxgate.campaigns.spec import parse_spec, read_spec
from voxgate.settings import load_settings
from voxgate.stage import Workspace
from voxgate.wiring.campaign_ears import open_ears
from voxgate.wiring.campaign_limits import keep_limits
from voxgate.wiring.campaign_rows import open_campaign_store
from voxgate.wiring.campaign_studio import subject_of
from voxgate.wiring.campaign_voices import choose_voice
from voxgate.wiring.checkout import Checkout
from voxgate.wiring.speech_jobs import open_assets

pytestmark = [pytest.mark.slow, pytest.mark.assets]

VOXGATE = (sys.executable, "-c", "from flows.cli.app import main; main()")
LIST = """recipient_id,first_name,day,at
p1,Anna,2026-12-07,09:00
p2,Ben,2026-12-07,09:00
p3,Siobhan,2026-12-08,14:30
p4,Anna,2026-12-07,09:00
p5,Carol,2026-02-30,14:30
p6,David,2026-12-08,14:30
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ReleaseSite:
    root = tmp_path_factory.mktemp("campaign") / "site"
    site = ReleaseSite.create(root, f"sqlite:///{root}/mlflow.db")
    write_base_voice(root / "base-voice")
    site.release(1, root / "base-voice")
    (root / "list.csv").write_text(LIST, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOXGATE_MLFLOW_TRACKING_URI", site.mlflow_uri)
        checkout = Checkout.open(root)
        ears = open_ears(checkout)
        subject = subject_of(choose_voice(checkout, parse_spec(spec(site, "any"), "any")), ears)
        record = QualityCalibration(
            subject=subject,
            ears=ears.identity,
            code=quality_code(),
            rules=wide_rules(),
            own={kind: Refusals(refused=10, n=20) for kind in SentenceKind},
            bad={},
        )
        keep_limits(checkout, record)
    return site


def spec(site: ReleaseSite, name: str) -> dict[str, Any]:
    return {
        "campaign": name,
        "purpose": "internal",
        "model": site.desk.model,
        "preset": "telephone",
        "format": "mp3",
        "proof_sample": 2,
        "lexicon": {"Siobhan": "SH IH0 V AO1 N"},
        "templates": {
            "reminder": {
                "text": "Hello {first_name}, this is Green Street Dental. "
                "Your visit is on {day}, at {at}. Thank you, and have a good day.",
                "slots": {
                    "first_name": "name",
                    "day": "date with weekday without year",
                    "at": "time",
                },
            }
        },
    }


def started(site: ReleaseSite, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*VOXGATE, "campaign", *words, "--root", str(site.root)],
        env={**os.environ, "VOXGATE_MLFLOW_TRACKING_URI": site.mlflow_uri},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def voxgate(site: ReleaseSite, *words: str) -> Any:
    output = _done(started(site, *words, "--json"))
    return json.loads(output[output.index("{") :])


def work(site: ReleaseSite) -> None:
    """Let one process do what is due, as a service beside the commands does."""
    _done(started(site, "work", "--workers", "1"))


def _done(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output


def planned(site: ReleaseSite, name: str) -> Any:
    file = site.root / f"{name}.yaml"
    file.write_text(json.dumps(spec(site, name)), encoding="utf-8")
    voxgate(site, "create", str(file))
    voxgate(site, "recipients", name, str(site.root / "list.csv"))
    return voxgate(site, "plan", name)


def samples_in(cells: pd.DataFrame) -> dict[str, str]:
    """Return the digest of what each recipient hears."""
    return dict(zip(cells["recipient_id"], cells["pcm_sha256"], strict=True))


def test_from_a_csv_to_a_report_and_the_same_again_speaks_nothing(site: ReleaseSite) -> None:
    plan = planned(site, "first")
    assert plan["rows"] == {"uploaded": 6, "recipients": 5, "rejected": 1, "known": 0}
    assert (plan["estimate"]["sentences"], plan["estimate"]["renders"]) == (7, 4)
    assert voxgate(site, "start", "first", "--workers", "1")["state"] == "proofed"
    done = voxgate(site, "approve", "first", "--reason", "heard both")
    assert (done["state"], done["cells"]) == ("finished", {"stored": 5})

    written = voxgate(site, "report", "first")
    cells = pd.read_parquet(Path(written["folder"]) / "cells.parquet")
    assert len(cells) == 5
    assert set(cells["status"]) == {"stored"}
    assert cells["asset_id"].nunique() == 4
    assets = open_assets(load_settings(), Workspace(site.root))
    for asset_id in set(cells["asset_id"]):
        file = io.BytesIO(b"".join(assets.read(asset_id)))
        assert soundfile.info(file).duration > 3.0
    first = samples_in(pd.read_csv(Path(written["folder"]) / "cells.csv"))

    again = planned(site, "second")
    assert again["estimate"]["found"] == 7
    voxgate(site, "start", "second", "--detach")
    work(site)
    voxgate(site, "approve", "second", "--reason", "the same", "--detach")
    work(site)
    assert voxgate(site, "status", "second")["found"] == 7
    written = voxgate(site, "report", "second")
    assert samples_in(pd.read_csv(Path(written["folder"]) / "cells.csv")) == first


def test_a_run_that_is_killed_goes_on_where_it_was(site: ReleaseSite) -> None:
    other = {**spec(site, "killed"), "format": "wav"}  # other files of the same sentences
    file = site.root / "killed.yaml"
    file.write_text(json.dumps(other), encoding="utf-8")
    voxgate(site, "create", str(file))
    voxgate(site, "recipients", "killed", str(site.root / "list.csv"))
    voxgate(site, "plan", "killed")
    process = started(site, "start", "killed")
    rows = open_campaign_store(load_settings(), site.root)
    while rows.campaign("killed").state is CampaignState.PLANNED:
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    voxgate(site, "resume", "killed", "--reason", "it was killed", "--workers", "1")
    voxgate(site, "approve", "killed", "--reason", "heard both", "--detach")
    work(site)
    assert voxgate(site, "status", "killed")["cells"] == {"stored": 5}


def test_a_purpose_that_nobody_agreed_to_is_refused_with_the_way_out(site: ReleaseSite) -> None:
    public = {**spec(site, "public"), "purpose": "publication"}
    file = site.root / "public.yaml"
    file.write_text(json.dumps(public), encoding="utf-8")
    voxgate(site, "create", str(file))
    process = started(site, "plan", "public")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "released for publication" in errors
    assert "corpus add --consent" in errors


def test_the_example_that_ships_can_be_read() -> None:
    example = ROOT / "examples" / "campaign"
    assert (example / "recipients.csv").is_file()
    assert list(templates_of(read_spec(example / "campaign.yaml"))) == ["reminder"]

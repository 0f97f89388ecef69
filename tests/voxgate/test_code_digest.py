import re
import subprocess
import sys
from pathlib import Path

import pytest

from voxgate.adapters.assets.recipes import _GE2E_HYPERPARAMS
from voxgate.code_digest import (
    PACKAGES,
    _graph,
    closure_sources,
    code_digest,
    import_closure,
)

ROOT = Path(__file__).resolve().parents[2]
MINE = ("speaking_machine",)
FILES = {
    "__init__.py": "",
    "voice.py": "def speak():\n    from speaking_machine.parts import engine\n",
    "parts/__init__.py": "import speaking_machine.early\n",
    "parts/engine.py": "",
    "parts/data/lexicon.txt": "a\n",
    "early.py": "",
    "alone.py": "",
}


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "speaking_machine"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    _graph.cache_clear()
    yield folder
    _graph.cache_clear()


def test_the_closure_holds_lazy_imports_and_the_packages_on_the_way(package):
    assert list(closure_sources(["speaking_machine.voice"], packages=MINE)) == [
        "speaking_machine/__init__.py",
        "speaking_machine/early.py",
        "speaking_machine/parts/__init__.py",
        "speaking_machine/parts/data",
        "speaking_machine/parts/engine.py",
        "speaking_machine/voice.py",
    ]


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_the_entry_reaches_and_nothing_else_changes_the_digest(package, name):
    before = code_digest(["speaking_machine.voice"], packages=MINE)
    assert code_digest(["speaking_machine.voice"], packages=MINE) == before

    (package / name).write_text(FILES[name] + "# changed\n")

    same = code_digest(["speaking_machine.voice"], packages=MINE) == before
    assert same == (name == "alone.py")


def test_the_digest_is_the_same_in_another_folder(package, tmp_path, monkeypatch):
    before = code_digest(["speaking_machine.voice"], packages=MINE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    package.rename(elsewhere / "speaking_machine")
    monkeypatch.syspath_prepend(str(elsewhere))
    _graph.cache_clear()

    assert code_digest(["speaking_machine.voice"], packages=MINE) == before


def test_a_module_that_does_not_exist_is_named(package):
    with pytest.raises(ValueError, match=r"no modules of speaking_machine: speaking_machine\.gone"):
        code_digest(["speaking_machine.gone", "speaking_machine.voice"], packages=MINE)


@pytest.mark.parametrize("stage", ["ingest", "validate", "featurize", "train", "evaluate"])
def test_whatever_a_stage_loads_is_in_its_closure(stage):
    """The graph is read from the source; Python itself says what an import really loads."""
    entry = f"tasks.stages.{stage}"
    script = f"import sys, {entry}; print(*(name for name in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    ours = {name for name in loaded if name.partition(".")[0] in PACKAGES}

    assert entry in ours
    assert ours <= import_closure([entry])


def test_the_network_that_a_pinned_yaml_names_is_in_its_encoder_s_closure():
    named = set(re.findall(r"!(?:new|name):(voxgate[\w.]+)\.\w+", _GE2E_HYPERPARAMS))

    assert named == {"voxgate.adapters.ge2e_network"}
    assert named <= import_closure(["voxgate.adapters.speechbrain.speaker_encoder"])

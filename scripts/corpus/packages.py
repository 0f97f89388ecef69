"""The sound packages of five languages, each with its one speaker and its list of texts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voxgate.adapters.corpora.apt import DebianPackage, fetch_packages, unpack_packages
from voxgate.text.languages import LANGUAGES

__all__ = ["SPEAKERS", "Prompts", "SpeakerPackages", "read_prompts"]

_VERSION = "1.6.1-1"
# A line that is one bracket names a sound; what has a sign in it is not said as it is written.
_UNSPOKEN = re.compile(r"[\[\]()<>{}*#/\\_+=]")
# Said in one of several ways; only a language with a front end can compare them.
_LONG_NUMBER = re.compile(r"\d{3}|\d[.,]\d")


@dataclass(frozen=True, kw_only=True)
class SpeakerPackages:
    """Where one speaker's prompts lie: `sounds` is a folder of the package of sounds."""

    speaker: str
    language: str
    sounds: str
    audio_sha256: str
    texts_sha256: str

    @property
    def packages(self) -> tuple[DebianPackage, DebianPackage]:
        """Return the package of G.722 files and that of the texts."""
        name = f"asterisk-core-sounds-{self.language}"
        return (
            DebianPackage(name=f"{name}-g722", version=_VERSION, sha256=self.audio_sha256),
            DebianPackage(name=name, version=_VERSION, sha256=self.texts_sha256),
        )


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """Files of one speaker, by the name of the prompt, and their texts.

    `texts` has no entry where nothing is said, or where the list does not say it as it is spoken.
    """

    files: Mapping[str, Path]
    texts: Mapping[str, str]


SPEAKERS: Mapping[str, SpeakerPackages] = {
    one.language: one
    for one in (
        SpeakerPackages(
            speaker="allison",
            language="en",
            sounds="en_US_f_Allison",
            audio_sha256="38c5261820b406dcb0ecb37675720da2b0864850690690352ca52707eb623806",
            texts_sha256="973e797d28e37fa6ca3c0a9d6fa717e77cf1268ae916bf09fd3503113cdffa50",
        ),
        SpeakerPackages(
            speaker="allison",  # the same person as in English
            language="es",
            sounds="es_MX_f_Allison",
            audio_sha256="e4e3b4281057d3b81b779298fd6be705f57411513955c518eed1bcaabbd615b8",
            texts_sha256="9afdab7f559f036649fb406e625899306ca1004df8ebe39c30bfbd5912d66f74",
        ),
        SpeakerPackages(
            speaker="june",
            language="fr",
            sounds="fr_CA_f_June",
            audio_sha256="7add61d5e42279ecff1bbdf842a5a946ac3644fac9a0fe44384731aa7270c8e0",
            texts_sha256="04c82c78c570c43a7136cbc5e2488d0c470b775468dff9fbce4a131b18cf1056",
        ),
        SpeakerPackages(
            speaker="carlo",
            language="it",
            sounds="it_IT_m_Carlo",
            audio_sha256="46b4cf7afc508a5fcfc051b7ea233251c0d195dd4ef83cc4b7facb4c6429b016",
            texts_sha256="3884d9457e12f21caa018c18f0d587df5d53ebea14b673d8453a134c5941ab3b",
        ),
        SpeakerPackages(
            speaker="ivrvoice-ru",
            language="ru",
            sounds="ru_RU_f_IvrvoiceRU",
            audio_sha256="673b4238a6b8269960f055d868c6a11083f7a0d00979167cb01554046b48ed9b",
            texts_sha256="28a61616bb0cd3345a7ea532dec4df9f071e5d0fa9f8c1a563ea9669002f39ab",
        ),
    )
}


def read_prompts(packages: SpeakerPackages, store: Path, folder: Path) -> Prompts:
    """Fetch a speaker's packages into `store`, unpack them into `folder`, read their list.

    Raises:
        AssetError: they cannot be fetched, or are not the pinned ones.
    """
    unpack_packages(fetch_packages(packages.packages, store), folder)
    share = folder / "usr" / "share"
    sounds = share / "asterisk" / "sounds" / packages.sounds
    name = packages.language
    listing = share / "doc" / f"asterisk-core-sounds-{name}" / f"core-sounds-{name}.txt.gz"
    lines = gzip.decompress(listing.read_bytes()).decode("utf-8-sig").splitlines()
    return Prompts(
        files={
            path.relative_to(sounds).with_suffix("").as_posix(): path
            for path in sorted(sounds.rglob("*.g722"))
        },
        texts={
            prompt: text
            for prompt, text in read_texts(lines).items()
            if name in LANGUAGES or not _LONG_NUMBER.search(text)
        },
    )


def read_texts(lines: list[str]) -> dict[str, str]:
    """Return what is said, by the name of the prompt; a name that is listed twice has no text."""
    texts: dict[str, str] = {}
    twice = set()
    for line in lines:
        name, colon, text = (part.strip() for part in line.partition(":"))
        if not colon or line.startswith(";"):
            continue
        if name in texts:
            twice.add(name)
        texts[name] = text.strip('"“” ')
    return {
        name: text
        for name, text in texts.items()
        if text and name not in twice and not _UNSPOKEN.search(text)
    }

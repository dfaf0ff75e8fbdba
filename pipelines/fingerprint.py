"""A digest of everything a run depends on, so that a rerun with nothing changed does nothing."""

import hashlib
import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from pipelines.settings import Settings

SUFFIXES = {".py", ".sql", ".yaml", ".csv", ".html", ".css", ".js"}


def fingerprint(settings: Settings) -> str:
    """Hex digest of input files, source profiles, rule-book, settings, ledger, languages and the project's own code."""
    digest = sha256()
    for folder in (settings.raw, settings.profiles):
        if folder:
            add_folder(digest, Path(folder), None)
    digest.update(settings.rulebook.read_bytes())
    for file in (settings.measures, settings.forecast, settings.plan, settings.catalogues):
        digest.update(file.read_bytes())
    if settings.ledger_file.exists():  # documents say whether a decision is a draft or final
        digest.update(settings.ledger_file.read_bytes())
    digest.update(",".join(settings.languages).encode())
    for package in ("pipelines", "models", "reports"):
        add_folder(digest, Path(str(files(package))), SUFFIXES)
    return digest.hexdigest()


def add_folder(digest: "hashlib._Hash", folder: Path, suffixes: set[str] | None) -> None:
    """Add names and contents of all files below `folder`, in a fixed order."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and (suffixes is None or file.suffix in suffixes) and "published" not in file.parts:
            digest.update(os.fsencode(file.relative_to(folder)) + b"\0")
            digest.update(sha256(file.read_bytes()).digest())

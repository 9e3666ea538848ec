"""Where the program is, and whether it is the one that the package was made with."""

import os
import shutil
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

from .errors import ContrastcheckError, ProgramNotFound, VersionWarning

#: The form of answers that this package reads.
SCHEMA = "contrastcheck-notebook/1"

#: Where a wheel has the program, and what says its version; a source distribution has the version alone.
FOLDER = Path(__file__).parent / "bin"
_NAME = "contrastcheck.exe" if os.name == "nt" else "contrastcheck"
_warned = set()


@dataclass(frozen=True)
class Program:
    """An executable, and the place that named it."""

    path: str
    place: str


def find(program=None):
    """Return the program: the argument, ``CONTRASTCHECK``, the wheel's copy, or that in ``PATH``, the first there is.

    What is named but cannot be run is refused, not passed over.
    """
    named = [("program", program and os.fspath(program)), ("CONTRASTCHECK", os.environ.get("CONTRASTCHECK"))]
    for place, path in named:
        if path:
            found = shutil.which(path)
            if not found:
                raise ProgramNotFound(f"{place}: expected the contrastcheck program, found nothing that runs at {path}")
            return Program(os.path.abspath(found), place)
    if os.access(FOLDER / _NAME, os.X_OK):
        return Program(str(FOLDER / _NAME), "the package")
    found = shutil.which(_NAME)
    if not found:
        raise ProgramNotFound(
            "expected the contrastcheck program in PATH, or its place in CONTRASTCHECK or program=, found none; "
            "a wheel of this package has it"
        )
    return Program(os.path.abspath(found), "PATH")


def expected():
    """Return the version that the package was made with; "" where nothing says so, as in a working copy."""
    try:
        return (FOLDER / "VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def match(program, schema, version):
    """Refuse an answer of a form that is not known, and warn, once, of another version."""
    if schema != SCHEMA:
        raise ContrastcheckError(
            f"{program.path} ({program.place}) is contrastcheck {version} and answers in {schema}; "
            f"expected {SCHEMA}, which this package reads"
        )
    wanted = expected()
    if wanted and version != wanted and program.path not in _warned:
        _warned.add(program.path)
        warnings.warn(
            f"{program.path} ({program.place}) is contrastcheck {version}; this package was made with {wanted}",
            VersionWarning,
            stacklevel=5,
        )


def stranger(program, sentence):
    """Say in an error that a program does not know what this package asks."""
    try:
        version = subprocess.run(
            [program.path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, text=True
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        version = ""
    return ContrastcheckError(
        f"{program.path} ({program.place}) is {version or 'no contrastcheck program'}, "
        f"which does not write {SCHEMA}: {sentence or 'it says nothing'}"
    )

"""The commands of the program as functions.

Each takes a mixture (a ``Mixture``, a dict of a mixture file's keys, or a file's path) or samples (``X``, ``y``), and
the flags of the command as keywords: ``as_stated=True`` is ``--as-stated``, ``rank=2`` is ``--rank 2``, a list
repeats its flag. ``contrastcheck COMMAND --help`` tells them. A fraction or a decimal is passed exactly; an array, a
data frame or a mixture as a file. ``program`` is where the program is, ``progress=False`` shows none.

Anything but exit code 0 is raised, as a ``ContrastcheckError`` with the program's sentence.
"""

import os

import numpy as np

from . import results
from .errors import ContrastcheckError, InputError, ProgramNotFound
from .folder import Folder
from .inputs import source, words
from .program import SCHEMA, find, match, stranger
from .reading import lines, read
from .running import run


def solve(mixture, y=None, *, program=None, progress=True, **flags):
    """Minimise a loss and judge containment and equality: a ``Solution``."""
    return _ask("solve", results.Solution, mixture, y, flags, program, progress)


def losses(mixture=None, y=None, *, program=None, progress=True, **flags):
    """Tell which directions each loss keeps of a mixture; without one, what is true of each loss: ``Losses``."""
    return _ask("losses", results.Loss, mixture, y, flags, program, progress, listing=results.Losses)


def check(mixture, y=None, *, claims=(), program=None, progress=True, **flags):
    """Ask claims, by default all, of a mixture: ``Checked``."""
    named = [claims] if isinstance(claims, str) else list(claims)
    return _ask("check", results.CheckedClaim, mixture, y, flags, program, progress, after=named, listing=results.Checked)


def prove(mixture, y=None, *, program=None, progress=True, **flags):
    """Prove that equality holds or fails: a ``Proof``, whose ``document`` is the certificate."""
    kept = flags.pop("out", None)
    with Folder() as folder:
        out = os.fspath(kept) if kept else folder.file("certificate.json")
        proof = _asked(folder, "prove", results.Proof, mixture, y, {**flags, "out": out}, program, progress)
        with open(out, encoding="utf-8") as file:
            proof.document = file.read()
        proof.file = kept and out
        return proof


def recheck(certificate, *, program=None, progress=True, **flags):
    """Verify a certificate, a file or a ``Proof``, from the definition: a ``Proof``."""
    with Folder() as folder:
        if isinstance(certificate, results.Proof):
            path = folder.file("certificate.json", "certificate")
            with open(path, "w", encoding="utf-8") as file:
                file.write(certificate.document or "")
            certificate = path
        return _asked(folder, "recheck", results.Proof, certificate, None, flags, program, progress)


def frontier(family, axis, *, program=None, progress=True, **flags):
    """Map where equality holds on a grid about a mixture or a family's name: a ``Frontier``.

    ``axis`` is one such as ``"delta=1/10:1:10"``, or two.
    """
    return _ask("frontier", results.Frontier, None, None, {"family": family, "axis": axis, **flags}, program, progress)


def search(claim=None, *, program=None, progress=True, **flags):
    """Hunt a counterexample to a claim, or with ``refute`` to a conjecture: a ``Search``."""
    return _ask("search", results.Search, None, None, flags, program, progress, after=[claim] if claim else [])


def project(X, y=None, *, on=None, program=None, progress=True, **flags):
    """Learn a representation of samples and apply it to their rows, or those of ``on``: a ``Projection``."""
    with Folder() as folder:
        kept = flags.pop("out", None)
        out = os.fspath(kept) if kept else folder.file("embedding.npy")
        on = np.asarray(on) if isinstance(on, (list, tuple)) else on
        found = _asked(folder, "project", results.Projection, X, y, {"on": on, "out": out, **flags}, program, progress)
        if out.endswith(".npy"):
            found.embedding = np.load(out)
        found.out = kept and out
        return found


def learn(X, y, flags, program=None):
    """Learn the representation of samples, and apply it to none: a ``Projection`` without the words for people."""
    program = find(program)
    with Folder() as folder:
        flags = {**flags, "save_projection": folder.file("map.json")}
        output = _output(folder, program, "project", source(X, y, folder, flags), flags, "json", True)
        (value,), matrices = lines(output)
        if "containment" not in value:
            raise stranger(program, "it does not tell the verdicts of a projection")
        match(program, SCHEMA, value["version"])
        return read(results.Projection, value, matrices)


def _ask(*arguments, **keywords):
    with Folder() as folder:
        return _asked(folder, *arguments, **keywords)


def _asked(folder, command, kind, mixture, y, flags, program, progress, after=(), listing=None):
    """Run a command and read what it prints."""
    program = find(program)
    named = [*source(mixture, y, folder, flags), *after]
    try:
        return _read(_output(folder, program, command, named, flags, "notebook", progress), program, kind, listing)
    except ContrastcheckError as error:
        if error.result is not None:
            error.result = _read(error.result, program, kind, listing)
        raise


def _output(folder, program, command, named, flags, form, progress):
    """Run a command and return what it prints; of an error that is its result."""
    line = [program.path, command, *named, *words(flags, folder), "--format", form]
    try:
        finished = run(line, folder, progress)
    except OSError as error:
        if error.filename != program.path:
            raise
        raise ProgramNotFound(f"{program.path} ({program.place}): expected a program that runs here, found: {error.strerror}") from error
    sentence = folder.worded(finished.sentence)
    if "--format" in sentence and finished.code == 2 or not finished.output and finished.code == 0:
        raise stranger(program, sentence)
    if finished.code:
        error = InputError if finished.code == 2 else ContrastcheckError
        raise error(sentence or _unsaid(program, finished.code), finished.code, finished.output or None)
    return finished.output


def _unsaid(program, code):
    """Say how a program ended that said nothing."""
    return f"{program.path} ({program.place}) was ended by signal {-code}" if code < 0 else f"{program.path} ({program.place}) ended with exit code {code} and said nothing"


def _read(output, program, kind, listing):
    try:
        (value, shown), matrices = lines(output)
    except ValueError:
        raise stranger(program, "its answer is no JSON of two lines") from None
    match(program, shown.get("schema"), shown.get("version"))
    answer = listing(read(kind, x, matrices) for x in value) if listing else read(kind, value, matrices)
    return answer.shown(output, shown["text"], shown.get("html", ""), shown["notes"])

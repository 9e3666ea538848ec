"""Certified verdicts on contrastive learning, in Python: the program contrastcheck, its answers, and a transformer."""

from .commands import check, frontier, losses, project, prove, recheck, search, solve
from .errors import ContrastcheckError, InputError, ProgramNotFound, VersionWarning
from .mixture import Mixture
from .projection import ContrastiveProjection

__version__ = "0.1.0"

__all__ = [
    "ContrastcheckError",
    "ContrastiveProjection",
    "InputError",
    "Mixture",
    "ProgramNotFound",
    "VersionWarning",
    "check",
    "frontier",
    "losses",
    "project",
    "prove",
    "recheck",
    "search",
    "solve",
]

"""All that the program finds, with the names of its JSON."""

from .findings import Axis, Bracket, Checked, CheckedClaim, Find, Frontier, Loss, Losses, Point, Proof, Search
from .solutions import (
    Certificate,
    Containment,
    Directions,
    Effect,
    Equality,
    Minimiser,
    Pair,
    Projection,
    Quadrature,
    Side,
    Solution,
    Unconstrained,
)

__all__ = [
    "Axis",
    "Bracket",
    "Certificate",
    "Checked",
    "CheckedClaim",
    "Containment",
    "Directions",
    "Effect",
    "Equality",
    "Find",
    "Frontier",
    "Loss",
    "Losses",
    "Minimiser",
    "Pair",
    "Point",
    "Projection",
    "Proof",
    "Quadrature",
    "Search",
    "Side",
    "Solution",
    "Unconstrained",
]

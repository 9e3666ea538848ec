"""What the program finds, with the names of its JSON. docs/solve-schema.md and its like say what they mean."""

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional

import numpy as np

from .display import Shown, table

Matrix = np.ndarray


class Deferred:
    """A matrix as its JSON, bytes, until it is asked for."""

    def __init__(self, text):
        self._text = text

    def array(self):
        """Return the matrix in float64."""
        numbers = np.fromstring(self._text.translate(None, b"[]").decode(), sep=",")
        return numbers.reshape(self._text.count(b"],[") + 1, -1)


@dataclass(repr=False, eq=False)
class Record:
    """A part of an answer. ``extra`` has keys that this version of the package has no name for."""

    extra: Dict[str, Any] = field(default_factory=dict, init=False)

    def __getattribute__(self, name):
        value = super().__getattribute__(name)
        if type(value) is Deferred:
            value = value.array()
            setattr(self, name, value)
        return value

    def __repr__(self):
        named = ((name, getattr(self, name)) for name in vars(self) if not name.startswith("_"))
        parts = [f"{name}={_short(value)}" for name, value in named if value is not None and not (name == "extra" and not value)]
        return f"{type(self).__name__}({', '.join(parts)})"


def _short(value):
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) and value.size > 16 else repr(value)


def part(cls):
    """Make a dataclass whose fields are optional parts of an answer."""
    for name in cls.__annotations__:
        if name not in cls.__dict__:
            setattr(cls, name, None)
    return dataclass(repr=False, eq=False)(cls)


@part
class Minimiser(Record):
    """The minimiser over M = AAᵀ; ``m`` is d × d and ``a`` d × r."""

    m: Optional[Matrix]
    a: Optional[Matrix]
    b: Optional[Matrix]
    a_visual: Optional[Matrix]
    a_text: Optional[Matrix]
    net: Any
    loss: Optional[float]
    rank: Optional[int]
    whitened_singular_values: Optional[Matrix]
    gradient_norm: Optional[float]
    distance_bound: Optional[float]
    off_range: Optional[float]
    stationary: Optional[bool]
    second_order: Optional[float]


@part
class Unconstrained(Record):
    """The minimiser over all symmetric matrices."""

    m: Optional[Matrix]
    c: Optional[Matrix]
    loss: Optional[float]
    whitened_eigenvalues: Optional[Matrix]
    gradient_norm: Optional[float]
    distance_bound: Optional[float]


@part
class Quadrature(Record):
    """The solver's rule."""

    rule: Optional[str]
    points: Optional[int]
    error_estimate: Optional[float]


@part
class Containment(Record):
    """Is Col(A*) in the Fisher subspace?"""

    verdict: Optional[str]
    defect: Optional[float]
    by: Optional[str]


@part
class Equality(Record):
    """Is Col(A*) the Fisher subspace?"""

    verdict: Optional[str]
    margin: Optional[float]


@part
class Directions(Record):
    """How many directions of the Fisher subspace are kept; of two modalities those of each."""

    kept: Optional[int]
    lost: Optional[int]
    undecided: Optional[int]
    visual: Optional["Directions"]
    text: Optional["Directions"]


@part
class Certificate(Record):
    """What verdicts rest on."""

    grade: Optional[str]
    epsilon: Optional[float]
    rule: Optional[str]


@part
class Pair(Record):
    """Two components, counted from 1, and their distances in standard deviations."""

    components: Optional[List[int]]
    names: Optional[List[str]]
    mahalanobis: Optional[float]
    mahalanobis_kept: Optional[float]
    separation: Optional[float]


@part
class Effect(Record):
    """What A* keeps of what separates the classes; the worst pair first."""

    discriminant_kept: Optional[float]
    only_the_mean: Optional[bool]
    pairs: Optional[List[Pair]]

    def _repr_html_(self):
        return table(self.pairs, ("names", "components", "mahalanobis", "mahalanobis_kept", "separation"))


@part
class Side(Record):
    """What was found of one of two modalities."""

    containment: Optional[Containment]
    equality: Optional[Equality]
    effect: Optional[Effect]


@part
class Solution(Shown, Record):
    """The answer of ``solve``; of a table ``centred`` is another one."""

    schema: Optional[str]
    version: Optional[str]
    classes: Optional[List[str]]
    features: Any
    name: Optional[str]
    components: Optional[int]
    dimension: Any
    fisher_dimension: Any
    envelope_dimension: Optional[int]
    delta: Optional[float]
    rank: Optional[int]
    method: Optional[str]
    minimiser: Optional[Minimiser]
    attained: Optional[bool]
    unconstrained: Optional[Unconstrained]
    inside: Any
    couplings: Any
    quadrature: Optional[Quadrature]
    containment: Optional[Containment]
    equality: Optional[Equality]
    directions: Optional[Directions]
    visual: Optional[Side]
    text: Optional[Side]
    certificate: Optional[Certificate]
    refined: Any
    data: Any
    seconds: Optional[float]
    loss: Optional[str]
    score: Optional[str]
    map: Optional[str]
    negatives: Any
    bias: Optional[float]
    temperature: Optional[float]
    effect: Optional[Effect]
    against_shared: Any
    bootstrap: Any
    centred: Optional["Solution"]


@part
class Projection(Shown, Record):
    """The answer of ``project``: A (d × r), b, and ``embedding``, the mapped rows (n × r)."""

    schema: Optional[str]
    name: Optional[str]
    loss: Optional[str]
    score: Optional[str]
    map: Optional[str]
    centred: Optional[bool]
    features: Optional[List[str]]
    a: Optional[Matrix]
    b: Optional[Matrix]
    classes: Optional[List[str]]
    version: Optional[str]
    containment: Optional[Containment]
    equality: Optional[Equality]
    certificate: Optional[Certificate]
    effect: Optional[Effect]
    meaning: Optional[str]
    directions: Optional[Directions]
    rows: Optional[int]
    missing_rows: Optional[int]
    out: Optional[str]
    projection: Optional[str]
    data: Any
    embedding: Optional[Matrix]


@part
class Proof(Shown, Record):
    """The answer of ``prove`` and ``recheck``; ``document`` is the certificate's text, which ``recheck`` takes."""

    name: Optional[str]
    components: Optional[int]
    dimension: Optional[int]
    fisher_dimension: Optional[int]
    delta: Optional[str]
    proved: Optional[bool]
    property: Optional[str]
    verdict: Optional[str]
    margin: Optional[str]
    condition: Any
    map: Optional[str]
    claim: Optional[str]
    statement: Optional[str]
    reason: Optional[str]
    file: Optional[str]
    seconds: Optional[float]
    document: Optional[str]


@part
class Find(Record):
    """A counterexample; ``mixture`` is a mixture file, for ``solve`` and ``recheck``."""

    components: Optional[int]
    dimension: Optional[int]
    delta: Optional[str]
    measure: Optional[str]
    value: Optional[float]
    grade: Optional[str]
    detail: Optional[str]
    case: Optional[str]
    mixture: Optional[dict]
    file: Optional[str]
    start: Optional[int]
    evaluations: Optional[int]
    lightest: Optional[str]
    where_detail: Optional[str]


@part
class Search(Shown, Record):
    """The answer of ``search``."""

    claim: Optional[str]
    statement: Optional[str]
    found: Optional[List[Find]]
    evaluations: Optional[int]
    best_score: Optional[float]
    where: Optional[str]


@part
class Axis(Record):
    """An axis of a grid; its values are exact."""

    name: Optional[str]
    values: Optional[List[str]]


@part
class Point(Record):
    """A point of a grid."""

    at: Optional[List[str]]
    verdict: Optional[str]
    margin: Optional[float]
    grade: Optional[str]
    epsilon: Optional[float]
    rule: Optional[str]


@part
class Bracket(Record):
    """An interval of the last axis in which the verdict changes."""

    axis: Optional[str]
    at: Optional[List[str]]
    low: Optional[str]
    high: Optional[str]
    low_verdict: Optional[str]
    high_verdict: Optional[str]
    low_bound: Optional[str]
    high_bound: Optional[str]
    proved: Optional[bool]
    width: Optional[float]
    reason: Optional[str]
    low_certificate: Optional[dict]
    high_certificate: Optional[dict]


@part
class Frontier(Shown, Record):
    """The answer of ``frontier``."""

    name: Optional[str]
    components: Optional[int]
    dimension: Optional[int]
    axes: Optional[List[Axis]]
    points: Optional[List[Point]]
    loss: Optional[str]
    score: Optional[str]
    map: Optional[str]
    negatives: Any
    bias: Any
    claim: Optional[str]
    temperature: Any
    measure: Optional[str]
    brackets: Optional[List[Bracket]]


@part
class Loss(Record):
    """What is true of a loss, or what it keeps of a mixture."""

    loss: Optional[str]
    score: Optional[str]
    map: Optional[str]
    negatives: Any
    bias: Any
    containment: Optional[str]
    convexity: Optional[str]
    seconds: Optional[float]
    evidence: Optional[dict]
    kept: Optional[int]
    lost: Optional[int]
    undecided: Optional[int]
    margin: Optional[float]
    epsilon: Optional[float]
    equality: Any
    grade: Optional[str]
    reason: Optional[str]
    departure: Optional[float]
    envelope_dimension: Optional[int]
    maps: Any
    left_out: Any


@part
class CheckedClaim(Record):
    """What a claim comes to."""

    claim: Optional[str]
    verdict: Optional[str]
    grade: Optional[str]
    measure: Optional[str]
    value: Optional[float]
    detail: Optional[str]
    theorem: Optional[str]
    statement: Optional[str]
    source: Optional[str]
    stance: Optional[str]
    as_stated: Optional[bool]


class Listing(Shown, list):
    """An answer that is a list; ``columns`` are those that a notebook shows."""

    columns = ()


class Losses(Listing):
    """The answer of ``losses``, a ``Loss`` each."""

    columns = ("loss", "score", "negatives", "kept", "lost", "undecided", "equality", "margin", "grade")

    def sentences(self):
        _, _, *rest = str(self).split("\n\n")
        return rest[-1].splitlines() if rest else []


class Checked(Listing):
    """The answer of ``check``, a ``CheckedClaim`` each, refuted ones first."""

    columns = ("claim", "verdict", "grade", "detail")

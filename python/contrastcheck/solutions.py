"""The answers of solve and project. docs/solve-schema.md says what their names mean."""

from typing import Any, List, Optional

from .display import Shown, table
from .records import Matrix, Record, part


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

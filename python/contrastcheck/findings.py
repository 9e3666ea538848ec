"""The answers of prove, search, frontier, losses and check. docs/frontier-schema.md and its like say what their names mean."""

from typing import Any, List, Optional

from .display import Shown
from .records import Record, part


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

"""From the program's JSON to results."""

import json
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from .records import Deferred, Record

# A matrix of more bytes than that is kept as it is until it is asked for: numbers of a covariance's size take longer to read
# than a small mixture to solve.
_LONG = 1 << 16


def lines(output):
    """Return the lines of an output as Python has them; in place of long matrices they have the numbers, as strings, of those in
    the list that is returned, too."""
    matrices, kept, done = [], [], 0
    start = output.find(b"[[")
    while start >= 0:
        end = output.find(b"]]", start) + 2
        if end - start > _LONG and output.find(b'"', start, end) < 0:
            kept += [output[done:start], b'"%d"' % len(matrices)]
            matrices.append(Deferred(output[start:end]))
            done = end
        start = output.find(b"[[", max(end, start + 2))
    kept.append(output[done:])
    return [json.loads(line) for line in b"".join(kept).splitlines()], matrices


def read(kind, value, matrices=()):
    """Return a value of JSON as a record, a list of records or an array, as a field's type says."""
    if value is None or kind is Any:
        return value
    if get_origin(kind) is Union:  # Optional
        return read(get_args(kind)[0], value, matrices)
    if get_origin(kind) is list:
        of = get_args(kind)[0]
        return [read(of, x, matrices) for x in value]
    if kind is np.ndarray:
        return matrices[int(value)] if isinstance(value, str) else np.array(value, dtype=np.float64)
    if kind is float:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, Record):
        record, types = kind(), _types(kind)
        for key, x in value.items():
            if key in types:
                setattr(record, key, read(types[key], x, matrices))
            else:
                record.extra[key] = x
        return record
    return value


@lru_cache(maxsize=None)
def _types(kind):
    return {name: of for name, of in get_type_hints(kind).items() if name != "extra"}

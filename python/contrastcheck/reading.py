"""From the program's JSON to results."""

import json
import re
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

from .results import Deferred, Record

# What is longer than that is kept as text until it is asked for: a covariance's worth of numbers takes longer to read than
# a small mixture to solve.
_LONG = re.compile(rb"\[\[[-+0-9.eE,\[\]]{65536,}\]\]")


def loads(text):
    """Return JSON as Python has it, long matrices as strings."""
    return json.loads(_LONG.sub(rb'"\g<0>"', text))

def read(kind, value):
    """Return a value of JSON as a record, a list of records or an array, as a field's type says."""
    if value is None or kind is Any:
        return value
    if get_origin(kind) is Union:  # Optional
        return read(get_args(kind)[0], value)
    if get_origin(kind) is list:
        of = get_args(kind)[0]
        return [read(of, x) for x in value]
    if kind is np.ndarray:
        return Deferred(value) if isinstance(value, str) else np.array(value, dtype=np.float64)
    if kind is float:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, Record):
        record, types = kind(), _types(kind)
        for key, x in value.items():
            if key in types:
                setattr(record, key, read(types[key], x))
            else:
                record.extra[key] = x
        return record
    return value


@lru_cache(maxsize=None)
def _types(kind):
    return {name: of for name, of in get_type_hints(kind).items() if name != "extra"}

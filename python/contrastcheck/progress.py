"""Progress where a person sees it: in a terminal as the program writes it, in a notebook as a line that goes again."""

import re
import sys
import time

_SOON, _PAUSE = 2.0, 0.2  # seconds within which a notebook need not say anything, at first and then


def progressing():
    """Return what shows progress; None where nobody sees standard error."""
    try:
        if type(sys.stderr).__module__.startswith("ipykernel"):
            return _Notebook()
        return _Terminal() if sys.stderr.isatty() else None
    except (AttributeError, ValueError):  # it is closed, or none
        return None


class _Terminal:
    """Standard error."""

    def write(self, text):
        sys.stderr.write(text)
        sys.stderr.flush()

    def clear(self):
        """Do nothing: the program clears its line."""


class _Notebook:
    """An output of the cell, which is empty afterwards."""

    def __init__(self):
        self._next = time.monotonic() + _SOON
        self._line = None

    def write(self, text):
        lines = [line.strip() for line in re.split(r"[\r\n]", text) if line.strip()]
        if not lines or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PAUSE
        if self._line is None:
            from IPython.display import display

            self._line = display({"text/plain": lines[-1]}, raw=True, display_id=True)
        else:
            self._line.update({"text/plain": lines[-1]}, raw=True)

    def clear(self):
        if self._line is not None:
            self._line.update({"text/plain": ""}, raw=True)

"""The examples of the pages, run in the project's folder: python3 -m tests.pages [PAGE…]."""

import doctest
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/notebook.md",)
_BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.M | re.S)
_OPTIONS = doctest.ELLIPSIS


def failures(page):
    """Run a page's examples, one after the other in one interpreter; return how many fail, and how many there are."""
    text = (ROOT / page).read_text(encoding="utf-8")
    runner, parser, names = doctest.DocTestRunner(optionflags=_OPTIONS), doctest.DocTestParser(), {}
    for block in _BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(1))
        test = parser.get_doctest(block.group(1), names, page, page, line)
        runner.run(test, clear_globs=False)
        names = test.globs
    return runner.failures, runner.tries


def main(pages):
    os.chdir(ROOT)
    counts = [failures(page) for page in pages or PAGES]
    failed, tried = (sum(x) for x in zip(*counts))
    print(f"{tried} examples, {failed} failed")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

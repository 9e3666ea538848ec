"""How answers show themselves: in a terminal as the program's text, in a notebook as its tables and figures."""

import json
from html import escape


class Shown:
    """An answer with the program's own words.

    ``str(answer)`` is what the command line prints, ``answer.json`` what it writes with ``--format json``, byte for byte,
    ``html`` what a notebook shows ("" where the text says it all), and ``notes`` what was done to a table, a sentence each.
    """

    def shown(self, output, text, html, notes):
        """Keep the words, and the output whose first line the JSON is; return the answer."""
        self._words = {"output": output, "text": text, "html": html, "notes": list(notes)}
        return self

    @property
    def json(self):
        return self._word("output", b"").partition(b"\n")[0].decode()

    @property
    def html(self):
        return self._word("html", "")

    @property
    def notes(self):
        return self._word("notes", [])

    def _word(self, name, without):
        return self.__dict__.get("_words", {}).get(name, without)

    def to_dict(self):
        """Return the JSON as Python has it."""
        return json.loads(self.json)

    def __repr__(self):
        return self._word("text", "").rstrip("\n") or super().__repr__()

    __str__ = __repr__

    def sentences(self):
        """Return what the text has beside its table."""
        return []

    def _repr_html_(self):
        if self.html:
            return self.html
        columns = getattr(self, "columns", None)
        if columns and len(self):
            words = "".join(f"<p>{escape(line)}</p>" for line in self.sentences())
            return table(self, columns) + words
        return f"<pre>{escape(str(self))}</pre>"


_STYLE = """<style>
.contrastcheck-table .holds{color:#0b6b3a}.contrastcheck-table .refuted{color:#a4330b}
[data-jp-theme-light="false"] .contrastcheck-table .holds,.vscode-dark .contrastcheck-table .holds{color:#5bd68f}
[data-jp-theme-light="false"] .contrastcheck-table .refuted,.vscode-dark .contrastcheck-table .refuted{color:#ff9f6b}
@media(prefers-color-scheme:dark){body:not([data-jp-theme-light]):not(.vscode-light) .contrastcheck-table .holds{color:#5bd68f}
body:not([data-jp-theme-light]):not(.vscode-light) .contrastcheck-table .refuted{color:#ff9f6b}}
.contrastcheck-table td,.contrastcheck-table th{text-align:left!important}
</style>"""


def table(records, columns):
    """Return a table of records as a fragment of a page; columns that no record has are left out."""
    columns = [name for name in columns if any(getattr(r, name) is not None for r in records)]
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in columns)
    rows = "".join(f"<tr>{''.join(_cell(getattr(r, name)) for name in columns)}</tr>" for r in records)
    return f'<div class="contrastcheck-table">{_STYLE}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(value):
    if value is None:
        return "<td></td>"
    if isinstance(value, dict):
        value = ", ".join(f"{key} {x}" for key, x in value.items())
    if isinstance(value, list):
        value = " and ".join(str(x) for x in value)
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    if text in ("holds", "refuted"):
        return f'<td class="{text}"><b>{text}</b></td>'
    return f"<td>{escape(text)}</td>"

r"""How the texts of a source hold LaTeX: as it was written, stripped by a page, or not at all.

A page that strips LaTeX strips all of it, so a source that still has `$2\times$` did not lose backslashes elsewhere,
and what reads like a macro without one is as its authors typed it. Only where a source shows that it lost LaTeX are
names such as `times` and `sim` taken for symbols.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import polars as pl

Markup: TypeAlias = Literal["source", "stripped", "plain"]

STRIPPED_SHARE = 0.005
"""Share of texts with a certain sign of stripped LaTeX: 1.3 to 2.6 % in listings of Hugging Face, 0.14 % in abstracts
of arXiv, where authors typed it."""

_FEW_TEXTS = 1000
"""In a source with fewer texts a single sign is enough."""

_MATHEMATICS = r"\$[^$]{0,200}(?:\\[A-Za-z]|[_^{}=])[^$]{0,200}\$"
_LOST = (
    r"\dtimes(?:[^a-z]|$)|(?:^|[^a-z])sim(?:[013-9]|2[\d.%])|(?:leq|geq|approx)\d|(?:right|left)arrow"
    r"|(?:^| )(?:leq|geq|cdot|infty|ell_\w)(?: |\d|$)|\w_\{\w+\}|\^\{circ\}|\{(?:times|sim|approx)\}"
)


class Evidence(NamedTuple):
    """What the abstracts of a source say, in numbers of texts; evidence of parts of a source adds up."""

    texts: int
    with_mathematics: int
    with_losses: int

    def and_(self, other: Evidence) -> Evidence:
        """The evidence of both."""
        return Evidence(*(one + another for one, another in zip(self, other, strict=True)))

    @property
    def markup(self) -> Markup:
        """What it amounts to."""
        if self.with_mathematics > self.with_losses:
            return "source"
        is_stripped = self.with_losses > 0 and self.with_losses >= STRIPPED_SHARE * (self.texts - _FEW_TEXTS)
        return "stripped" if is_stripped else "plain"


NOTHING = Evidence(0, 0, 0)


def evidence(abstracts: pl.Series) -> Evidence:
    """The evidence in raw abstracts; null ones say nothing."""
    has_mathematics = abstracts.str.contains(_MATHEMATICS)
    has_losses = abstracts.str.contains(_LOST) & ~abstracts.str.contains(r"[$\\]")
    return Evidence(len(abstracts), int(has_mathematics.sum()), int(has_losses.sum()))

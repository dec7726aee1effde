"""docs/benchmarks.md: a section for each benchmark, which writes its own and leaves the others alone."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def write_section(heading: str, text: str, document: Path = DOCUMENT) -> None:
    """Puts the text under that heading of the second level: in place of what stood there, else at the end."""
    old = document.read_text(encoding="utf-8") if document.exists() else "# Benchmarks\n"
    section = f"## {heading}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(old):
        new = pattern.sub(lambda match: section if match.end() == len(old) else f"{section}\n", old)
    else:
        new = f"{old.rstrip()}\n\n{section}"
    document.write_text(new, encoding="utf-8")

"""How long the report of 100,000 papers takes to make and to open, into its section of docs/benchmarks.md.

Run by hand: ``make bench-report`` (it needs /usr/bin/chromium and some minutes). The papers are those of the seed over
and over, each with a title and a last sentence of its own, so that no two merge; they are read by `paperhouse run`.
"""

from __future__ import annotations

import os
import platform
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.document import write_section
from tests.browser import CHROMIUM, chromium, opened
from tests.support import SEED, dump, rows, run_direct

ROOT = Path(__file__).parent.parent
PAPERS = 100_000
_REPOSITORY = re.compile(r"github\.com/[\w-]+/[\w-]+")
RARE = "zyzzyva"  # a word that one title alone holds

_MAKE = """
import re, sys, time
from pathlib import Path
started = time.perf_counter()
from warehouse.report import write_report
path = write_report(Path(sys.argv[1]))
seconds = time.perf_counter() - started
(peak_kb,) = re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(seconds, int(peak_kb) / 1000, path)
"""
"""A process of its own; its resource usage would count the memory of the one that starts it, too."""


def big_dump(folder: Path) -> Path:
    """A listing of PAPERS papers: abstracts of the seed again and again, with titles and repositories of their own.

    Titles are drawn from the words of all titles: repeated ones would pack to nothing and flatter the size of the page.
    """
    seed = rows(folder / "seed", "SELECT title, abstract FROM papers ORDER BY paper_id")
    words = sorted({word for title, _ in seed for word in title.split() if word.isalpha()})
    draw = random.Random(1)
    texts = []
    for number in range(PAPERS - 1):
        title, abstract = seed[number % len(seed)]
        name, colon, rest = title.rpartition(": ")
        drawn = " ".join(draw.choices(words, k=len(rest.split())))
        texts.append((f"{name}{colon}{drawn} {number}", _REPOSITORY.sub(rf"\g<0>-{number}", abstract)))
    path = folder / "big.txt"
    path.write_bytes(dump([*texts, (f"A study of the {RARE} and its kind", seed[0][1])]))
    return path


def report() -> str:
    """The section of docs/benchmarks.md."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        run_direct(SEED, data=folder / "seed")
        started = time.perf_counter()
        outcome = run_direct(big_dump(folder), data=folder / "data", workers=os.cpu_count() or 1)
        run_seconds = time.perf_counter() - started
        made = subprocess.run(
            [sys.executable, "-c", _MAKE, str(folder / "data")], capture_output=True, text=True, check=True, cwd=ROOT
        )
        make_seconds, peak, path = made.stdout.split()
        page = Path(path)
        with chromium() as browser:
            first, search = _opened(browser, page)
            phone, _ = _opened(browser, page, width=390)
            version = browser.version
        ((links, numbers),) = rows(folder / "data", "SELECT link_count, metric_count FROM release")
        return _TEXT.format(
            papers=outcome.entry.paper_count,
            links=links,
            numbers=numbers,
            run=run_seconds,
            make=float(make_seconds),
            peak=float(peak),
            size=page.stat().st_size / 1e6,
            first=first,
            search=search,
            phone=phone,
            machine=f"{platform.machine()}, {os.cpu_count()} cores, Chromium {version}",
        )


def _opened(browser: object, page: Path, width: int = 1280) -> tuple[float, float]:
    """Seconds until all papers are unpacked and the first are shown, and until a search has found the rare one."""
    started = time.perf_counter()
    with opened(browser, page, width) as seen:  # type: ignore[arg-type]
        shown = time.perf_counter() - started
        assert f"All {PAPERS:,} papers" in seen.page.inner_text("#shown")
        started = time.perf_counter()
        seen.page.fill("#search", RARE)
        seen.page.locator("#shown", has_text=f"1 paper of {PAPERS:,}").wait_for()
        searched = time.perf_counter() - started
        assert seen.errors == []
        assert seen.requests == [page.as_uri()]
    return shown, searched


_TEXT = """
Written by `make bench-report`, on {machine}.

A release of {papers:,} papers, {links:,} links and {numbers:,} reported numbers: the abstracts of the seed again and
again, under titles drawn from its words, read by `paperhouse run` in {run:.0f} s.

| what | measured |
| --- | ---: |
| making the page | {make:.1f} s |
| memory at its peak | {peak:,.0f} MB |
| size of the page | {size:.1f} MB |
| opening it until the table holds all papers | {first:.1f} s |
| the same in a window of 390 pixels | {phone:.1f} s |
| the first search | {search:.2f} s |
"""


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(f"{CHROMIUM} is not there; `make chromium` installs it")
    write_section("Report", report())

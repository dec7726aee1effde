"""Papers a second of the reported metrics on one core, over the abstracts of ../shared, as in docs/benchmarks.md.

Run by hand: ``make bench-metrics`` (it needs ../shared). Every figure is the best of ROUNDS in processor time, the
stage and its peer in turns, so that a machine that slows down slows both. The peer is what a straightforward script
would do: split at full stops and look for numbers with two regular expressions, and bind nothing. If dist/ holds a
compiled wheel (``make compiled-wheel``), its stage is timed on the same papers right after.
"""

from __future__ import annotations

import cProfile
import os
import platform
import pstats
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["POLARS_MAX_THREADS"] = "1"

import polars as pl

from benchmarks.document import write_section
from transforms import papers
from transforms.latex import markup
from transforms.reported_metrics import reported_metrics
from transforms.reported_metrics.candidates import candidates, own_benchmarks
from warehouse.schema import lake_schema

ROOT = Path(__file__).parent.parent
ABSTRACTS = ROOT.parent / "shared" / "data" / "arxiv_60k.jsonl.zst"
ROUNDS = 5
SIZES = (5_000, 10_000, 20_000, 60_000)
PROFILED = 10_000

_TIMED = """
import sys, time
import polars as pl
from transforms.reported_metrics import reported_metrics
frame = pl.read_parquet(sys.argv[1])
times = []
for _ in range(int(sys.argv[2])):
    started = time.process_time()
    reported_metrics(frame)
    times.append(time.process_time() - started)
print(min(times))
"""

_SENTENCE = re.compile(r"(?<=[.!?]) ")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\s*(?:%|x\b|times|points?|ms|s\b|GB|MB|fps)?")
_NAME = re.compile(r"\b(?:accuracy|F1|BLEU|AUC|precision|recall|error|rate|score|speedup|latency|memory)\b", re.I)


def abstracts() -> pl.DataFrame:
    """The papers as the lake holds them before this stage: source_id, record_number, paper_id, title, abstract."""
    read = pl.read_ndjson(ABSTRACTS).with_row_index("record_number", offset=1)
    schema = lake_schema("raw_records")
    raw = read.select(
        pl.lit("benchmark").alias("source_id"),
        pl.col("record_number").cast(pl.Int64),
        pl.col("title").alias("title_raw"),
        pl.col("abstract").alias("abstract_raw"),
    )
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in raw.columns]
    raw = raw.with_columns(absent)
    evidence = markup.NOTHING.and_(markup.evidence(raw["abstract_raw"]))
    return papers.normalise(raw.select(list(schema)), evidence.markup)[0]


def peer(frame: pl.DataFrame) -> int:
    """Numbers beside names of metrics, by two regular expressions a sentence."""
    found = 0
    for text in frame["abstract"]:
        for sentence in _SENTENCE.split(text or ""):
            if _NAME.search(sentence):
                found += len(_NUMBER.findall(sentence))
    return found


def seconds(function: object, frame: pl.DataFrame) -> float:
    """Processor seconds of one call."""
    started = time.process_time()
    function(frame)  # type: ignore[operator]
    return time.process_time() - started


def measured(frame: pl.DataFrame) -> tuple[float, float, float]:
    """Best seconds of the stage, of its work over whole columns alone, and of the peer."""
    rounds = [
        (seconds(reported_metrics, frame), seconds(_over_columns, frame), seconds(peer, frame)) for _ in range(ROUNDS)
    ]
    stage, columns, by_peer = (min(times) for times in zip(*rounds, strict=True))
    return stage, columns, by_peer


def compiled(frame: pl.DataFrame) -> float | None:
    """Best seconds of the compiled stage; None if dist/ holds no wheel for this interpreter."""
    wheels = sorted((ROOT / "dist").glob(f"*-cp{sys.version_info.major}{sys.version_info.minor}-*.whl"))
    if not wheels:
        return None
    with TemporaryDirectory() as folder:
        zipfile.ZipFile(wheels[-1]).extractall(folder)
        papers = Path(folder) / "papers.parquet"
        frame.write_parquet(papers)
        command = [sys.executable, "-c", _TIMED, str(papers), str(ROUNDS)]
        environment = os.environ | {"PYTHONPATH": folder}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _over_columns(frame: pl.DataFrame) -> None:
    own_benchmarks(frame, candidates(frame)["paper"].unique())


def profile(frame: pl.DataFrame) -> list[tuple[str, float]]:
    """The share of the stage's time that each module takes in its own lines, the largest first."""
    profiler = cProfile.Profile()
    profiler.runcall(reported_metrics, frame)
    times: Counter[str] = Counter()
    for (path, _, name), (_, _, own, _, _) in pstats.Stats(profiler).stats.items():  # type: ignore[attr-defined]
        module = Path(path).name if "reported_metrics" in path else "polars" if "PyLazyFrame" in name else "python"
        times[module] += own
    total = sum(times.values())
    return [(module, own / total) for module, own in times.most_common(12)]


def report(frame: pl.DataFrame) -> str:
    """The section of docs/benchmarks.md."""
    rows = []
    for size in SIZES:
        stage, columns, by_peer = measured(frame.head(size))
        fast = compiled(frame.head(size))
        translated = f"{size / fast:,.0f} | {fast / by_peer:.1f}" if fast else "not built | "
        rows.append(
            f"| {size:,} | {size / stage:,.0f} | {columns / stage:.0%} "
            f"| {size / by_peer:,.0f} | {stage / by_peer:.1f} | {translated} |"
        )
    shares = "\n".join(f"| {module} | {share:.0%} |" for module, share in profile(frame.head(PROFILED)))
    return _TEXT.format(rows="\n".join(rows), shares=shares, machine=_machine(), rounds=ROUNDS, profiled=PROFILED)


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Polars {pl.__version__}"


_TEXT = """
Written by `make bench-metrics`, on {machine}.

One core, processor time, the best of {rounds} rounds; the abstracts are those of ../shared/data/arxiv_60k, repaired
before. "Over columns" is the share of the time that goes into choosing sentences over whole columns; the rest is
Python over the sentences that may hold a reported number. The peer splits texts at full stops and looks for numbers
and thirteen names of metrics with two regular expressions; it binds nothing and refuses nothing. The ratio is how many
times longer the stage takes: it should stay when the machine changes, and must not grow with the number of papers.
"Compiled" are the papers a second of the wheel that `make compiled-wheel` builds.

| papers | papers a second | over columns | papers a second of the peer | ratio | compiled | its ratio |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

Where {profiled:,} papers spend their time, by module, under a profiler (which makes Python look slower than Polars):

| module | share |
| --- | ---: |
{shares}
"""


if __name__ == "__main__":
    if not ABSTRACTS.exists():
        sys.exit(f"{ABSTRACTS} is not there")
    write_section("Reported metrics", report(abstracts()))

"""The compiled wheel gives the rows of the plain sources; run by ``make test-compiled``, for building takes minutes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import polars as pl
import pytest

from tests.support import ROOT, SEED
from transforms.reported_metrics import reported_metrics

GOLDEN = ROOT / "tests" / "golden" / "reported_metrics.jsonl"

READ = """
import sys
import polars as pl
from transforms.reported_metrics import reported_metrics, tokens
reported_metrics(pl.read_parquet(sys.argv[1])).write_parquet(sys.argv[2])
print(tokens.__file__)
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The folder of the unpacked wheel; built from a source distribution, so that nothing lands beside the sources."""
    folder = tmp_path_factory.mktemp("compiled")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(ROOT)]
    subprocess.run(build, env=os.environ | {"HATCH_BUILD_HOOKS_ENABLE": "1"}, capture_output=True, check=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    assert not wheel.name.endswith("-any.whl")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(folder / "site")], check=True)
    return folder / "site"


def papers() -> pl.DataFrame:
    """The golden texts, and the seed dump piece by piece, as abstracts."""
    golden = [json.loads(line)["text"] for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    seed = SEED.read_text(encoding="utf-8").split("\n")
    rows = [("s", number, f"p{number}", "", text) for number, text in enumerate([*golden, *seed], 1)]
    return pl.DataFrame(rows, schema=["source_id", "record_number", "paper_id", "title", "abstract"], orient="row")


def test_rows_are_those_of_the_plain_sources(unpacked, tmp_path):
    plain = papers()
    plain.write_parquet(tmp_path / "papers.parquet")
    command = [sys.executable, "-c", READ, str(tmp_path / "papers.parquet"), str(tmp_path / "rows.parquet")]
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip().startswith(str(unpacked))
    assert done.stdout.strip().endswith(".so")
    expected = reported_metrics(plain)
    assert expected.height > 500
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(expected)

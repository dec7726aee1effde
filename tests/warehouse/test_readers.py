"""Readers are never blocked: processes that query in a loop while releases are published and old ones pruned."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from tests.support import ROOT, release_file
from warehouse.build import Candidate
from warehouse.releases import Release, publish_release, releases

READERS, PUBLISHES, KEEP = 8, 30, 3

READER = """
import json, os, sys, time
from pathlib import Path
from warehouse.connect import open_warehouse

data, stop, seen = Path(sys.argv[1]), Path(sys.argv[2]), []
while not stop.exists():
    with open_warehouse(data) as connection:
        # Several queries: all of a connection must be of one release, also when another is published in between.
        ((release_id, count),) = connection.execute("SELECT release_id, paper_count FROM release").fetchall()
        time.sleep(0.01)
        assert connection.execute("SELECT count(*) FROM papers").fetchone() == (count,)
        titles = connection.execute("SELECT DISTINCT title FROM papers JOIN reported_metrics USING (paper_id)")
        assert titles.fetchall() == [(release_id,)]
        assert connection.execute("SELECT count(*) FROM reported_metrics").fetchone() == (2 * count,)
    (stop.parent / f"seen-{release_id}-{os.getpid()}").touch()
    time.sleep(0.05)
    if release_id not in seen:
        seen.append(release_id)
print(json.dumps(seen))
"""


@pytest.fixture
def publish(tmp_path):
    """Publishes a release of some papers, two numbers each; returns its id."""
    empty = release_file(tmp_path / "empty.duckdb")
    data = tmp_path / "data"
    started = datetime(2026, 1, 1, tzinfo=UTC)

    def once(number):
        building = data / "releases" / ".building"
        building.mkdir(parents=True, exist_ok=True)
        at = started + timedelta(seconds=number)
        release = Release(
            f"{at:%Y%m%dT%H%M%SZ}-{number:08x}", "run", at, "v", f"{number:064x}", number, 0, 2 * number, 0
        )
        candidate = Candidate(shutil.copy(empty, building / "release.duckdb"), release, {}, [])
        with duckdb.connect(str(candidate.path)) as connection:
            papers = f"range({number}) AS numbers(n)"
            connection.execute(f"INSERT INTO papers (paper_id, title) SELECT n, '{release.release_id}' FROM {papers}")
            for part in (1, 2):
                connection.execute(f"INSERT INTO reported_metrics (metric_id, paper_id) SELECT {part}, n FROM {papers}")
            connection.execute(
                f"INSERT INTO release (release_id, paper_count) VALUES ('{release.release_id}', {number})"
            )
        return publish_release(data, candidate, KEEP)

    return once


def wait_for(readers, folder, release_id):
    """Returns when every reader has seen the release, or one has died."""
    while len(list(folder.glob(f"seen-{release_id}-*"))) < READERS and not any(reader.poll() for reader in readers):
        time.sleep(0.05)


@pytest.mark.slow
def test_eight_readers_and_thirty_publishes(publish, tmp_path):
    data, stop = tmp_path / "data", tmp_path / "stop"
    published = [publish(1)]
    command = [sys.executable, "-c", READER, str(data), str(stop)]
    readers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(READERS)
    ]
    try:
        wait_for(readers, tmp_path, published[0])
        for number in range(2, PUBLISHES + 1):
            published.append(publish(number))
            time.sleep(0.05)
        wait_for(readers, tmp_path, published[-1])
    finally:
        stop.touch()
        ended = [reader.communicate(timeout=60) for reader in readers]
    assert [errors for _, errors in ended if errors] == []
    assert [path.stem for path in releases(data)] == published[: -KEEP - 1 : -1]
    for output, _ in ended:
        seen = json.loads(output)
        assert set(seen) <= set(published)
        assert seen == sorted(seen), "a reader saw an earlier release again"
        assert len(seen) >= 5, "too slow to see releases come"
        assert seen[-1] == published[-1]


def test_a_reader_that_stays_open_keeps_its_release_after_it_was_pruned(publish, tmp_path):
    first = publish(1)
    with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb"), read_only=True) as reader:
        for number in range(2, KEEP + 3):
            publish(number)
        assert not (tmp_path / "data" / "releases" / f"{first}.duckdb").exists()
        assert reader.execute("SELECT count(*), any_value(title) FROM papers").fetchall() == [(1, first)]

"""What is published: a sealed file, replaced in one step, readable by old and new readers."""

from __future__ import annotations

import json

import duckdb
import pytest

from tests.support import dump, papers, rows, run_direct
from warehouse.connect import open_warehouse
from warehouse.errors import DiskFullError
from warehouse.ledger import Ledger
from warehouse.releases import publish_release, releases


def test_the_published_file_is_read_only_and_of_the_old_storage_format(seed_data):
    warehouse = seed_data / "warehouse.duckdb"
    assert warehouse.stat().st_mode & 0o777 == 0o444
    assert not warehouse.with_name("warehouse.duckdb.wal").exists()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        ((tags,),) = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'warehouse'"
        ).fetchall()
    assert tags["storage_version"].startswith("v1.0.0")


def test_marts_answer_when_the_file_is_attached_under_another_name(seed_data):
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{seed_data / 'warehouse.duckdb'}' AS elsewhere (READ_ONLY)")
        assert connection.execute("SELECT count(*) > 0 FROM elsewhere.leaderboard").fetchone() == (True,)


def test_an_open_reader_keeps_its_release_and_the_next_one_sees_the_new(tmp_path):
    data = tmp_path / "data"
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    run_direct(tmp_path / "a.txt", data=data)
    reader = open_warehouse(data)
    (tmp_path / "b.txt").write_bytes(dump(papers("foxes", "owls")))
    run_direct(tmp_path / "b.txt", data=data)
    assert reader.execute("SELECT count(*) FROM papers").fetchone() == (1,)
    reader.close()
    assert rows(data, "SELECT count(*) FROM papers") == [(3,)]


def test_a_stale_log_beside_the_old_file_is_not_replayed_into_the_new_one(tmp_path):
    data = tmp_path / "data"
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    run_direct(tmp_path / "a.txt", data=data)
    (data / "warehouse.duckdb.wal").write_bytes(b"stale")
    (tmp_path / "b.txt").write_bytes(dump(papers("foxes")))
    run_direct(tmp_path / "b.txt", data=data)
    assert not (data / "warehouse.duckdb.wal").exists()
    assert rows(data, "SELECT count(*) FROM papers") == [(2,)]


def test_publishing_again_after_a_crash_between_its_renames(tmp_path, monkeypatch):
    from warehouse import releases as module

    data = tmp_path / "data"
    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    published = []

    def crash_once(data, candidate, keep):
        with monkeypatch.context() as patch:
            patch.setattr(module, "_point_at", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                publish_release(data, candidate, keep)
        published.append(publish_release(data, candidate, keep))
        return published[-1]

    monkeypatch.setattr(module, "publish_release", crash_once)
    assert run_direct(tmp_path / "a.txt", data=data).entry.release_id == published[0]
    assert [path.stem for path in releases(data)] == published


def test_a_full_disk_is_told_before_the_build(tmp_path, monkeypatch):
    from warehouse import build

    (tmp_path / "a.txt").write_bytes(dump(papers("otters")))
    monkeypatch.setattr(build.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(DiskFullError, match="needs about"):
        run_direct(tmp_path / "a.txt", data=tmp_path / "data")
    assert not (tmp_path / "data" / "warehouse.duckdb").exists()
    assert Ledger(tmp_path / "data").entries()[-1]["error"].startswith("DiskFullError")


def test_the_ledger_holds_what_the_release_says_of_its_run(seed_data):
    (path,) = (seed_data / "runs").glob("*.json")
    entry = json.loads(path.read_text())
    ((release_id, run_id, content_hash),) = rows(seed_data, "SELECT release_id, run_id, content_hash FROM release")
    assert (entry["release_id"], entry["run_id"], entry["content_hash"]) == (release_id, run_id, content_hash)
    assert len(entry["checks"]) == rows(seed_data, "SELECT count(*) FROM validation_results")[0][0]

"""Whole runs in process: what is counted, what is skipped, and what bad input leaves behind."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import ClassVar

import pytest
from filelock import FileLock

from flows.settings import load
from tests.support import ROOT, SEED, content, dump, papers, rows, run_direct, write
from warehouse.errors import DataFolderBusyError, InputError, LakeDamagedError
from warehouse.lake import Lake
from warehouse.ledger import Ledger
from warehouse.releases import releases


def test_a_run_on_the_seed_loads_every_paper(seed_data):
    entry = Ledger(seed_data).entries()[-1]
    assert (entry["record_count"], entry["loaded_count"], entry["rejected_count"]) == (316, 316, 0)
    assert rows(seed_data, "SELECT count(*) FROM papers") == [(316,)]
    assert rows(seed_data, "SELECT status, record_count, paper_count FROM runs") == [("published", 316, 316)]
    assert rows(
        seed_data, "SELECT count(*) FROM validation_results WHERE NOT is_success AND severity = 'critical'"
    ) == [(0,)]


def test_there_are_at_least_30_checks_each_with_its_reason(seed_data):
    checks = rows(seed_data, "SELECT severity, detail FROM validation_results")
    assert len(checks) >= 30
    assert {severity for severity, _ in checks} == {"critical", "warning"}
    assert all(len(detail) > 5 for _, detail in checks)


def test_running_twice_changes_nothing(tmp_path):
    source = write(tmp_path / "a.txt", "otters", "badgers")
    first = run_direct(source, data=tmp_path / "data")
    before = (tmp_path / "data" / "warehouse.duckdb").stat()
    second = run_direct(source, data=tmp_path / "data")
    after = (tmp_path / "data" / "warehouse.duckdb").stat()
    assert (first.entry.status, second.entry.status) == ("published", "unchanged")
    assert second.entry.release_id == first.entry.release_id
    assert second.to_json()["sources"] == {"new": 0, "skipped": 1, "failed": 0}
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [entry["status"] for entry in Ledger(tmp_path / "data").entries()] == ["published", "unchanged"]


def test_the_same_content_under_two_names_is_loaded_once_and_both_names_are_kept(tmp_path):
    first = write(tmp_path / "a.txt", "otters", "badgers")
    second = tmp_path / "b.txt.gz"
    second.write_bytes(gzip.compress(first.read_bytes()))
    outcome = run_direct(first, second, data=tmp_path / "data")
    assert outcome.to_json()["sources"] == {"new": 1, "skipped": 0, "failed": 0}
    assert rows(tmp_path / "data", "SELECT count(*) FROM papers") == [(2,)]
    assert rows(tmp_path / "data", "SELECT uri FROM source_uris ORDER BY uri") == [(str(first),), (str(second),)]


def test_a_second_name_that_comes_later_is_recorded(tmp_path):
    first = write(tmp_path / "a.txt", "otters", "badgers")
    run_direct(first, data=tmp_path / "data")
    second = write(tmp_path / "b.txt", "otters", "badgers")
    outcome = run_direct(second, data=tmp_path / "data")
    assert outcome.to_json()["sources"] == {"new": 0, "skipped": 1, "failed": 0}
    assert rows(tmp_path / "data", "SELECT uri FROM source_uris ORDER BY uri") == [(str(first),), (str(second),)]


class TestBadInput:
    """Each bad file is named in one line or leaves rejects, and the good ones load."""

    BAD: ClassVar = {
        "empty.txt": b"",
        "binary.txt": b"\0\1\2\3" * 100,
        "cut.txt.gz": gzip.compress(dump(papers("newts")) * 50)[:-30],
        "furniture.txt": b"Get trending papers in your email inbox once a day!\n",
    }

    @pytest.mark.parametrize("name", BAD)
    def test_a_bad_file_alone_is_no_readable_input(self, tmp_path, name):
        path = tmp_path / name
        path.write_bytes(self.BAD[name])
        outcome = run_direct(path, data=tmp_path / "data")
        assert outcome.exit_code == 2
        assert outcome.entry.status == "failed"
        assert [str(path) in str(error) for error in outcome.failures] == [True]
        assert not (tmp_path / "data" / "warehouse.duckdb").exists()
        assert Ledger(tmp_path / "data").entries()[-1]["failures"][0]["uri"] == str(path)

    def test_good_files_beside_bad_ones_load(self, tmp_path):
        (tmp_path / "in").mkdir()
        for name, bad in self.BAD.items():
            (tmp_path / "in" / name).write_bytes(bad)
        write(tmp_path / "in" / "good.txt", "otters")
        outcome = run_direct(tmp_path / "in", tmp_path / "missing.txt", data=tmp_path / "data")
        assert outcome.exit_code == 0
        assert outcome.to_json()["sources"] == {"new": 1, "skipped": 0, "failed": len(self.BAD) + 1}
        failed = rows(tmp_path / "data", "SELECT reason FROM source_failures ORDER BY reason")
        assert [reason for (reason,) in failed] == [
            "binary_file",
            "damaged_compression",
            "empty_file",
            "missing_file",
            "no_records",
        ]

    def test_rejects_keep_their_text_line_and_reason(self, tmp_path):
        otters, foxes = papers("otters", "foxes")
        lines = [*otters, "A title that stands alone", *foxes, "Invalid", "x" * 400, "Too long", "y" * 1_000_001, "Odd"]
        (tmp_path / "a.txt").write_bytes("\n".join(lines).encode().replace(b"Invalid", b"Inv\xe4lid"))
        outcome = run_direct(tmp_path / "a.txt", data=tmp_path / "data")
        assert outcome.to_json()["records"] == {"read": 6, "loaded": 2, "duplicate": 0, "rejected": 4}
        found = rows(
            tmp_path / "data", "SELECT line_number, reason, left(text_raw, 12) FROM rejects ORDER BY line_number"
        )
        assert found == [
            (3, "title_without_abstract", "A title that"),
            (6, "invalid_utf8", "Inv\\xe4lid\nx"),
            (8, "abstract_too_long", "Too long\nyyy"),
            (10, "title_without_abstract", "Odd"),
        ]

    def test_odd_records_never_refuse_the_release(self, tmp_path):
        odd = [
            f"It reaches an accuracy of {'9' * 400}% on ImageNet. " + "We show more of it. " * 20,
            "Our code is at https://github.com/Ali/\u0130stanbul and https://github.com/\u0391nn/tool. " * 5,
            "Nothing but \x01\x07 and \u202e controls, =cmd|' /C calc'!A0 and <script>alert(1)</script>. " * 5,
            "See javascript:alert(1), data:text/html,x, file:///etc/passwd and http://1.2.3.4:99999/x. " * 5,
        ]
        (tmp_path / "a.txt").write_bytes(dump([(f"Odd record {n}", text) for n, text in enumerate(odd)]))
        outcome = run_direct(tmp_path / "a.txt", data=tmp_path / "data")
        assert outcome.to_json()["records"] == {"read": 4, "loaded": 4, "duplicate": 0, "rejected": 0}
        assert outcome.entry.status == "published"
        assert rows(tmp_path / "data", "SELECT DISTINCT split_part(url, ':', 1) FROM links ORDER BY ALL")[0] == (
            "https",
        )

    def test_a_file_that_changes_while_it_is_read_is_refused(self, tmp_path, monkeypatch):
        from flows import sources, steps

        source = write(tmp_path / "a.txt", "otters")
        dumps = iter([sources.identify(source), sources.Dump(source, "0" * 64, 1)])
        monkeypatch.setattr(steps.sources, "identify", lambda path: next(dumps))
        outcome = run_direct(source, data=tmp_path / "data")
        assert [error.reason for error in outcome.failures] == ["changed_while_read"]
        assert Lake(tmp_path / "data").source_ids() == []


def test_a_run_that_breaks_is_in_the_ledger_and_leaves_the_release(tmp_path, monkeypatch):
    from transforms import links

    run_direct(write(tmp_path / "a.txt", "otters"), data=tmp_path / "data")
    before = rows(tmp_path / "data", "SELECT release_id FROM release")
    monkeypatch.setattr(links, "links", lambda papers: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_direct(write(tmp_path / "b.txt", "foxes"), data=tmp_path / "data")
    monkeypatch.undo()
    assert rows(tmp_path / "data", "SELECT release_id FROM release") == before
    assert Ledger(tmp_path / "data").entries()[-1]["status"] == "failed"
    outcome = run_direct(tmp_path / "b.txt", data=tmp_path / "data")
    assert outcome.to_json()["records"]["loaded"] == 1
    assert rows(tmp_path / "data", "SELECT status FROM runs ORDER BY started_at") == [
        ("published",),
        ("failed",),
        ("published",),
    ]


def test_a_data_folder_may_have_any_name(tmp_path):
    data = tmp_path / "it's [1] *data*"
    assert run_direct(write(tmp_path / "a.txt", "otters"), data=data).entry.status == "published"
    assert run_direct(write(tmp_path / "b.txt", "foxes"), data=data).entry.status == "published"
    assert rows(data, "SELECT count(*) FROM papers") == [(2,)]


def test_a_file_name_may_hold_any_bytes(tmp_path):
    (tmp_path / "in").mkdir()
    name = os.fsencode(tmp_path / "in") + b"/bad\xff [1].txt"
    with open(name, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(dump(papers("otters")))
    assert run_direct(tmp_path / "in", data=tmp_path / "data").entry.status == "published"
    assert rows(tmp_path / "data", "SELECT uri FROM source_uris")[0][0].endswith("/bad\\xff [1].txt")


def test_a_killed_run_stays_in_the_ledger(tmp_path, monkeypatch):
    source = write(tmp_path / "a.txt", "otters")
    with monkeypatch.context() as patch:
        # What SIGKILL leaves: the entry as the run wrote it when it began.
        patch.setattr("flows.pipeline._ingest", lambda *_: os._exit(9))
        child = os.fork()
        if child == 0:
            run_direct(source, data=tmp_path / "data")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    (entry,) = Ledger(tmp_path / "data").entries()
    assert (entry["status"], entry["error"]) == ("failed", "interrupted")
    run_direct(source, data=tmp_path / "data")
    assert [status for (status,) in rows(tmp_path / "data", "SELECT status FROM runs ORDER BY status")] == [
        "failed",
        "published",
    ]


def test_a_damaged_entry_of_the_ledger_is_told_and_left_out(tmp_path, caplog):
    run_direct(write(tmp_path / "a.txt", "otters"), data=tmp_path / "data")
    (entry,) = (tmp_path / "data" / "runs").glob("*.json")
    entry.write_text(entry.read_text()[:100])
    assert run_direct(write(tmp_path / "b.txt", "foxes"), data=tmp_path / "data").entry.status == "published"
    assert str(entry) in caplog.text


@pytest.mark.slow
class TestDamage:
    """What happens to the data folder between runs."""

    @pytest.fixture
    def data(self, tmp_path):
        run_direct(write(tmp_path / "a.txt", "otters", "foxes"), data=tmp_path / "data")
        return tmp_path / "data"

    @staticmethod
    def part(data, table):
        (path,) = (data / "lake" / table).glob("*/part-00000.parquet")
        return path

    @pytest.mark.parametrize("table", ["links", "sources", "source_uris"])
    @pytest.mark.parametrize("damage", ["truncated", "gone"])
    def test_a_part_that_cant_be_read_is_named_and_derived_again_from_its_dump(self, data, tmp_path, table, damage):
        before = content(data)
        part = self.part(data, table)
        part.write_bytes(part.read_bytes()[:100]) if damage == "truncated" else part.unlink()
        if table == "links":
            with pytest.raises(LakeDamagedError, match=r"lake/links.*run its dump again: .*a\.txt"):
                run_direct(write(tmp_path / "b.txt", "owls"), data=data)
            (tmp_path / "b.txt").unlink()
        run_direct(tmp_path / "a.txt", data=data)
        after = content(data)
        for name in ("papers", "links", "reported_metrics", "source_uris"):
            assert not set(before[name]) - set(after[name]), name

    def test_rows_of_a_part_that_went_missing_refuse_the_release(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PAPERHOUSE_CHUNK_RECORDS", "1")
        source = write(tmp_path / "a.txt", "otters", "foxes")
        run_direct(source, data=tmp_path / "data")
        (part,) = (tmp_path / "data" / "lake" / "links").glob("*/part-00001.parquet")
        part.unlink()
        outcome = run_direct(source, data=tmp_path / "data")
        assert outcome.exit_code == 3
        assert "links_are_all_there" in [check.expectation for check in outcome.checks if check.refuses]

    @pytest.mark.parametrize("damage", ["truncated", "gone"])
    def test_a_warehouse_that_cant_be_read_is_published_again(self, data, tmp_path, damage):
        warehouse = data / "warehouse.duckdb"
        whole = warehouse.read_bytes()
        warehouse.unlink()
        if damage == "truncated":
            warehouse.write_bytes(whole[:5000])
        assert run_direct(tmp_path / "a.txt", data=data).entry.status == "published"
        assert rows(data, "SELECT count(*) FROM papers") == [(2,)]


def test_a_mart_that_changed_makes_a_release(tmp_path, monkeypatch):
    from warehouse import build

    source = write(tmp_path / "a.txt", "otters")
    run_direct(source, data=tmp_path / "data")
    real = build._sql
    changed = {"dataset_usage": "SELECT 1 AS new_column"}
    monkeypatch.setattr(build, "_sql", lambda folder, name: changed.get(name) or real(folder, name))
    monkeypatch.setattr("flows.pipeline.build_version", lambda: "changed")
    assert run_direct(source, data=tmp_path / "data").entry.status == "published"
    assert rows(tmp_path / "data", "SELECT new_column FROM dataset_usage") == [(1,)]


def test_two_runs_at_once_on_one_data_folder(tmp_path):
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / ".lock"), pytest.raises(DataFolderBusyError, match="another run"):
        run_direct(write(tmp_path / "a.txt", "otters"), data=tmp_path / "data")


@pytest.mark.slow
def test_old_releases_are_pruned_and_the_present_one_never_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PAPERHOUSE_KEEP_RELEASES", "2")
    for name in ("otters", "foxes", "owls"):
        run_direct(write(tmp_path / f"{name}.txt", name), data=tmp_path / "data")
    kept = releases(tmp_path / "data")
    assert len(kept) == 2
    assert kept[0].samefile(tmp_path / "data" / "warehouse.duckdb")
    assert kept[0].stat().st_mode & 0o777 == 0o444


@pytest.mark.slow
def test_a_change_of_vocabulary_derives_the_sources_again(tmp_path):
    """In a copy of the project, so that this one stays as it is: the version is a hash of what the rows depend on."""
    import shutil

    project = tmp_path / "project"
    for package in ("flows", "transforms", "expectations", "warehouse", "seeds"):
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("__pycache__"))

    def run() -> dict:
        command = [
            sys.executable,
            "-m",
            "flows.cli",
            "run",
            "--direct",
            "--json",
            "--data",
            str(tmp_path / "data"),
            str(SEED),
        ]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    assert run()["status"] == "published"
    assert run()["sources"] == {"new": 0, "skipped": 1, "failed": 0}
    with (project / "seeds" / "vocabulary" / "page_furniture.csv").open("a") as lines:
        lines.write("Sign up to vote on papers,line,A line that this dump does not hold\n")
    again = run()
    assert again["sources"] == {"new": 1, "skipped": 0, "failed": 0}
    assert again["status"] == "unchanged"  # the rows are the same, so no release is made
    assert again["papers"] == 316


def test_a_wrong_setting_is_one_line(monkeypatch):
    monkeypatch.setenv("PAPERHOUSE_CHUNK_RECORDS", "many")
    with pytest.raises(InputError, match="setting chunk_records"):
        load()

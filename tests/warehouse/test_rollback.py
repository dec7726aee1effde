"""Going back to an earlier release, and what later runs do then."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest

from tests.support import rows, run_direct, write
from warehouse.connect import open_warehouse
from warehouse.diff import stored_difference
from warehouse.errors import InputError, PaperhouseError
from warehouse.releases import new_release_id, pinned_release_id, present_release, releases, rollback, unpin


def papers_seen(data):
    return rows(data, "SELECT count(*) FROM papers")[0][0]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A data folder with a release of one paper and one of two; the third source is not read yet."""
    folder = tmp_path_factory.mktemp("made")
    for name in ("otters", "foxes", "owls"):
        write(folder / f"{name}.txt", name)
    for name in ("otters", "foxes"):
        run_direct(folder / f"{name}.txt", data=folder / "data")
    return folder


@pytest.fixture
def two_releases(made, tmp_path):
    return shutil.copytree(made / "data", tmp_path / "data")


def test_rollback_pins_and_runs_publish_again_after_unpin(two_releases, made):
    newest, oldest = [path.stem for path in releases(two_releases)]
    assert rollback(two_releases).release_id == oldest
    assert (papers_seen(two_releases), pinned_release_id(two_releases)) == (1, oldest)

    pinned = run_direct(made / "owls.txt", data=two_releases)
    assert (pinned.entry.status, pinned.entry.release_id, pinned.to_json()["pinned"]) == ("unchanged", oldest, oldest)
    assert (pinned.to_json()["sources"]["new"], papers_seen(two_releases)) == (1, 1)
    again = run_direct(made / "owls.txt", data=two_releases)
    assert (again.entry.status, again.to_json()["sources"]["skipped"]) == ("unchanged", 1)

    assert unpin(two_releases) == oldest
    published = run_direct(made / "owls.txt", data=two_releases)
    assert (published.entry.status, papers_seen(two_releases)) == ("published", 3)
    assert published.entry.release_id > newest
    with open_warehouse(two_releases) as connection:
        papers = stored_difference(connection).tables[0]
    assert (papers.before_release_id, papers.added_count) == (oldest, 2)
    assert run_direct(made / "owls.txt", data=two_releases).entry.status == "unchanged"


def test_after_unpin_what_was_rolled_back_is_shown_again_and_no_second_release_made_of_it(two_releases, made):
    newest, oldest = [path.stem for path in releases(two_releases)]
    rollback(two_releases)
    unpin(two_releases)
    published = run_direct(made / "otters.txt", data=two_releases)
    assert (published.entry.status, published.entry.release_id) == ("published", newest)
    assert [path.stem for path in releases(two_releases)] == [newest, oldest]
    assert papers_seen(two_releases) == 2
    assert run_direct(made / "otters.txt", data=two_releases).entry.status == "unchanged"


class TestTheOneBefore:
    """Rollback without an id goes to what readers saw before, whatever the ids say."""

    def test_a_release_that_was_rolled_back_is_never_gone_back_to(self, two_releases, made):
        bad, good = [path.stem for path in releases(two_releases)]
        rollback(two_releases)
        unpin(two_releases)
        published = run_direct(made / "owls.txt", data=two_releases).entry.release_id
        assert rollback(two_releases).release_id == good
        assert rollback(two_releases, published).release_id == published
        assert rollback(two_releases).release_id == good
        assert bad in [path.stem for path in releases(two_releases)]

    def test_a_release_that_is_shown_again_comes_after_the_one_between(self, two_releases, made):
        second, first = [path.stem for path in releases(two_releases)]
        rollback(two_releases)
        unpin(two_releases)
        run_direct(made / "otters.txt", data=two_releases)
        assert present_release(two_releases).release_id == second
        assert rollback(two_releases).release_id == first

    def test_what_readers_saw_last_is_kept_not_what_was_rolled_back(self, two_releases, made, monkeypatch):
        _, good = [path.stem for path in releases(two_releases)]
        rollback(two_releases)
        unpin(two_releases)
        monkeypatch.setenv("PAPERHOUSE_KEEP_RELEASES", "2")
        published = run_direct(made / "owls.txt", data=two_releases).entry.release_id
        assert [path.stem for path in releases(two_releases)] == [published, good]

    @pytest.mark.parametrize("note", [None, "{", '["nowhere"]'])
    def test_a_note_that_is_lost_or_damaged_leaves_the_order_of_the_ids(self, two_releases, note):
        path = two_releases / "releases" / "shown.json"
        path.unlink() if note is None else path.write_text(note)
        if note == '["nowhere"]':
            with pytest.raises(InputError, match="no release before"):
                rollback(two_releases)
        else:
            assert rollback(two_releases).release_id == releases(two_releases)[-1].stem


def test_a_crash_between_pin_and_rename_is_finished_by_the_next_run(two_releases, made, monkeypatch):
    from warehouse import releases as module

    oldest = releases(two_releases)[-1].stem
    with monkeypatch.context() as patch:
        patch.setattr(module, "_point_at", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rollback(two_releases)
    assert papers_seen(two_releases) == 2
    assert run_direct(made / "owls.txt", data=two_releases).entry.release_id == oldest
    assert papers_seen(two_releases) == 1


def test_a_pinned_release_that_is_gone_says_what_ends_the_pin(two_releases, made):
    rollback(two_releases)
    (two_releases / "warehouse.duckdb").unlink()
    releases(two_releases)[-1].unlink()
    with pytest.raises(InputError, match="it is pinned, `paperhouse unpin` ends that"):
        run_direct(made / "owls.txt", data=two_releases)


def test_rollback_by_the_start_of_an_id_goes_back_and_forth(two_releases):
    newest, oldest = [path.stem for path in releases(two_releases)]
    assert rollback(two_releases, oldest).release_id == oldest
    assert rollback(two_releases, newest[:-2]).release_id == newest
    assert (papers_seen(two_releases), pinned_release_id(two_releases)) == (2, newest)


@pytest.mark.parametrize(
    ("release_id", "says"), [("nowhere", "names no release"), ("2", "names several releases"), ("../x", "names no")]
)
def test_a_release_that_is_not_there_is_said_and_nothing_changes(two_releases, release_id, says):
    with pytest.raises(InputError, match=says):
        rollback(two_releases, release_id)
    assert (papers_seen(two_releases), pinned_release_id(two_releases)) == (2, None)


def test_there_is_nothing_before_the_first_release(two_releases):
    rollback(two_releases)
    with pytest.raises(InputError, match="no release before"):
        rollback(two_releases)


def test_a_damaged_release_is_never_rolled_back_to(two_releases):
    oldest = releases(two_releases)[-1]
    oldest.chmod(0o644)
    oldest.write_bytes(oldest.read_bytes()[:5000])
    with pytest.raises(PaperhouseError, match="can't be read; the present one stays"):
        rollback(two_releases)
    assert (papers_seen(two_releases), pinned_release_id(two_releases)) == (2, None)


def test_a_pinned_release_comes_back_where_the_warehouse_was_deleted(two_releases, made):
    rollback(two_releases)
    (two_releases / "warehouse.duckdb").unlink()
    assert run_direct(made / "owls.txt", data=two_releases).entry.status == "unchanged"
    assert papers_seen(two_releases) == 1


def test_a_pin_that_can_not_be_read_stops_runs_until_it_is_removed(two_releases, made):
    (two_releases / "releases" / "pinned.json").write_text("{")
    with pytest.raises(PaperhouseError, match="`paperhouse unpin` removes it"):
        run_direct(made / "owls.txt", data=two_releases)
    unpin(two_releases)
    assert run_direct(made / "owls.txt", data=two_releases).entry.status == "published"


def test_a_ledger_that_was_lost_makes_no_release_of_the_same_content(two_releases, made):
    present = present_release(two_releases)
    for path in (two_releases / "runs").glob("*.json"):
        path.unlink()
    outcome = run_direct(made / "otters.txt", data=two_releases)
    assert (outcome.entry.status, outcome.entry.release_id) == ("unchanged", present.release_id)


@pytest.mark.parametrize(
    ("newest", "now", "expected"),
    [
        (None, datetime(2026, 1, 31, 12, tzinfo=UTC), "20260131T120000Z-abcdef01"),
        ("20260131T120000Z-ffffffff", datetime(2026, 1, 31, 12, tzinfo=UTC), "20260131T120001Z-abcdef01"),
        ("20260131T235959Z-00000000", datetime(2026, 1, 31, 12, tzinfo=UTC), "20260201T000000Z-abcdef01"),
        ("20260131T110000Z-ffffffff", datetime(2026, 1, 31, 12, tzinfo=UTC), "20260131T120000Z-abcdef01"),
    ],
    ids=["first", "same second", "clock went back", "later"],
)
def test_ids_rise_even_where_the_clock_does_not(tmp_path, newest, now, expected):
    (tmp_path / "releases").mkdir()
    if newest:
        (tmp_path / "releases" / f"{newest}.duckdb").touch()
    assert new_release_id(tmp_path, now, "abcdef0123456789") == expected


def test_the_pin_says_when(two_releases):
    rollback(two_releases)
    pin = json.loads((two_releases / "releases" / "pinned.json").read_text())
    assert datetime.fromisoformat(pin["pinned_at"]).tzinfo is not None

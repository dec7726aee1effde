"""Runs on several sources: one row per paper whatever they are called, how they overlap and in what order they come."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from tests.support import ABSTRACT, content, dump, rows, run_direct, write
from warehouse.lake import Lake


def test_duplicates_across_and_within_sources_are_counted_and_marked(tmp_path):
    one = write(tmp_path / "a.txt", "otters", "badgers", "otters")
    two = write(tmp_path / "b.txt", "badgers", "foxes")
    outcome = run_direct(one, two, data=tmp_path / "data")
    assert outcome.to_json()["records"] == {"read": 5, "loaded": 3, "duplicate": 2, "rejected": 0}
    assert rows(tmp_path / "data", "SELECT count(*) FILTER (is_duplicate), count(*) FROM paper_sources") == [(2, 5)]
    assert rows(tmp_path / "data", "SELECT max(source_count), count(*) FROM papers") == [(2, 3)]
    conserved = "SELECT bool_and(record_count = loaded_count + duplicate_count + rejected_count) FROM sources"
    assert rows(tmp_path / "data", conserved) == [(True,)]


def test_one_paper_under_two_texts_keeps_one_id_and_an_alias(tmp_path):
    title = "Otters: a study of rivers"
    (tmp_path / "a.txt").write_bytes(dump([(title, ABSTRACT), ("Introduction", "Words about one thing. " * 20)]))
    (tmp_path / "b.txt").write_bytes(
        dump([(title, f"{ABSTRACT} And one more."), ("Introduction", "Other matters here. " * 20)])
    )
    run_direct(tmp_path, data=tmp_path / "data")
    assert rows(tmp_path / "data", "SELECT title, source_count FROM papers ORDER BY title, source_count") == [
        ("Introduction", 1),  # a title alone never merges
        ("Introduction", 1),
        (title, 2),
    ]
    ((kept, merged),) = rows(tmp_path / "data", "SELECT paper_id, merged_paper_id FROM paper_aliases")
    assert kept < merged
    assert rows(tmp_path / "data", f"SELECT abstract FROM papers WHERE paper_id = '{kept}'")[0][0].endswith("one more.")


PAGE = f"""# Trending
### Otters: learning from otters examples of a kind

{ABSTRACT.format(name="otters")}
- 8 authors
[LINK: GitHub 2k](https://github.com/example/otters-page)
[arXiv page](https://arxiv.org/abs/2401.00002)

### Owls: a page of their own

{ABSTRACT.format(name="owls")}

[arXiv page](https://arxiv.org/abs/2401.00001)
"""


def test_what_a_page_shows_belongs_to_the_paper_whichever_record_gives_it_its_text(tmp_path):
    (tmp_path / "page.md").write_text(PAGE, encoding="utf-8")
    longer = ABSTRACT.format(name="otters") + " A word more."
    (tmp_path / "plain.txt").write_bytes(dump([("Otters: learning from otters examples of a kind", longer)]))
    run_direct(tmp_path, data=tmp_path / "data")
    of_otters = "FROM links JOIN papers USING (paper_id) WHERE title LIKE 'Otters%' ORDER BY link_number"
    assert rows(tmp_path / "data", f"SELECT link_number, field, repository_id {of_otters}") == [
        (1, "abstract", "github.com/example/otters"),
        (2, "page", "github.com/example/otters-page"),
    ]
    stated = (
        "SELECT arxiv_id, abstract LIKE '%A word more.' FROM papers ORDER BY title"  # the text with more words wins
    )
    assert rows(tmp_path / "data", stated) == [("2401.00002", True), ("2401.00001", False)]
    assert rows(tmp_path / "data", "SELECT count(*) FROM repositories") == [(3,)]


@pytest.mark.slow
def test_the_same_rows_in_whatever_order_the_sources_come(tmp_path):
    write(tmp_path / "a.txt", "otters", "badgers", "otters")
    (tmp_path / "b.md").write_text(PAGE, encoding="utf-8")
    owls = ABSTRACT.format(name="owls")
    (tmp_path / "c.txt").write_bytes(
        dump([("Owls: a page of their own", f"{owls} And one more."), ("Introduction", owls)])
    )
    (tmp_path / "d.txt").write_bytes(
        dump([("Introduction", "Other words. " * 30), ("Owls: a page of their own!", owls)])
    )
    names = ["a.txt", "b.md", "c.txt", "d.txt"]
    run_direct(*(tmp_path / name for name in names), data=tmp_path / "sorted")
    for seed in (1, 2):
        shuffled = Random(seed).sample(names, len(names))
        data = tmp_path / f"shuffled {seed}"
        if seed == 2:  # the first in a run of its own, the others on top of it
            run_direct(tmp_path / shuffled[0], data=data)
        run_direct(*(tmp_path / name for name in shuffled), data=data)
        assert content(data) == content(tmp_path / "sorted")
    counts = "SELECT count(*), count(*) FILTER (NOT is_duplicate), count(DISTINCT paper_id) FROM paper_sources"
    assert rows(tmp_path / "sorted", counts) == [(9, 5, 5)]
    assert rows(tmp_path / "sorted", "SELECT count(*) FROM paper_aliases") == [(3,)]  # otters have two ids, owls three


@pytest.mark.slow
@pytest.mark.parametrize("chunk_records", ["1", "3", "100"])
def test_the_same_rows_whatever_the_chunk_size_order_and_workers(tmp_path, monkeypatch, chunk_records):
    write(tmp_path / "a.txt", "otters", "badgers", "foxes", "owls", "hares")
    write(tmp_path / "b.txt", "owls", "hares", "newts")
    run_direct(tmp_path / "a.txt", tmp_path / "b.txt", data=tmp_path / "one")
    monkeypatch.setenv("PAPERHOUSE_CHUNK_RECORDS", chunk_records)
    workers = 2 if chunk_records == "3" else 1
    run_direct(tmp_path / "b.txt", tmp_path / "a.txt", data=tmp_path / "two", workers=workers)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    hashes = [rows(tmp_path / name, "SELECT content_hash FROM release") for name in ("one", "two")]
    assert hashes[0] == hashes[1]
    source_id = Lake(tmp_path / "two").source_ids()[0]
    parts = list(Lake(tmp_path / "two").partition("papers", source_id).glob("part-*.parquet"))
    assert len(parts) == -(-pl.read_parquet(parts).height // int(chunk_records))

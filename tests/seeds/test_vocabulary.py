"""The vocabularies are data that others extend: headers, unique ids, nothing left undescribed."""

from __future__ import annotations

import csv
import re

import pytest

from seeds import aliases, vocabulary
from tests.support import ROOT

FILES = sorted((ROOT / "seeds" / "vocabulary").glob("*.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_has_all_columns_and_a_description(path):
    content = path.read_bytes()
    assert content.endswith(b"\n")
    assert b"\r" not in content
    header, *rows = csv.reader(content.decode("utf-8").splitlines())
    assert header[-1] == "description"
    assert all(len(row) == len(header) for row in rows)
    assert all(row[-1].strip() for row in rows)
    assert len({tuple(row[:-1]) for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("name", "key", "form"),
    [("metrics", "metric", r"[a-z0-9]+(_[a-z0-9]+)*"), ("datasets", "dataset_id", r"[a-z0-9]+(-[a-z0-9]+)*")],
)
def test_ids_have_their_form_and_no_spelling_belongs_to_two(name, key, form):
    owners: dict[str, str] = {}
    for row in vocabulary(name):
        assert re.fullmatch(form, row[key]), row[key]
        for spelling in {row["label"], *aliases(row)}:
            known = owners.setdefault(spelling.casefold(), row[key])
            assert known == row[key], spelling
    assert len({row[key] for row in vocabulary(name)}) == len(vocabulary(name))


def test_metrics_say_which_way_is_better_or_that_it_depends():
    assert {row["higher_is_better"] for row in vocabulary("metrics")} == {"true", "false", ""}
    assert all(row["family"] != "unlisted" for row in vocabulary("metrics"))
    assert len(vocabulary("metrics")) > 300
    assert len(vocabulary("datasets")) > 500

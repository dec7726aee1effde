"""Same paper or not: the model of clusters on small sets of records, in any order."""

from __future__ import annotations

from importlib.resources import files
from random import Random

import duckdb
import pytest

CLUSTERS = files("warehouse").joinpath("models", "clusters.sql").read_text(encoding="utf-8")
WORDS = ["we", "study", "how", "otters", "build", "dams", "in", "cold", "rivers", "and", "what", "they", "eat", "there"]


OTHER_WORDS = [f"other{number}" for number in range(12)]


def text(*changes: str, keep: int = len(WORDS)) -> str:
    """The first words of an abstract, then other words."""
    return " ".join([*WORDS[:keep], *changes])


def clusters(*records: tuple[str, str, str], seed: int = 0) -> dict[str, str]:
    """Cluster of each paper_id of records (paper_id, title_key, abstract), whose order a seed shuffles."""
    shuffled = list(records)
    Random(seed).shuffle(shuffled)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE records (paper_id VARCHAR, title_key VARCHAR, abstract VARCHAR)")
        connection.executemany("INSERT INTO records VALUES (?, ?, ?)", shuffled)
        return dict(connection.execute(CLUSTERS).fetchall())


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (("p2", "otters", text("today")), True),
        (("p2", "otters", text().upper().replace(" ", ", ")), True),  # capitals and punctuation don't count
        (("p2", "otters", text(*OTHER_WORDS, keep=7)), False),
        (("p2", "badgers", text()), False),  # a text alone doesn't merge either
        (("p2", "otters", "nothing in common"), False),
    ],
)
def test_titles_must_agree_and_abstracts_share_more_than_half_of_their_words(other, is_same):
    found = clusters(("p1", "otters", text()), other)
    assert found == {"p1": "p1", "p2": "p1" if is_same else "p2"}


def test_a_character_of_chinese_is_a_word():
    chinese = "本文研究水獭如何在寒冷的河流中筑坝，以及它们吃什么。实验证明该方法有效。"
    assert clusters(("p1", "t", chinese), ("p2", "t", chinese.replace("该方法", "此方法"))) == {"p1": "p1", "p2": "p1"}
    assert clusters(("p1", "t", chinese), ("p2", "t", "我们提出一种图像编辑技术")) == {"p1": "p1", "p2": "p2"}


def test_exactly_half_of_the_words_is_not_more_than_half():
    assert clusters(("p1", "t", "a b"), ("p2", "t", "a")) == {"p1": "p1", "p2": "p2"}
    assert clusters(("p1", "t", "a b c"), ("p2", "t", "a b")) == {"p1": "p1", "p2": "p1"}


def test_a_chain_is_one_cluster_with_the_smallest_id_in_any_order():
    chain = [
        (f"p{number}", "otters", " ".join(f"w{word}" for word in range(number, number + 20))) for number in range(8)
    ]
    for seed in range(20):
        assert set(clusters(*chain, seed=seed).values()) == {"p0"}


def test_any_text_of_a_paper_may_agree_with_another_record():
    """A paper known by its arXiv id changed title and abstract; the record without an id has the old ones."""
    records = [
        ("p5", "anewtitle", "words that were written later for the second version"),
        ("p5", "otters", text()),
        ("p7", "otters", text("today")),
        ("p3", "anewtitle", "words that were written later for the second version of it"),
    ]
    for seed in range(10):
        assert clusters(*records, seed=seed) == {"p3": "p3", "p5": "p3", "p7": "p3"}


def test_a_title_with_too_many_texts_merges_nothing():
    stubs = [(f"p{number:03}", "introduction", text(f"w{number}")) for number in range(101)]
    assert len(set(clusters(*stubs).values())) == 101
    assert len(set(clusters(*stubs[:100]).values())) == 1


def test_the_same_paper_many_times_is_no_stub():
    assert clusters(*[("p1", "otters", text())] * 200, ("p2", "otters", text("today"))) == {"p1": "p1", "p2": "p1"}

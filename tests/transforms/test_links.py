"""Links: damaged forms, kinds, roles, repositories, and what must hold for any text."""

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.links import links, normalise_url
from warehouse.schema import lake_schema
from warehouse.schema.columns import LINK_KINDS

_CASES = Path(__file__).parent.parent / "golden"
GOLDEN = list(csv.DictReader((_CASES / "links.csv").open(encoding="utf-8", newline="")))
ROLES = list(csv.DictReader((_CASES / "link_roles.csv").open(encoding="utf-8", newline="")))

PIECES = st.sampled_from(
    [
        "http",
        "https",
        "://",
        ":/",
        "/",
        ".",
        ",",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "www.",
        "github.com",
        "gitlab.com",
        "a.github.io",
        "huggingface.co",
        "/ann",
        "/tool",
        "my_tool",
        ".git",
        "/tree/main/x",
        "#y",
        "?q=1",
        ":80",
        ":99999",
        "@",
        "~",
        "\\_",
        "\\",
        "Our",
        "at",
        "é",
        "漢",
        "。",
        "Code:",
        "javascript:",
        "hf.co",
        "The",
        "BIG",
        "\u2010",
        "—",
        "†",
        "×",
        ".Experiments",
        ".However,",
        " show",
        " ",
        " ",
    ]
)
MARKS = ["—and", "–and", "−", "†", "»", "〕", "』", "．", "，", "،", "।", "•c", "™", "°", "²", "→", "🚀", "’s"]
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join))


def links_of(*abstracts, title="T", page_urls=None):
    count = len(abstracts)
    return links(
        pl.DataFrame(
            {
                "source_id": ["s"] * count,
                "record_number": list(range(1, count + 1)),
                "paper_id": [f"p{number}" for number in range(count)],
                "title": [title] * count,
                "abstract": list(abstracts),
                "page_urls": [page_urls] * count,
            },
            schema_overrides=dict.fromkeys(("source_id", "paper_id", "title", "abstract", "page_urls"), pl.String),
        )
    )


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["reason"])
def test_golden(case):
    columns = ("url", "kind", "role", "repository_id", "repository_path")
    found = [tuple(value or "" for value in row) for row in links_of(case["abstract"]).select(columns).iter_rows()]
    assert found == ([tuple(case[column] for column in columns)] if case["url"] else [])


@pytest.mark.parametrize("case", ROLES, ids=lambda case: f"{case['role']}: {case['reason']}")
def test_golden_role(case):
    assert links_of(case["text"])["role"].to_list() == [case["role"]]


@pytest.mark.parametrize("host", ["github.com", "gitlab.uni.edu", "git.sr.ht"])
@pytest.mark.parametrize("after", [*MARKS, "上", "的主页", "α", "é", "(code)", "(", ",x", ";x"])
def test_a_repository_ends_where_no_name_goes_on(host, after):
    found = links_of(f"Code is at https://{host}/ann/tool{after} and more.")
    assert found.select("url", "repository_id").rows() == [(f"https://{host}/ann/tool", f"{host}/ann/tool")]


@pytest.mark.parametrize("after", MARKS)
def test_punctuation_and_symbols_end_an_address_on_any_host(after):
    assert links_of(f"Page: https://a.org/b{after} and more.")["url"].to_list() == ["https://a.org/b"]


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("https://github.com/ann/tool", "url.scheme"),
        ("https://github.com/ ann/tool", "url.mended"),
        ("https:/github.com/ann/tool", "url.mended"),
        ("https://github.com/ann/my\u2010tool", "url.mended"),
        ("github.com/ann/tool", "url.bare"),
    ],
)
def test_the_rule_says_whether_an_address_was_mended(address, rule):
    assert links_of(f"Code at {address} now")["rule_id"].to_list() == [f"{rule} role.cue_own"]


@pytest.mark.parametrize(
    "page",
    [
        "merge_requests/3",
        "commit/abc",
        "commits/main",
        "pipelines",
        "tags",
        "blame/main/x",
        "compare/v1...v2",
        "snippets",
        "milestones",
        "archive/x.zip",
        "edit/main/x",
        "-/jobs",
    ],
)
def test_pages_inside_a_repository_of_gitlab_belong_to_it(page):
    assert links_of(f"See https://gitlab.com/a/b/{page}")["repository_id"].to_list() == ["gitlab.com/a/b"]
    assert links_of(f"See https://gitlab.com/a/b/c/{page}")["repository_id"].to_list() == ["gitlab.com/a/b/c"]


@pytest.mark.parametrize("page", ["users/ann/projects", "groups/a", "explore/x", "dashboard/x", "-/snippets/3"])
def test_pages_of_gitlab_itself_are_no_repositories(page):
    assert links_of(f"See https://gitlab.com/{page}")["repository_id"].to_list() == [None]


def test_columns_are_those_of_the_schema():
    assert links_of().schema == lake_schema("links")
    assert links_of("at https://github.com/a/b").schema == lake_schema("links")


def test_numbers_run_through_title_and_abstract():
    found = links_of("at https://a.org/b and https://a.org/c", title="T https://a.org/a")
    assert found.select("link_number", "field", "url").rows() == [
        (1, "title", "https://a.org/a"),
        (2, "abstract", "https://a.org/b"),
        (3, "abstract", "https://a.org/c"),
    ]


def test_the_words_that_a_link_shows_are_no_second_link():
    found = links_of("at https://github.com/a/b{https://github.com/a/b}.")
    assert found["url"].to_list() == ["https://github.com/a/b"]


def test_owner_and_name_are_as_written():
    found = links_of("at https://github.com/Ann/Tool.git")
    assert found.select("repository_owner", "repository_name", "repository_id").row(0) == (
        "Ann",
        "Tool",
        "github.com/ann/tool",
    )


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_offsets_reproduce_the_mention(text):
    for row in links_of(text).iter_rows(named=True):
        assert text[row["char_start"] : row["char_end"]] == row["url_raw"]
        assert row["url"].startswith(("http://", "https://"))
        assert row["kind"] in LINK_KINDS
        assert normalise_url(row["url"]) == row["url"]


def test_what_the_page_shows_beside_the_text_comes_last():
    found = links_of("at https://a.org/b", page_urls="https://github.com/Ann/Tool https://b.github.io/ javascript:x")
    assert found.select("link_number", "field", "url", "kind", "role", "char_start", "repository_id").rows() == [
        (1, "abstract", "https://a.org/b", "project", "own", 3, None),
        (2, "page", "https://github.com/Ann/Tool", "code", "own", None, "github.com/ann/tool"),
        (3, "page", "https://b.github.io/", "project", "own", None, None),
    ]
    assert found["rule_id"].to_list()[1] == "url.page role.page"


@settings(max_examples=400, deadline=None)
@example("a.org/\\\\_")  # an escape that was escaped
@given(TEXTS)
def test_normalising_an_address_twice_changes_nothing(text):
    url = normalise_url(text)
    assert url is None or normalise_url(url) == url


@pytest.mark.parametrize("piece", ["http://", "a.", "(", "https://github.com/a/b ", "www.a.b/(", "at "])
def test_time_is_linear_in_the_length(piece):
    links_of("https://a.org " + piece * 5_000)

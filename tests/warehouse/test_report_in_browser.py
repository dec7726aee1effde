"""The report as a reader sees it: in Chromium, offline, with every request and every error written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import dump, rows, run_direct
from tests.warehouse.test_report import ATTACK, HOSTILE, NUMBERS_AND_LINKS, changed
from warehouse.report import write_report

ABSTRACT = (
    "On ImageNet it reaches an accuracy of {value}%, two points above distillation. " + "We say why it works. " * 8
)
browsers = pytest.importorskip("tests.browser", reason="playwright is not installed")

pytestmark = [
    pytest.mark.skipif(not browsers.CHROMIUM.exists(), reason="chromium is not installed; `make chromium` does it"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with browsers.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def seed_report(seed_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(seed_data, tmp_path_factory.mktemp("report") / "seed.html")


def hostile_papers() -> list[tuple[str, str]]:
    """Papers whose titles and abstracts try to be more than text."""
    odd = f"It reaches an accuracy of {'9' * 400}% on ImageNet. " + "We show more of it. " * 20
    addresses = "See javascript:alert(1), data:text/html,x and https://github.com/a/b<script>x</script>. " * 5
    return [
        *((f"{title} number {n}", f"{title} {ABSTRACT.format(value=60 + n)}") for n, title in enumerate(HOSTILE)),
        ("Odd numbers of a kind", odd),
        ("Odd addresses of a kind", addresses),
    ]


@pytest.fixture(scope="module")
def hostile_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder of hostile papers whose every text, keys aside, was made hostile once more in the release itself."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "a.txt").write_bytes(dump(hostile_papers()))
    run_direct(folder / "a.txt", data=folder / "data")
    attack = "'" + "".join(HOSTILE).replace("'", "''") + "'"
    texts = {
        "papers": ("title", "system_name", "arxiv_id"),
        "links": ("url",),
        "repositories": ("url", "host"),
        "reported_metrics": ("quote", "system"),
        "metric_names": ("label", "family"),
        "dataset_names": ("label",),
        "source_uris": ("uri",),
        "validation_results": ("expectation", "column_name", "scope", "detail"),
    }
    return changed(
        folder / "data",
        folder / "changed",
        *(
            f"UPDATE {table} SET {', '.join(f'{column} = concat({column}, {attack})' for column in columns)}"
            for table, columns in texts.items()
        ),
        "UPDATE links SET url = 'javascript:window.attacked=5//' || url WHERE link_number = 1",
        "UPDATE validation_results SET is_success = false WHERE table_name = 'papers'",
        f"INSERT INTO source_failures SELECT run_id, 'x{ATTACK}', {attack}, {attack} FROM release",
        f"INSERT INTO rejects SELECT source_id, 99, 1, {attack}, {attack}, {attack}, {attack} FROM sources",
    )


def shown_titles(page) -> list[str]:
    return page.locator("table.papers .title").all_inner_texts()


def test_it_opens_offline_and_asks_for_nothing(browser, seed_report):
    with browsers.opened(browser, seed_report) as seen:
        for summary in seen.page.locator("summary").all()[:20]:
            summary.click()
        assert len(shown_titles(seen.page)) == 50
        assert seen.requests == [seed_report.as_uri()]
        assert seen.errors == []


def test_what_a_dump_holds_is_text_and_runs_nothing(browser, hostile_data, tmp_path):
    report = write_report(hostile_data, tmp_path / "hostile.html")
    with browsers.opened(browser, report) as seen:
        for details in seen.page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        for box in ("window", "number"):
            seen.page.fill("#search", box)
        assert seen.page.evaluate("window.attacked") is None
        assert seen.page.locator("img, iframe, object, embed, base, link").count() == 0
        assert seen.page.locator("script").count() == 2
        addresses = seen.page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert addresses
        assert all(re.match(r"#[a-z-]+$|https?://", address) for address in addresses)
        text = seen.page.locator("main").inner_text()
        for attack in HOSTILE[:-1]:
            assert attack in text
        titles = seen.page.locator(".title")
        assert titles.evaluate_all("all => all.every(title => title.tagName === 'BDI')")
        assert seen.requests == [report.as_uri()]
        assert seen.errors == []


def test_search_finds_by_title_system_dataset_repository_and_id(browser, seed_report):
    with browsers.opened(browser, seed_report) as seen:
        page = seen.page
        for words, title in [
            ("tiny segment anything", "TinySAM: Pushing the Envelope for Efficient Segment Anything Model"),
            ("p612cac568d7a4ff6e41a", "TinySAM: Pushing the Envelope for Efficient Segment Anything Model"),
            ("xinghaochen", "TinySAM: Pushing the Envelope for Efficient Segment Anything Model"),
            (
                "ChestX-ray14",
                "Less Could Be Better: Parameter-efficient Fine-tuning Advances Medical Vision Foundation",
            ),
            ("UNIADAPTER", "UniAdapter: Unified Parameter-Efficient Transfer Learning for Cross-modal Modeling"),
        ]:
            page.fill("#search", words)
            found = shown_titles(page)
            assert len(found) < 5, words
            assert any(each.startswith(title) for each in found), words
        page.fill("#search", "p612cac568d7a4ff6e41")  # ids are hashes: a part of one would match by chance
        assert shown_titles(page) == []
        page.fill("#search", "speedup tinysam")
        assert len(shown_titles(page)) == 1
        page.fill("#search", "no paper says this")
        assert shown_titles(page) == []
        assert page.inner_text("#shown") == "No paper matches."


def test_filters_and_counts_are_those_of_sql(browser, seed_report, seed_data):
    ((with_code, with_both),) = rows(
        seed_data,
        "SELECT count(DISTINCT paper_id), count(DISTINCT paper_id) FILTER (metric_count > 0) FROM papers_with_code",
    )
    ((imagenet,),) = rows(
        seed_data,
        "SELECT count(DISTINCT paper_id) FROM papers LEFT JOIN links USING (paper_id) "
        "LEFT JOIN (SELECT paper_id, dataset, label FROM reported_metrics LEFT JOIN dataset_names USING (dataset_id)) "
        "USING (paper_id) WHERE contains(lower(concat_ws(' ', title, system_name, coalesce(label, dataset), url)), "
        "'imagenet')",
    )
    with browsers.opened(browser, seed_report) as seen:
        page = seen.page
        assert page.inner_text("#shown") == "All 316 papers."
        page.check("#with-code")
        assert page.inner_text("#shown") == f"{with_code} papers of 316."
        page.check("#with-numbers")
        assert page.inner_text("#shown") == f"{with_both} papers of 316."
        page.uncheck("#with-code")
        page.uncheck("#with-numbers")
        page.fill("#search", "imagenet")
        assert page.inner_text("#shown") == f"{imagenet} papers of 316."


def test_pages_and_orders(browser, seed_report, seed_data):
    with browsers.opened(browser, seed_report) as seen:
        page = seen.page
        first = shown_titles(page)
        page.click("#later")
        assert page.inner_text("#place") == "51–100"
        assert not set(first) & set(shown_titles(page))
        page.select_option("#sort", "title")
        ((smallest,),) = rows(
            seed_data, "SELECT min(lower(regexp_replace(title, '[^A-Za-z0-9 ]', '', 'g'))) FROM papers"
        )
        assert re.sub(r"[^a-z0-9 ]", "", shown_titles(page)[0].lower()) == smallest
        page.select_option("#sort", "code")
        assert all(page.locator('tbody.paper a[data-slot="code"][href]').all())
        assert page.locator('tbody.paper a[data-slot="code"][href]').count() == 50


def test_a_paper_shows_its_numbers_and_links(browser, seed_report, seed_data):
    numbers = rows(
        seed_data,
        "SELECT quote FROM reported_metrics JOIN papers USING (paper_id) WHERE system_name = 'TinySAM' "
        "ORDER BY metric_number",
    )
    urls = rows(seed_data, "SELECT url FROM links JOIN papers USING (paper_id) WHERE system_name = 'TinySAM'")
    with browsers.opened(browser, seed_report) as seen:
        page = seen.page
        page.fill("#search", "TinySAM")
        paper = page.locator("tbody.paper", has_text="TinySAM: Pushing").first
        paper.locator("summary").click()
        assert paper.locator('q [data-slot="quote"]').all_inner_texts() == [quote for (quote,) in numbers]
        links = paper.locator('[data-slot="links"] a')
        assert set(links.evaluate_all("all => all.map(link => link.href)")) == {url for (url,) in urls}
        assert all(links.evaluate_all("all => all.map(link => link.rel === 'noopener noreferrer')"))
        assert paper.locator('a[data-slot="code"]').get_attribute("href") == "https://github.com/xinghaochen/TinySAM"


def test_rows_made_by_the_script_are_those_that_came_with_the_page(browser, seed_report):
    def tidy(page) -> list[str]:
        html = page.locator("tbody.paper").evaluate_all("all => all.map(rows => rows.outerHTML)")
        return [re.sub(r"\s+", " ", text).replace("> <", "><") for text in html]

    with (
        browsers.opened(browser, seed_report) as with_scripts,
        browsers.opened(browser, seed_report, scripts=False) as without,
    ):
        assert len(shown_titles(without.page)) == 50
        assert without.page.locator("#controls").is_hidden()
        assert "needs JavaScript" in without.page.inner_text("#shown")
        assert tidy(with_scripts.page) == tidy(without.page)


@pytest.mark.parametrize("source", ["seed", "hostile"])
def test_a_phone_scrolls_it_one_way(browser, seed_report, hostile_data, tmp_path, source):
    report = seed_report if source == "seed" else write_report(hostile_data, tmp_path / "hostile.html")
    with browsers.opened(browser, report, width=390, height=844) as seen:
        for details in seen.page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
        widths = seen.page.locator("figure svg").evaluate_all(
            "all => all.map(svg => svg.getBoundingClientRect().width)"
        )
        assert all(width > 320 for width in widths)


def test_dark_is_dark_and_texts_stand_out_in_both(browser, seed_report):
    for scheme, is_dark in (("light", False), ("dark", True)):
        with browsers.opened(browser, seed_report, scheme=scheme) as seen:
            background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (luminance(background) < 0.2) is is_dark
            card = seen.page.locator(".card").first.evaluate("card => getComputedStyle(card).backgroundColor")
            for selector in ("main p", ".muted", "main a", "summary", "thead th", ".note"):
                colour = seen.page.locator(selector).first.evaluate("element => getComputedStyle(element).color")
                assert contrast(colour, background) >= 4.5, (scheme, selector)
                assert contrast(colour, card) >= 4.5, (scheme, selector)
            text = seen.page.locator("figure svg text").first.evaluate("text => getComputedStyle(text).fill")
            assert contrast(text, card) >= 4.5


@pytest.mark.parametrize(
    "emptied", [NUMBERS_AND_LINKS, (*NUMBERS_AND_LINKS, "papers")], ids=["no numbers", "no papers"]
)
def test_an_empty_release_opens(browser, seed_data, tmp_path, emptied):
    data = changed(seed_data, tmp_path / "data", *map("DELETE FROM {}".format, emptied))
    with browsers.opened(browser, write_report(data)) as seen:
        assert seen.page.locator("h2").count() == 7
        assert seen.page.locator("tr.more:visible").count() == 0
        assert seen.page.locator("#controls:visible").count() == (emptied == NUMBERS_AND_LINKS)
        assert seen.errors == []


def luminance(colour: str) -> float:
    """Relative luminance of a computed colour, as WCAG 2 has it."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two computed colours, as WCAG 2 has it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)

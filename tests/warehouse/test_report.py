"""The report of a release: its figures are those of SQL, and nothing that a dump holds does more than stand there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.flows.test_cli import run_outside
from tests.support import papers, rows, run_direct, write
from warehouse.errors import InputError
from warehouse.report import write_report
from warehouse.report.page import arxiv_address, web_address

ATTACK = "<script>window.attacked = 1</script>"
NUMBERS_AND_LINKS = ("reported_metrics", "links", "repositories", "paper_repositories")
HOSTILE = [
    ATTACK,
    "</script><script>window.attacked = 2</script>",
    "<!--<script>",
    '"><img src=x onerror="window.attacked = 3">',
    "'><svg onload=window.attacked=4>",
    '=HYPERLINK("http://evil.example/","click")',
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnihton \u2066of\x0b\x1b[31m ${1 + 1}",
]


def changed(data: Path, folder: Path, *statements: str) -> Path:
    """A data folder whose warehouse is that of `data` with some SQL run on it."""
    folder.mkdir(exist_ok=True)
    copy = folder / "warehouse.duckdb"
    shutil.copyfile(data / "warehouse.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder


def section(html: str, name: str) -> str:
    """The text of a section, tags aside."""
    found = re.search(rf'<section id="{name}">(.*?)</section>', html, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def report(data: Path, folder: Path) -> str:
    return write_report(data, folder / "report.html").read_text(encoding="utf-8")


class TestCommand:
    def test_it_prints_where_the_page_is(self, seed_data):
        result = CliRunner().invoke(app, ["report", "--data", str(seed_data)])
        ((release_id,),) = rows(seed_data, "SELECT release_id FROM release")
        assert result.stdout.strip() == str(seed_data / "reports" / f"{release_id}.html")
        assert f'Release <span class="id">{release_id}' in Path(result.stdout.strip()).read_text()

    def test_a_release_is_named_by_its_id_or_the_start_of_it(self, seed_data, tmp_path):
        ids = ("20260101T000000Z-aaaa", "20260101T000000Z-bbbb", "20260102T000000Z-aaaa")
        data = changed(seed_data, tmp_path / "data")
        (data / "releases").mkdir()
        for release_id in ids:
            change = f"UPDATE release SET release_id = '{release_id}', paper_count = 7"
            shutil.copyfile(
                changed(seed_data, tmp_path / release_id, change) / "warehouse.duckdb",
                data / "releases" / f"{release_id}.duckdb",
            )
        for name, release_id in ((ids[0], ids[0]), (ids[1][:-2], ids[1]), ("20260102", ids[2])):
            output = tmp_path / "new" / "old.html"
            result = CliRunner().invoke(
                app, ["report", "--data", str(data), "--release", name, "--output", str(output)]
            )
            assert result.stdout.strip() == str(output), result.output
            html = output.read_text(encoding="utf-8")
            assert f'Release <span class="id">{release_id}<' in html
            assert 'data-figure="papers">7<' in html
        with pytest.raises(InputError, match="names several releases"):
            write_report(data, release="20260101")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--release", "1999"], "names no release"),
            (["--output", "/proc/none/x.html"], "can't be written"),
        ],
    )
    def test_what_it_cant_do_is_one_line_and_exit_code_2(self, seed_data, arguments, message):
        result = CliRunner().invoke(app, ["report", "--data", str(seed_data), *arguments])
        assert result.exit_code == 2
        assert message in result.stderr
        assert len(result.stderr.splitlines()) == 1

    def test_without_a_warehouse_it_says_how_to_make_one(self, tmp_path):
        result = CliRunner().invoke(app, ["report", "--data", str(tmp_path)])
        assert result.exit_code == 2
        assert "paperhouse run" in result.stderr


class TestFigures:
    def test_the_head_says_what_sql_says(self, seed_data, tmp_path):
        found = dict(re.findall(r'data-figure="(\w+)">([\d,]+)<', report(seed_data, tmp_path)))
        ((papers, links, numbers, code, rejected, passed),) = rows(
            seed_data,
            "SELECT (SELECT count(*) FROM papers), (SELECT count(*) FROM links), "
            "(SELECT count(*) FROM reported_metrics), (SELECT count(DISTINCT paper_id) FROM papers_with_code), "
            "(SELECT count(*) FROM rejects), (SELECT count(*) FROM validation_results WHERE is_success)",
        )
        expected = {"papers": papers, "links": links, "numbers": numbers, "code": code, "rejected": rejected}
        assert {name: int(figure.replace(",", "")) for name, figure in found.items()} == expected | {"passed": passed}

    def test_charts_stand_on_what_sql_says(self, seed_data, tmp_path):
        html = report(seed_data, tmp_path)
        figures = re.findall(r'<figure class="card">(.*?)</figure>', html, re.DOTALL)
        assert len(figures) == 9
        assert all(figure.count('<svg role="img" aria-label="') == 1 for figure in figures)
        charts = section(html, "charts")
        for dataset, paper_count in rows(seed_data, "SELECT dataset, paper_count FROM dataset_usage LIMIT 10"):
            assert re.search(rf"{re.escape(dataset)} {paper_count}\b", charts), dataset
        ((factors,),) = rows(seed_data, "SELECT count(*) FROM improvements WHERE kind = 'factor'")
        assert f"{factors} told as a factor" in charts
        ((label, best),) = rows(
            seed_data,
            "SELECT metric_label || ' on ' || dataset, comparable_value FROM leaderboard WHERE dataset = 'ImageNet-1K' "
            "AND metric = 'top1_accuracy' AND place_number = 1",
        )
        assert label in charts
        assert f"{best:g}%" in charts

    def test_sources_and_their_counts(self, seed_data, tmp_path):
        html = report(seed_data, tmp_path)
        assert "000_6a04a5883c865f3f.txt c88dc6d589ad 433,047 316 316 0 0" in section(html, "came-in")
        assert "seeds/raw" not in html

    def test_a_refused_record_stands_there_with_its_reason_and_line(self, tmp_path):
        (title, abstract), *_ = papers("otters")
        (tmp_path / "a.txt").write_text("\n".join([title, abstract, "A title <b>alone</b>"]))
        (tmp_path / "empty.txt").write_bytes(b"")
        data = tmp_path / "data"
        run_direct(tmp_path / "a.txt", tmp_path / "empty.txt", data=data)
        html = report(data, tmp_path)
        refused = section(html, "refused")
        assert "title_without_abstract 1 record of 1 source" in refused
        assert "a.txt , line 3:" in refused
        assert "A title &lt;b&gt;alone&lt;/b&gt;" in refused
        assert "1 file could not be read" in section(html, "came-in")
        assert "empty.txt empty_file" in section(html, "came-in")

    def test_a_failed_check_stands_first_with_its_rows(self, seed_data, tmp_path):
        data = changed(
            seed_data,
            tmp_path / "data",
            "UPDATE validation_results SET is_success = false, unexpected_count = 1234, "
            "detail = 'Links need a host. Found: paper_id=p1; paper_id=p2' "
            "WHERE table_name = 'links' AND expectation = 'url_has_its_form'",
        )
        checks = section(report(data, tmp_path), "checks")
        assert checks.startswith("Checks critical failed links.url_has_its_form url Links need a host. 1,234 rows")
        assert "paper_id=p1; paper_id=p2" in checks

    def test_no_numbers_and_no_links_are_said_in_words(self, seed_data, tmp_path):
        data = changed(seed_data, tmp_path / "data", *map("DELETE FROM {}".format, NUMBERS_AND_LINKS))
        html = report(data, tmp_path)
        assert section(html, "refused") == "What was refused, and why Nothing was refused."
        charts = section(html, "charts")
        assert charts.count("No improvement of this kind is reported.") == 4
        assert "No dataset and metric is reported by two papers or more." in charts
        assert "No paper of this release has a dataset to count here." in charts
        assert "0.0% of the papers have code of their own" in charts

    def test_a_release_without_papers_has_a_page_too(self, seed_data, tmp_path):
        data = changed(seed_data, tmp_path / "data", *map("DELETE FROM {}".format, (*NUMBERS_AND_LINKS, "papers")))
        html = report(data, tmp_path)
        assert "The release holds no papers." in section(html, "papers")
        assert "The release holds no papers." in section(html, "charts")


class TestChanges:
    def test_a_release_of_an_older_version_holds_no_comparison(self, seed_data, tmp_path):
        data = changed(seed_data, tmp_path / "data", "DROP TABLE release_changes", "DROP TABLE release_change_samples")
        assert "This release holds no comparison." in section(report(data, tmp_path), "changed")

    def test_the_first_release_has_none_before_it(self, seed_data, tmp_path):
        text = section(report(seed_data, tmp_path), "changed")
        assert "Not compared: first release: there is none before it." in text
        assert "papers" not in text

    def test_what_changed_is_shown_with_samples(self, seed_data, tmp_path):
        data = changed(
            seed_data,
            tmp_path / "data",
            "UPDATE release_changes SET before_release_id = '20260101T000000Z-aa', is_comparable = true, "
            "reason = NULL, "
            "added_count = 0, removed_count = 0, changed_count = 0",
            "UPDATE release_changes SET added_count = 1200, removed_count = 3 WHERE table_name = 'papers'",
            "UPDATE release_changes SET is_comparable = false, reason = 'schema changed' WHERE table_name = 'links'",
            "UPDATE release_changes SET changed_count = 12, changed_columns = 'confidence (12)', "
            "reason = 'schema changed: compared without task' WHERE table_name = 'reported_metrics'",
            "INSERT INTO release_change_samples VALUES ('papers', 'added', 1, 'p1', NULL, NULL, 'title=Otters'), "
            "('reported_metrics', 'changed', 1, 'm1', 'confidence', '0.4', '<0.5>')",
        )
        text = section(report(data, tmp_path), "changed")
        assert "Compared with release 20260101T000000Z-aa ." in text
        assert "papers 1,200 3 0" in text
        assert "added p1 title=Otters" in text
        assert "links not compared: schema changed" in text
        assert "reported_metrics 0 0 12 confidence (12) schema changed: compared without task" in text
        assert "changed m1 confidence 0.4 &lt;0.5&gt;" in text
        assert re.search(r"The same as before: .*\bsources\b", text)

    def test_a_run_that_adds_a_source_says_what_came(self, tmp_path):
        for name in ("otters", "foxes"):
            run_direct(write(tmp_path / f"{name}.txt", name), data=tmp_path / "data")
        text = section(report(tmp_path / "data", tmp_path), "changed")
        assert "papers 1 0 0" in text
        assert "title=Foxes: learning from foxes examples of a kind" in text
        assert "The same as before:" in text
        assert "uri=foxes.txt" in text
        assert str(tmp_path) not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_measures_of_quality_stand_under_their_topic(seed_data, tmp_path):
    data = changed(
        seed_data,
        tmp_path / "data",
        "CREATE OR REPLACE VIEW data_quality AS SELECT * FROM (VALUES "
        "('coverage', 'papers with code', 1::HUGEINT, 2::HUGEINT, 0.5, 'own code'), "
        "('accuracy', 'numbers right', NULL, NULL, 0.904, 'on <labelled> papers')) "
        "AS measures (topic, measure, value_count, of_count, share, description)",
    )
    text = section(report(data, tmp_path), "quality")
    assert "coverage papers with code 1 2 50.0% own code" in text
    assert "accuracy numbers right – – 90.4% on &lt;labelled&gt; papers" in text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JAVASCRIPT:x", " https://a.b", "data:text/html,x", "//a.b", ""]
)
def test_only_addresses_of_the_web_are_links(url):
    assert web_address(url) is None
    assert web_address("https://a.b/c") == "https://a.b/c"


@pytest.mark.parametrize(
    ("arxiv_id", "address"),
    [
        ("2103.00020", "https://arxiv.org/abs/2103.00020"),
        ("2103.00020v2", "https://arxiv.org/abs/2103.00020v2"),
        ("cs.CL/0401001", "https://arxiv.org/abs/cs.CL/0401001"),
        ("../login", None),
        ("math.GT/0309136", "https://arxiv.org/abs/math.GT/0309136"),
        ('2103.00020"><script>', None),
        (None, None),
    ],
)
def test_only_ids_of_arxiv_lead_there(arxiv_id, address):
    assert arxiv_address(arxiv_id) == address


def test_a_control_character_does_not_end_the_process_that_draws(seed_data, tmp_path):
    """Drawn in a process of its own: the library that draws aborts on what XML has no place for."""
    attack = f"{ATTACK}\x0b\ufffe"
    data = changed(
        seed_data,
        tmp_path / "data",
        f"UPDATE dataset_names SET label = '{attack}' || label",
        f"UPDATE metric_names SET label = '{attack}' || label, family = '{attack}' || family",
        f"UPDATE papers SET title = '{attack}' || title, system_name = '{attack}' || title",
        f"UPDATE repositories SET host = '{attack}' || host",
    )
    done = run_outside("report", "--data", data, "--output", tmp_path / "page.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ATTACK not in html
    assert html.count("&lt;script&gt;window.attacked") > 100

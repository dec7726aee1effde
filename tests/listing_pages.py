"""Papers set as the pages of several sites and tools set them, to see what the parser makes of each form."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.support import SEED


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper with what a page may state of it."""

    title: str
    abstract: str
    arxiv_id: str
    published_on: date
    repository: str | None = None

    @property
    def page(self) -> str:
        return f"https://huggingface.co/papers/{self.arxiv_id}"

    def day(self, pattern: str = "%b {} %Y") -> str:
        return self.published_on.strftime(pattern).format(self.published_on.day)


def seed_papers() -> list[Listed]:
    """The papers of the seed, with ids, days and repositories of our own making."""
    random = Random(0)
    lines = SEED.read_text(encoding="utf-8").split("\n")[2:]
    pairs = zip(lines[::2], lines[1::2], strict=False)
    return [
        Listed(
            title.removeprefix("Subscribe").strip(),
            " ".join(abstract.split()),
            f"24{random.randint(1, 12):02}.{10000 + number}",
            date(2024, random.randint(1, 12), random.randint(1, 28)),
            f"github.com/ann/tool{number}" if random.random() < 0.4 else None,
        )
        for number, (title, abstract) in enumerate(pairs)
    ]


_AUTHORS = ["Ann Lee", "Bo Zhang", "Maria de la Cruz", "J. R. Müller", "Xin-Yu Li", "Nora O'Neil", "Lucas van Dam"]
_NEWSLETTER = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]


def _authors(random: Random) -> str:
    return ", ".join(random.sample(_AUTHORS, random.randint(2, 6)))


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _lines(paper: Listed, random: Random) -> Iterable[str]:
    return (paper.title, paper.abstract)


def _blanks(paper: Listed, random: Random) -> Iterable[str]:
    return (paper.title, "", paper.abstract, "")


def _browser_export(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f" [-] {random.randint(1, 99)}", "", f"https://huggingface.co/login?next=%2Fpapers%2F{paper.arxiv_id}")
    yield from ("", paper.title, "", paper.page, "", paper.abstract, "", paper.page, "", "[", "")
    yield from (f"{random.randint(1, 20)} authors]({paper.page})", "", "·", "", paper.day("%b {}, %Y"), "")
    if random.random() < 0.3:
        yield from (str(random.randint(1, 9)), "", f"{paper.page}#community", "")


def _trending(paper: Listed, random: Random) -> Iterable[str]:
    entry = [*_wrap(f"### {paper.title}", 79, "  "), ""]
    entry += _wrap(paper.abstract, 80) if random.random() < 0.5 else [paper.abstract]
    entry += [f"- {random.randint(2, 20)} authors"] * (random.random() < 0.8)
    if paper.repository:
        entry.append(f"[LINK: GitHub {random.randint(1, 50)}.4k](https://{paper.repository})")
    return [*entry, ""] * (2 if random.random() < 0.1 else 1)


def _arxiv_list(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f"[{random.randint(1, 50)}]  arXiv:{paper.arxiv_id} [pdf, other]", f"Title: {paper.title}")
    yield f"Authors: {_authors(random)}"
    if random.random() < 0.5:
        yield "Comments: 12 pages, 3 figures"
    yield from ("Subjects: Machine Learning (cs.LG)", f"Abstract: {paper.abstract}", "")


def _arxiv_search(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f"{random.randint(1, 50)}. arXiv:{paper.arxiv_id} [pdf, ps, other] cs.CV cs.LG", "", paper.title, "")
    yield from (f"Authors: {_authors(random)}", "", f"Abstract: {paper.abstract}", "")
    yield from (f"Submitted {paper.day('{} %B, %Y')}; originally announced {paper.day('%B %Y')}.", "")


def _votes(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f"▲ {random.randint(1, 400)}", paper.title, "Submitted by", random.choice(["annlee", "bo", "nora-o"]))
    yield from (paper.abstract, f"{random.randint(2, 20)} authors", "7 comments", paper.day("{} %b %Y"))


def _upvotes(paper: Listed, random: Random) -> Iterable[str]:
    yield from ("", "Upvote", str(random.randint(1, 300)), "", paper.title, "")
    yield from (f"Published on {paper.day('%b {}, %Y')}", "", f"· Submitted by annlee on {paper.day('%b {}, %Y')}", "")
    yield from (paper.abstract, "", "3", "", "View arXiv page", "View PDF", "Add to collection")


def _wrapped(paper: Listed, random: Random) -> Iterable[str]:
    return (*_wrap(paper.title, 79), "", *_wrap(paper.abstract, 79), "", "")


def _starred(paper: Listed, random: Random) -> Iterable[str]:
    yield from ("", paper.title, "", f"owner/name • • {paper.day('{} %b %Y')}", "", paper.abstract, "")
    yield from ("Language Modelling", "Question Answering", "+2", f"{random.randint(1, 30)},204", "")
    yield from (f"{random.random():.2f} stars / hour", "", "Paper", "Code")


def _link_list(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f"- [{paper.title}](https://arxiv.org/abs/{paper.arxiv_id})", "", f"  {paper.abstract}", "")
    if paper.repository:
        yield from (f"  Code: https://{paper.repository}", "")


def _bold(paper: Listed, random: Random) -> Iterable[str]:
    yield from (f"**{paper.title}**", "", f"*{_authors(random)}*", "", paper.abstract, "")
    code = f" | [code](https://{paper.repository})" if paper.repository else ""
    yield from (f"[arXiv](https://arxiv.org/abs/{paper.arxiv_id}){code}", "")


def _numbered(paper: Listed, random: Random) -> Iterable[str]:
    return (f"{{number}}. {paper.title}", _authors(random), paper.abstract, "")


def _twice(paper: Listed, random: Random) -> Iterable[str]:
    return (paper.title, paper.title, paper.abstract, f"{random.randint(2, 20)} authors")


def _search_engine(paper: Listed, random: Random) -> Iterable[str]:
    yield from (paper.title, _authors(random), "Computer Science", "arXiv.org", paper.day("{} %b %Y"), "TLDR")
    yield from (paper.abstract, "Expand", str(random.randint(1, 999)), "PDF", "View via Publisher", "Save", "Alert")


def _arxiv_mail(paper: Listed, random: Random) -> Iterable[str]:
    yield from ("\\\\", f"arXiv:{paper.arxiv_id}")
    yield from (f"Date: {paper.published_on:%a}, {paper.day('{} %b %Y')} 17:59:59 GMT   (1234kb)", "")
    yield from _wrap(f"Title: {paper.title}", 78, "  ")
    yield from _wrap(f"Authors: {_authors(random)}", 40, "  ")
    yield from ("Categories: cs.LG cs.CL", "Comments: 12 pages, 3 figures", "\\\\")
    yield from (f"  {line}" for line in _wrap(paper.abstract, 78))
    yield from (f"\\\\ ( https://arxiv.org/abs/{paper.arxiv_id} ,  1234kb)", "-" * 78)


def _arxiv_new(paper: Listed, random: Random) -> Iterable[str]:
    yield f"[{{number}}] arXiv:{paper.arxiv_id} [pdf, html, other]"
    yield from (f"Title: {paper.title}", _authors(random), "Comments: 12 pages", "Subjects: Machine Learning (cs.LG)")
    yield from (paper.abstract, "")


def _arxiv_feed(paper: Listed, random: Random) -> Iterable[str]:
    return (paper.title, f"arXiv:{paper.arxiv_id}v1 Announce Type: new Abstract: {paper.abstract}")


def _id_before_title(paper: Listed, random: Random) -> Iterable[str]:
    return (f"arXiv:{paper.arxiv_id} {paper.title}", paper.abstract, "")


def _reviews(paper: Listed, random: Random) -> Iterable[str]:
    day = paper.day("{:02} %b %Y")
    yield from (paper.title, "", _authors(random), f"Published: {day}, Last Modified: 05 Mar 2025")
    yield from ("ICLR 2025 poster", "Readers: Everyone", "Show Bibtex", "Show Revisions", "Keywords: words, models")
    yield from (f"Abstract: {paper.abstract}", "")


def _anthology(paper: Listed, random: Random) -> Iterable[str]:
    names = _authors(random).replace(",", " |")
    yield from ("pdf bib abs", paper.title, names, "Proceedings of the 62nd Annual Meeting (Volume 1: Long Papers)", "")
    yield from (paper.abstract, "")


def _scholar(paper: Listed, random: Random) -> Iterable[str]:
    yield from (
        paper.title,
        f"A Lee, B Zhang - arXiv preprint arXiv:{paper.arxiv_id}, 2024 - arxiv.org",
        paper.abstract,
    )
    yield from ("Save", "Cite", f"Cited by {random.randint(1, 99)}", "Related articles", "All 3 versions", "")


def _labelled(paper: Listed, random: Random) -> Iterable[str]:
    return (f"**Title:** {paper.title}", f"**Abstract:** {paper.abstract}", "")


def _labels_in_capitals(paper: Listed, random: Random) -> Iterable[str]:
    return (f"TITLE: {paper.title}", f"AUTHORS: {_authors(random)}", f"ABSTRACT: {paper.abstract}", "")


def _labels_alone(paper: Listed, random: Random) -> Iterable[str]:
    return ("Title:", paper.title, "Abstract:", paper.abstract, "")


def _quoted(paper: Listed, random: Random) -> Iterable[str]:
    return (f"### {paper.title}", "", f"> {paper.abstract}", "")


def _bullets(paper: Listed, random: Random) -> Iterable[str]:
    return (f"* **{paper.title}**", "", f"  {paper.abstract}", "")


def _plain_bullets(paper: Listed, random: Random) -> Iterable[str]:
    return (f"• {paper.title}", f"  {paper.abstract}")


def _ranked(paper: Listed, random: Random) -> Iterable[str]:
    return (f"#{{number}} {paper.title}", paper.abstract)


def _named_below_heading(paper: Listed, random: Random) -> Iterable[str]:
    return (f"## {paper.title}", f"*{_authors(random)}* — ICLR 2025", "", paper.abstract, "")


def _two_paragraphs(paper: Listed, random: Random) -> Iterable[str]:
    sentences = re.split(r"(?<=\.) (?=[A-Z])", paper.abstract)
    half = (len(sentences) + 1) // 2
    paragraphs = (" ".join(sentences[:half]), " ".join(sentences[half:]))
    yield from (paper.title, "", paragraphs[0], "")
    if paragraphs[1]:
        yield from (paragraphs[1], "")


@dataclass(frozen=True, slots=True)
class Form:
    """How a page sets its papers: what stands above them all, each of them, and what it states beside them."""

    entry: Callable[[Listed, Random], Iterable[str]]
    head: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    share: float = 1.0  # of the papers that must come out exactly

    def page(self, papers: Iterable[Listed], random: Random) -> str:
        """The page as text."""
        lines = list(self.head)
        for number, paper in enumerate(papers, 1):
            lines += (line.replace("{number}", str(number)) for line in self.entry(paper, random))
        return "\n".join(lines) + "\n"


_MENU = ("# Daily Papers - Hugging Face", "", " Hugging Face", "", "https://huggingface.co/", "", "Models", "")
_MENU += ("https://huggingface.co/models", "", "Log In", "", "https://huggingface.co/login", "", *_NEWSLETTER, "")
_MENU += ("Subscribe", "", "https://huggingface.co/login?next=%2Fpapers", "", "Daily Papers", "", "by ", "", "AK", "")
_MENU += ("https://huggingface.co/akhaliq", "", " and the research community", "", "Daily", "", "Weekly", "")

FORMS = {
    "title and abstract in turn": Form(_lines),
    "blank lines between": Form(_blanks),
    "browser export": Form(_browser_export, _MENU, frozenset({"arxiv_id", "published_on"})),
    "trending page": Form(
        _trending, ("# Trending", *_NEWSLETTER, "", "## Trending Papers", ""), frozenset({"repository"})
    ),
    "arXiv list": Form(
        _arxiv_list, ("Machine Learning", "", "Showing 1 - 25 of 300 entries", ""), frozenset({"arxiv_id"})
    ),
    "arXiv search": Form(_arxiv_search, ("Showing 1–50 of 1,234 results", ""), frozenset({"arxiv_id"})),
    "votes above, date below": Form(_votes, ("Hot", "New", ""), frozenset({"published_on"})),
    "upvotes, dates and buttons": Form(_upvotes, ("Daily Papers", ""), frozenset({"published_on"})),
    "broken over lines": Form(_wrapped),
    "stars and tags": Form(_starred, ("Trending Research", "Subscribe", "Top", "Social", "New", "Greatest")),
    "list of links": Form(_link_list, ("# Papers of the week", ""), frozenset({"arxiv_id", "repository"})),
    "bold titles": Form(_bold, ("# Reading list", ""), frozenset({"arxiv_id", "repository"})),
    "numbered titles": Form(_numbered),
    "titles twice": Form(_twice),
    "arXiv mail": Form(_arxiv_mail, ("-" * 78,) * 2, frozenset({"arxiv_id", "published_on"})),
    "arXiv new": Form(_arxiv_new, ("New submissions (showing 300 of 300 entries)", ""), frozenset({"arxiv_id"})),
    "arXiv feed": Form(_arxiv_feed, states=frozenset({"arxiv_id"})),
    "id before the title": Form(_id_before_title, states=frozenset({"arxiv_id"})),
    "reviews": Form(_reviews, ("ICLR 2025 Conference", ""), frozenset({"published_on"})),
    "anthology": Form(_anthology),
    "scholar": Form(_scholar, ("About 1,000 results (0.05 sec)", "")),
    "labels in bold": Form(_labelled),
    "labels in capitals": Form(_labels_in_capitals),
    "labels on lines of their own": Form(_labels_alone),
    "quoted abstracts": Form(_quoted),
    "bullets and bold": Form(_bullets),
    "bullets": Form(_plain_bullets),
    "ranked titles": Form(_ranked),
    "names below headings": Form(_named_below_heading),
    "abstracts of two paragraphs": Form(
        _two_paragraphs, share=0.98
    ),  # a paragraph that ends in no full stop may be a title
    "search engine": Form(
        _search_engine, ("About 1,000 results", "Fields of Study", "Sort by Relevance", ""), frozenset({"published_on"})
    ),
}

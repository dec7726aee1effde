"""What the neighbours of a line say about it: whether it continues the line above, begins a title, or is furniture."""

from __future__ import annotations

import polars as pl

from transforms.listing import marks

LONGEST_TITLE = 300
SHORTEST_ABSTRACT = 200
"""Lengths in columns (see extent) that speak clearly: of 60,000 papers of arXiv the longest title has 226 and the
shortest abstract 201, while 15 titles are over 200 and 30 abstracts under 300."""

_SHORTEST_BROKEN_LINE = 40
_SHORTEST_WIDTH, _WIDEST = 50, 160
"""Characters: texts that are broken over lines are broken at some width, and pages are set between these."""

_MOST = 0.95
_RAGGED = 1.15
"""The longest line of a paragraph is at most so much longer than nearly all others; what is longer is not broken."""

SHORTEST_PARAGRAPH = 100
_REPEATED = 3
_SHARE_OF_FURNITURE = 0.1
_SHARE_OF_NAMES = 0.02  # of all lines: where authors are shown, below each title
_LONGEST_LABEL = 80

JOIN_CERTAIN, JOIN_LIKELY, JOIN_PARAGRAPH, JOIN_POSSIBLE, JOIN_UNLIKELY = 0.0, 0.1, 0.8, 1.7, 2.0
"""Costs of reading a line as the continuation of the one above; a line left alone costs 1.4 (see alignment)."""

_ENDS_SENTENCE = r"(?:[.!?…。！？．]['\")\]”’*]*|https?://\S+|\.\.\. ?\]?)$"
_ENDS_OPEN = (
    r"(?:[,;:(–—-]|\b(?:the|an?|of|for|and|or|with|to|in|on|by|via|at|from|as|is|are|was|be|that|which|into|over|"
    r"under|using|through|between|towards?|than|their|its|our|we|this|these|not|can|such|both))$"
)
_LEADS_TO_ADDRESS = (
    r"(?i)(?:\b(?:at|on|in|via|see|to|is|are|from|here|url|visit|and|page|code|website|site|link)|[:,(])$"
)
_STARTS_INSIDE = r"^(?:\p{Ll}+(?:[ ,.;:)]|$)|[)\],.;、，。；])"
_TITLE_WORDS = r"\b\p{Lu}\p{L}{3,}"
_LONG_WORDS = r"\b\p{L}{4,}"
_FIRST_WORD = r"^([\p{Han}\p{Hiragana}\p{Katakana}]|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+)"


def extent(text: pl.Expr) -> pl.Expr:
    """Length of a text in columns: a character of Chinese, Japanese or Korean says as much as two letters, and is as
    wide; the mean of characters and bytes of UTF-8 counts so.
    """
    return (text.str.len_chars().cast(pl.Int64) + text.str.len_bytes()) // 2


def is_long() -> pl.Expr:
    """Whether a line is longer than any title."""
    return extent(pl.col("text")) > LONGEST_TITLE


def classify(lines: pl.DataFrame, *, follows_known: bool) -> pl.DataFrame:
    """The lines with their marks (marks.mark): kind, text, is_heading, arxiv_id, published_on, page_urls.

    Takes the columns of lines.windows; page_urls are the addresses in one string, separated by a space. A button
    that the page's text glues to the title below the newsletter box is taken off; `follows_known` says whether the
    line above the first one belongs to that box.
    """
    is_known = pl.col("text").str.contains(f"^(?:{marks.known_lines()})$")
    unglued = pl.when(is_known.shift(1, fill_value=follows_known)).then(
        pl.col("text").str.replace(marks.glued_prefix(), "${1}")
    )
    lines = lines.with_columns(text=unglued.otherwise("text"))
    marked = lines.with_row_index("row").pipe(marks.candidates)
    found = [marks.mark(text) for text in marked["text"]]
    stated = pl.DataFrame(
        {
            "row": marked["row"],
            "kind": [mark.kind for mark in found],
            "marked_text": [mark.text for mark in found],
            "is_heading": [mark.is_heading for mark in found],
            "arxiv_id": [mark.arxiv_id for mark in found],
            "published_on": [mark.published_on for mark in found],
            "page_urls": [" ".join(mark.page_urls) or None for mark in found],
        },
        schema={
            "row": marked["row"].dtype,
            "kind": pl.String,
            "marked_text": pl.String,
            "is_heading": pl.Boolean,
            "arxiv_id": pl.String,
            "published_on": pl.Date,
            "page_urls": pl.String,
        },
    )
    return (
        lines.with_row_index("row")
        .join(stated, on="row", how="left", maintain_order="left")
        .with_columns(
            pl.col("kind").fill_null("text"),
            pl.coalesce("marked_text", "text").alias("text"),
            pl.col("is_heading").fill_null(False),
        )
        .drop("row", "marked_text")
    )


UNWEIGHED = {"is_author": pl.lit(False), "is_outside": pl.lit(False), "is_page": pl.lit(False)}
"""What is said of the lines of a pair, which are not weighed."""


def weigh(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what they and their neighbours say, as columns.

    is_text: may be part of a title or an abstract. may_go: may be dropped as furniture. length: columns; is_long: more
    than any title has. is_finished: ends as sentences do. is_titled: most words begin with a capital. starts_inside:
    begins with a word in lower case. named: arXiv id that it or an address right below states. after_label: stands
    below the heading "Abstract". is_author, is_outside: below the heading of authors, or of a section that holds no
    abstract. is_button: or a tag, or a name: stands on the page three times above other texts, or below "Submitted
    by". is_names: shows names or a field, as the page often does, and nothing says that it goes on. is_page: the lines
    show more than titles and abstracts. join_cost: of continuing the text line above. is_full, was_full: a next word
    would not have fitted on this line, or the line above. template_title_cost, template_join_cost: nothing yet (see
    template).
    """
    return (
        lines.pipe(_headings)
        .pipe(_fields)
        .pipe(_quotes)
        .pipe(_page)
        .pipe(_addresses_in_text)
        .pipe(_labels)
        .pipe(_sections)
        .pipe(_words)
        .pipe(_joins)
    )


def _headings(lines: pl.DataFrame) -> pl.DataFrame:
    """A line drawn right below a line of text makes that a heading; every line drawn is furniture."""
    underlined = (pl.col("kind").shift(-1) == "rule") & (pl.col("line_number").shift(-1) == pl.col("line_number") + 1)
    return lines.with_columns(
        is_heading=pl.col("is_heading") | (underlined & (pl.col("kind") == "text")).fill_null(False)
    )


def _fields(lines: pl.DataFrame) -> pl.DataFrame:
    """A field of a record ("Authors: …") goes on over the lines below that are indented where it isn't."""
    is_below = pl.col("is_indented") & (pl.col("line_number").diff() == 1)
    is_field = pl.when((pl.col("kind") == "field") & ~pl.col("is_indented")).then(True).when(~is_below).then(False)
    is_rest = pl.col("kind").is_in(["text", "furniture", "names"]) & is_below & is_field.forward_fill()
    return lines.with_columns(kind=pl.when(is_rest.fill_null(False)).then(pl.lit("rest of field")).otherwise("kind"))


def _quotes(lines: pl.DataFrame) -> pl.DataFrame:
    """Where most of the longer texts are set as quotations ("> …"), their marks are furniture."""
    text = pl.col("text")
    is_quoted = (pl.col("kind") == "text") & text.str.starts_with("> ")
    is_longer = (pl.col("kind") == "text") & (extent(text) > _LONGEST_LABEL)
    quotes = lines.select((is_quoted & is_longer).sum() * 2 >= pl.max_horizontal(is_longer.sum(), 1)).item()
    return lines.with_columns(pl.when(is_quoted).then(text.str.slice(2)).otherwise(text)) if quotes else lines


def _page(lines: pl.DataFrame) -> pl.DataFrame:
    """Headings, ids and much furniture make a page; in mere text a short line may be anything."""
    marked = lines["is_heading"].any() or lines["arxiv_id"].is_not_null().any()
    return lines.with_columns(is_page=marked or (pl.col("kind") != "text").mean() >= _SHARE_OF_FURNITURE)


def _addresses_in_text(lines: pl.DataFrame) -> pl.DataFrame:
    """An address on a line of its own belongs to the text above where that leads to it ("… is available at"), and
    where it closes a paragraph that is broken over lines.
    """
    text, above = pl.col("text"), pl.col("text").shift(1)
    is_below = (pl.col("kind").shift(1) == "text") & (pl.col("line_number").diff() == 1)
    leads = above.str.contains(_LEADS_TO_ADDRESS) & text.str.contains(r"^https?://\S+(?: \S)?$")
    is_broken = extent(above).is_between(_SHORTEST_BROKEN_LINE, _WIDEST) & is_below.shift(1)
    closes = is_broken & ~text.str.contains("](", literal=True)
    belongs = (pl.col("kind") == "address") & pl.col("arxiv_id").is_null() & is_below & (leads | closes)
    lines = lines.with_columns(is_led_to=belongs.fill_null(False))
    return lines.with_columns(
        kind=pl.when("is_led_to").then(pl.lit("text")).otherwise("kind"),
        page_urls=pl.when("is_led_to").then(None).otherwise("page_urls"),
    )


def _labels(lines: pl.DataFrame) -> pl.DataFrame:
    """Where a page labels its fields ("Title: …", "Abstract: …"), the labels are furniture; elsewhere they are text.

    It labels both, or titles beside a heading "Abstract" or arXiv ids, or several titles, or most of several abstracts.
    """
    is_text, (title, abstract) = pl.col("kind") == "text", marks.labels()
    is_title = is_text & pl.col("text").str.contains(f"^(?:{title})")
    is_abstract = is_text & pl.col("text").str.contains(f"^(?:{abstract})")
    titles, abstracts, other, long = lines.select(
        is_title.sum().alias("titles"),
        is_abstract.sum().alias("abstracts"),
        ((pl.col("kind") == "abstract") | pl.col("arxiv_id").is_not_null()).sum().alias("other"),
        (is_text & is_long()).sum().alias("long"),
    ).row(0)
    labels_titles = titles >= _REPEATED or (titles > 0 and abstracts + other > 0)
    labels_abstracts = titles > 0 or (abstracts > 1 and 2 * abstracts >= long)
    is_title, is_abstract = is_title & labels_titles, is_abstract & labels_abstracts
    return lines.with_columns(
        after_label=(pl.col("kind").shift(1, fill_value="") == "abstract") | is_abstract,
        is_heading=pl.col("is_heading") | is_title,
        arxiv_id=pl.coalesce("arxiv_id", pl.when(is_abstract).then(pl.col("text").str.extract(marks.ID_BEFORE_LABEL))),
        text=pl.when(is_title)
        .then(pl.col("text").str.replace(f"^(?:{title})", ""))
        .when(is_abstract)
        .then(pl.col("text").str.replace(f"^(?:{abstract})", ""))
        .otherwise("text"),
    )


def _sections(lines: pl.DataFrame) -> pl.DataFrame:
    """What stands below the heading of authors, up to a line too long for names, and of comments and the like; up to
    the next heading in both cases.
    """
    is_text = pl.col("kind") == "text"
    shows_one_paper = pl.col("arxiv_id").drop_nulls().n_unique() == 1
    is_set_off = pl.col("is_heading") | pl.col("text").str.ends_with(":") | shows_one_paper
    closes = (pl.col("kind") == "abstract") | (is_text & pl.col("is_heading"))
    is_sentence = is_text & (extent(pl.col("text")) > _LONGEST_LABEL)

    def below(kind: str, ends: pl.Expr) -> pl.Expr:
        opens = (pl.col("kind") == kind) & is_set_off
        opened = pl.when(opens).then(pl.lit(True)).when(ends).then(pl.lit(False)).forward_fill()
        return opened.fill_null(False) & (pl.col("kind") != kind)

    return lines.with_columns(
        is_author=below("authors", closes | is_sentence | (pl.col("kind") == "section")),
        is_outside=below("section", closes | (pl.col("kind") == "authors")),
    )


def _words(lines: pl.DataFrame) -> pl.DataFrame:
    is_text = pl.col("kind") == "text"
    length = extent(pl.col("text"))
    is_short = length <= _LONGEST_LABEL
    is_finished = pl.col("text").str.contains(_ENDS_SENTENCE)
    # Where every link of a page is a line of words and a line with its address, the words are a button or a name.
    below = pl.col("kind").shift(-1, fill_value="") == "address"
    named_below = pl.when(below).then(pl.col("arxiv_id").shift(-1))
    title_words, long_words = (pl.col("text").str.count_matches(words) for words in (_TITLE_WORDS, _LONG_WORDS))
    is_repeated = is_text & is_short & (pl.col("text_below").n_unique().over("text") >= _REPEATED)
    is_label = (
        below
        & named_below.is_null()
        & pl.col("page_urls").shift(-1).is_null()
        & pl.col("published_on").shift(-1).is_null()
    )
    is_place_holder = is_repeated & pl.col("is_page")
    is_whom = (pl.col("kind").shift(1) == "furniture") & pl.col("text").shift(1).str.contains(r"(?i)\bby:?$")
    may_go = ~is_text | (
        ~pl.col("is_heading") & is_short & (((is_label | is_place_holder) & ~is_finished) | pl.col("is_author"))
    )
    # What stands above a different text each time is a button or a tag; a title of a page that was saved several
    # times stands above the same one.
    text_below = pl.when(~is_short).then(pl.col("text").hash()).shift(-1).backward_fill()
    return lines.with_columns(text_below=text_below).with_columns(
        length=length,
        is_text=pl.col("kind").is_in(["text", "furniture", "names", "field", "authors", "section", "abstract"])
        | pl.col("published_on").is_not_null(),
        may_go=may_go,
        is_finished=is_finished,
        is_titled=(title_words > 0) & (title_words * 5 >= long_words * 3),
        starts_inside=pl.col("text").str.contains(_STARTS_INSIDE),
        named=pl.coalesce("arxiv_id", named_below),
        is_button=is_repeated | is_whom.fill_null(False),
        is_long=length > LONGEST_TITLE,
        template_title_cost=pl.lit(0.0),
        template_join_cost=pl.lit(0.0),
    )


def _joins(lines: pl.DataFrame) -> pl.DataFrame:
    """What it costs to read a line as the continuation of the text line right above."""
    above = pl.col("line_number").shift(1, fill_value=-1)
    is_below = (above == pl.col("line_number") - 1) & pl.col("is_text").shift(1, fill_value=False)
    lines = lines.with_columns(run=(~is_below).cum_sum())
    # Not the longest line: on some pages abstracts are broken and titles are not.
    most, longest = pl.col("length").quantile(_MOST, "higher").over("run"), pl.col("length").max().over("run")
    width = pl.when(longest <= most * _RAGGED).then(longest).otherwise(most)
    first_word = extent(pl.col("text").str.extract(_FIRST_WORD)).fill_null(0)
    # As many words as fit stand on a broken line: the next line's first one would have gone beyond the width.
    is_full = (
        (pl.col("length") + 1 + first_word.shift(-1, fill_value=0) > width)
        & (pl.col("run").shift(-1) == pl.col("run"))
        & width.is_between(_SHORTEST_WIDTH, _WIDEST)
        & pl.col("length").is_between(_SHORTEST_BROKEN_LINE, width)
    )
    lines = lines.with_columns(is_full=is_full.fill_null(False))
    was_broken = pl.col("length").shift(1, fill_value=0).is_between(_SHORTEST_BROKEN_LINE, _WIDEST)
    goes_on = pl.col("text").str.contains(_STARTS_INSIDE) | pl.col("text").shift(1).str.contains(_ENDS_OPEN)
    was_finished = pl.col("is_finished").shift(1, fill_value=True)
    is_names = pl.col("kind").is_in(["names", "field"])
    was_text = ~pl.col("may_go").shift(1, fill_value=True)
    is_paragraph = (
        pl.col("is_page") & (pl.col("length") >= SHORTEST_PARAGRAPH) & pl.col("is_finished") & ~pl.col("is_heading")
    )
    within = (
        pl.when(
            pl.col("is_led_to")
            | pl.col("is_indented")
            & ~pl.col("is_indented").shift(1, fill_value=True)
            & ~pl.col("is_heading")
            & was_text
        )
        .then(JOIN_CERTAIN)
        .when(was_broken & (goes_on | pl.col("is_full").shift(1, fill_value=False)))
        .then(JOIN_LIKELY)
        .when(was_broken & ~was_finished & ~pl.col("is_heading").shift(1, fill_value=False))
        .then(JOIN_POSSIBLE)
        .otherwise(JOIN_UNLIKELY)
    )
    apart = pl.when(is_paragraph).then(JOIN_PARAGRAPH).otherwise(JOIN_UNLIKELY)
    return lines.with_columns(
        join_cost=pl.when(is_below).then(within).otherwise(apart),
        is_names=is_names & (is_names.mean() >= _SHARE_OF_NAMES) & ~goes_on & ~pl.col("is_indented"),
        was_full=pl.col("is_full").shift(1, fill_value=False) & is_below,
    )

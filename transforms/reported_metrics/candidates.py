"""The sentences that can hold a reported number, found over whole columns."""

from __future__ import annotations

import polars as pl

from transforms.patterns import with_ascii_edges
from transforms.sentences import BOUNDARY, mark_boundaries

FIELDS = ("title", "abstract")

_COUNTED = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty"
HOLDS_NUMBER = with_ascii_edges(
    r"\d|(?i)\b(?:twice|thrice|half|halv|doubl|tripl|quadrupl|third|quarter|fifth|tenth|ranks|ranked"
    rf"|{_COUNTED}|an? order)"
)
"""A digit or a number word: what a text must hold to be split into sentences at all."""

_RANK = r"\brank\w* (?:\w+ )?(?:\d+(?:st|nd|rd|th)|first|second|third)\b|\d(?:st|nd|rd|th) (?:place|rank|position|out)"
_UNITS = (
    r"[mnuµμ]?s|secs?|seconds?|milliseconds?|microseconds?|mins?|minutes?|h|hrs?|hours?|days?"
    r"|[GMKT]i?B|gigabytes?|megabytes?|fps|FPS|frames|images|img|samples|tokens?|tok|k?Hz|[GTMP]?FLOP[sS]?|G?MACs"
    r"|dB|[mck]m|met(?:er|re)s?|degrees?|deg|m?W|watts?|[mkµp]?J|joules|k?Wh|[A-Z]\d{3} \w+|[GT]PU"
)
_BOUND = "(?:of|to|from|by|at|is|:|=|above|below|over|under|>|<|≥|≤)"
_SHAPES = (
    r"\d *\\?%|\d[ ~-]?(?:percent|per cent|%?-?points?\b|p\.?p\b|pts?\b)",  # shares and differences
    r"\d ?~?(?:×|\\?times|[xX]\b|-?fold)",  # multiples
    r"(?:^|[^\w.@^-]|[^\w][-–~]|approx|sim|leq|geq|\d[-–])\d*\.\d",  # decimals that do not end a name
    r"(?:^|[ (\[~])[+−-]\d",  # signed numbers
    rf"\d[ ,~-]?\\?(?:{_UNITS})\b|\d ?°",  # durations, memory, rates
    r"\d (?:out )?of |\d ?/ ?\d|[$€£]\d|\d (?:USD|dollars|cents)",  # k of n, money
    rf"(?:[Ss]cores?|accuracy|precision|recall|rate|[A-Z]{{2,}}|[a-z][A-Z]\w*|[@-][0-9]) {_BOUND}? ?(?:\w+ )?\d",
    r"\d+ [A-Za-z]*[A-Z]{2,}|\d (?:accuracy|precision|recall|perplexity|orders? of)",  # whole numbers at a metric
    r"(?:of|from|to|by|at|:|=) \d+(?:[ ,;.)]|$)",
    _RANK,
    r"(?i)\b(?:twice|thrice|half|halv\w+|doubl\w+|tripl\w+|quadrupl\w+|\w+fold|third|quarter|fifth|tenth"
    rf"|(?:{_COUNTED})(?: times|[ -]fold| out of| of | minutes| hours| seconds|[ -]points?| percent| orders)"
    r"|orders? of magnitude|order-of-magnitude)\b",  # numbers in words
)
CANDIDATE = with_ascii_edges("|".join(f"(?:{shape})" for shape in _SHAPES))
"""What can be an outcome, told from most counts, years and names without reading the sentence."""


_NAME = r"([A-Z0-9][\w+.~'’]*(?:-[\w+.]+)*(?: [A-Z][\w+-]*){0,3})"
_MAKING = (
    r"(?:introduc|present|propos|construct|releas|develop|design|creat|buil[dt]|curat|contribut|describ)\w*,?"
    r" (?:the |our )?"
)
_BENCHMARK = (
    r"\b(?:[Bb]enchmark|[Tt]estbed|[Tt]est (?:suite|set|collection)|[Cc]hallenge|[Aa]rena"
    r"|[Ee]valuation (?:suite|framework|dataset|set|corpus|harness)|[Dd]iagnostic (?:suite|set|dataset))"
)
_IS = r"(?: ?\([^()]+\))?[,:]? (?:which is |is )?(?:an?|the)\b"
INTRODUCED = with_ascii_edges(rf"{_MAKING}{_NAME}{_IS}([^.;:]*?){_BENCHMARK}")
COLLECTED = with_ascii_edges(rf"{_MAKING}{_NAME}{_IS}([^.;:]*?)\b(?:[Dd]ataset|[Cc]orpus|[Cc]ollection of)\b")
"""As in "we present X, a corpus of …": a benchmark, too, unless the abstract says otherwise."""
MEASURED_ELSEWHERE = with_ascii_edges(
    r"(?i)benchmarks|[a-z]bench\b|downstream|framework|state-of-the-art"
    r"|pre-?training|training data|supervis|instruction"
)
"""What an abstract holds whose dataset is what something is trained on, or whose system is measured on others."""
_SENTENCE_END = r"\. .*|\.$"
CALLED = with_ascii_edges(rf"{_BENCHMARK},? (?:that we |which we )?(?:term|call|nam|dubb)ed,? {_NAME}")
NAMED_AS_BENCHMARK = with_ascii_edges(
    rf"{_MAKING}(?:([A-Z0-9][\w+.-]*(?:Bench|Arena)[\w-]*)"
    rf"|([A-Z0-9][\w+.-]*[A-Z0-9][\w+-]*)(?: ?\([^()]+\))? {_BENCHMARK})"
)
"""As in "we construct Trail-Bench, which …", "we introduce the TrailEval benchmark": a name that needs no "is a"."""
TITLED = with_ascii_edges(rf"^{_NAME}: (.*?){_BENCHMARK}")
ENTITLED = (
    r"^((?:[A-Z][\w+-]*'?s? ){1,5}(?:Benchmark|Challenge|Arena)"
    r"|\w[\w.+^-]*(?:Bench|Arena|Eval|Gym|Exam)[\w-]*): "
)
ASSESSING = (
    r"^([A-Z0-9][\w+.~'’-]*): "
    r"(?:Assessing|Evaluating|Benchmarking|Measuring|Probing|Testing|A (?:\w+ ){0,2}for Evaluating)\b"
)
SYSTEM = with_ascii_edges(r"(?i)\b(?:models?|framework|method|system|agent|pipeline|toolkit)\b")
"""What the title of a paper may introduce along with a benchmark: then the name before it is not the benchmark's."""
LINKS = with_ascii_edges(
    r"(?i)\b(?:for|that|on|to|with|which|where|using|from|in|by|via|trained|evaluated|achiev\w*|framework)\b"
)
"""What ends a noun phrase: after it, "benchmark" is not what the name before it is."""


SETTING = with_ascii_edges(
    r"(?i)\b(?:evaluat|experiment|test(?:s|ed|ing)?\b|benchmark|results?\b|assess|validat|conduct"
    r"|verif|compar|improv|outperform|surpass|match|demonstrat)"
)
"""What a sentence holds that says on what something was measured."""


def own_benchmarks(papers: pl.DataFrame, wanted: pl.Series) -> dict[int, str]:
    """The benchmark or dataset that a paper introduces ("we present X, a benchmark for …"), by row of the paper.

    Only papers whose row is in `wanted` and that introduce one are in the answer.
    """
    title, abstract = pl.col("title"), pl.col("abstract")
    found = [
        _unlinked(abstract, INTRODUCED),
        pl.when(~title.str.extract(TITLED, 2).str.contains(SYSTEM)).then(_unlinked(title, TITLED)),
        abstract.str.extract(CALLED),
        title.str.extract(ENTITLED),
        title.str.extract(ASSESSING),
        pl.coalesce(abstract.str.extract(NAMED_AS_BENCHMARK), abstract.str.extract(NAMED_AS_BENCHMARK, 2)),
        pl.when(~abstract.str.contains(MEASURED_ELSEWHERE)).then(_unlinked(abstract, COLLECTED)),
    ]
    is_told = abstract.str.contains(f"{INTRODUCED}|{COLLECTED}|{CALLED}|{NAMED_AS_BENCHMARK}") | title.str.contains(
        f"{TITLED}|{ENTITLED}|{ASSESSING}"
    )
    rows = (
        papers.select(title.cast(pl.String), abstract.cast(pl.String))
        .with_row_index("paper")
        .filter(pl.col("paper").is_in(wanted.implode()))
        .filter(is_told)
        .select("paper", pl.coalesce(*found).str.replace(_SENTENCE_END, "").alias("benchmark"))
        .drop_nulls()
    )
    return dict(rows.iter_rows())


def _unlinked(text: pl.Expr, form: str) -> pl.Expr:
    """The name that a form finds, unless words of LINKS stand between it and what it is said to be."""
    return pl.when(~text.str.extract(form, 2).str.contains(LINKS)).then(text.str.extract(form, 1))


def candidates(papers: pl.DataFrame) -> pl.DataFrame:
    """Sentences of `papers` (columns title, abstract) that may hold a reported number, in text order.

    Columns out: `paper` (row of the paper in the frame), `field`, `sentence`, `offset` (characters before the
    sentence in its field), `lead` (of the two sentences before
    it those that are no candidates and may say on what something was measured, else null).
    """
    rows = papers.select("title", "abstract").with_row_index("paper")
    parts = [
        rows.select(
            "paper",
            pl.lit(place).alias("place"),
            pl.lit(field).alias("field"),
            pl.col(field).cast(pl.String).fill_null("").alias("text"),
        ).filter(pl.col("text").str.contains(HOLDS_NUMBER))
        for place, field in enumerate(FIELDS)
    ]
    length = pl.col("text").str.len_chars().cast(pl.Int64) + 1
    sentences = (
        pl.concat(parts)
        .with_columns(
            pl.when(pl.col("field") == "title").then("text").otherwise(mark_boundaries(pl.col("text"))).alias("text")
        )
        .with_row_index("number_of_text")
        .with_columns((length.cum_sum() - length).alias("start"), pl.col("text").str.split(BOUNDARY).alias("text"))
        .explode("text")
        .with_columns((length.cum_sum() - length - pl.col("start")).alias("offset"))
    )
    is_candidate = pl.col("text").str.contains(CANDIDATE)
    told = pl.when(~pl.col("is_candidate") & pl.col("text").str.contains(SETTING)).then("text")
    before = [
        pl.when(pl.col("number_of_text").shift(steps) == pl.col("number_of_text")).then(told.shift(steps))
        for steps in (2, 1)
    ]
    return (
        sentences.with_columns(is_candidate=is_candidate)
        .with_columns(lead=pl.concat_str(before, separator=" ", ignore_nulls=True))
        .filter("is_candidate")
        .with_columns(lead=pl.when(pl.col("lead") != "").then("lead"))
        .sort("paper", "place", "offset")
        .select("paper", "field", pl.col("text").alias("sentence"), "offset", "lead")
    )

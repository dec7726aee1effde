"""Links in titles and abstracts: every http or https address, and addresses of known hosts without a scheme.

Text of listings damages addresses: a footnote's link is glued to the word before it, a link's label to its end, a
slash is lost, a line break leaves a space. Known hosts, their kinds and the cues for the role of a link are
vocabulary (hosts.csv, link_cues.csv); only texts that hold a sign of an address are looked at one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from seeds import Row, vocabulary
from transforms.repositories import repository_columns
from warehouse.schema import lake_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["links", "normalise_url"]


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    url: str
    rule: str


def links(papers: pl.DataFrame) -> pl.DataFrame:
    """The links of papers, title before abstract.

    Takes source_id, record_number, paper_id, title, abstract; returns the lake columns of `links`. Raises
    polars.exceptions.ColumnNotFoundError if a column is missing.
    """
    rows: list[dict[str, object]] = []
    candidates = papers.filter(_holds_address("title") | _holds_address("abstract"))
    columns = ("source_id", "record_number", "paper_id", "title", "abstract")
    for source_id, record_number, paper_id, *texts in candidates.select(columns).iter_rows():
        number = 0
        for field, text in zip(("title", "abstract"), texts, strict=True):
            for mention in _mentions(text or ""):
                number += 1
                host = _host(mention.url)
                before = text[max(0, mention.start - _CONTEXT) : mention.start]
                kind = _kind(host, mention.url, before)
                role, role_rule = _role(before)
                rows.append(
                    {
                        "source_id": source_id,
                        "record_number": record_number,
                        "paper_id": paper_id,
                        "link_number": number,
                        "url": mention.url,
                        "url_raw": text[mention.start : mention.end],
                        "host": host,
                        "kind": kind,
                        "role": role,
                        "field": field,
                        "char_start": mention.start,
                        "char_end": mention.end,
                        "rule_id": f"{mention.rule} {role_rule}",
                    }
                )
    schema = lake_schema("links")
    found = pl.DataFrame(rows, schema={name: type_ for name, type_ in schema.items() if "repository" not in name})
    found = found.with_columns(repository_columns(pl.col("url"), pl.col("host")))
    # A page that a host keeps about a repository, such as a wiki, is not the repository.
    is_code = pl.col("kind") == "code"
    found = found.with_columns(
        pl.when(is_code).then(pl.col(name)).alias(name) for name in schema.names() if "repository" in name
    )
    return found.select(schema.names()).cast(schema)


# Addresses

_HOSTS = vocabulary("hosts")
_BARE_HOSTS = frozenset(row["host"] for row in _HOSTS if row["is_bare_link"] == "yes")
_ENDINGS = frozenset(row["ending"] for row in vocabulary("web_endings"))
_CHARACTER = r"[^\s<>\"“”‘’„{}|\\^`$\[\]，。；：！？、（）「」【】《》]"
_BODY = rf"(?:(?![Hh][Tt][Tt][Pp][Ss]?:/)(?:{_CHARACTER}|\\[_%#&~]))"
_ADDRESS = re.compile(
    rf"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?:(?: (?=//[\w.-]+/))?/{{1,3}}"
    rf"(?:(?=[^\s/])| (?=(?:[\w-]+\.){{1,3}}[a-z]{{2,6}}/)){_BODY}+)"
    rf"|(?<![\w@./-])(?P<bare>[A-Za-z0-9][A-Za-z0-9-]{{0,62}}(?:\.(?!https?:)[A-Za-z0-9-]{{1,63}})+(?::\d+)?(?:[/?]{_BODY}*)?)"
)
_SPLIT_AFTER_HOST = re.compile(r"https?://(?:www\.)?(?:github|gitlab|huggingface)\.(?:com|co)/")
_SPLIT_REST = re.compile(r" [\w-]+/[\w.-]+(?![\w/])")
_REPOSITORY = re.compile(r"https?://(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)/[\w-]+/[\w-]+")
_SPLIT_NAME = re.compile(r" ([A-Za-z0-9]*[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*)(?=[.)]?(?: [A-Z]|$))")
_LINK_WORDS = frozenset({"URL", "URLS", "URLs", "GitHub", "GitLab", "README"})
_TRAILING = ".,;:!?'\"*_~·…-–—"
_NEXT_SENTENCE = re.compile(
    r"\.(?=(?:" + "|".join(row["pattern"] for row in vocabulary("link_cues") if row["use"] == "sentence_opener") + ")$)"
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W])?\.)+[^\W\d_]{2,24}|\d{1,3}(?:\.\d{1,3}){3}")
_INVITATION = re.compile(r"(?:\b(?:at|visit|see|[Pp]age|[Ss]ite|[Ww]ebsite|[Ww]ebpage|[Hh]omepage)|:) ?[(~]? ?$")


def _holds_address(column: str) -> pl.Expr:
    return pl.col(column).str.contains(
        rf"(?i)https?: ?/|www\.|[a-z0-9-]\.(?:{'|'.join(sorted(_ENDINGS))})(?:[^a-z0-9]|$)"
    )


def _mentions(text: str) -> Iterator[_Mention]:
    """The addresses of one text, in order."""
    position = label_at = 0
    while match := _ADDRESS.search(text, position):
        start, end = match.start(), _end(text, *match.span())
        rule, split = _address_rule(text, match), _split_name(text, start, end)
        if split:
            end, rule = split.end(), "url.rejoined"
        # TeX sets an underscore of a repository's name as a gap; no other character of a name is lost that way.
        url = normalise_url(text[start:end].replace(" ", "_") if split else text[start:end])
        if url is None or (match["bare"] and not _is_meant(url, text[max(0, start - _CONTEXT) : start])):
            position = max(end, start + 4)
            continue
        position = end
        if start and start == label_at and text[start - 1] == "{":
            continue  # the words that a link shows: they name its address again
        label_at = end + 1
        yield _Mention(start, end, url, rule)


def _split_name(text: str, start: int, end: int) -> re.Match[str] | None:
    """The rest of a repository's name behind a gap, where it is certain to be that.

    It is when the words before the address say that the authors' own is there, the address ends with owner and name,
    and one coined name closes the sentence behind it ("… our code is at https://github.com/owner/SPEECH ABC.").
    """
    rest = _SPLIT_NAME.match(text, end) if _REPOSITORY.fullmatch(text[start:end]) else None
    if rest is None or rest[1] in _LINK_WORDS or _role(text[max(0, start - _CONTEXT) : start])[1] != "role.cue_own":
        return None
    return rest


def _end(text: str, start: int, end: int) -> int:
    """Where an address ends: before an unopened bracket or what belongs to the sentence."""
    address = text[start:end]
    address = text[start : _end_beyond_space(address, text, end)]
    depth = 0
    for index, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            address = address[:index]
            break
    if sentence := _NEXT_SENTENCE.search(address):
        address = address[: sentence.start()]
    while address and address[-1] in _TRAILING + "(\\":
        if address[-1] in "-_" and address[-2:-1].isalnum():
            break  # the end of an opaque id
        address = address[:-1]
    if address.count("(") > address.count(")"):
        address = address[: address.rindex("(")].rstrip(_TRAILING)
    return start + len(address)


def _end_beyond_space(address: str, text: str, end: int) -> int:
    """Where an address ends that a space has split after its host, before an owner and a name."""
    rest = _SPLIT_REST.match(text, end) if _SPLIT_AFTER_HOST.fullmatch(address) else None
    return rest.end() if rest else end


def _address_rule(text: str, match: re.Match[str]) -> str:
    if match["bare"]:
        return "url.bare"
    if match.start() and text[match.start() - 1].isalnum():
        return "url.glued"
    return "url.scheme" if re.match(r"https?://[^/ ]", match[0], re.IGNORECASE) else "url.mended"


def normalise_url(raw: str) -> str | None:
    """The absolute http or https URL of an address as written; None if it is none.

    Gives the scheme and host in lower case, mends missing or surplus slashes after the scheme, adds https where no
    scheme is written, and undoes LaTeX escapes. Normalising twice changes nothing.
    """
    text = re.sub(r"\s", "", re.sub(r"\\([_%#&~])", r"\1", raw))
    match = re.fullmatch(r"(?:(https?):/*)?([^/?#]+)([/?#].*)?", text, re.IGNORECASE | re.DOTALL)
    if match is None:
        return None
    scheme, authority, rest = (match[1] or "https").lower(), match[2].rpartition("@")[2].lower(), match[3] or ""
    host, _, port = authority.partition(":")
    if not _HOST.fullmatch(host) or (port and not (port.isdigit() and int(port) < 65536)):
        return None
    port = "" if not port or (scheme, port) in {("http", "80"), ("https", "443")} else f":{port}"
    return f"{scheme}://{host}{port}{rest}"


def _host(url: str) -> str:
    return url.split("/", 3)[2].split("?")[0].split("#")[0].partition(":")[0].removeprefix("www.")


def _is_meant(url: str, before: str) -> bool:
    """Whether an address without a scheme is meant as one, and not a name with a full stop in it.

    It is with `www.`, with a path on a known host, with a host that somebody has for himself (`name.github.io`), or
    where the words before it lead to an address and it ends as addresses do.
    """
    if "://www." in url:
        return True
    host = _host(url)
    if "." + host.partition(".")[2] in _BARE_HOSTS:
        return True
    has_path = url.split("/", 3)[3:] not in ([], [""])
    if host in _BARE_HOSTS:
        return has_path
    if host.rpartition(".")[2] not in _ENDINGS or next(_rows_of(host), None) is not None:
        return False
    return _INVITATION.search(before) is not None and _role(before)[1] == "role.cue_own"


# Kind

_CONTEXT = 240
_KIND_CUES = {
    row["use"].removeprefix("kind."): re.compile(row["pattern"])
    for row in vocabulary("link_cues")
    if row["use"].startswith("kind.")
}


def _kind(host: str, url: str, before: str) -> str:
    """What is at the URL: by the first row of the vocabulary that fits, else a page of somebody's own."""
    path = "/" + url.split("/", 3)[3] if url.count("/") > 2 else "/"
    row = next((row for row in _rows_of(host) if re.search(row["path"], path)), None)
    if row is None:
        return "project"
    default, *others = row["kind"].split("|")
    return _kind_by_text(before, {default, *others}) or default if others else default


def _rows_of(host: str) -> Iterator[Row]:
    first, _, _ = host.partition(".")
    for row in _HOSTS:
        known = row["host"]
        if known == host or (known.startswith(".") and host.endswith(known)) or known == f"{first}.*":
            yield row


def _kind_by_text(before: str, kinds: set[str]) -> str | None:
    """Of these kinds the one whose word stands last in the sentence before the link; a page only if it is alone."""
    sentence = _last_sentence(before).lower()
    last = {
        kind: max(match.start() for match in cue.finditer(sentence))
        for kind, cue in _KIND_CUES.items()
        if kind in kinds and cue.search(sentence)
    }
    return max(last, key=lambda kind: (kind != "project", last[kind])) if last else None


# Role

_SENTENCE_START = re.compile(r"[.!?]['\")]* (?=[A-Z])|https?:/\S+\s")


def _cues(use: str) -> list[re.Pattern[str]]:
    """The cues of that use, each up to the link itself."""
    return [
        re.compile(rf"(?:{row['pattern']})[ (\[<~:{{–-]*(?:\d{{1,3}})?$")
        for row in vocabulary("link_cues")
        if row["use"] == use
    ]


_ROLES = tuple(
    (cue, role, rule_id)
    for use, role, rule_id in (
        ("own", "own", "role.cue_own"),
        ("reference", "reference", "role.cue_reference"),
        ("own_unless_reference", "own", "role.cue_own"),
    )
    for cue in _cues(use)
)
_AUTHORS = re.compile(r"\b(?:our|we|this|these)\b", re.IGNORECASE)


def _role(before: str) -> tuple[str, str]:
    """own, unless the words that lead to the link say that it is somebody else's; and the rule that says so."""
    sentence = _last_sentence(before)
    for cue, role, rule_id in _ROLES:
        match = cue.search(sentence)
        if match and not (role == "reference" and _AUTHORS.search(match[0])):
            return role, rule_id
    return "own", "role.default"


def _last_sentence(before: str) -> str:
    start = 0
    for match in _SENTENCE_START.finditer(before):
        start = match.end()
    return before[start:]

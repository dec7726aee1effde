"""Addresses in a text: every http or https address, and addresses of known hosts without a scheme.

Text of listings damages addresses: a footnote's link is glued to the word before it, a link's label to its end, a
slash is lost, a line break leaves a space. What is mended here is certain; what isn't stays as it stands.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from seeds import vocabulary
from transforms.links.urls import HYPHENS, host_of, normalise_url, rows_of
from transforms.links.words import CONTEXT_LENGTH, patterns_of, role_by_words
from transforms.repositories import known_repository_hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Mention", "holds_address", "mentions"]


@dataclass(frozen=True, slots=True)
class Mention:
    """An address in a text: where it stands, the URL it means, and the rule that found it."""

    start: int
    end: int
    url: str
    rule: str


_BARE_HOSTS = frozenset(row["host"] for row in vocabulary("hosts") if row["is_bare_link"] == "yes")
_ENDINGS = frozenset(row["ending"] for row in vocabulary("web_endings"))
_CHARACTER = r"[^\s<>\"{}|\\^`$\[\]]"
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
_TRAILING = ".,;:!?'\"*_~-" + HYPHENS
_NEXT_SENTENCE = re.compile(rf"\.(?=(?:{patterns_of('sentence_opener')})$)")
_GLUED_SENTENCE = re.compile(
    rf"\.(?!(?:{patterns_of('name_ending')})\b)(?:[AI]|[A-Z][a-z]+)(?:(?<=ly),)?"
    rf" (?!(?:{patterns_of('follows_address')})\b)[a-z]+\b"
)
"""Two words that begin a sentence, also `Notably, we`: any but endings of names and words that follow addresses."""

_LONGEST_WORDS = 40
"""Characters of two words: how far to look behind an address, so that time stays linear in the length of a text."""

_IN_REPOSITORIES = re.compile(
    rf"(?:https?: ?/* ?)?(?:www\.)?(?:{'|'.join(known_repository_hosts())})/ ?[!-'*+\--:<-~{HYPHENS}]*", re.IGNORECASE
)
"""An address in a host of repositories, whose names are in ASCII and hold no brackets, commas and semicolons."""

_INVITATION = re.compile(r"(?:\b(?:at|visit|see|[Pp]age|[Ss]ite|[Ww]ebsite|[Ww]ebpage|[Hh]omepage)|:) ?[(~]? ?$")


def holds_address(column: str) -> pl.Expr:
    """Whether a text holds a sign of an address."""
    return pl.col(column).str.contains(
        rf"(?i)https?: ?/|www\.|[a-z0-9-]\.(?:{'|'.join(sorted(_ENDINGS))})(?:[^a-z0-9]|$)"
    )


def mentions(text: str) -> Iterator[Mention]:
    """The addresses of one text, in order."""
    position = label_at = 0
    while match := _ADDRESS.search(text, position):
        start, end = match.start(), _end(text, *match.span())
        rule, split = _address_rule(text, match, text[start:end]), _split_name(text, start, end)
        if split:
            end, rule = split.end(), "url.rejoined"
        # TeX sets an underscore of a repository's name as a gap; no other character of a name is lost that way.
        url = normalise_url(text[start:end].replace(" ", "_") if split else text[start:end])
        if url is None or (match["bare"] and not _is_meant(url, text[max(0, start - CONTEXT_LENGTH) : start])):
            position = max(end, start + 4)
            continue
        position = end
        if start and start == label_at and text[start - 1] == "{":
            continue  # the words that a link shows: they name its address again
        label_at = end + 1
        yield Mention(start, end, url, rule)


def _split_name(text: str, start: int, end: int) -> re.Match[str] | None:
    """The rest of a repository's name behind a gap, where it is certain to be that.

    It is when the words before the address say that the authors' own is there, the address ends with owner and name,
    and one coined name closes the sentence behind it ("… our code is at https://github.com/owner/SPEECH ABC.").
    """
    rest = _SPLIT_NAME.match(text, end) if _REPOSITORY.fullmatch(text[start:end]) else None
    if (
        rest is None
        or rest[1] in _LINK_WORDS
        or role_by_words(text[max(0, start - CONTEXT_LENGTH) : start])[1] != "role.cue_own"
    ):
        return None
    return rest


def _end(text: str, start: int, end: int) -> int:
    """Where an address ends: before an unopened bracket or what belongs to the sentence."""
    address = text[start:end]
    address = text[start : _end_beyond_space(address, text, end)]
    address = "".join(itertools.takewhile(_may_stand_in_address, address))
    depth = 0
    for index, character in enumerate(address):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            address = address[:index]
            break
    if known := _IN_REPOSITORIES.match(address):
        address = known[0]
    address = address[: _next_sentence(text, start, start + len(address)) - start]
    while address and address[-1] in _TRAILING + "(\\":
        if address[-1] in "-_" and address[-2:-1].isalnum():
            break  # the end of an opaque id
        address = address[:-1]
    if address.count("(") > address.count(")"):
        address = address[: address.rindex("(")].rstrip(_TRAILING)
    return start + len(address)


def _may_stand_in_address(character: str) -> bool:
    """Letters of any script may, such as those of Wikipedia's pages; punctuation, symbols, raised digits beyond ASCII
    belong to the sentence: dashes, quotes, marks of footnotes, arrows.
    """
    if character.isascii() or character in HYPHENS:
        return True
    category = unicodedata.category(character)
    return category[0] not in "PS" and category != "No"


def _next_sentence(text: str, start: int, end: int) -> int:
    """Where the next sentence begins if it is glued to the address ("…/tool.Experiments show …"), else its end."""
    glued = _GLUED_SENTENCE.search(text, start, end + _LONGEST_WORDS)
    if glued and glued.start() < end:
        return glued.start()
    opener = _NEXT_SENTENCE.search(text[start:end].rstrip(",:"))
    return start + opener.start() if opener else end


def _end_beyond_space(address: str, text: str, end: int) -> int:
    """Where an address ends that a space has split after its host, before an owner and a name."""
    rest = _SPLIT_REST.match(text, end) if _SPLIT_AFTER_HOST.fullmatch(address) else None
    return rest.end() if rest else end


def _address_rule(text: str, match: re.Match[str], address: str) -> str:
    if match["bare"]:
        return "url.bare"
    if match.start() and text[match.start() - 1].isalnum():
        return "url.glued"
    return "url.scheme" if re.fullmatch(rf"https?://[^/ ][^\s{HYPHENS}]*", address, re.IGNORECASE) else "url.mended"


def _is_meant(url: str, before: str) -> bool:
    """Whether an address without a scheme is meant as one, and not a name with a full stop in it.

    It is with `www.`, with a path on a known host, with a host that somebody has for himself (`name.github.io`), or
    where the words before it lead to an address and it ends as addresses do.
    """
    if "://www." in url:
        return True
    host = host_of(url)
    if "." + host.partition(".")[2] in _BARE_HOSTS:
        return True
    has_path = url.split("/", 3)[3:] not in ([], [""])
    if host in _BARE_HOSTS:
        return has_path
    if host.rpartition(".")[2] not in _ENDINGS or next(rows_of(host), None) is not None:
        return False
    return _INVITATION.search(before) is not None and role_by_words(before)[1] == "role.cue_own"

"""Why a number is set-up and not an outcome.

A rule is a function of a reading and a number that returns whether the number is refused; its id is the slug in
`RULES`. Rules are asked in order and the first that refuses names the reason. A number that none refuses still needs
evidence that it is an outcome (`refuse.no_evidence`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from transforms.reported_metrics.conditions import (
    amount_of_media,
    composition,
    condition,
    magnification,
    noun_after,
    repetition,
    resampling,
    scale,
    share_of_data,
    slash,
    threshold,
    vague_word,
)
from transforms.reported_metrics.cues import cues_of
from transforms.reported_metrics.function_words import word_classes
from transforms.reported_metrics.outcomes import is_difference
from transforms.reported_metrics.tokens import NUMBER, WORD
from transforms.reported_metrics.words import group

if TYPE_CHECKING:
    from collections.abc import Callable

    from transforms.reported_metrics.numbers import Number
from transforms.reported_metrics.reading import Reading

_SYMBOLS: Final = re.compile(r"(r|ρ|rho|τ|tau|κ|kappa|r2|r\^2|r²|auc|f1|icc|ccc|acc|accuracy|d|map|miou|iou|elo|α)$")


def refusal(reading: Reading, number: Number) -> str | None:
    """The id of the first rule that refuses the number; None if none does."""
    for slug, rule in RULES.items():
        if rule(reading, number):
            return slug
    return None


def not_measured(_reading: Reading, number: Number) -> bool:
    """A row of digits beyond what a double holds exactly (2^53): an id or noise, no measurement."""
    return max(abs(number.value), abs(number.value_high or 0)) >= 2**53


def identifier(reading: Reading, number: Number) -> bool:
    """As in "arXiv:2402.02526"."""
    return reading.low(number.first - 1) == ":" and reading.low(number.first - 2) in ("arxiv", "doi", "isbn", "pmid")


def list_marker(reading: Reading, number: Number) -> bool:
    """As in "(1) a decoder, 2) a loss": a number before a closing bracket that opens an item."""
    if number.form not in ("bare", "cardinal") or number.is_decimal or reading.low(number.last) != ")":
        return False
    return reading.low(number.first - 1) in ("(", ":", ";", ",", ".", "and", "") and number.value < 20


def citation(reading: Reading, number: Number) -> bool:
    """As in "[12]", "Lee et al., 2021"."""
    return reading.low(number.first - 1) == "[" and reading.low(number.last) == "]" and number.form == "bare"


def year(reading: Reading, number: Number) -> bool:
    """As in "in 2023", "2010-2024": a bare whole number that can be a year."""
    if number.form != "bare" or number.is_decimal or number.sign:
        return False
    return (
        1900 <= number.value <= 2100
        and reading.text[number.start : number.start + 4].isdigit()
        and reading.low(number.first - 1) not in ("by", "score", "elo", "=")
    )


def date(reading: Reading, number: Number) -> bool:
    """As in "on July 21"."""
    return number.form == "bare" and reading.low(number.first - 1) in group("month")


def version_or_name(reading: Reading, number: Number) -> bool:
    """As in "Halcyon 2.5 reaches": a number that ends a capitalised name."""
    if number.form == "bare" and not number.is_decimal and reading.low(number.first - 1) in group("index_noun"):
        return True
    if number.form == "bare" and reading.low(number.last) in ("version", "release"):
        return True
    if number.form not in ("bare", "slash") or number.sign or number.first == 0 or number.comparator != "=":
        return False
    before = reading.tokens[number.first - 1]
    if number.is_decimal and reading.low(number.last) in group("system_noun") and before.kind == WORD:
        opener = reading.low(number.first - 2)  # "the pi 0.5 baseline"
        return not word_classes(before.low) and not cues_of(before.low) and "determiner" in word_classes(opener)
    if before.kind != WORD or not before.text[0].isupper() or before.end + 1 < number.start:
        return False
    if number.first == 1 and (word_classes(before.low) or cues_of(before.low)):
        return False  # capitalised as the first word of the sentence
    if any(phrase.last == number.first for phrase in reading.metrics):
        return False
    return (number.value < 100 and not reading.is_mark(number.first - 2, "(:")) or (
        before.text[0].isupper() and before.low not in ("of", "by")
    )


def hyperparameter(reading: Reading, number: Number) -> bool:
    """As in "lambda = 0.5", "(N=118)", "p < 0.05": a symbol set to a value, unless the symbol is a measure."""
    index = number.first - 1
    while index >= 0 and reading.low(index) in group("symbol_link"):
        index -= 1
    if index == number.first - 1 or index < 0:
        return False
    if reading.low(index + 1) == "in" and number.first - index == 2:
        return False
    word = reading.tokens[index]
    is_versus = word.low in ("versus", "vs", "against") and reading.low(index + 1) == "~"
    if is_versus or (is_difference(reading, number) and (number.sign or number.form == "percent")):
        return False  # "versus ~85% by people", "an increase (delta = +0.800)"
    if reading.cue(index, "level_verb", "change_verb") or "determiner" in word_classes(word.low):
        return False  # "achieving > 90% reduction", "a ~82% reduction"
    if any(
        phrase.id != "nfe" and phrase.first <= index < phrase.last and not phrase.id.startswith("~")
        for phrase in reading.metrics
    ):
        return False
    return (
        word.kind == WORD
        and len(word.text) <= 12
        and not (_SYMBOLS.match(word.low) and (word.low not in ("τ", "tau") or "kendall" in reading.text.lower()))
        and word.low not in group("no_symbol")
    )


def p_value(reading: Reading, number: Number) -> bool:
    """As in "p < 0.001"."""
    return reading.low(number.first - 2) in ("p", "p-value", "p-values") and reading.low(number.first - 1) in "<=>≤"


def confidence_level(reading: Reading, number: Number) -> bool:
    """As in "95% confidence interval", "95% CI", and the ends of the interval: "95% CI: 0.58-0.86", "a 95% interval of
    [0.58, 0.86]", "0.71 (0.58-0.86)".
    """
    before = number.lead - 1
    is_bracketed = False
    while before > 0 and (reading.tokens[before].kind == NUMBER or reading.is_mark(before, ":[(=,-–")):
        is_bracketed = is_bracketed or reading.low(before) == "["
        before -= 1
    if reading.low(before) in ("ci", "cis") and before < number.lead:
        return True
    if is_bracketed and reading.low(before - (reading.low(before) == "of")) in ("interval", "intervals"):
        return True
    if _is_around_value(reading, number):
        return True
    follows = reading.lows[number.last : number.last + 2]
    if number.form == "percent" and "interval" in follows and reading.cue(number.last, "comparative") is None:
        return True
    return (
        number.form == "percent"
        and reading.low(number.last) in ("confidence", "ci", "credible", "prediction")
        and (reading.low(number.last) == "ci" or reading.low(number.last + 1) in group("confidence_noun"))
    )


def _is_around_value(reading: Reading, number: Number) -> bool:
    """Whether a range in brackets holds the value before them: it says how sure that value is."""
    if number.value_high is None or reading.low(number.lead - 1) not in ("(", "["):
        return False
    if not reading.is_mark(number.last, "),;]"):
        return False
    value = next((other for other in reading.numbers if other.last == number.lead - 1), None)
    is_inside = value is not None and value.value_high is None and number.value < value.value < number.value_high
    return is_inside and number.form in ("bare", "percent")


def modifier(reading: Reading, number: Number) -> bool:
    """As in "12-layer", "5-shot": a number that is part of a compound adjective."""
    if number.form not in ("bare", "cardinal", "magnitude", "duration", "memory", "measure") or number.last >= len(
        reading.tokens
    ):
        return False
    mark = reading.tokens[number.last]
    if mark.text != "-" or mark.start != number.end or number.last + 1 >= len(reading.tokens):
        is_glued = "-" in reading.text[number.start + 1 : number.end]
        return number.form in ("duration", "memory", "measure") and is_glued and not _is_told_range(reading, number)
    return reading.tokens[number.last + 1].kind == WORD


def _is_told_range(reading: Reading, number: Number) -> bool:
    """As in "takes 5-12 seconds to respond", "15-38 dB PSNR"; not "48-120 hour forecasts", "forecasts (1-24h)"."""
    if number.value_high is None or reading.low(number.last) == ")":
        return False
    is_open = reading.is_mark(number.last) or bool(word_classes(reading.low(number.last)))
    return is_open or any(phrase.first == number.last for phrase in reading.metrics)


def count_of_things(reading: Reading, number: Number) -> bool:
    """As in "12 languages", "two public benchmarks": a bare number before a noun of setup_nouns.csv."""
    if number.form == "count":
        return number.value == 1  # "one of the 14 categories" names a thing and counts none
    if number.form == "points" and reading.text[number.start].isalpha():
        cues = ("change_noun", "change_verb", "beat_verb", "comparative")
        return not reading.metrics and not any(reading.cue(index, *cues) for index in range(len(reading.tokens)))
    if number.form not in ("bare", "cardinal", "magnitude") or number.sign == "+":
        return False
    if number.is_decimal and number.value < 1 and number.form == "bare":
        return False  # nothing is counted in parts
    return noun_after(reading, number.last, 4) is not None


def setting(reading: Reading, number: Number) -> bool:
    """As in "at a threshold of 0.95", "with context sizes of 512, 1,024 and 2,048": a noun of set-up has this value."""
    index = number.lead - 1
    while index > 0 and (reading.low(index) in group("list_joint") or reading.tokens[index].kind == NUMBER):
        index -= 1
    if reading.low(index) not in ("of", "to", "at", "=", "("):
        return False
    is_difference = reading.low(index) == "(" and number.sign == "-"
    return reading.low(index - 1) in group("setting_noun") and not is_difference


def sampling_rate(reading: Reading, number: Number) -> bool:
    """As in "to 48 kHz", "1080p resolution and 32 FPS", "24fps videos": how finely a signal is recorded or shown."""
    if number.unit == "fps":
        nearby = reading.lows[max(0, number.first - 6) : number.last + 1]
        is_shown = reading.low(number.lead - 1) == "at" and reading.low(number.lead - 2).startswith(("video", "clip"))
        is_video = reading.low(number.last).startswith("video") or "resolution" in nearby or is_shown
        return is_video and not any(
            reading.low(index).startswith(("achiev", "reach", "run", "sustain", "speed"))
            for index in range(max(0, number.lead - 4), number.lead)
        )
    return number.unit == "kHz"


def hardware(reading: Reading, number: Number) -> bool:
    """As in "a single 24GB GPU", "eight A100 80GB cards": the memory that a device comes with."""
    if number.form != "memory":
        return False
    after = reading.low(number.last + (reading.low(number.last) == "-"))
    if after.startswith(("gpu", "accelerator", "card", "a100", "h100", "ram")):
        return True
    return number.first > 0 and _DEVICE.fullmatch(reading.tokens[number.first - 1].text) is not None


_DEVICE: Final = re.compile(r"[AHVLPTB]\d{1,3}s?|[34]0[6-9]0|50[89]0|H800|A800|MI\d{3}X?")
"""Names of graphics processors that their memory follows."""


def full_turn(_reading: Reading, number: Number) -> bool:
    """As in "360° scenes": a view all around."""
    return number.unit == "°" and number.value in (90, 180, 360)


RULES: Final[dict[str, Callable[[Reading, Number], bool]]] = {
    "refuse.not_measured": not_measured,
    "refuse.identifier": identifier,
    "refuse.list_marker": list_marker,
    "refuse.citation": citation,
    "refuse.date": date,
    "refuse.year": year,
    "refuse.p_value": p_value,
    "refuse.hyperparameter": hyperparameter,
    "refuse.confidence_level": confidence_level,
    "refuse.modifier": modifier,
    "refuse.version_or_name": version_or_name,
    "refuse.count_of_things": count_of_things,
    "refuse.setting": setting,
    "refuse.sampling_rate": sampling_rate,
    "refuse.scale": scale,
    "refuse.full_turn": full_turn,
    "refuse.hardware": hardware,
    "refuse.composition": composition,
    "refuse.share_of_data": share_of_data,
    "refuse.condition": condition,
    "refuse.threshold": threshold,
    "refuse.magnification": magnification,
    "refuse.resampling": resampling,
    "refuse.repetition": repetition,
    "refuse.vague_word": vague_word,
    "refuse.slash": slash,
    "refuse.amount_of_media": amount_of_media,
}

"""Cut a sentence into tokens by the lexicon and the words of grammar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .._lazy import regex
from . import words as w
from .tagging import settle
from .tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lexicon import Entry, Lexicon

MOST_TOKENS = 400  # beyond them a sentence is not read as one
_TOKEN = regex(
    rb"(?:[A-Za-z]\.){2,}|\d+(?:[.,/]\d+)*(?:st|nd|rd|th)?|'s\b|[A-Za-z\xff]+(?:'(?!s\b)[A-Za-z\xff]+)*\.?(?=)|[^\sA-Za-z0-9\xff]"
)

_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ\xff"
_YEAR = regex(r"(?:19|20)\d\d")
_BREAKS = {";": w.BREAK, ":": w.BREAK, "(": w.OPEN, ")": w.CLOSE, "[": w.OPEN, "]": w.CLOSE, '"': w.QUOTE,
           ",": w.COMMA, ".": w.STOP, "!": w.STOP, "?": w.STOP}  # fmt: skip
_DATED_MONTHS = w.MONTHS - {"may"}
TITLES = frozenset("mr. mrs. ms. dr. gen. lt. col. sen. rep. gov. st. prof.".split())


def tokenize(plain: bytes, start: int, end: int, lexicon: Lexicon) -> Tokens:
    """Cut a stretch of plain text into tokens; what may be a verb or a noun is settled by its neighbours."""
    found = Tokens([], [], [], [], [], [], [])
    spans: list[tuple[int, int]] = []
    texts: list[str] = []
    for hit in _TOKEN.finditer(plain, start, end):
        text = hit.group().decode("latin-1")
        if text[-1] != "." or len(text) == 1:
            spans.append(hit.span())
            texts.append(text)
        elif text[:-1].lower() in _DATED_MONTHS:
            spans.append(hit.span())
            texts.append(text[:-1])
        elif len(text) > 2 and text.count(".") == 1 and text.lower() not in TITLES:
            a, b = hit.span()
            spans += ((a, b - 1), (b - 1, b))
            texts += (text[:-1], ".")
        else:
            spans.append(hit.span())
            texts.append(text)
        if len(texts) > MOST_TOKENS:
            break
    lower = [text.lower() for text in texts]
    shout = _is_shouted(texts)
    count = len(texts)
    known = lexicon.grammar
    starts, ends, words, tags, values = found.starts, found.ends, found.words, found.tags, found.values
    forms, others = found.forms, found.others

    def add(a: int, b: int, word: str, tag: int, value: str, form: str, other: Entry | None = None) -> None:
        starts.append(a)
        ends.append(b)
        words.append(word)
        tags.append(tag)
        values.append(value)
        forms.append(form)
        others.append(other)

    n = 0
    while n < count:
        text, word = texts[n], lower[n]
        entries = lexicon.entries(word)
        if entries and entries[-1].rest:  # the longest come first: all of them are of several words
            after = lower[n + 1] if n + 1 < count else ""
            if after != "-" and all(entry.rest[0] != after for entry in entries):
                entries = []
        if entries and _is_glued(texts, spans, n):
            entries = []
        if not entries and word not in BY_NEIGHBOURS:
            # Of a word that the lexicon does not hold, its letters tell what it is, and whether it opens a sentence.
            key = (text, shout or not n or lower[n - 1] in OPENERS)
            kind = known.get(key) or lexicon.keep(key, grammar(text, word, key[1]))
            a, b = spans[n]
            starts.append(a)
            ends.append(b)
            words.append(word)
            tags.append(kind[0])
            values.append(kind[1])
            forms.append(kind[2])
            others.append(None)
            n += 1
            continue
        noun: Entry | None = None
        verb: Entry | None = None
        length = 1
        for entry in entries:
            reach = _fits(entry, lower, n)
            if not reach or (noun is not None and reach < length):
                continue
            if entry.tag not in _NUMBERED_TAGS and _is_glued(texts, spans, n + reach):
                continue  # a number belongs to "EO14024", not to "Iran12"
            if (entry.case == 1 and not text[0].isupper()) or (entry.case == 2 and not text.isupper()):
                continue
            if (
                not entry.case
                and entry.tag == w.ACTOR
                and n
                and text[0].isupper()
                and n + 1 < len(texts)
                and texts[n + 1][0].isupper()
                and not shout
            ):
                continue  # "Global Human Rights Sanctions Regime": part of a name
            if entry.form and entry.form in _NUMBERED and not _NUMBERED[entry.form](lower, n + reach):
                continue
            if reach > length:
                noun = verb = None
                length = reach
            if entry.tag == w.VERB:
                verb = verb or entry
            else:
                noun = noun or entry
        stop = n + length
        if noun is not None and noun.tag in _NUMBERED_TAGS:
            stop = _to_number(lower, stop)
        if length == 1 and noun is None and word in _CALENDAR and text[0].isupper():
            verb = None
        a, b = spans[n][0], spans[stop - 1][1]
        if (noun is None and (verb is None or word in CLOSED)) or (
            noun is not None and length == 1 and not noun.case and word in CLOSED
        ):
            tag, value, form = _by_neighbours(texts, lower, n) or grammar(
                text, word, shout or not n or lower[n - 1] in OPENERS
            )
            if word == "-" and not (n and n + 1 < len(spans) and spans[n - 1][1] == a and spans[n + 1][0] == b):
                tag, value = w.COMMA, "-"
            if verb is not None and tag in _OPEN:
                tag, value, form = w.VERB, verb.value, verb.form
            add(a, b, word, tag, value, form)
        elif noun is None:
            assert verb is not None
            if n and text[0].isupper() and not shout and lower[n - 1] not in OPENERS:
                add(a, b, word, w.NAME, text, "")
            else:
                add(a, b, " ".join(lower[n:stop]), w.VERB, verb.value, verb.form)
        else:
            add(a, b, " ".join(lower[n:stop]), noun.tag, noun.value, noun.form, verb)
        n = stop
    settle(found)
    return found


CLOSED = (
    w.DETERMINERS | w.PRONOUNS | w.PREPOSITIONS | w.CONJUNCTIONS | w.NEGATIONS | w.RELATIVES | w.NEGATIVE_NOUNS
    | frozenset(w.BE_FORMS) | frozenset(w.HAVE_FORMS) | frozenset(w.DO_FORMS) | frozenset(w.MODALS)
    | frozenset(w.SUBORDINATORS)
    | frozenset({"to", "no", "not", "last", "next", "second"})
)  # fmt: skip
BY_NEIGHBOURS = frozenset({"may", "'", "-"})
_CALENDAR = (w.MONTHS | w.DAYS) - {"may"}
_OPEN = frozenset({w.NOUN, w.ADJECTIVE})
_NUMBERED_TAGS = frozenset({w.INSTRUMENT, w.PART})
BEFORE_MAY = frozenset("in by since until last next of this early late mid -".split())
NUMBER_SIGNS = frozenset("no. no number nos.".split())
NO_SIGNS = frozenset({"no.", "no"})
MAKERS = frozenset({"eu", "cfsp"})  # in the brackets before a number
JOINS_NUMBERS = frozenset({",", "and", "/"})
OPENERS = frozenset('. ! ? " ( : ;'.split())


def _fits(entry: Entry, lower: Sequence[str], n: int) -> int:
    """Return how many texts an entry takes from ``n`` on, hyphens within it left aside; 0 where it does not fit."""
    at = n + 1
    for word in entry.rest:
        if at < len(lower) and lower[at] == "-" and word != "-":
            at += 1
        if at >= len(lower) or lower[at] != word:
            return 0
        at += 1
    return at - n


def _is_glued(texts: Sequence[str], spans: Sequence[tuple[int, int]], n: int) -> bool:
    """Tell whether a text and the one before it are letters and a number that touch: "2017sanctions" holds no word."""
    if not 0 < n < len(texts) or spans[n - 1][1] != spans[n][0]:
        return False
    left, right = texts[n - 1][0], texts[n][0]
    return left in _LETTERS if right in _DIGITS else left in _DIGITS and right in _LETTERS


def _numbered(lower: Sequence[str], n: int) -> bool:
    return n < len(lower) and (
        lower[n][0].isdigit() or (lower[n] in NUMBER_SIGNS and n + 1 < len(lower) and lower[n + 1][:1].isdigit())
    )


def _slashed(lower: Sequence[str], n: int) -> bool:
    """Tell whether a number such as 833/2014 follows."""
    stop = _to_number(lower, n)
    return stop > n and any("/" in word for word in lower[n:stop])


_NUMBERED = {"numbered": _numbered, "slashed": _slashed}


def _to_number(lower: Sequence[str], stop: int) -> int:
    """Return where an instrument ends: behind its number, its year in brackets, and numbers joined to it."""
    at = stop
    if at < len(lower) and lower[at] in NUMBER_SIGNS:
        at += 1
    if at < len(lower) and lower[at] == "(" and at + 2 < len(lower) and lower[at + 1] in MAKERS:
        at += 3
        if at < len(lower) and lower[at] in NO_SIGNS:
            at += 1
    if at >= len(lower) or not lower[at][:1].isdigit():
        return stop
    at += 1
    while True:
        if at + 2 < len(lower) and lower[at] == "(" and _YEAR.fullmatch(lower[at + 1]) and lower[at + 2] == ")":
            at += 3
        elif (
            at + 1 < len(lower)
            and lower[at] in JOINS_NUMBERS
            and re.fullmatch(r"\d{3,4}", lower[at + 1])
            and not _YEAR.fullmatch(lower[at + 1])
        ):
            at += 2
        else:
            return at


def _is_shouted(texts: Sequence[str]) -> bool:
    """Tell whether a stretch is written in capitals or in title case, as headlines are."""
    letters = [text for text in texts if text[0].isalpha() and len(text) > 3]
    return len(letters) > 2 and sum(text[0].isupper() for text in letters) > 0.7 * len(letters)


def grammar(text: str, word: str, opens: bool) -> tuple[int, str, str]:  # noqa: FBT001 - the compiled core calls it too
    """Return tag, value and form of a word that the lexicon does not hold, or of a closed one.

    ``text`` is how it is written, ``word`` the same lower-case, ``opens`` whether a capital says nothing where it
    stands. What a few words are their neighbours tell first (`_by_neighbours`).
    """
    if not text[0].isalnum() and text[0] != "\xff":
        if word == "'s":
            return w.POSSESSIVE, "", ""
        if word == "-":
            return w.HYPHEN, "", ""
        return _BREAKS.get(word, w.ADVERB), word, ""
    if text[0].isdigit():
        return (w.DATE, word, "") if _YEAR.fullmatch(word) else (w.NUMBER, word, "")
    if word == "to":
        return w.TO, "", ""
    if word in w.BE_FORMS:
        return w.BE, word, w.BE_FORMS[word]
    if word in w.HAVE_FORMS:
        return w.HAVE, word, w.HAVE_FORMS[word]
    if word in w.DO_FORMS:
        return w.DO, word, w.DO_FORMS[word]
    if word.endswith("n't") or word == "cannot":
        stem = word[:-3]
        if stem in w.BE_FORMS or stem == "ai":
            return w.BE, word, (w.BE_FORMS.get(stem) or "present") + "-not"
        if stem in w.DO_FORMS:
            return w.DO, word, w.DO_FORMS[stem] + "-not"
        if stem in w.HAVE_FORMS:
            return w.HAVE, word, w.HAVE_FORMS[stem] + "-not"
        return (
            w.MODAL,
            word,
            "can-not"
            if word in {"can't", "cannot"}
            else "future-not"
            if stem == "wo"
            else "would-not"
            if stem == "would"
            else "wish-not",
        )
    if word in w.MODALS:
        return w.MODAL, word, w.MODALS[word]
    if word == "no":
        return w.NOT, "no", ""
    if word in w.NEGATIVE_NOUNS:
        return w.PRONOUN, word, "not"
    if word in w.NEGATIONS:
        return w.NOT, word, ""
    if word in w.CONJUNCTIONS:
        return w.AND, word, ""
    if word == "that":
        return w.SUBORDINATOR, "that", ""
    if word in w.EITHER or (word in w.SUBORDINATORS and word not in w.PREPOSITIONS):
        return w.SUBORDINATOR, w.SUBORDINATORS.get(word, ""), word
    if word in w.RELATIVES:
        return w.RELATIVE, word, ""
    if word in w.PREPOSITIONS:
        return w.PREPOSITION, word, ""
    if word in w.DETERMINERS:
        return w.DETERMINER, word, "own" if word in w.POSSESSIVES else ""
    if word in w.PRONOUNS:
        return w.PRONOUN, word, ""
    if (word in w.MONTHS or word in w.DAYS) and text[0].isupper():
        return w.DATE, word, ""
    if word in w.NUMBERS:
        return w.NUMBER, word, ""
    if word in w.ADVERBS:
        return w.ADVERB, word, ""
    if text[0].isupper() and not opens:
        return w.NAME, text, ""
    if word.endswith("ly") and len(word) > 4:
        return w.ADVERB, word, ""
    if word in w.ED_NAMES and text[0].isupper():
        return w.NAME, text, ""
    if word.endswith("ed") and len(word) > 4:
        return w.VERB, "other", "dn"
    if word.endswith("ing") and len(word) > 5:
        return w.VERB, "other", "g"
    if text[0].isupper():
        return w.NAME, text, ""
    if word.endswith(("al", "ive", "ous", "ful", "ic", "less", "able", "ible", "ary")):
        return w.ADJECTIVE, word, ""
    return w.NOUN, word, ""


def _by_neighbours(texts: Sequence[str], lower: Sequence[str], n: int) -> tuple[int, str, str] | None:
    """Return what a word is that its neighbours make the month, or an owner's sign."""
    word = lower[n]
    if word == "may" and _is_month(texts, lower, n):
        return w.DATE, word, ""
    if word == "'" and n and lower[n - 1][-1:] == "s":
        return w.POSSESSIVE, "", ""
    return None


def _is_month(texts: Sequence[str], lower: Sequence[str], n: int) -> bool:
    """Tell whether "May" is the month: written with a capital, beside a number or behind "in", "by", "last"."""
    if texts[n] != "May":
        return False
    before = lower[n - 1] if n else ""
    after = lower[n + 1] if n + 1 < len(lower) else ""
    return before in BEFORE_MAY or before[:1].isdigit() or after[:1].isdigit()

"""The compiled core cuts sentences into the tokens and chunks that the Python beside it cuts them into."""

from __future__ import annotations

import json
import re
import string
import sys
import tracemalloc
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import Annotator, core
from annotator.folding import Folded
from annotator.statements import chunks, cutting, read, tokenizer
from annotator.statements import words as w
from annotator.statements.lexicon import Lexicon
from annotator.statements.prefilter import may_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from annotator.statements.roles import Reader

pytestmark = pytest.mark.skipif(
    core.built("sentences") is None, reason="the core is not compiled here: see annotator/core/sentences.c"
)
_SIGNS = ["'s", "'", "-", " - ", "(", ")", '"', ",", ";", ":", ".", "?", "/", "833/2014", "(EU) No 1", "2017", "1718",
          "(2006)", "no. 7", "3rd", "May", "may", "Jan.", "Mr.", "U.S.", "no", "not", "that", "because of", "isn't",
          "cannot", "I", "²", "é", "ÿ", "St", "SANCTIONS", "Sanctions", "1,000.5"]  # fmt: skip
_CLOSED = sorted(tokenizer.CLOSED | w.ADVERBS | w.MONTHS | w.DAYS | w.NUMBERS | w.BOUND)
_OTHERS = [
    "houses",
    "divert",
    "sweeping",
    "said",
    "kept",
    "quickly",
    "national",
    "glass",
    "Kim",
    "people",
    "subject to",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Annotator(names="never").rulebook.lexicon


def shown(tokens: Any, cut: Any) -> tuple[Any, ...]:
    """Return all that is known of a sentence as plain values."""
    each = [[getattr(chunk, name) for name in chunks.Chunk.__slots__] for chunk in cut[0]]
    found = [[tuple(v) if isinstance(v, (list, tuple)) else v for v in values] for values in each]
    return tuple(getattr(tokens, name) for name in tokens.__slots__), found, *map(list, cut[1:])


def interpreted(plain: bytes, start: int, end: int, lexicon: Lexicon) -> tuple[Any, ...] | None:
    tokens = tokenizer.tokenize(plain, start, end, lexicon)
    return shown(tokens, chunks.cut(tokens)) if len(tokens) <= tokenizer.MOST_TOKENS else None


def compiled(plain: bytes, start: int, end: int, lexicon: Lexicon) -> tuple[Any, ...] | None:
    found = cutting.cut(plain, start, end, lexicon)
    return shown(*found) if found is not None else None


def assert_same(plain: bytes, start: int, end: int, lexicon: Lexicon) -> None:
    expected = interpreted(plain, start, end, lexicon)
    assert compiled(plain, start, end, lexicon) == expected, plain[start:end]
    alone = cutting.tokenize(plain, start, end, lexicon)
    twin = tokenizer.tokenize(plain, start, end, lexicon)
    assert [getattr(alone, name) for name in alone.__slots__] == [getattr(twin, name) for name in twin.__slots__]


def sentences(lexicon: Lexicon) -> st.SearchStrategy[str]:
    """Return sentences of words of the lexicon and of grammar, with anything between them."""
    entries = sorted({" ".join((word, *row[0])) for word, rows in lexicon.rows.items() for row in rows})
    verbs = sorted({word for word, rows in lexicon.rows.items() for row in rows if row[1] == "verb"})
    word = st.one_of(
        st.sampled_from(entries),
        st.sampled_from(verbs),
        st.sampled_from(_CLOSED),
        st.sampled_from(_OTHERS),
        st.sampled_from(_SIGNS),
        st.text(st.characters(max_codepoint=0x17F), max_size=6),
        st.text(max_size=4),
    )
    written = st.tuples(word, st.sampled_from([str, str, str, str.title, str.upper, str.capitalize])).map(
        lambda pair: pair[1](pair[0])
    )
    joined = st.sampled_from([" ", " ", " ", " ", " ", "", "\n", ", ", "-", "'s "])
    return st.lists(st.tuples(written, joined), max_size=24).map(lambda parts: "".join(map("".join, parts)))


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_words(lexicon: Lexicon, data: st.DataObject) -> None:
    plain = Folded(data.draw(sentences(lexicon))).plain
    start = data.draw(st.integers(0, len(plain)))
    assert_same(plain, 0, len(plain), lexicon)
    assert_same(plain, start, data.draw(st.integers(start, len(plain))), lexicon)


@settings(max_examples=200)
@given(st.binary(max_size=80))
def test_any_bytes(plain: bytes) -> None:
    empty = Lexicon(b"")
    assert_same(plain, 0, len(plain), empty)
    assert_same(plain, len(plain) // 2, len(plain), empty)


def news(outside: Path) -> Iterator[bytes]:
    for file in sorted((outside / "news").glob("*.jsonl")):
        for row in file.read_text("utf-8").splitlines()[::25]:
            yield Folded(json.loads(row)["text"]).plain


def parted(plain: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    for hit in re.finditer(rb"[.!?]\s|\n|$", plain):
        yield at, hit.end()
        at = hit.end()


def test_the_news(outside: Path, lexicon: Lexicon) -> None:
    count = 0
    for plain in news(outside):
        for start, end in parted(plain):
            assert_same(plain, start, end, lexicon)
            count += 1
    assert count > 1000


def said(reader: Reader) -> list[Any]:
    """Return the statements of a sentence as plain values."""
    found = [*reader.all(), *reader.binding()]
    return [
        (*each[:-1], each.status, each.said, each.existing, each.presupposed, each.partial, each.role, each.itself,
         each.spots, each.instrument)
        for each in found
    ]  # fmt: skip


def test_what_sentences_say_is_the_same(outside: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [(plain, *place) for plain in news(outside) if b"sanction" in plain for place in parted(plain)]
    readers = [read(*place, lexicon) for place in places]
    statements = [reader and said(reader) for reader in readers]
    monkeypatch.setattr(core, "built", lambda _: None)
    monkeypatch.setattr(lexicon, "compiled", False)
    others = [read(*place, lexicon) for place in places]
    assert statements == [reader and said(reader) for reader in others]
    assert sum(map(bool, statements)) > 100


def assert_told_before(plain: bytes, start: int, end: int, lexicon: Lexicon) -> None:
    """What is told of a sentence before all of it is known, no statement of it goes against."""
    first, then = read(plain, start, end, lexicon), read(plain, start, end, lexicon)
    if first is None or then is None:
        return
    if not may_state(plain, start, end, lexicon):
        assert first.all() == []
    for place in zip(first.t.starts, first.t.ends, strict=True):
        statement = first.at(*place)
        assert not then.may_act(*place, ["no such act"]) or statement is not None
        assert statement is None or then.may_act(*place, [statement.act]), plain[start:end]
    for place in zip(first.t.starts, first.t.ends, strict=True):
        one, other = first.at(*place), then.at(*place)
        assert (one and one[:-1]) == (other and other[:-1]), "it does not matter what was told before"


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_is_said_against_what_was_told_before(lexicon: Lexicon, data: st.DataObject) -> None:
    plain = Folded(data.draw(sentences(lexicon))).plain
    assert_told_before(plain, 0, len(plain), lexicon)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_sentence_is_read_to_its_end(lexicon: Lexicon, data: st.DataObject) -> None:
    """What is asked of a statement beside who does what is answered whatever the words are."""
    plain = Folded(data.draw(sentences(lexicon))).plain
    reader = read(plain, 0, len(plain), lexicon)
    for start, end in zip(reader.t.starts, reader.t.ends, strict=True) if reader is not None else ():
        assert reader is not None
        statement = reader.at(start, end)
        for one in [statement, *reader.relative(statement)] if statement is not None else ():
            assert one.status
            assert one.in_words()
            assert all(0 <= a < b <= len(plain) for a, b in one.spots)
            assert one.role in {"", "subject", "object", "phrase", "verb", "bearer", "apposition"}
        for said in (reader.dating(start, end), statement and reader.began(statement)):
            assert said is None or 0 <= said.first <= said.start < said.end <= said.last <= len(plain)
        actors, last = reader.called(start, end)
        assert end < last <= len(plain) if actors else last == -1


def test_where_a_statement_is_does_not_hang_on_what_was_asked_before(lexicon: Lexicon) -> None:
    plain = b"subject to 1267 committee a dead letter 1267 sanctions committeea dead letter "
    assert_told_before(plain, 0, len(plain), lexicon)


def test_most_of_the_news_need_not_be_read(outside: Path, lexicon: Lexicon) -> None:
    places = [(plain, *place) for plain in news(outside) for place in parted(plain)]
    for place in places:
        assert_told_before(*place, lexicon)
    unread = [place for place in places if not may_state(*place, lexicon)]
    assert len(unread) > len(places) / 2


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Ministers froze them.", True),
        ("A no-fly zone.", True),
        ("Ministers spoke.", False),
        ("Oil and gas flow to their list of homes.", True),
        ("Oil and gas flow.", False),
    ],
)
def test_words_without_which_nothing_is_stated(text: str, may: bool, lexicon: Lexicon) -> None:  # noqa: FBT001
    plain = Folded(text).plain
    assert may_state(plain, 0, len(plain), lexicon) is may


@pytest.mark.parametrize(
    "text",
    [
        "(" * 390,
        ")" * 390,
        "no " * 390,
        "that " * 399,
        "word " * 400,
        "word " * 401,
        "A. " * 401,
        "end." * 201,
        "very " * 398 + "banned",
        "oil and " * 200,
        "'s" * 400,
        "x" * 2500,
        "May 2 " * 150,
        "EU and US, " * 100,
        "",
        " ",
    ],
    ids=lambda text: text[:9],
)
def test_long_and_empty(text: str, lexicon: Lexicon) -> None:
    plain = text.encode()
    assert_same(plain, 0, len(plain), lexicon)


def test_more_words_than_are_remembered(lexicon: Lexicon) -> None:
    plain = b"The EU banned arms sales to Iran."
    before = interpreted(plain, 0, len(plain), lexicon)
    for n in range(0, 70_000, 350):
        letters = " ".join(
            chr(97 + m % 26) * (1 + m % 7) + f"x{m}"[:1] + f"{m:x}".translate(_HEX) for m in range(n, n + 350)
        )
        assert compiled(letters.encode(), 0, len(letters), lexicon) is not None
    assert compiled(plain, 0, len(plain), lexicon) == before


_HEX = str.maketrans("0123456789", "ghijklmnop")


def test_threads_share_a_lexicon(outside: Path) -> None:
    shared = Annotator(names="never").rulebook.lexicon
    places = [(plain, *place, shared) for plain in list(news(outside))[:20] for place in parted(plain)]

    def everything() -> list[Any]:
        return [compiled(*place) for place in places]

    with ThreadPoolExecutor(4) as pool:
        first, *others = [run.result() for run in [pool.submit(everything) for _ in range(4)]]
    assert all(other == first for other in others)
    assert first[:50] == [interpreted(*place) for place in places[:50]]


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (2, 1), (0, 9)])
def test_places_outside_the_text(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="within"):
        cutting.cut(b"a b", start, end, Lexicon(b""))


@pytest.mark.parametrize(
    ("rows", "answer", "error"),
    [
        ({"a": 1}, (0, "", ""), TypeError),
        ({"a": [[]]}, (0, "", ""), TypeError),
        ({"a": [(1, 0, "", 0, "")]}, (0, "", ""), TypeError),
        ({"a": [((1,), 0, "", 0, "")]}, (0, "", ""), TypeError),
        ({"a": [((), 99, "", 0, "")]}, (0, "", ""), ValueError),
        ({"a": [((), 0, "", 3, "")]}, (0, "", ""), ValueError),
        ({"a": [((), 0, "\ud800", 0, "")]}, (0, "", ""), UnicodeEncodeError),
        ({"a": [((), 0, "may" + "-not" * 100, 0, "")]}, (0, "", ""), ValueError),
        ({}, None, TypeError),
        ({}, (99, "", ""), ValueError),
        ({}, (-1, "", ""), ValueError),
        ({}, (0, 1, ""), TypeError),
        ({}, (0, "", "\ud800"), UnicodeEncodeError),
    ],
)
def test_what_is_no_entry_is_refused(rows: dict[str, Any], answer: Any, error: type[Exception]) -> None:
    vocabulary = core.built("sentences").Vocabulary(rows, lambda row: row, lambda *_: answer, {}, {})
    for _ in range(2):
        with pytest.raises(error):
            vocabulary.read(b"a b", 0, 3, True)


def test_a_word_may_be_as_long_as_its_sentence() -> None:
    vocabulary = core.built("sentences").Vocabulary({}, list, lambda *_: (w.NAME, "", ""), {}, {})
    plain = b"A" * ((1 << 24) + 1) + b" b"
    assert vocabulary.read(plain, 0, len(plain), True)[0][0] == [0, (1 << 24) + 2]


def test_long_words_are_not_remembered_without_end() -> None:
    vocabulary = core.built("sentences").Vocabulary({}, list, lambda *_: (w.NAME, "", ""), {}, {})
    tracemalloc.start()
    try:
        for letter in string.ascii_letters:
            plain = letter.encode() * (1 << 20)
            vocabulary.read(plain, 0, len(plain), True)
        assert tracemalloc.get_traced_memory()[0] < 40 << 20
    finally:
        tracemalloc.stop()


def test_entries_may_come_in_any_order() -> None:
    rows = {"a": [((), w.THING, "x", 0, ""), (("b",), w.ACTOR, "y", 0, "name")]}
    vocabulary = core.built("sentences").Vocabulary(rows, lambda row: row, lambda *_: (w.NOUN, "", ""), {}, {})
    for plain, words in ((b"a c", ["a", "c"]), (b"a b", ["a b"]), (b"a", ["a"])):
        assert vocabulary.read(plain, 0, len(plain), True)[0][2] == words


def test_words_of_other_scripts_in_entries_match_nothing() -> None:
    rows = {"a": [(("б",), w.ACTOR, "x", 0, "name"), ((), w.THING, "y", 0, "")]}
    vocabulary = core.built("sentences").Vocabulary(rows, lambda row: row, lambda *_: (w.NOUN, "", ""), {}, {})
    assert vocabulary.read("a ÿ".encode("latin-1"), 0, 3, True)[0][3] == [w.THING, w.NOUN]


def test_nothing_is_held_when_a_vocabulary_goes() -> None:
    def grammar(*_: Any) -> tuple[int, str, str]:
        return w.NOUN, value, ""

    value = str(b"a word", "ascii")
    held = sys.getrefcount(value)
    alive = weakref.ref(grammar)
    vocabulary = core.built("sentences").Vocabulary({}, list, grammar, {}, {})
    found = [vocabulary.read(b"some words here", 0, 15, True) for _ in range(50)]
    assert sys.getrefcount(value) > held + 100
    assert found[0][1][0][0].word == "here"
    del vocabulary, found, grammar
    assert alive() is None
    assert sys.getrefcount(value) == held

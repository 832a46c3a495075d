"""The compiled core: it misses nothing that a naive matcher finds, and gives what the interpreted core gives.

Tables that are damaged are refused or harmless, hostile texts cost time in proportion to their length.
"""

from __future__ import annotations

import copy
import gc
import importlib
import json
import re
import struct
import subprocess
import sys
import time
from array import array
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import oracle
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rulemaking import CASES, DAY, definitions, found, write
from rulemaking import annotator as annotator_of

from annotator import Annotator, core, matching
from annotator.core import stems_of
from annotator.folding import Folded
from annotator.matching._cues import lay_out
from annotator.matching._hits import Hits
from annotator.matching._speaking import beginning_so, is_talk, may_speak, stems, words_of_talk
from annotator.matching._words import either, lines
from annotator.rulebook._anchors import FormsBuilder
from annotator.rulebook._phrases import Slot, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from annotator.model import Document
    from annotator.rulebook import Rulebook

making = importlib.import_module("annotator.core.tables").making
compiled = pytest.mark.skipif(core.scan is None, reason="the core is not compiled here: see annotator/core/scan.c")
_SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def many(examples: int) -> settings:
    """Return settings for so many examples."""
    return settings(max_examples=examples, suppress_health_check=_SLOW)


class Both(NamedTuple):
    """An annotator, the same one interpreted, and what to make texts of."""

    made: Annotator
    plain: Annotator
    triggers: oracle.Oracle
    cues: oracle.Oracle

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook with the compiled core."""
        return self.made.rulebook

    def texts(self) -> st.SearchStrategy[str]:
        """Return texts of the rulebook's phrases."""
        return oracle.texts(self.triggers.forms, self.cues.forms)


def both(made: Annotator) -> Both:
    """Return an annotator with the interpreted core."""
    plain = copy.copy(made)
    plain.rulebook = copy.copy(made.rulebook)
    plain.rulebook.core = None
    tables = made.rulebook.triggers, made.rulebook.cues
    return Both(made, plain, *(oracle.Oracle(table, len(table._offsets) - 1) for table in tables))


@pytest.fixture(scope="module")
def pack() -> Both:
    return both(Annotator())


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Return an annotator with rules of everything that phrases may be."""
    rules = yaml.safe_load((CASES / "core-rules.yaml").read_text(encoding="utf-8"))
    return both(annotator_of(tmp_path_factory.mktemp("own"), **rules))


@pytest.fixture(scope="module")
def news(outside: Path) -> list[str]:
    """Return some of the shared news."""
    files = sorted((outside / "news").glob("*.jsonl"))
    rows = [row for file in files for row in file.read_text("utf-8").splitlines()[::40]]
    return [json.loads(row)["text"] for row in rows]


# -- nothing is missed ---------------------------------------------------------------------------------------------


def assert_complete(each: Both, text: str) -> None:
    """Hold the words of a text against the naive matcher."""
    rulebook, folded = each.rulebook, Folded(text)
    assert rulebook.core is not None
    words = rulebook.core.read(folded)
    for exactly in (False, True):
        fits = {
            (number, element, start): (low, high)
            for start, _, _, forms in words.triggers(every=True, exactly=exactly)
            for number, element, low, high in forms
        }
        stands = set()
        for number, spans in each.triggers.places(folded, exactly=exactly):
            form, start = each.triggers.forms[number], spans[0][0]
            stands |= {(number, element, span[0], start, spans[-1][1]) for element, span in enumerate(spans)}
            if (exactly and oracle.has_signs(form)) or not oracle.near(folded, spans):
                continue  # signs beside its words are not this matcher's
            if form.role == "a" and rulebook.pattern(form.owner).match(folded.plain, start, start + 600) is None:
                continue
            assert any((number, n, span[0]) in fits for n, span in enumerate(spans)), (text, form.elements, spans)
        certain = {
            (*place, *span)
            for place, span in fits.items()
            if span[1] and not oracle.has_signs(each.triggers.forms[place[0]])
        }
        assert certain <= stands if exactly else not certain, text
    block = array("I", [0]), array("I", [len(folded.plain)]), b"\1"
    triples, others = words.cues().placed(*block)
    each_number = iter(memoryview(triples).cast("I"))
    certain = set(zip(each_number, each_number, each_number, strict=True))
    maybe = {(number, element, start) for start, _, _, number, element, _ in others}
    cues = set()
    for number, spans in each.cues.places(folded, exactly=True):
        form = each.cues.forms[number]
        cue = (spans[0][0], spans[-1][1], form.owner)
        cues.add(cue)
        found = cue in certain or any((number, n, span[0]) in maybe for n, span in enumerate(spans))
        assert found or oracle.has_signs(form) or not oracle.near(folded, spans), (text, form.elements, spans)
    # Those with signs are held against the interpreted core.
    signed = {form.owner for form in each.cues.forms if oracle.has_signs(form)}
    assert {cue for cue in certain if cue[2] not in signed} <= cues, text


@compiled
@many(100)
@given(data=st.data())
def test_nothing_is_missed(data: st.DataObject, pack: Both) -> None:
    assert_complete(pack, data.draw(pack.texts()))


@compiled
@many(100)
@given(data=st.data())
def test_nothing_of_a_users_own_rules_is_missed(data: st.DataObject, own: Both) -> None:
    assert_complete(own, data.draw(own.texts()))


@compiled
def test_nothing_in_the_news_is_missed(pack: Both, news: list[str]) -> None:
    for text in news:
        assert_complete(pack, text)


# -- as interpreted ------------------------------------------------------------------------------------------------


def assert_same(each: Both, text: str, *, format: str = "text") -> None:
    """Hold what comes of a text against what the interpreted core makes of it."""
    made, plain = each.made, each.plain
    first, second = (one.annotate(text, as_of=DAY, notes="every", format=format) for one in (made, plain))
    assert first.annotations == second.annotations
    document = made.read(text, format=format)
    found = made.mentions(document, as_of=DAY)
    assert found == plain.mentions(document, as_of=DAY)
    everything = made.mentions(document, as_of=DAY, everything=True)
    assert everything == plain.mentions(document, as_of=DAY, everything=True)
    assert_quiet(each, document, text, found)
    first, second = (lay_out(document, one.rulebook, Folded(document.text)) for one in (made, plain))
    for peers in made.rulebook.peers:
        assert list(first.cues(peers)) == list(second.cues(peers)), (text, peers)


def assert_quiet(each: Both, document: Document, text: str, found: list[Any]) -> None:
    """Hold the word that a text is quiet against what is found in it."""
    assert not (matching.quiet(document.text, each.rulebook, names="never") and found), text
    if matching.quiet(document.text, each.rulebook, names="auto"):
        folded = Folded(document.text)
        assert not found
        for rulebook in (each.rulebook, each.plain.rulebook):
            assert not may_speak(folded, words_of_talk(folded, Hits(rulebook, folded)), []), text
    assert not matching.quiet(text, each.plain.rulebook, names="never")


@compiled
@many(100)
@given(data=st.data())
def test_the_same_as_interpreted(data: st.DataObject, pack: Both) -> None:
    assert_same(pack, data.draw(pack.texts()), format=data.draw(st.sampled_from(["text", "text", "markdown"])))


@compiled
@many(200)
@given(data=st.data())
def test_the_same_as_interpreted_with_a_users_own_rules(data: st.DataObject, own: Both) -> None:
    assert_same(own, data.draw(own.texts()))


@compiled
def test_the_same_news_as_interpreted(pack: Both, news: list[str]) -> None:
    for text in news[::4]:
        assert_same(pack, text)


@compiled
@pytest.mark.parametrize("case", yaml.safe_load((CASES / "core-texts.yaml").read_text(encoding="utf-8")), ids=repr)
def test_a_case_as_interpreted(case: dict[str, Any], own: Both) -> None:
    for one in (own.made, own.plain):
        found = one.annotate(case["text"], as_of=DAY, notes="every", format="text")
        assert [annotation.text for annotation in found.annotations] == case["found"]
    assert_same(own, case["text"])


@compiled
def test_token_rules_as_interpreted(tmp_path: Path) -> None:
    pytest.importorskip("spacy")
    token = {"tokens": [[{"LOWER": "frozen"}, {"LOWER": {"IN": ["yacht", "yachts"]}}]]}
    each = both(annotator_of(tmp_path, {"a": token, "b": ["yacht clubs"]}))
    for text in (
        "frozen yachts",
        "Frozen  yacht\u00ad clubs",
        "frozen, yachts",
        "yachts frozen",
        "\ud800 FROZEN YACHTS",
    ):
        assert_same(each, text)
    assert each.made.annotate("Two frozen yachts lie there.").annotations


# -- texts of which nothing can come ----------------------------------------------------------------------------------


@compiled
@many(200)
@given(text=st.text(st.characters(codec=None), max_size=40), names=st.sampled_from(["never", "auto"]))
def test_of_quiet_texts_comes_nothing(text: str, names: str, own: Both) -> None:
    if matching.quiet(text, own.rulebook, names=names):
        assert not own.plain.annotate(text, as_of=DAY, format="text").annotations


@compiled
@many(300)
@given(
    text=st.text(
        st.sampled_from("aZ 9\n\n\t-'\u2019\u00e9\u00a0\u2013\u0444\u2028\u200d\u0301\ufeff\u2588\x1b"), max_size=60
    )
)
def test_patterns_are_tried_on_the_text_in_ascii(text: str) -> None:
    found = _any_tables().quiet(f"{text} resolution 12", b"", b"", False)
    folded = Folded(f"{text} resolution 12")
    if isinstance(found, core.Tries):
        assert found.plain == folded.plain
        assert [folded.plain[at : at + 10] for _, at in found.places] == [b"resolution"]


@compiled
@many(300)
@given(text=st.text(max_size=80))
def test_words_without_which_a_text_is_quiet(text: str, own: Both) -> None:
    assert matching.quiet("nothing at all", own.rulebook, names="never", without="by annotator")
    sealed = f"{text} Notes by annotator, as of 2024-06-20"
    assert not matching.quiet(sealed, own.rulebook, names="never", without="by annotator")
    assert "\0" not in text or not matching.quiet(text, own.rulebook, names="never", without="by annotator")


@compiled
def test_most_news_is_quiet(pack: Both, news: list[str]) -> None:
    quiet = [matching.quiet(text, pack.rulebook, names="never") for text in news]
    assert sum(quiet) > len(quiet) // 4
    for text, silent in zip(news, quiet, strict=True):
        document = pack.plain.read(text, format="text")
        assert not silent or not pack.plain.mentions(document, as_of=DAY)


_TALK = re.compile(rb"\b(?:%b|%b)\b" % (either("outright"), either("of sanctions")), re.IGNORECASE)


@cache
def _any_tables() -> core.Tables:
    return core.Tables(small_tables())


@pytest.mark.parametrize("pattern", [*lines("outright"), *lines("of sanctions")])
def test_each_pattern_of_talk_begins_with_a_stem(pattern: str) -> None:
    @many(12)
    @given(
        talk=st.from_regex(re.compile(pattern.encode(), re.IGNORECASE), fullmatch=True),
        around=st.sampled_from(["{}", "It said: {}.", "\n\n{}\n", "\u201c{}\u201d", "a  {}-b", "({})"]),
    )
    def hold(talk: bytes, around: str) -> None:
        folded = Folded(around.format(talk.decode("ascii")))
        assume(_TALK.search(folded.plain) is not None)
        places = beginning_so(folded.folded)
        assert is_talk(folded.plain, places)
        if core.scan is not None:
            assert list(_any_tables().read(folded).talks(stems())) == places
            found = _any_tables().quiet(folded.text, stems(), b"", False)
            assert found is False or (found is not True and list(found.talks) == places)

    hold()


# -- damaged tables ----------------------------------------------------------------------------------------------------

_TRIGGERS = ["arms embargo", "sale~ /3 arms /20 iran", "UN", "unscr{digits}", "C++", "Kim Jong Un", "{a} luxury goods",
             "resolution", "extraordinarily long [words] of measures", "no. 5 % of", ".NET R & D"]  # fmt: skip
_CUES = ["north korea", "iran", "res{digits}", "USA", "U.S.", "5 (%)"]
_TEXT = (
    "the Arms Embargo, sold of the arms to Iran; UNSCR2397 and res12 C++ of Kim Jong-Un, North  Korea luxury goods "
    "resolution 12 extraordinarily long words of measures of USA usa un UN sale, No. 5 % of .NET R&D in the U.S. 5%"
)
_STEMS = stems_of(["sanction", "arms embargo", "iran"])


def small_tables() -> bytes:
    """Return tables with something in every section."""
    from annotator.core.tables import Marks, build

    cues = FormsBuilder()
    for number, text in enumerate(_CUES):
        for form in parse(text, lambda _: []):
            cues.add(number % 2, "c", form)
    triggers = FormsBuilder(cues.longest)
    for number, text in enumerate(_TRIGGERS):
        for form in parse(text, lambda _: [(Slot("*party"),)]):
            triggers.add(number, "a" if text == "resolution" else "s" if text == "UN" else "p", form)
    count = len(_TRIGGERS)
    marks = Marks(
        gates=[[[0]], [[0, 1]], *([[]] * (count - 2))],
        stops=frozenset([0]),
        backward=frozenset([1]),
        leans=frozenset([1]),
        musts=[*([[]] * 7), ["12", "resolution"], *([[]] * (count - 8))],
        digits=[*([0] * 8), 9, *([0] * (count - 9))],
        beginnings=[*([[]] * 7), ["re", "x\0"], *([[]] * (count - 8))],
    )
    return build(triggers.forms(), cues.forms(), marks, contexts=2, slot=lambda _: [0, 1])[0]


_NUMBERS = st.integers(0, 9) | st.sampled_from([(1 << 31) - 1, 1 << 31, (1 << 32) - 1])


@compiled
@many(300)
@given(st.lists(st.tuples(_NUMBERS, _NUMBERS, st.integers(0, 5))), st.lists(st.integers(0, 5), min_size=6, max_size=6),
       st.lists(st.tuples(_NUMBERS, _NUMBERS), max_size=3))  # fmt: skip
def test_cues_are_settled_by_group(
    cues: list[tuple[int, int, int]], groups: list[int], spans: list[tuple[int, int]]
) -> None:
    protected = array("I", sorted(start for start, _ in spans)), array("I", sorted(end for _, end in spans))
    each = core.settled(array("I", [n for cue in cues for n in cue]).tobytes(), array("I", groups), *protected)
    settled = {number: rows for number, *rows in each}
    for number in range(6):
        mine = sorted((start, -end, context) for start, end, context in cues if groups[context] == number)
        stand: list[tuple[int, int, int]] = []
        for start, end, context in ((start, -end, context) for start, end, context in mine):
            if stand and end <= stand[-1][1] and (stand[-1][:2] != (start, end) or stand[-1][2] == context):
                continue
            first = next((n for n, stop in enumerate(protected[1]) if stop > start), -1)
            if first < 0 or protected[0][first] >= end:
                stand.append((start, end, context))
        assert list(zip(*settled.get(number, ()), strict=True)) == stand


@compiled
@pytest.mark.parametrize("groups", [[], [1], [7, 0]])
def test_cues_of_unknown_contexts_are_refused(groups: list[int]) -> None:
    with pytest.raises(ValueError, match="group"):
        core.scan.settled(array("I", [1, 2, 1]), array("I", groups), b"", b"")
    with pytest.raises(ValueError, match="blocks"):
        core.scan.placed(b"", array("I", [0]), b"", b"\1")


@st.composite
def many_forms(draw: st.DrawFn) -> FormsBuilder:
    """Return forms of a few words, alternatives, gaps and slots, so that they share anchors."""
    words = st.sampled_from(
        ["the", "arms", "ban", "oil", "un", "of", "zyx", "embargo", "(a|of|the)", "(ban|arms|zyx|x)"]
    )
    builder = FormsBuilder(draw(st.integers(0, 3)))
    for _ in range(draw(st.integers(0, 12))):
        middle = st.sampled_from(["", "/3", "{target}", "res{digits}", "[the]", "-", "5 %"])
        text = f"{draw(words)} {draw(middle)} {draw(words)} {draw(middle)} {draw(words)}"
        owner = draw(st.integers(0, 3))
        for form in parse(text, lambda _: [(Slot("*party"),)]):
            builder.add(owner, draw(st.sampled_from("pcsa")), form)
    return builder


@pytest.mark.skipif(making is None, reason="what makes tables is not compiled here: see annotator/core/making.c")
@many(200)
@given(many_forms())
def test_forms_are_sorted_alike_in_c_and_in_python(builder: FormsBuilder) -> None:
    from annotator.core import tables

    forms = builder.forms()
    numbers = {word: n for n, word in enumerate(sorted({w for element in forms.elements for w in element.words}))}
    assert tables.indexed(forms, numbers) == tables.indexed_plainly(forms, numbers)


@pytest.mark.skipif(making is None, reason="what makes tables is not compiled here: see annotator/core/making.c")
@many(300)
@given(st.data())
def test_what_are_no_forms_is_refused(data: st.DataObject) -> None:
    number = st.sampled_from([0, 1, 2, 3, 7, 1 << 31, (1 << 32) - 2, (1 << 32) - 1])
    rows = st.lists(number, max_size=6).map(lambda row: array("I", row))
    score = st.sampled_from([0.0, -1.0, 12.0, float("nan"), float("inf")])
    element = st.tuples(score, score, score, number, number, number, number)
    elements = b"".join(struct.pack("=3d4I", *one) for one in data.draw(st.lists(element, max_size=4)))
    parts = [elements[: len(elements) - data.draw(st.sampled_from([0, 0, 0, 3]))], *(data.draw(rows) for _ in range(4))]
    try:
        made = making.indexed(*parts)
    except (ValueError, MemoryError):
        return
    assert len(made) == 7
    literals, values, references = (array(code, made[n]) for code, n in (("Q", 0), ("I", 3), ("I", 4)))
    assert list(literals) == sorted(set(literals))
    assert all(value + 2 * references[value] < len(references) for value in values)


def test_a_group_of_many_common_words_is_found(tmp_path: Path) -> None:
    words = sorted({f"{one}{two}" for one in "abcdefghijkl" for two in "abcdefghijkl"} | {"a", "the", "of"})
    made = annotator_of(tmp_path, {"r": ["{many}"]}, vocabulary={"many": words})
    assert found(made, "Say ab, or of it.") == ["ab", "of"]


def use(data: bytes) -> bool:
    """Open tables and look up all that there is; tell whether they were opened."""
    try:
        tables = core.scan.Tables(data)
    except ValueError:
        return False
    folded = Folded(_TEXT)
    fold, plain = folded.folded, folded.plain
    words = tables.words(fold)
    for spelt in (plain, None):
        for every in (False, True):
            for wide in (False, True):
                words.triggers(spelt, wide, every)
                rows = words.cues(spelt, wide, every)[0]
                core.scan.placed(rows, array("I", [0, 40]), array("I", [40, len(plain)]), b"\1\1")
    words.talks(_STEMS)
    for text in (_TEXT, _TEXT + "\u2019"):
        tables.quiet(text, _STEMS, b"", True, text.isascii())
        tables.quiet(text, b"", _STEMS, False, text.isascii())
    return True


@pytest.fixture(scope="module")
def sound() -> bytes:
    data = small_tables()
    assert use(data)
    return data


def heads(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield place and length of each section."""
    numbers = array("I", data[: 4 * (1 + 2 * 29)])
    yield from zip(numbers[1::2], numbers[2::2], strict=True)


@compiled
def test_every_section_of_the_small_tables_holds_something(sound: bytes) -> None:
    assert all(length for _, length in heads(sound))


@compiled
def test_any_byte_of_the_header_may_be_wrong(sound: bytes) -> None:
    damaged = bytearray(sound)
    for place in range(4 * (1 + 2 * 29)):
        for value in range(0, 256, 5):
            damaged[place] = value
            use(bytes(damaged))
        damaged[place] = sound[place]


@compiled
def test_any_number_in_the_tables_may_be_wrong(sound: bytes) -> None:
    numbers = array("I", sound)
    folds = [range(start // 4 + 64, (start + length) // 4) for start, length in heads(sound) if length > 4000]
    for place in range(len(numbers)):
        if any(place in fold for fold in folds):
            continue
        right = numbers[place]
        for wrong in (
            0,
            1,
            right + 1,
            right - 1,
            right ^ 0x80,
            0x7FFFFFFF,
            0x80000000,
            0xFFFFFFFF,
            0xFFFFFFFE,
            2 * right,
        ):
            numbers[place] = wrong & 0xFFFFFFFF
            use(numbers.tobytes())
        numbers[place] = right


@compiled
@many(250)
@given(data=st.data())
def test_damaged_tables(data: st.DataObject, sound: bytes) -> None:
    damaged = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 4))):
        start, length = data.draw(st.sampled_from(list(heads(sound))))
        place = start + data.draw(st.integers(0, length))
        what = data.draw(st.sampled_from(["put", "cut", "grow", "number"]))
        if what == "put":
            new = data.draw(st.binary(min_size=1, max_size=12))
            damaged[place : place + len(new)] = new
        elif what == "cut":
            del damaged[place : place + data.draw(st.integers(1, 64))]
        elif what == "grow":
            damaged[place:place] = data.draw(st.binary(min_size=1, max_size=64))
        else:
            number = data.draw(st.sampled_from([0, 1, 2, 3, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1]))
            damaged[place & ~3 : (place & ~3) + 4] = number.to_bytes(4, sys.byteorder)
    use(bytes(damaged))


@compiled
@pytest.mark.parametrize("data", [b"", b"\0" * 8, b"ACN3", bytes(1 << 12), b"\xff" * (1 << 12)], ids=len)
def test_what_is_no_tables(data: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        core.Tables(data)


@compiled
def test_tables_that_could_change_are_refused(sound: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        core.scan.Tables(bytearray(sound))
    with pytest.raises(ValueError, match="damaged"):  # not where numbers can be read
        core.scan.Tables(memoryview(b"1234" + sound)[4:])


@compiled
def test_more_rules_than_numbers_go(sound: bytes) -> None:
    """The count of rules at its highest, and no offsets: their number, one more, would be 0."""
    numbers = array("I", sound)
    sections = list(heads(sound))
    for count in range(3):
        damaged = numbers[:]
        damaged[sections[19][0] // 4 + count] = 0xFFFFFFFF
        for which in (1, 15, 17, 22):
            damaged[2 + 2 * which] = 0
        assert not use(damaged.tobytes())


_BYTES = st.binary(max_size=60)


@compiled
@many(150)
@given(fold=_BYTES, words=_BYTES, other=_BYTES, stem=st.binary(max_size=80))
def test_arguments_that_do_not_belong_together(
    fold: bytes, words: bytes, other: bytes, stem: bytes, sound: bytes
) -> None:
    tables = core.scan.Tables(sound)
    _held(tables.words, fold)
    for text in (b" " + fold + b" ", b" " + _TEXT.lower().encode() + b" "):
        tokens = tables.words(text)
        for plain in (None, other, fold):
            for call in (tokens.triggers, tokens.cues):
                _held(call, plain, True, True)
                _held(call, plain, False, False)
        for beginnings in (stem, _STEMS, _STEMS[1:]):
            _held(tokens.talks, beginnings)
    for text in (_TEXT, "\u2019" + _TEXT):
        for is_ascii in (True, False):
            _held(tables.quiet, text, stem, b"", True, is_ascii)
            _held(tables.quiet, text, b"", stem, True, is_ascii)
    for made in (core.scan.map, core.scan.words, core.scan.hashes):
        _held(made, *(fold, words, other)[: 3 if made is core.scan.map else 2])
    for entries in (False, True):
        assert len(core.scan.filter(words, other, entries)) >= 8


def _held(call: Callable[..., object], *arguments: object) -> None:
    try:
        call(*arguments)
    except ValueError:
        pass


@compiled
def test_words_of_another_text(sound: bytes) -> None:
    tables = core.scan.Tables(sound)
    words = tables.words(b" the arms embargo ")
    for call in (words.triggers, words.cues):
        with pytest.raises(ValueError, match="another text"):
            call(b"the arms", False, True)
    for text in (b"", b" ", b"the arms ", b" the arms", bytearray(b" the arms ")):
        with pytest.raises(ValueError, match="blank"):
            tables.words(text)


@compiled
def test_words_come_from_tables_only() -> None:
    words = core.scan.Tables(small_tables()).words(b"  ")
    with pytest.raises(TypeError):
        type(words)()


@pytest.mark.parametrize("line", ["a", "Ab", "sänk", "x" * 17, f"ab {'x' * 17}"])
def test_stems_that_are_none(line: str) -> None:
    with pytest.raises(ValueError, match="stems"):
        stems_of([line])


# -- time --------------------------------------------------------------------------------------------------------------

_FAR = {
    "far": ["embargo /20 weapons /20 missiles /20 rockets /20 iran", "embargo /20 weapons /20 ships"],
    "near": ["arms embargo", "arms sales", "sale~ of arms"],
    "figures": ["unscr{digits}"],
    "pattern": {"anchors": ["resolution"], "pattern": r"resolution (?P<n>\d+) \(1946\)"},
    "slots": ["embargo /20 on {target}"],
}
HOSTILE: dict[str, Callable[[int], str]] = {
    "one word": lambda n: "embargo " * n,
    "pairs": lambda n: "arms embargo " * n,
    "pairs of one": lambda n: "arms arms sales " * n,
    "words anywhere": lambda n: "embargo weapons " * n,
    "many words anywhere": lambda n: "embargo weapons missiles rockets " * n,
    "the words that are needed alone": lambda n: "weapons " * n,
    "what a pattern needs is not there": lambda n: "resolution " * n,
    "what a pattern needs is nearly there": lambda n: "resolution 194 194 194 194 " * n,
    "digits": lambda n: "unscr" + "1" * n,
    "digits at words": lambda n: "unscr1 " * n,
    "one long word": lambda n: "a" * n,
    "blanks": lambda n: "arms" + " " * n + "embargo",
    "slots": lambda n: "embargo on iran " * n,
    "line ends": lambda n: "arms\nembargo\n\n" * n,
}


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> core.Tables:
    contexts = {"iran": {"group": "party", "cues": ["iran"]}}
    made = annotator_of(tmp_path_factory.mktemp("far"), _FAR, contexts=contexts)
    assert made.rulebook.core is not None
    return made.rulebook.core


@compiled
@pytest.mark.parametrize("shape", HOSTILE)
def test_hostile_texts_take_time_in_proportion(shape: str, far: core.Tables) -> None:
    unit = len(HOSTILE[shape](2)) - len(HOSTILE[shape](1))
    texts = [HOSTILE[shape](size // unit) for size in (100_000, 400_000)]
    folded = [Folded(text) for text in texts]
    for one in folded:
        assert len(one.plain) == len(one.folded) - 2  # made beforehand
    ratios = []
    for _ in range(3):
        small, large = (_seconds(far, text, one) for text, one in zip(texts, folded, strict=True))
        if large < 0.02:  # too short to tell: nothing grows here
            return
        ratios.append(large / max(small, 0.001))
        if ratios[-1] < 9:
            return
    pytest.fail(f"four times the text takes {ratios} times the time")


def _seconds(tables: core.Tables, text: str, folded: Folded) -> float:
    gc.disable()
    try:
        start = time.process_time()
        words = tables.read(folded)
        words.triggers(every=True, exactly=True)
        words.triggers(every=False, exactly=True)
        words.cues()
        tables.quiet(text, b"", b"", False)
        return time.process_time() - start
    finally:
        gc.enable()


# -- threads -----------------------------------------------------------------------------------------------------------


@compiled
def test_threads_share_an_annotator(own: Both) -> None:
    texts = [" ".join(case["text"] for case in _cases()[n:] + _cases()[:n]) * 3 for n in range(len(_cases()))]
    alone = [own.plain.annotate(text, as_of=DAY, notes="every", format="text").annotations for text in texts]
    one = copy.copy(own.made)
    one.rulebook = copy.copy(own.made.rulebook)  # nothing is known yet

    def found(_: int) -> list[Any]:
        return [one.annotate(text, as_of=DAY, notes="every", format="text").annotations for text in texts]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(found, range(4))) == [alone] * 4


def _cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((CASES / "core-texts.yaml").read_text(encoding="utf-8"))
    return found


# -- which core serves -------------------------------------------------------------------------------------------------


def test_the_core_says_what_it_is() -> None:
    assert core.named() == ("interpreted" if core.scan is None else "compiled")


_SAY = "from annotator import Annotator, core; print(core.named())\n"
_ANNOTATE = "print(len(Annotator(rules={!r}, default_rules=False, cache=False).annotate('arms embargo').annotations))"


@pytest.mark.parametrize(
    ("before", "environ"),
    [
        ("", {"ANNOTATOR_INTERPRETED": "1"}),
        ("import types; sys.modules['annotator.core.scan'] = types.SimpleNamespace(version=1)\n", {}),
        ("import types; sys.modules['annotator.core.scan'] = types.SimpleNamespace()\n", {}),
        ("sys.modules['annotator.core.scan'] = None\n", {}),
    ],
    ids=["asked for", "an older one", "one without a version", "none"],
)
def test_without_the_compiled_core(
    before: str, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = str(write(tmp_path, definitions({"a": ["arms embargo"]})))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    program = f"import sys\n{before}{_SAY}{_ANNOTATE.format(rules)}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.split() == ["interpreted", "1"], done.stderr


@compiled
def test_what_was_compiled_without_the_core_is_interpreted(own: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "scan", None)
    other = copy.copy(own.rulebook)
    assert other.core is None
    assert not matching.quiet("nothing at all", other, names="never")

"""Names on lists, found by the compiled core and ruled out by bounds: the same as found and weighed the long way."""

from __future__ import annotations

import re
import struct
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import Annotator, core
from annotator.folding import Folded
from annotator.lists import Entry, Name
from annotator.lists.names import index as names_index
from annotator.lists.names import legal
from annotator.lists.names.build import in_memory
from annotator.lists.names.index import NameIndex, pack_word
from annotator.lists.names.spelling import normal
from annotator.matching._near import patterns, words_in
from annotator.matching._words import either

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

compiled = pytest.mark.skipif(core.names is None, reason="the core is not compiled here: see annotator/core/names.c")
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
_PEOPLE = [
    ("Gavril", "Lumensky"), ("Gavril Petrovich", "Lumensky"), ("Abd al-Rahman", "Zarqon"), ("Nur ud-Din", "Qassab"),
    ("Sa'id", "al-Jamal"), ("Kim Yong", "Chol"), ("Ghorban-Ali", "Sharifpur"), ("Maria Carla", "de la Vega Ruiz"),
    ("J. P.", "Morandel"), ("Yevgeniy", "Prigodin"), ("Mohammed", "bin Hamdan"),
]  # fmt: skip
_BODIES = [
    "Zarya Star Office Co., Ltd.", "Bank Zarya", "ZSO", "Artemis", "Zarya & Sons Trading", "Lumen/Tov Shipping",
    "OOO Tovik", "Center named after V. P. Zarin", "Islamic Front of Zarya", "Al-Tov: Zarya Brigade",
]  # fmt: skip
_WORDS = [
    "Gavril", "Petrovich", "Lumensky", "Lumensky's", "Abd", "al", "Abdul", "Rahman", "Zarqon", "Nur", "ud", "Din",
    "uddin", "Qassab", "Sa'id", "Jamal", "Kim", "Yong", "Chol", "Yong-chol", "Ghorban", "Ali", "Sharifpur", "Maria",
    "Carla", "de", "la", "Vega", "Ruiz", "J.", "P.", "JP", "Morandel", "Yevgeny", "Prigodin", "Zarya", "Star",
    "Office", "Co.", "Ltd.", "Bank", "ZSO", "Z.S.O.", "Artemis", "Sons", "Trading", "Lumen", "Tov", "Shipping",
    "OOO", "Tovik", "Zarin", "Islamic", "Front", "of", "the", "Brigade", "as", "As", "At", "an", "said", "2024",
    "bin", "Hamdan", "Mohammed", "A" * 25, "z" * 21,
]  # fmt: skip
_JOINTS = [
    " ", " ", " ", "-", ", ", ",", ". ", ' "', "' ", " & ", "/", ": ", "\n", "\n\n", "  ", "'s ", "\u2019s ",
    "\u0439", "\xff", "\u00e9", "\u2014", " (", ") ", "\t", "_", "\x07", "\u00ad", "\u200b ", "\u0301 ",
]  # fmt: skip
_TEXTS = st.one_of(
    st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_JOINTS)), max_size=14).map(
        lambda rows: "".join(word + joint for word, joint in rows)
    ),
    st.text(max_size=60),
)


@cache
def speller() -> Any:
    """Return what the compiled core spells words by."""
    return core.names.Speller(*names_index.vocabulary())


class Held:
    """Entries as an index is made from."""

    def digest(self) -> str:
        return "held"

    def entries(self, *, removed: bool = True) -> Iterator[tuple[int, Entry]]:
        people = [Name(f"{one} {two}", parts=(("given", one), ("family", two))) for one, two in _PEOPLE]
        kinds = [("person", name) for name in people] + [("organisation", Name(text)) for text in _BODIES]
        kinds += [("vessel", Name("Artemis")), ("person", Name("Lumensky, Gavril"))]
        for number, (kind, name) in enumerate(kinds, 1):
            yield number, Entry("un", str(number), "un", kind, (name,), identifiers=(("imo", f"918762{number}"),))


@cache
def made() -> bytes:
    index = in_memory(Held(), "held")
    return bytes(index._map)


@cache
def both() -> tuple[NameIndex, NameIndex]:
    """Return the index as the compiled core searches it, and as Python does."""
    plain = NameIndex(made())
    plain._core = None
    return NameIndex(made()), plain


@compiled
@settings(max_examples=300, suppress_health_check=_SLOW, deadline=None)
@given(text=_TEXTS)
def test_the_core_finds_what_python_finds(text: str) -> None:
    fast, plain = both()
    folded = Folded(text)
    expected = plain.find(folded)
    assert fast.find(folded) == expected
    quick = fast.search(text)
    assert quick is None or quick == expected
    assert plain.search(text) is None


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200d", "\u0301", "\ufeff"])
def test_letters_without_a_width_hide_no_name(unseen: str) -> None:
    for text in (f"Said Gav{unseen}ril Lumensky.", f"Said he.{unseen} Then Gavril Lumensky."):
        expected = both()[1].find(Folded(text))
        assert len(expected) == 1
        assert both()[0].search(text) in (None, expected)


@pytest.mark.parametrize("joint", [" ", "-", ", ", " & ", "/"])
def test_names_are_found_in_the_texts_of_these_tests(joint: str) -> None:
    text = joint.join(_WORDS)
    assert all(index.find(Folded(text)) for index in both())


@compiled
@settings(max_examples=400, suppress_health_check=_SLOW, deadline=None)
@given(
    word=st.one_of(
        st.text("abdeilouyjhkqstcnmrvf'0", min_size=1, max_size=14),
        st.tuples(
            st.sampled_from(["", "abd", "abdul", "abdoul", "ye", "je"]),
            st.text("adeimnrsty", max_size=5),
            st.sampled_from(["", "din", "eldin", "uddine", "ah", "iev", "jov", "aia", "ey", "iy", "eff"]),
        ).map("".join),
    )
)
def test_the_core_spells_as_python_does(word: str) -> None:
    assert speller().normal(word.encode()).decode() == normal(word)


@compiled
@pytest.mark.parametrize("word", [b"Ann", b"a b", b"\xff", b"a" * 10_000], ids=["capital", "blank", "letter", "long"])
def test_what_is_no_word_is_not_spelt(word: bytes) -> None:
    with pytest.raises(ValueError, match="a word of small letters"):
        speller().normal(word)


@compiled
@settings(max_examples=150, suppress_health_check=_SLOW, deadline=None)
@given(data=st.data())
def test_an_index_is_never_read_past_its_end(data: st.DataObject) -> None:
    """Whatever sections are said to be, they are refused or searched within their bytes."""
    block = data.draw(st.binary(max_size=400))
    where = st.integers(0, 450) | st.sampled_from([2**31, 2**32, 2**63, 2**64 - 8])
    size = st.sampled_from([0, 7, 8, 16, 64, 256, 2**32, 2**33, 2**63])
    sections = [data.draw(where if number % 2 == 0 else size) for number in range(5)] + [data.draw(where)]
    try:
        index = core.names.Index(speller(), block, *sections)
    except ValueError:
        return
    found = index.find(" ".join(_WORDS).encode())
    assert len(found) % 16 == 0


@compiled
@settings(max_examples=100, suppress_health_check=_SLOW, deadline=None)
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=30))
def test_records_that_are_damaged_are_passed_over(places: list[tuple[float, bytes]]) -> None:
    """A checksum may be right and the records wrong all the same: no lookup leaves them."""
    index = both()[0]
    data = bytearray(made())
    for name in ("records", "offsets"):
        start, length = index.head["sections"][name]
        for place, junk in places:
            at = start + int(place * length)
            data[at : at + len(junk)] = junk[: len(data) - at]
    damaged = core.names.Index(
        speller(),
        bytes(data),
        index._pairs,
        index._pair_size,
        index._offsets,
        index._buckets,
        index._records,
        index.head["sections"]["records"][1],
    )
    size = index.head["sections"]["records"][1]
    rows = struct.iter_unpack("=IIIHBB", damaged.find(" ".join(_WORDS).encode()))
    assert all(record + 7 <= size for _, _, record, *_ in rows)


@pytest.mark.parametrize("junk", [0, 1, 255])
def test_damaged_records_are_not_there(junk: int) -> None:
    index = NameIndex(made())
    assert index.lookup(b"artemis") is not None
    start, length = index.head["sections"]["records"]
    index._map = index._map[:start] + bytes([junk]) * length + index._map[start + length :]
    assert index.lookup(b"artemis") is None


@compiled
@pytest.mark.parametrize(
    "vocabulary",
    [b"\x05\0\0abc", b"\0\0\0", b"\x01", pack_word(b"abc", 1, b"")[:-1]],
    ids=["cut", "no word", "short", "short by one"],
)
def test_what_is_no_vocabulary_is_refused(vocabulary: bytes) -> None:
    with pytest.raises(ValueError, match="not a vocabulary"):
        core.names.Speller(vocabulary, b"", b"")


# -- what is ruled out by bounds -------------------------------------------------------------------------------------

_EVIDENCE = [
    "sanctions", "sanctioned", "of Zaria", "Russia", "Russian", "Iran's", "born in 1961", ", 63,", "the vessel",
    "the tanker", "a ship", "minister", "Minister of Defence", "Ltd", "Inc.", "OOO", "a company", "the Treasury",
    "designated", "asset freeze", "the footballer", "scored", "said", "in Moscow", "on Monday", ".", ". The",
    ", a bank,", "flagged", "\n\n",
]  # fmt: skip
_SAID = [
    "Gavril Lumensky", "Lumensky", "G. Lumensky", "Maria Vega", "Bank Zarya", "Zarya", "ZSO", "Artemis",
    "the Artemis", "Zarya Star", "Tovik", "Nureddin Qassab", "Kim Yong Chol",
]  # fmt: skip


@pytest.fixture(scope="module")
def always(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    from annotator.lists import import_files

    folder = tmp_path_factory.mktemp("lists")
    people = "".join(
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>{one}</FIRST_NAME><SECOND_NAME>{two}</SECOND_NAME>"
        f"<UN_LIST_TYPE>{'Iran' if n % 2 else 'Test'}</UN_LIST_TYPE><REFERENCE_NUMBER>TSi.{n}</REFERENCE_NUMBER>"
        "<LISTED_ON>2020-01-01</LISTED_ON><DESIGNATION><VALUE>Minister of Defence</VALUE></DESIGNATION>"
        "<NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY><INDIVIDUAL_DATE_OF_BIRTH>"
        "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1961</YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"
        for n, (one, two) in enumerate(_PEOPLE, 1)
    )
    bodies = "".join(
        f"<ENTITY><DATAID>{n}</DATAID><FIRST_NAME>{name.replace('&', '&amp;')}</FIRST_NAME>"
        f"<UN_LIST_TYPE>{'Iran' if n % 2 else 'Test'}</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>TSe.{n}</REFERENCE_NUMBER><LISTED_ON>2020-01-01</LISTED_ON></ENTITY>"
        for n, name in enumerate(_BODIES, 100)
    )
    path = folder / "un.xml"
    path.write_text(
        '<CONSOLIDATED_LIST dateGenerated="2024-01-01T00:00:00"><INDIVIDUALS>'
        f"{people}</INDIVIDUALS><ENTITIES>{bodies}</ENTITIES></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    store = folder / "lists.db"
    import_files([str(path)], str(store))
    return Annotator(names="always", lists=str(store))


@settings(max_examples=200, suppress_health_check=_SLOW, deadline=None)
@given(parts=st.lists(st.sampled_from([*_SAID, *_EVIDENCE, *_SAID]), min_size=1, max_size=24))
def test_what_bounds_rule_out_is_ruled_out_when_it_is_weighed(always: Annotator, parts: list[str]) -> None:
    text = " ".join(parts)
    document = always.read(text, format="text")
    weighed = always.mentions(document, everything=True, as_of="2024-06-20")  # with the reasons, so all are weighed
    kept = [one for one in weighed if not one.ruled_out and one.rule.startswith("lists.")]
    mentions = always.mentions(document, as_of="2024-06-20")
    assert [one for one in mentions if one.rule.startswith("lists.")] == kept
    noted = always.annotate(text, as_of="2024-06-20", format="text", notes="every").annotations
    assert bool(noted) <= bool(mentions)


def test_the_texts_of_that_test_have_names_that_are_taken_and_names_that_are_not(always: Annotator) -> None:
    text = "The Treasury sanctioned Gavril Lumensky of Russia, born in 1961. The Artemis was late, and Zarya too."
    document = always.read(text, format="text")
    weighed: list[Any] = always.mentions(document, everything=True, as_of="2024-06-20")
    assert {bool(one.ruled_out) for one in weighed if one.kind == "listing"} == {True, False}


@pytest.mark.parametrize("section", patterns().of)
@given(data=st.data())
def test_what_a_pattern_finds_begins_with_the_letters_by_which_it_is_looked_for(
    section: str, data: st.DataObject
) -> None:
    pattern = patterns().of[section]
    words = data.draw(st.from_regex(re.compile(b"(?:" + either(section) + b")", re.ASCII), fullmatch=True))
    text = (
        data.draw(st.sampled_from([b"", b"The ", b"(", b"a"]))
        + words
        + data.draw(st.sampled_from([b"", b".", b" x", b"s"]))
    )
    assert patterns().begun(text).has(section) == (pattern.search(text) is not None)
    assert patterns().stands(section, text, 0, len(text)) == (pattern.search(text) is not None)


# -- legal forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OOO Zarya", "OOO Zarya"),
        ('the OOO "Zarya, S.A. de C.V., said', 'OOO "Zarya, S.A. de C.V.'),
        ("a cooking ooo Zarya Ltd", "Zarya Ltd"),
        ("Zarya. As ships left", "Zarya"),
        ("Zarya" + " Limited Liability Company of Zarya", "Zarya Limited Liability Company"),
        ("x" * 70 + " Zarya", "Zarya"),
    ],
)  # fmt: skip
def test_legal_forms_beside_a_name(text: str, found: str) -> None:
    plain = Folded(text).plain
    start = plain.index(b"Zarya")
    stretch = plain[legal.starts(plain, start) : legal.ends(plain, start + len("Zarya"))]
    assert stretch.strip(b'".') == found.encode().strip(b'".')


def test_a_closed_index_lets_go_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "x.names"
    path.write_bytes(made())
    index = NameIndex(str(path))
    assert index.find(Folded("Gavril Lumensky"))
    index.close()
    path.unlink()


@compiled
def test_a_long_text_is_searched_as_a_short_one() -> None:
    """Other threads go on while a long text is searched, with words kept of its own."""
    fast, plain = both()
    folded = Folded(" ".join(_WORDS) + ". said so.\n" * 9000 + "; ".join(_WORDS * 3))
    assert fast.find(folded) == plain.find(folded) != []


@pytest.mark.parametrize("before", range(8))
def test_the_words_of_a_long_text_are_whole(before: int) -> None:
    folded = Folded("a" * before + " abcdefg" * 300_000)
    words = {"a" * before, "abcdefg"} - {""}
    assert words_in(folded.folded, 0, len(folded.plain)) == words
    assert words_in(folded.folded, before, len(folded.plain)) == {"abcdefg"}

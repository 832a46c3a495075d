"""Names of sanctions lists in articles: which are found, which are not, and what their notes say."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator import Annotator, _vocabulary, automaton, core, folding, strip
from annotator.errors import InputError, OutputError, UsageError
from annotator.folding import Folded
from annotator.lists import Entry, Name, import_files
from annotator.lists.names import build
from annotator.lists.names import index as names_index
from annotator.lists.names.forms import forms, table_key
from annotator.lists.names.index import NameIndex
from annotator.lists.names.spelling import normal, tokens
from annotator.lists.opened import open_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "listed.yaml").read_text(encoding="utf-8"))
PRESS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "names-press.yaml").read_text(encoding="utf-8")
)
DAY = "2024-06-20"
_MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def un_list(entries: Sequence[dict[str, Any]], date: str = "2024-06-01") -> str:
    """Return a list in the UN's format."""

    def tag(name: str, value: object) -> str:
        return f"<{name}>{escape(str(value))}</{name}>" if value else ""

    people, bodies = [], []
    for entry in entries:
        kind = "ENTITY" if "entity" in entry else "INDIVIDUAL"
        parts = [
            tag("DATAID", entry["ref"]),
            tag("FIRST_NAME", entry.get("entity") or entry["first"]),
            tag("SECOND_NAME", entry.get("second")),
            tag("THIRD_NAME", entry.get("third")),
            tag("NAME_ORIGINAL_SCRIPT", entry.get("original")),
            tag("UN_LIST_TYPE", "Test"),
            tag("REFERENCE_NUMBER", entry["ref"]),
            tag("LISTED_ON", entry.get("listed", "2020-02-03")),
            f"<DESIGNATION>{tag('VALUE', entry.get('position'))}</DESIGNATION>",
            f"<NATIONALITY>{tag('VALUE', entry.get('nationality'))}</NATIONALITY>",
            f"<{kind}_DATE_OF_BIRTH>{tag('YEAR', str(entry.get('born', ''))[:4])}</{kind}_DATE_OF_BIRTH>",
            f"<{kind}_ADDRESS>{tag('COUNTRY', entry.get('country'))}</{kind}_ADDRESS>",
        ]
        for quality, key in (("Good", "good"), ("Low", "weak")):
            parts += [
                f"<{kind}_ALIAS>{tag('QUALITY', quality)}{tag('ALIAS_NAME', alias)}</{kind}_ALIAS>"
                for alias in entry.get(key, ())
            ]
        (bodies if kind == "ENTITY" else people).append(f"<{kind}>{''.join(parts)}</{kind}>")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{date}T00:00:00.000Z">'
        f"<INDIVIDUALS>{''.join(people)}</INDIVIDUALS><ENTITIES>{''.join(bodies)}</ENTITIES></CONSOLIDATED_LIST>"
    )


def put(folder: Path, entries: Sequence[dict[str, Any]], date: str = "2024-06-01") -> Path:
    """Import a list into the store of a folder; return the store."""
    file = folder / f"un-{date}.xml"
    file.write_text(un_list(entries, date), encoding="utf-8")
    import_files([file], folder / "lists.db", allow_fewer=True)
    return folder / "lists.db"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(tmp_path_factory.mktemp("names"), CASES["entries"])


@pytest.fixture(scope="module")
def annotator(store: Path) -> Annotator:
    return Annotator(default_rules=False, names="always", lists=store)


def found(annotator: Annotator, text: str) -> list[tuple[int, int]]:
    document = annotator.read(text)
    return [(m.start, m.end) for m in annotator.mentions(document, as_of=DAY)]


# -- which names are taken for an entry -------------------------------------------------------------


def holds(annotator: Annotator, case: dict[str, str]) -> None:
    """Check that the names marked in a text are found, and no others."""
    bare, spans, last = "", [], 0
    for hit in _MARK.finditer(case["text"]):
        bare += case["text"][last : hit.start()]
        spans.append((len(bare), len(bare) + len(hit.group(1))))
        bare += hit.group(1)
        last = hit.end()
    bare += case["text"][last:]
    assert [bare[a:b] for a, b in found(annotator, bare)] == [bare[a:b] for a, b in spans]
    assert found(annotator, bare) == spans


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_table(annotator: Annotator, case: dict[str, str]) -> None:
    holds(annotator, case)


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    return Annotator(default_rules=False, names="always", lists=put(tmp_path_factory.mktemp("press"), PRESS["entries"]))


@pytest.mark.parametrize("case", PRESS["cases"], ids=lambda case: case["name"])
def test_as_the_press_writes(press: Annotator, case: dict[str, str]) -> None:
    holds(press, case)


def test_a_short_name_follows_the_full_one(annotator: Annotator) -> None:
    text = "Russia sanctioned nobody. Gavril Lumensky smiled. Later Lumensky left, and Oleg Lumensky came."
    said = [text[a:b] for a, b in found(annotator, text)]
    assert said == ["Gavril Lumensky", "Lumensky"]


def test_explain_gives_evidence_and_score(annotator: Annotator) -> None:
    document = annotator.read("A bakery was opened by Mohammed Ali.")
    (mention,) = annotator.mentions(document, everything=True)
    assert mention.ruled_out
    assert mention.rule == "lists.un:TSi.003"
    assert any("bits" in reason for reason in mention.why)
    assert 0 <= float(mention.fields["score"]) <= 1


def test_threshold(store: Path) -> None:
    text = "Russian sailors met Gavril Lumensky."
    low, high = (
        Annotator(default_rules=False, names="always", lists=store, name_threshold=value) for value in (0.2, 0.999)
    )
    assert found(low, text)
    assert not found(high, text)
    with pytest.raises(UsageError, match="between 0 and 1"):
        Annotator(default_rules=False, names="always", lists=store, name_threshold=2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhammad", "Mohamed"), ("Sergei", "Sergey"), ("Yevgeny", "Evgeniy"), ("Qasim", "Kassem"),
        ("Lumenskiy", "Lumensky"), ("Khalid", "Khaled"), ("Isma'il", "Ismael"), ("Tatyana", "Tatiana"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_have_one_normal_form(one: str, other: str) -> None:
    assert normal(one.lower()) == normal(other.lower())


@pytest.mark.parametrize(("one", "other"), [("jong", "yong"), ("ali", "alia"), ("kim", "kum"), ("un", "on")])
def test_other_names_keep_apart(one: str, other: str) -> None:
    assert normal(one) != normal(other)


# -- what the notes say -----------------------------------------------------------------------------


def test_history_in_the_note(tmp_path: Path) -> None:
    people = CASES["entries"]
    put(tmp_path, people, "2024-01-01")
    path = put(tmp_path, [entry for entry in people if entry["ref"] != "TSi.001"], "2024-06-01")
    one = Annotator(default_rules=False, names="always", lists=path)
    text = "Russia's Gavril Orestovich Lumensky was sanctioned."

    def notes(as_of: str) -> list[Any]:
        return [note for a in one.annotate(text, as_of=as_of).annotations for note in a.notes]

    (now,) = notes("2023-05-05")
    assert "3 February 2020" in now.text
    assert "TSi.001" in now.text
    assert now.later == ("the UN: taken off the list between 1 January 2024 and 1 June 2024.",)
    assert now.sources[0].pinpoint == "TSi.001"
    assert now.checked == "2024-06-01"
    (ended,) = notes("2024-07-01")
    assert "taken off the list between 1 January 2024 and 1 June 2024" in ended.text
    (coming,) = notes("2019-05-05")
    assert "not yet under UN sanctions" in coming.text
    assert notes("2012-05-05") == []


def test_a_name_alone_is_said_to_match_only(annotator: Annotator) -> None:
    (one,) = annotator.annotate("A judge met Gavril Orestovich Lumensky in Riga.", as_of=DAY).annotations
    assert one.fields["match"] == "name"
    assert one.notes[0].text.startswith("May be Gavril")
    assert one.notes[0].text.endswith("the name agrees, nothing else was checked.")
    assert one.notes[0].status == "partly"
    text = "Gavril Orestovich Lumensky, born in 1961, director of the Zarya shipyard in Russia, was sanctioned."
    (other,) = annotator.annotate(text, as_of=DAY).annotations
    assert other.fields["match"] == "certain"
    assert other.notes[0].text.startswith("GAVRIL") or other.notes[0].text.startswith("Gavril")


def test_the_body_of_that_very_name_is_meant(tmp_path: Path) -> None:
    """Others on the list that are called so too are not: "al-Qaida" is not al-Qaida in Iraq."""
    bodies = [
        {"ref": "TSe.201", "entity": "Zuvrakal", "country": "Iraq"},
        {"ref": "TSe.202", "entity": "Front of the Two Rivers", "country": "Iraq", "good": ["Zuvrakal"]},
    ]
    one = Annotator(default_rules=False, names="always", lists=put(tmp_path, bodies))
    (annotation,) = one.annotate("Iraq's Zuvrakal was sanctioned.", as_of=DAY, notes="every").annotations
    assert [source.pinpoint for source in annotation.notes[0].sources][:1] == ["TSe.201"]
    assert "TSe.202" not in annotation.notes[0].text


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("The Security Council has imposed sanctions on the minister Tomas Karim.", True),
        ("Tomas Karim was sanctioned by the UN Security Council.", True),
        ("The European Union has imposed sanctions on the minister Tomas Karim.", False),
        ("The Security Council has not imposed sanctions on the minister Tomas Karim.", False),
        ("The Security Council has imposed sanctions on a bank, said Tomas Karim.", False),
    ],
)
def test_the_sentence_may_say_who_lists_somebody(text: str, tmp_path: Path, *, certain: bool) -> None:
    entries = [{"ref": "TSi.101", "first": "Tomas", "second": "Karim", "nationality": "Iran"}]
    one = Annotator(names="always", lists=put(tmp_path, entries))
    found = [m for m in one.mentions(one.read(text), as_of=DAY) if m.rule.startswith("lists.") and not m.ruled_out]
    assert any(m.fields["match"] == "certain" for m in found) == certain


def test_ties_are_shown_as_ties(tmp_path: Path) -> None:
    namesakes = [
        {"ref": "TSi.101", "first": "Oruk", "second": "Belzovar", "nationality": "Iran"},
        {"ref": "TSi.102", "first": "Oruk", "second": "Belzovar", "nationality": "Iran"},
    ]
    one = Annotator(default_rules=False, names="always", lists=put(tmp_path, namesakes))
    (annotation,) = one.annotate("Iran's Oruk Belzovar was sanctioned.", as_of=DAY).annotations
    (note,) = annotation.notes
    assert note.text.startswith("May be one of 2 of that name")
    assert "TSi.101" in note.text
    assert "TSi.102" in note.text


def test_an_old_copy_is_said_to_be_old(annotator: Annotator) -> None:
    text = "Russia's Gavril Lumensky was sanctioned."
    (fresh,) = annotator.annotate(text, as_of="2024-06-20").annotations
    (old,) = annotator.annotate(text, as_of="2026-06-20").annotations
    assert fresh.notes[0].later == ()
    assert "1 June 2024" in old.notes[0].later[-1]


def test_first_mention_jurisdiction_only_and_skip(store: Path, annotator: Annotator) -> None:
    text = "Russia's Gavril Lumensky was sanctioned. In Russia Gavril Lumensky was sanctioned again."
    assert len(annotator.annotate(text, as_of=DAY).annotations) == 1
    assert len(annotator.annotate(text, as_of=DAY, notes="every").annotations) == 2
    assert not annotator.annotate(text, as_of=DAY, jurisdictions=["us"]).annotations
    assert annotator.annotate(text, as_of=DAY, jurisdictions=["un"]).annotations
    for choice, number in (({"only": ["lists.un:TSi.001"]}, 1), ({"skip": ["lists.*"]}, 0), ({"only": ["x.*"]}, 0)):
        chosen = Annotator(default_rules=False, names="always", lists=store, **choice)  # type: ignore[arg-type]
        assert len(chosen.annotate(text, as_of=DAY).annotations) == number


def test_what_the_rules_and_a_list_say_of_one_man_is_one_note(tmp_path: Path) -> None:
    """The pack has a listing of Oleg Tinkov; what a list of another authority has goes into the same note."""
    entry = {"ref": "KPi.999", "first": "Oleg", "second": "Tinkov", "nationality": "Russia"}
    path = put(tmp_path, [entry])
    text = "Oleg Tinkov, the banker, left Russia after the sanctions."
    rules = Annotator(names="always", lists=path).annotate(text, as_of="2022-11-02").annotations
    names = [(one.rule.split(".")[0], one.text) for one in rules if "Tinkov" in one.text]
    assert ("people", "Oleg Tinkov") in names
    assert not any(kind == "lists" for kind, _ in names)
    (note,) = [note for one in rules if one.rule.startswith("people.") for note in one.notes]
    assert "UN" in note.text
    assert any(source.pinpoint == "KPi.999" for source in note.sources)


def test_other_scripts(tmp_path: Path) -> None:
    entries = [
        {
            "ref": "TSi.201",
            "first": "Gavril",
            "second": "Lumensky",
            "original": "Гаврил Люменский",
            "nationality": "Russia",
        },
        {"ref": "TSi.202", "first": "Ryo", "second": "Cholmin", "original": "려철민국"},
    ]
    one = Annotator(default_rules=False, names="always", lists=put(tmp_path, entries))
    text = "Вчера Гаврил Люменский уехал. 려철민국은 남았다."
    assert [text[a:b] for a, b in found(one, text)] == ["Гаврил Люменский", "려철민국"]


def test_numbers_and_addresses(tmp_path: Path) -> None:
    address = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
    (tmp_path / "sdn.csv").write_text(
        f"""1,"LUMENSKY, Gavril","individual","CYBER2",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\
"Digital Currency Address - XBT {address}."
2,"ZARYA STAR","vessel","IRAN",-0- ,"V123","Crude Oil Tanker",-0- ,-0- ,"Iran",-0- ,\
"Vessel Registration Identification IMO 9187629."
""".replace("\\\n", ""),
        encoding="ascii",
    )
    import_files([tmp_path / "sdn.csv"], tmp_path / "lists.db", date="2024-01-01")
    one = Annotator(default_rules=False, names="always", lists=tmp_path / "lists.db")
    text = (
        f"Coins went to {address}, not to {address.lower()}. The tanker Zarya Star left Iran. IMO 9187629 was seen; "
        "call 9187629 for more. Gazers saw no zarya star."
    )
    assert [text[a:b] for a, b in found(one, text)] == [address, "Zarya Star", "9187629"]
    assert not found(one, "The Zarya Star Hotel in Iran opened.")


# -- laws -------------------------------------------------------------------------------------------

_SYLLABLES = st.sampled_from("ba ko li mar ten vo ri san dor el ki nov pet gal shev zad or min tur vim quz".split())
_WORDS = st.lists(_SYLLABLES, min_size=2, max_size=4).map(lambda parts: "".join(parts).capitalize())


class Held:
    """Entries held in memory, as an index is made from."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.held = list(entries)

    def digest(self) -> str:
        return sha256(repr(self.held).encode("utf-8", "surrogatepass")).hexdigest()

    def entries(self, *, removed: bool = True) -> Iterator[tuple[int, Entry]]:
        yield from enumerate(self.held, 1)


def index_of(folder: Path, entries: Sequence[Entry]) -> NameIndex:
    held = Held(entries)
    return open_index(str(folder / "held"), held.digest(), held)


def person(given: str, family: str, **more: Any) -> Entry:
    name = Name(f"{given} {family}", parts=(("given", given), ("family", family)), **more)
    return Entry("un", f"{given}-{family}", "un", "person", (name,))


slow = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@slow
@given(given_name=st.lists(_WORDS, min_size=1, max_size=2).map(" ".join), family=_WORDS, body=st.booleans())
def test_every_form_of_an_entry_is_found(tmp_path: Path, given_name: str, family: str, *, body: bool) -> None:
    entry = (
        Entry("un", "1", "un", "organisation", (Name(f"{given_name} {family} Co., Ltd."),))
        if body
        else person(given_name, family)
    )
    index = index_of(tmp_path, [entry])
    for form in forms(entry, entry.names[0]):
        said = " ".join(word.capitalize() for word in form.words)
        text = f"The Treasury has sanctioned {said} (see below)."
        start = text.index(said)
        spans = [(one.start, one.end) for one in index.find(Folded(text))]
        key = table_key(form.words, person=not body)
        if index.lookup(key.encode()) is not None:  # what tells too little is in no index
            assert (start, start + len(said)) in spans


def naive(entries: Sequence[Entry], index: NameIndex, text: str) -> set[tuple[int, int]]:
    """Find forms the slow way: every stretch of words of a text against the keys of all forms."""
    keys = {
        key
        for entry in entries
        for name in entry.names
        for form in forms(entry, name)
        if index.lookup((key := table_key(form.words, person=True)).encode()) is not None
    }
    words = [(hit.start(), hit.end()) for hit in re.finditer(r"[A-Za-z]+", text)]
    result = set()
    for first in range(len(words)):
        for last in range(first, min(first + 4, len(words))):
            row = [text[a:b] for a, b in words[first : last + 1]]
            gaps = [text[words[n][1] : words[n + 1][0]] for n in range(first, last)]
            parted = not all(re.fullmatch(r"\s+|-", gap) and "\n\n" not in gap for gap in gaps)
            if parted or not all(word[0].isupper() for word in row):
                continue
            if table_key([word.lower() for word in row], person=True) in keys:
                result.add((words[first][0], words[last][1]))
    return result


@slow
@given(
    people=st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=6),
    noise=st.lists(st.one_of(_WORDS, st.sampled_from(["said", "the", ",", ".", "-", "\n", "Mr"])), max_size=40),
    data=st.data(),
)
def test_index_agrees_with_a_naive_search(
    tmp_path: Path, people: list[tuple[str, str]], noise: list[str], data: st.DataObject
) -> None:
    entries = [person(given_name, family) for given_name, family in people]
    index = index_of(tmp_path, entries)
    words = [*noise, *(part for pair in people for part in pair)]
    text = " ".join(data.draw(st.permutations(words)))
    spans = {(one.start, one.end) for one in index.find(Folded(text)) if not one.comma}
    assert spans == naive(entries, index, text)


@pytest.mark.parametrize(
    "text",
    [
        "Gavril \u041bumensky of Russia was sanctioned.",  # a Cyrillic letter that looks like a Latin one
        "Gavril\u202eLumensky\u202c of Russia was sanctioned.",
        "\u200fGavril\u200f \u200fLumensky\u200f of Russia was sanctioned.",
        "Gavril \x00 Lumensky \ufffe was sanctioned in Russia.",
        "\ud800 Gavril Lumensky \udfff",
        "A B C D E F G H " * 2000,
        "Gavril " * 5000,
        "Gavril, " * 5000,
        "Lumensky Gavril " * 5000,
        "V. " * 10000,
        "'" * 10000 + "Gavril Lumensky",
        " " * 50000 + "Gavril" + " " * 50000 + "Lumensky",
    ],
    ids=range(12),
)
def test_hostile_texts_go_through(annotator: Annotator, text: str) -> None:
    result = annotator.annotate(text, as_of=DAY, notes="every")
    marked = str(result)
    assert strip(marked) == text


def test_letters_that_only_look_alike_make_no_name(annotator: Annotator) -> None:
    assert found(annotator, "Russia's Gavril Lumensky was sanctioned.")
    for spelt in ("Gavril \u041bumensky", "Gavril Lumensky\u0430", "\u0410Gavril Lumensky", "Gavril L\u0443mensky"):
        assert not found(annotator, f"Russia's {spelt} was sanctioned."), spelt


def test_work_grows_no_faster_than_the_text(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "names", None)  # lookups are counted in Python
    one = Annotator(default_rules=False, names="always", lists=store)
    counted = 0
    lookup = NameIndex.lookup

    def count(self: NameIndex, key: bytes) -> Any:
        nonlocal counted
        counted += 1
        return lookup(self, key)

    monkeypatch.setattr(NameIndex, "lookup", count)
    for unit in ("Gavril ", "Gavril Lumensky ", "Mohammed Ali Mohammed ", "Lumensky, Gavril, "):
        numbers = []
        for size in (200, 400, 800):
            counted = 0
            found(one, unit * size)
            numbers.append(counted)
        assert numbers[2] - numbers[1] <= 2.2 * (numbers[1] - numbers[0]) + 50, unit


@pytest.mark.parametrize("name", ["X", "ß", "!", "12", "a" * 200_000, "Ann " * 50_000, "\u202e", "Mr", "The", "Ltd"])
def test_names_that_are_no_names_hit_nothing_wildly(tmp_path: Path, name: str) -> None:
    entries = [Entry("un", "1", "un", kind, (Name(name),)) for kind in ("person", "organisation")]
    index = index_of(tmp_path, entries)
    text = "The X of Ann and Mr Ltd, 12 of them! They said so in Russia; ß. " * 5
    assert index.find(Folded(text)) == []


# -- the index's file -------------------------------------------------------------------------------


def test_a_stale_or_damaged_index_is_made_anew(tmp_path: Path) -> None:
    path = put(tmp_path, CASES["entries"][:1])
    beside = tmp_path / "lists.db.names"
    text = "Russia's Gavril Lumensky and Sung Kim of North Korea were sanctioned."
    assert len(found(Annotator(default_rules=False, names="always", lists=path), text)) == 1
    whole = beside.read_bytes()
    for damage in (
        b"",
        whole[:50],
        whole[: len(whole) // 2],
        whole[:-5] + b"xxxxx",
        b"\0" * len(whole),
        whole[:20] + b"}" + whole[21:],
    ):
        beside.write_bytes(damage)
        assert len(found(Annotator(default_rules=False, names="always", lists=path), text)) == 1
        assert beside.read_bytes() == whole
    put(tmp_path, [*CASES["entries"][:1], {"ref": "T.9", "first": "Sung", "second": "Kim"}], "2024-06-02")
    assert len(found(Annotator(default_rules=False, names="always", lists=path, name_threshold=0.0), text)) == 2


def people(count: int) -> list[dict[str, Any]]:
    """Return entries of as many people, each of another name."""
    return [{"ref": f"T.{n}", "first": f"Gavrilon{n:03d}", "second": f"Lumenskor{n:03d}"} for n in range(count)]


def spelt(number: int) -> str:
    return f"Gavrilon{number:03d} Lumenskor{number:03d}"


def test_few_changes_do_not_make_the_index_anew(tmp_path: Path) -> None:
    held = people(60)
    path = put(tmp_path, held)
    Annotator(default_rules=False, names="always", lists=path)
    whole = (tmp_path / "lists.db.names").read_bytes()
    changed = [{**held[0], "first": "Orestan"}, *held[1:-1], {"ref": "T.99", "first": "Pavlik", "second": "Vashtenkor"}]
    put(tmp_path, changed, "2024-06-02")
    one = Annotator(default_rules=False, names="always", lists=path, name_threshold=0.0)
    assert (tmp_path / "lists.db.names").read_bytes() == whole
    assert (tmp_path / "lists.db.names.more").stat().st_size < len(whole)
    for name, there in (("Orestan Lumenskor000", 1), (spelt(0), 0), ("Pavlik Vashtenkor", 1), (spelt(7), 1)):
        assert len(found(one, f"Sanctions hit {name}.")) == there, name
    # Damage to either is noticed, and mended.
    for name in ("lists.db.names.more", "lists.db.names"):
        data = bytearray((tmp_path / name).read_bytes())
        data[len(data) // 2] ^= 1
        (tmp_path / name).write_bytes(data)
        assert (
            len(
                found(
                    Annotator(default_rules=False, names="always", lists=path, name_threshold=0.0),
                    "It hit Pavlik Vashtenkor.",
                )
            )
            == 1
        )
    # Where much has changed the index is made anew.
    put(tmp_path, [{**entry, "third": "Orlovich"} for entry in changed], "2024-06-03")
    assert found(
        Annotator(default_rules=False, names="always", lists=path, name_threshold=0.0), f"It hit {spelt(7)} Orlovich."
    )
    assert (tmp_path / "lists.db.names").read_bytes() != whole


@pytest.mark.parametrize("place", [0.1, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("damage", ["zeroed", "overwritten", "flipped"])
def test_damage_within_an_index_is_noticed(tmp_path: Path, place: float, damage: str) -> None:
    path = put(tmp_path, people(20))
    Annotator(default_rules=False, names="always", lists=path)
    beside = tmp_path / "lists.db.names"
    whole = beside.read_bytes()
    at = int(len(whole) * place)
    data = bytearray(whole)
    piece = {"zeroed": bytes(64), "overwritten": b"annotator" * 7, "flipped": bytes([data[at] ^ 255])}[damage]
    data[at : at + len(piece)] = piece
    beside.write_bytes(data[: len(whole)])
    assert found(Annotator(default_rules=False, names="always", lists=path), f"Sanctions hit {spelt(3)}.")
    assert beside.read_bytes() == whole


def test_an_index_of_other_code_or_tables_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is changed in the folder that makes an index, one made before is told apart."""
    copy = tmp_path / "code"
    shutil.copytree(Path(names_index.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(names_index, "__file__", str(copy / "index.py"))
    for module in (automaton, folding, _vocabulary):
        monkeypatch.setattr(module, "__file__", shutil.copy(module.__file__, tmp_path))
    before = names_index.stamp()
    assert before.endswith(automaton.named())
    sources = [*copy.glob("*.py"), *copy.glob("data/*.txt"), *tmp_path.glob("*.py")]
    assert {"places.py", "countries.txt", "automaton.py", "folding.py", "_vocabulary.py"} <= {
        path.name for path in sources
    }
    for path in sources:
        data = path.read_bytes()
        path.write_bytes(data + b"# changed\n")
        assert names_index.stamp() != before, path.name
        path.write_bytes(data.replace(b"\n", b"\r\n"))
        assert names_index.stamp() == before, path.name
        path.write_bytes(data)


def test_two_at_once_make_one_index(tmp_path: Path) -> None:
    path = put(tmp_path, CASES["entries"])
    results: list[Any] = []

    def run() -> None:
        results.append(
            found(
                Annotator(default_rules=False, names="always", lists=path), "Russia's Gavril Lumensky was sanctioned."
            )
        )

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(result == results[0] and result for result in results)
    assert sorted(file.name for file in tmp_path.iterdir() if "names" in file.name) == ["lists.db.names"]


def test_the_index_is_the_same_each_time(tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        index_of(tmp_path / name, [person("Gavril", "Lumensky"), person("Zadar", "Kolimar")])
        files.append((tmp_path / name / "held.names").read_bytes())
    assert files[0] == files[1]


# -- the command ------------------------------------------------------------------------------------


def run(*words: str, stdin: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "annotator", *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_command(store: Path, tmp_path: Path) -> None:
    text = "Russia's Gavril Lumensky was sanctioned.\n"
    common = ("--no-config", "--lists", str(store), "--as-of", DAY, "--no-default-rules")
    done = run("annotate", *common, "--output", "json", "-", stdin=text)
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [one["rule"] for one in data["annotations"]] == ["lists.un:TSi.001"]
    assert any("lists.db" in source for source in data["rulebook"]["sources"])
    explained = run("explain", *common, "-", stdin=text)
    assert "lists.un:TSi.001" in explained.stdout
    assert "score" in explained.stdout
    assert run("annotate", *common, "--only", "lists.un:*", "-", stdin=text).returncode == 0
    assert (
        "lists.un"
        not in run("annotate", *common, "--jurisdiction", "un", "--name-threshold", "1", "-", stdin=text).stdout
    )
    assert run("annotate", *common, "--name-threshold", "7", "-", stdin=text).returncode == 2
    # An authority that only the lists know, while there are no rules at all.
    known = run("annotate", *common, "--jurisdiction", "un", "--output", "json", "-", stdin=text)
    assert known.returncode == 0, known.stderr
    assert len(json.loads(known.stdout)["annotations"]) == 1
    unknown = run("annotate", *common, "--jurisdiction", "uno", "-", stdin=text)
    assert unknown.returncode == 2
    assert "no note is of 'uno'; the rules and lists know un" in unknown.stderr
    missing = run("annotate", "--no-config", "--lists", str(tmp_path / "none.db"), "-", stdin=text)
    assert missing.returncode == 4
    assert len(missing.stderr.strip().splitlines()) == 1
    config = tmp_path / "annotator.toml"
    config.write_text(f"lists = ['{store}']\nname-threshold = 0.4\ndefault-rules = false\n", encoding="utf-8")
    configured = run("annotate", "--config", str(config), "--as-of", DAY, "-", stdin=text)
    assert "TSi.001" in configured.stdout


def test_importing_makes_the_index(tmp_path: Path) -> None:
    (tmp_path / "un.xml").write_text(un_list(CASES["entries"]), encoding="utf-8")
    done = run("lists", "import", str(tmp_path / "un.xml"), "--into", str(tmp_path / "lists.db"), stdin="")
    assert done.returncode == 0, done.stderr
    index = NameIndex(str(tmp_path / "lists.db.names"))
    assert index.head["entries"] == len(CASES["entries"])
    index.close()
    # A run that was killed before it came to the index: the next one makes it though it knows the list.
    (tmp_path / "lists.db.names").unlink()
    done = run("lists", "import", str(tmp_path / "un.xml"), "--into", str(tmp_path / "lists.db"), stdin="")
    assert "known already" in done.stdout
    assert (tmp_path / "lists.db.names").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes")
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o664])
def test_who_reads_the_store_reads_its_index(tmp_path: Path, mode: int) -> None:
    path = put(tmp_path, CASES["entries"][:1])
    path.chmod(mode)
    (tmp_path / "lists.db.names").unlink(missing_ok=True)
    Annotator(default_rules=False, names="always", lists=path)
    assert stat.S_IMODE((tmp_path / "lists.db.names").stat().st_mode) == mode


def test_what_a_killed_build_left_is_swept_away_later(tmp_path: Path) -> None:
    path = put(tmp_path, CASES["entries"][:1])
    kill = "import os, annotator.lists.names.build as b; b._Builder.finish = lambda *_: os._exit(9)"
    code = f"{kill}; from annotator.lists.opened import Lists; Lists([{str(path)!r}])"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    left = [file for file in tmp_path.iterdir() if ".new-" in file.name]
    assert left
    Annotator(default_rules=False, names="always", lists=path)
    assert all(file.exists() for file in left)  # somebody may be at work there
    for file in left:
        os.utime(file, (1_700_000_000, 1_700_000_000))
    (tmp_path / "lists.db.names").unlink()
    Annotator(default_rules=False, names="always", lists=path)
    assert not [file for file in tmp_path.iterdir() if ".new-" in file.name]


def test_a_full_disk_has_the_index_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, CASES["entries"][:1])
    cache = tmp_path / "cache"
    monkeypatch.setenv("ANNOTATOR_CACHE_DIR", str(cache))
    make = build.tempfile.mkstemp

    def full(*, dir: str, prefix: str) -> Any:
        if not dir.startswith(str(cache)):
            raise OSError(errno.ENOSPC, "No space left on device")
        return make(dir=dir, prefix=prefix)

    monkeypatch.setattr(build.tempfile, "mkstemp", full)
    text = "Russia's Gavril Lumensky was sanctioned."
    for _ in range(2):
        assert len(found(Annotator(default_rules=False, names="always", lists=path), text)) == 1
    assert not (tmp_path / "lists.db.names").exists()
    assert len(list(cache.glob("names-*"))) == 1
    monkeypatch.delenv("ANNOTATOR_CACHE_DIR")
    monkeypatch.setenv("ANNOTATOR_NO_CACHE", "1")
    with pytest.raises(OutputError, match=r"names: cannot be written: No space .*; nor is there a cache folder$"):
        Annotator(default_rules=False, names="always", lists=path)


def test_no_store_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database", encoding="utf-8")
    with pytest.raises(InputError):
        Annotator(lists=tmp_path / "x.db")


def test_without_lists_nothing_of_them_is_imported() -> None:
    code = (
        "import sys; from annotator import Annotator; Annotator().annotate('Kim Jong Un met Oleg Tinkov.', "
        "as_of='2022-01-01'); print([name for name in sys.modules if 'annotator.lists' in name or name == 'sqlite3'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_tokens_keep_apostrophes() -> None:
    assert tokens("Sa\u2019id al-JAMAL") == ["sa'id", "al", "jamal"]


def test_a_ship_is_no_man_of_its_name(tmp_path: Path) -> None:
    ship = Entry("us-sdn", "1", "us", "vessel", (Name("GAVRIL DE MORGENET"),), countries=("Russia",))
    index = index_of(tmp_path, [ship])
    assert index.find(Folded("The tanker Gavril de Morgenet left."))
    file = tmp_path / "csl.csv"
    head = "source,entity_number,type,programs,name,title,addresses,source_list_url,alt_names,start_date"
    file.write_text(
        f"{head}\nSDN (SDN),1,Vessel,RUSSIA-EO14024,GAVRIL DE MORGENET,,,https://x.org,,2024-01-01\n", "utf-8"
    )
    import_files([file], tmp_path / "lists.db")
    one = Annotator(default_rules=False, names="always", lists=tmp_path / "lists.db")
    assert found(one, "The tanker Gavril de Morgenet sailed to Russia in spite of sanctions.")
    for text in ("Gavril de Morgenet died in Russia when his plane crashed.", "Russia's Gavril de Morgenet smiled."):
        assert not found(one, text)

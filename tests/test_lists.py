"""Lists: every format is read as published, history is kept, and what is wrong leaves the store untouched."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import sqlite3
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import ExitCode, InputError, OutputError, UsageError
from annotator.lists import Entry, Name, Store, compare_dates, compare_files, import_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conftest import Command

SMALL = Path(__file__).parent / "lists"
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "lists.yaml").read_text(encoding="utf-8"))


def load(path: Path, *files: Path, **wishes: Any) -> dict[str, Entry]:
    """Import files into a store and return what it then holds, by reference."""
    import_files(files, path, **wishes)
    with Store.open(path) as store:
        return {entry.reference: entry for _, entry in store.entries()}


def told(entry: Entry, field: str) -> object:
    """Return a field as the table of cases writes it."""
    if field == "primary":
        (primary,) = [name for name in entry.names if name.role == "primary"]
        return primary.text
    if field == "names":
        return [f"{n.text}/{n.role}/{n.quality}/{n.script}" for n in entry.names if n.role != "primary"]
    if field == "parts":
        return [" ".join(part) for part in entry.names[0].parts]
    value = getattr(entry, field)
    if field == "identifiers":
        return [" ".join(pair) for pair in value]
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
def test_each_format_is_read(case: dict[str, Any], tmp_path: Path) -> None:
    (report,) = import_files([SMALL / case["file"]], tmp_path / "lists.db")
    assert (report.list, report.entries, report.added) == (case["list"], case["entries"], case["entries"])
    if "date" in case:
        assert (report.date, report.date_from) == (case["date"], "file")
    with Store.open(tmp_path / "lists.db") as store:
        entries = {entry.reference: entry for _, entry in store.entries()}
        (status,) = store.lists()
    assert status.entries + status.removed == len(entries) == case["entries"]
    for reference, fields in case["say"].items():
        entry = entries[reference]
        assert {field: told(entry, field) for field in fields} == fields


def test_formats_are_told_by_content_not_by_name(tmp_path: Path) -> None:
    for case in CASES:
        if case["file"] == "ofac_sdn.csv":
            continue
        path = tmp_path / "list.bin"
        path.write_bytes((SMALL / case["file"]).read_bytes())
        (report,) = import_files([path], tmp_path / f"{case['file']}.db")
        assert (report.list, report.entries) == (case["list"], case["entries"])


@pytest.mark.parametrize("name", ["eu_1_1.csv", "eu_1_0.csv"])
@pytest.mark.parametrize("shape", ["cells", "quoted", "filled", "commas", "tabs"])
def test_a_list_that_a_spreadsheet_saved_again_is_read(tmp_path: Path, name: str, shape: str) -> None:
    """Lines as cells in quotation marks, where need be or all, rows filled up, other signs between the cells."""
    published = load(tmp_path / "a.db", SMALL / name)
    rows = list(csv.reader(io.StringIO((SMALL / name).read_text(encoding="utf-8-sig")), delimiter=";"))
    lines = (SMALL / name).read_text(encoding="utf-8-sig").splitlines()
    out = io.StringIO()
    if shape in {"cells", "quoted"}:
        csv.writer(out, quoting=csv.QUOTE_ALL if shape == "quoted" else csv.QUOTE_MINIMAL).writerows([x] for x in lines)
    elif shape == "filled":
        out.write("".join(f"{line},,\r\n" for line in lines))
    else:
        csv.writer(out, delimiter="," if shape == "commas" else "\t").writerows(rows)
    (tmp_path / "saved.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    assert load(tmp_path / "b.db", tmp_path / "saved.csv") == published


def test_files_of_a_set_are_found_by_content_whatever_their_names(tmp_path: Path) -> None:
    for number, part in enumerate(("alt", "add", "sdn")):
        (tmp_path / f"{number}.dat").write_bytes((SMALL / f"ofac_{part}.csv").read_bytes())
    files = [tmp_path / f"{number}.dat" for number in range(3)]
    entries = load(tmp_path / "named.db", *files, date="2022-01-10")
    assert entries == load(tmp_path / "beside.db", SMALL / "ofac_sdn.csv", date="2022-01-10")
    with pytest.raises(InputError, match="without their entries"):
        import_files(files[:1], tmp_path / "lone.db")


def test_comments_of_ofac_go_on_where_remarks_end(tmp_path: Path) -> None:
    for part in ("sdn", "alt", "add"):
        (tmp_path / f"{part}.csv").write_bytes((SMALL / f"ofac_{part}.csv").read_bytes())
    (tmp_path / "sdn_comments.csv").write_text("19651,\"; a.k.a. 'ABU EXAMPLE'; nationality Indonesia.\"\r\n", "utf-8")
    entry = load(tmp_path / "lists.db", tmp_path / "sdn.csv", date="2022-01-10")["19651"]
    assert "ABU EXAMPLE" in {name.text for name in entry.names if name.quality == "weak"}
    assert entry.nationalities == ("Indonesia",)


def test_packed_files_are_read(tmp_path: Path) -> None:
    plain = load(tmp_path / "plain.db", SMALL / "eu_fsf.xml")
    (tmp_path / "list.xml.gz").write_bytes(gzip.compress((SMALL / "eu_fsf.xml").read_bytes()))
    assert load(tmp_path / "gz.db", tmp_path / "list.xml.gz") == plain
    with zipfile.ZipFile(tmp_path / "set.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("sdn", "alt", "add"):
            archive.write(SMALL / f"ofac_{part}.csv", f"{part}.csv")
    entries = load(tmp_path / "zip.db", tmp_path / "set.zip", date="2022-01-10")
    assert entries == load(tmp_path / "csv.db", SMALL / "ofac_sdn.csv", date="2022-01-10")


def test_the_same_snapshot_again_changes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    before = store.read_bytes()
    (again,) = import_files([SMALL / "un.xml"], store)
    assert again.state == "known"
    packed = tmp_path / "other.gz"
    packed.write_bytes(gzip.compress((SMALL / "un.xml").read_bytes()))
    assert import_files([packed], store)[0].state == "known"
    assert store.read_bytes() == before


# The real files, against counts and values that other parsers find.


def _elements(path: Path, *names: str) -> int:
    """Count elements with a parser of its own kind."""
    return sum(element.tag.rpartition("}")[2] in names for _, element in ElementTree.iterparse(path))


def _rows(path: Path, column: int, skip: int) -> int:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return len({row[column] for row in list(csv.reader(io.StringIO(text, newline="")))[skip:]})


REAL: list[tuple[str, Callable[[Path], int]]] = [
    ("un/un_consolidated_2026-02-27.xml", lambda path: _elements(path, "INDIVIDUAL", "ENTITY")),
    ("ofac/2022-01_sdn.csv", lambda path: path.read_bytes().count(b"\n")),
    ("ofac/ofac_consolidated_nonsdn_2020-12-14.xml", lambda path: _elements(path, "sdnEntry")),
    ("ofac/ofac_consolidated_nonsdn_2026-01-08.xml", lambda path: _elements(path, "sdnEntry")),
    ("ofac/ofac_enhanced_IRGC_2024-08-28.xml", lambda path: _elements(path, "entity")),
    ("ofac/cons_advanced_2020-03-17.xml", lambda path: _elements(path, "DistinctParty")),
    ("ofac/sdn_advanced_excerpt_2024-02-23.xml", lambda path: _elements(path, "DistinctParty")),
    ("uk/ConList_2025-04-10.csv.gz", lambda path: _rows(path, 35, 2)),
    ("uk/UK_Sanctions_List_58col_excerpt_2026-02.csv", lambda path: _rows(path, 1, 2)),
    ("uk/uksl_real_trimmed_2026-09-02.xml", lambda path: _elements(path, "Designation")),
    ("eu/eu_fsf_1_1_real_sample_2018-12-21.xml", lambda path: _elements(path, "sanctionEntity")),
    ("seco/seco_real_trimmed_2026-08-27.xml", lambda path: _elements(path, "target")),
    ("canada/canada_sema_2025.xml", lambda path: _elements(path, "record")),
]


@pytest.mark.parametrize(("name", "count"), REAL, ids=[name for name, _ in REAL])
def test_real_files_hold_as_many_entries_as_counted(
    name: str, count: Callable[[Path], int], outside: Path, tmp_path: Path
) -> None:
    path = outside / "lists" / name
    report = import_files([path], tmp_path / "lists.db")[0]
    assert report.entries == count(path)


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ("2022-03-01 2022-03-06 2023-03-10 2023-03-10 2022-03-14 2022-03-14 2022-03-15", "1100111"),
        ("2022-03-01 2022-03-06 2014-03-06 2022-03-14 2022-03-14", "11011"),
        ("2022-03-06 2022-03-06 2022-03-15", "111"),
    ],
)
def test_a_day_out_of_the_order_of_a_schedule_is_not_taken(days: str, kept: str, tmp_path: Path) -> None:
    """Canada's schedules grow at their end; a day of another year between two of one is an error of the file."""
    records = [
        f"<record><Country>Russia</Country><LastName>N{number}</LastName><GivenName>Ivan</GivenName><Schedule>{schedule}"
        f"</Schedule><Item>{number}</Item><DateOfListing>{day}</DateOfListing></record>"
        for schedule in ("1, Part 1", "1, Part 2")
        for number, day in reversed(list(enumerate(days.split(), 9)))
    ]
    path = tmp_path / "canada.xml"
    path.write_text(f"<data-set>{''.join(records)}</data-set>", encoding="utf-8")
    entries = load(tmp_path / "lists.db", path).values()
    for number, (day, known) in enumerate(zip(days.split(), kept, strict=True), 9):
        found = [entry.listed_on for entry in entries if entry.reference.endswith(f"item {number}")]
        assert found == [day if known == "1" else None] * 2


def test_every_name_of_the_un_list_is_kept(outside: Path, tmp_path: Path) -> None:
    path = outside / "lists/un/un_consolidated_2026-02-27.xml"
    entries = load(tmp_path / "lists.db", path)
    for element in ElementTree.parse(path).getroot().iter():
        if element.tag not in {"INDIVIDUAL", "ENTITY"}:
            continue
        entry = entries[(element.findtext("REFERENCE_NUMBER") or "").strip()]
        fields = (element.findtext(f"{n}_NAME") for n in ("FIRST", "SECOND", "THIRD", "FOURTH"))
        words = " ".join(" ".join(text for text in fields if text and text.strip().lower() != "na").split())
        assert entry.names[0].text == "".join(c for c in words if c not in "\u200e\u200f\u200b")
        assert entry.listed_on == (element.findtext("LISTED_ON") or "")[:10]
        kept = " ".join(name.text for name in entry.names)
        for alias in element.iter("ALIAS_NAME"):
            for word in re.findall(r"\w{3,}", alias.text or ""):
                assert word in kept


def test_every_alias_of_the_sdn_list_is_kept(outside: Path, tmp_path: Path) -> None:
    entries = load(tmp_path / "lists.db", outside / "lists/ofac/2022-01_sdn.csv")
    with (outside / "lists/ofac/2022-01_alt.csv").open(encoding="utf-8", newline="") as file:
        for number, _, _, alias, _ in csv.reader(file):
            names = [sorted(re.findall(r"\w+", name.text)) for name in entries[number].names]
            assert sorted(re.findall(r"\w+", alias)) in names


def test_numbers_of_entries_are_the_same_in_all_formats_of_ofac(outside: Path, tmp_path: Path) -> None:
    folder = outside / "lists/ofac"
    old = load(tmp_path / "csv.db", folder / "2022-01_sdn.csv")
    new = load(tmp_path / "xml.db", folder / "ofac_enhanced_IRGC_2024-08-28.xml")
    shared = set(old) & set(new)
    same = [key for key in shared if old[key].names[0].text.lower() == new[key].names[0].text.lower()]
    assert len(shared) > 100
    assert len(same) > 0.9 * len(shared)


def test_a_duplicate_reference_of_the_real_list_keeps_both(outside: Path, tmp_path: Path) -> None:
    (report,) = import_files([outside / "lists/ofac/2022-01_sdn.csv"], tmp_path / "lists.db")
    assert any("2677 stands twice" in warning for warning in report.warnings)
    with Store.open(tmp_path / "lists.db") as store:
        assert {entry.reference for _, entry in store.find("Hamer and Nail Construction Limited")} == {"2677#2"}
        assert {entry.reference for _, entry in store.find("2677")} == {"2677"}


def test_the_real_broken_file_is_refused_with_its_place(outside: Path, tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([outside / "lists/un/un_consolidated_2026-02-27.xml"], store)
    before = store.read_bytes()
    with pytest.raises(InputError, match=r"broken_un_consolidated_2025-08-16.xml:53:11: not well-formed XML"):
        import_files([outside / "lists/un/broken_un_consolidated_2025-08-16.xml"], store)
    assert store.read_bytes() == before
    with pytest.raises(InputError):
        import_files([outside / "lists/un/broken_un_consolidated_2025-08-16.xml"], tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


# Round trips: small lists written in each format are read back.

_LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäéşабвгאבגعبد김영철&<>\"'.-()/")
_WORD = st.text(_LETTERS, min_size=1, max_size=8).filter(lambda text: any(map(str.isalnum, text)))
_WORDS = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_DAY = st.dates().filter(lambda day: day.year >= 1900).map(lambda day: day.isoformat())
_PERSON = st.tuples(_WORDS, _WORDS, st.lists(_WORDS, max_size=3, unique=True), _DAY)
_PEOPLE = st.lists(_PERSON, min_size=1, max_size=5)


def _un(people: Iterable[tuple[str, str, list[str], str]]) -> str:
    bodies = [
        f"<INDIVIDUAL><DATAID>{n}</DATAID><FIRST_NAME>{escape(first)}</FIRST_NAME>"
        f"<SECOND_NAME>{escape(family)}</SECOND_NAME><UN_LIST_TYPE>TEST</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>TTi.{n}</REFERENCE_NUMBER><LISTED_ON>{day}</LISTED_ON>"
        + "".join(
            f"<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>{escape(a)}</ALIAS_NAME></INDIVIDUAL_ALIAS>"
            for a in aliases
        )
        + "</INDIVIDUAL>"
        for n, (first, family, aliases, day) in enumerate(people)
    ]
    return (
        f'<CONSOLIDATED_LIST dateGenerated="2024-01-02T00:00:00Z"><INDIVIDUALS>{"".join(bodies)}</INDIVIDUALS>'
        "</CONSOLIDATED_LIST>"
    )


def _sdn_xml(people: Iterable[tuple[str, str, list[str], str]]) -> str:
    bodies = [
        f"<sdnEntry><uid>{n}</uid><firstName>{escape(first)}</firstName><lastName>{escape(family)}</lastName>"
        "<sdnType>Individual</sdnType><programList><program>TEST</program></programList><akaList>"
        + "".join(
            "<aka><uid>1</uid><type>a.k.a.</type><category>weak</category><firstName/>"
            f"<lastName>{escape(a)}</lastName></aka>"
            for a in aliases
        )
        + "</akaList></sdnEntry>"
        for n, (first, family, aliases, _) in enumerate(people)
    ]
    return (
        '<sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation><Publish_Date>01/02/2024</Publish_Date>'
        f"<Record_Count>{len(bodies)}</Record_Count></publshInformation>{''.join(bodies)}</sdnList>"
    )


def _uk_csv(people: Iterable[tuple[str, str, list[str], str]]) -> str:
    out = io.StringIO()
    head = "Last Updated,Unique ID,OFSI Group ID,Name 6,Name 1,Name type,Alias strength,Regime Name,Designation Type"
    writer = csv.writer(out)
    out.write(f"Report Date: 02-Jan-2024\r\n{head},Date Designated\r\n")
    for n, (first, family, aliases, day) in enumerate(people):
        when = "/".join(reversed(day.split("-")))
        writer.writerow(["", f"TST{n}", n, family, first, "Primary Name", "", "TEST", "Individual", when])
        for alias in aliases:
            writer.writerow(["", f"TST{n}", n, alias, "", "Alias", "Low quality a.k.a", "TEST", "Individual", when])
    return out.getvalue()


def _eu_xml(people: Iterable[tuple[str, str, list[str], str]]) -> str:
    bodies = [
        f'<sanctionEntity designationDate="{day}" euReferenceNumber="EU.{n}" logicalId="{n}">'
        '<regulation programme="TEST" publicationDate="2020-01-01"/><subjectType code="person"/>'
        f"<nameAlias wholeName={quoteattr(first + ' ' + family)} firstName={quoteattr(first)}"
        f" lastName={quoteattr(family)}/>"
        + "".join(f'<nameAlias wholeName={quoteattr(a)} strong="false"/>' for a in aliases)
        + "</sanctionEntity>"
        for n, (first, family, aliases, day) in enumerate(people)
    ]
    return (
        '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2024-01-02T00:00:00">'
        f"{''.join(bodies)}</export>"
    )


WRITERS = {"un": _un, "sdnList": _sdn_xml, "uk": _uk_csv, "eu": _eu_xml}


@pytest.mark.parametrize("form", sorted(WRITERS))
@settings(max_examples=40)
@given(people=_PEOPLE)
def test_what_is_written_is_read(form: str, people: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("trip")
    (folder / "list").write_text(WRITERS[form](people), encoding="utf-8", newline="")
    import_files([folder / "list"], folder / "lists.db")
    with Store.open(folder / "lists.db") as store:
        entries = [entry for _, entry in store.entries()]
        (status,) = store.lists()
    assert status.date == "2024-01-02"
    assert len(entries) == len(people)
    for entry, (given_name, family, aliases, day) in zip(entries, people, strict=True):
        primary = entry.names[0]
        assert (primary.text, primary.role) == (f"{given_name} {family}", "primary")
        if form != "un":
            assert primary.parts == (("given", given_name), ("family", family))
        assert entry.listed_on == (None if form == "sdnList" else day)
        wanted = dict.fromkeys(alias for alias in aliases if alias != primary.text)
        assert {name.text: name.quality for name in entry.names[1:]} == dict.fromkeys(wanted, "weak")


# History.


def _snapshot(folder: Path, day: str, names: dict[str, str]) -> Path:
    bodies = [
        f"<INDIVIDUAL><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER></INDIVIDUAL>"
        for reference, name in names.items()
    ]
    path = folder / f"{day}-{abs(hash(tuple(names.items())))}.xml"
    path.write_text(
        f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z"><INDIVIDUALS>{"".join(bodies)}</INDIVIDUALS>'
        "</CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    return path


def test_a_later_snapshot_records_what_changed(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([_snapshot(tmp_path, "2022-01-01", {"A": "Ann One", "B": "Bob Two"})], store)
    import_files([_snapshot(tmp_path, "2022-03-01", {"A": "Ann One", "B": "Bob Two"})], store)
    (report,) = import_files([_snapshot(tmp_path, "2022-06-01", {"B": "Bob Too", "C": "Cas Three"})], store)
    assert (report.added, report.changed, report.removed) == (1, 1, 1)
    with Store.open(store) as opened:
        entries = {entry.reference: (key, entry) for key, entry in opened.entries()}
        assert {entry.reference for _, entry in opened.entries(removed=False)} == {"B", "C"}
        gone = entries["A"][1]
        assert (gone.first_seen, gone.last_seen, gone.missing_from) == ("2022-01-01", "2022-03-01", "2022-06-01")
        kept = entries["B"][1]
        assert (kept.first_seen, kept.last_seen, kept.missing_from) == ("2022-01-01", "2022-06-01", None)
        assert opened.history(entries["A"][0]) == [("2022-01-01", "added"), ("2022-06-01", "removed")]
        assert opened.history(entries["B"][0]) == [("2022-01-01", "added"), ("2022-06-01", "changed")]
        assert [entry.reference for _, entry in opened.find("two bob")] == []
        assert [entry.reference for _, entry in opened.find("TOO, Bob")] == ["B"]
        found = compare_dates(opened, None, "2022-02-01", "2022-07-01")
        assert (found.before, found.after) == ("2022-01-01", "2022-06-01")
        changes = [(change.kind, change.entry.reference) for change in found.changes]
        assert changes == [("removed", "A"), ("changed", "B"), ("added", "C")]
        assert found.changes[1].fields == (("names", ("Bob Two",), ("Bob Too",)),)
        assert compare_dates(opened, "un", "2022-01-01", "2022-05-01").changes == ()
        (status,) = opened.lists()
        assert (status.entries, status.removed, status.snapshots, status.oldest) == (2, 1, 3, "2022-01-01")


_HELD = st.dictionaries(st.sampled_from("ABCDE"), st.sampled_from(["Ann One", "Bob Two", "Cas Three"]), min_size=1)


@settings(max_examples=30)
@given(states=st.lists(_HELD, min_size=1, max_size=5), data=st.data())
def test_the_order_of_imports_does_not_matter(
    states: list[dict[str, str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("order")
    dates = [f"2020-0{number}-01" for number in range(1, len(states) + 1)]
    files = [_snapshot(folder, day, names) for day, names in zip(dates, states, strict=True)]
    import_files(files, folder / "sorted.db", allow_fewer=True)
    for file in data.draw(st.permutations(files)):
        import_files([file], folder / "mixed.db", allow_fewer=True)
    with Store.open(folder / "sorted.db") as one, Store.open(folder / "mixed.db") as other:
        histories = [
            {entry.reference: (entry, store.history(key)) for key, entry in store.entries()} for store in (one, other)
        ]
        assert histories[0] == histories[1]
        for reference, (entry, _) in histories[0].items():
            seen = [day for day, names in zip(dates, states, strict=True) if reference in names]
            after = [day for day in dates if day > seen[-1]]
            assert (entry.first_seen, entry.last_seen) == (seen[0], seen[-1])
            assert entry.missing_from == (after[0] if after else None)
            assert entry.names[0].text == states[dates.index(seen[-1])][reference]
        for first, old in zip(dates, states, strict=True):
            for second, new in zip(dates, states, strict=True):
                kinds = {c.entry.reference: c.kind for c in compare_dates(other, "un", first, second).changes}
                wanted = dict.fromkeys(new.keys() - old.keys(), "added")
                wanted |= dict.fromkeys(old.keys() - new.keys(), "removed")
                wanted |= {key: "changed" for key in old.keys() & new.keys() if old[key] != new[key]}
                assert kinds == wanted


def _amendment(folder: Path, day: str, names: dict[str, str], *, partial: bool) -> Path:
    bodies = [
        f'<target ssid="{reference}"><individual><identity main="true"><name name-type="primary-name">'
        f'<name-part name-part-type="whole-name"><value>{name}</value></name-part></name></identity></individual>'
        "</target>"
        for reference, name in names.items()
    ]
    path = folder / f"{day}.xml"
    kind = "amendment" if partial else "whole-list"
    path.write_text(f'<swiss-sanctions-list list-type="{kind}" date="{day}">{"".join(bodies)}</swiss-sanctions-list>')
    return path


@settings(max_examples=30)
@given(states=st.lists(st.tuples(_HELD, st.booleans()), min_size=1, max_size=5), data=st.data())
def test_files_of_parts_fit_in_any_order_too(
    states: list[tuple[dict[str, str], bool]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    dates = [f"2020-0{number}-01" for number in range(1, len(states) + 1)]
    files = [
        _amendment(folder, day, names, partial=partial) for day, (names, partial) in zip(dates, states, strict=True)
    ]
    for file in data.draw(st.permutations(files)):
        import_files([file], folder / "lists.db", allow_fewer=True)
    # What a simple reading of the files in the order of their dates gives.
    held: dict[str, str] = {}
    told: dict[str, str] = {}
    gone: dict[str, str] = {}
    for day, (names, partial) in zip(dates, states, strict=True):
        if not partial:
            gone |= dict.fromkeys(held.keys() - names.keys(), day)
            held = {}
        held |= names
        told |= dict.fromkeys(names, day)
        gone = {key: when for key, when in gone.items() if key not in names}
    with Store.open(folder / "lists.db") as store:
        entries = {entry.reference: entry for _, entry in store.entries()}
        now = {entry.reference: entry.names[0].text for _, entry in store.entries(removed=False)}
    assert now == held
    assert {key: entry.missing_from for key, entry in entries.items() if entry.missing_from} == gone
    for key, entry in entries.items():
        seen = [day for day, (names, _) in zip(dates, states, strict=True) if key in names]
        whole = [
            day for day, (_, partial) in zip(dates, states, strict=True) if not partial and day < gone.get(key, "9")
        ]
        assert (entry.first_seen, entry.last_seen) == (seen[0], max([*whole[-1:], told[key]]))


def test_keys_stay_and_the_digest_tells_changes(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([_snapshot(tmp_path, "2022-01-01", {"A": "Ann One", "B": "Bob Two"})], store)
    with Store.open(store) as opened:
        keys, digest = {entry.reference: key for key, entry in opened.entries()}, opened.digest()
    import_files([_snapshot(tmp_path, "2022-06-01", {"C": "Cas Three", "B": "Bob Too"})], store)
    with Store.open(store) as opened:
        assert {entry.reference: key for key, entry in opened.entries()}.items() >= keys.items()
        assert opened.digest() != digest
        assert opened.entry(keys["B"]).names[0].text == "Bob Too"
        with pytest.raises(KeyError):
            opened.entry(999)


def test_references_that_a_list_took_up_later_are_the_same_entries(tmp_path: Path) -> None:
    for order in ((0, 1), (1, 0)):
        files = [SMALL / "uk_conlist_old.csv", SMALL / "uk_conlist.csv"]
        store = tmp_path / f"{order[0]}.db"
        for number in order:
            import_files([files[number]], store)
        with Store.open(store) as opened:
            entries = {entry.reference: entry for _, entry in opened.entries()}
        assert set(entries) == {"GHR0086", "AFG0001", "DPR0241", "DPR0100"}
        assert entries["GHR0086"].first_seen == "2019-12-31"
        assert entries["DPR0100"].first_seen == "2025-04-10"


def test_a_file_of_a_part_of_a_list_removes_nothing(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "ofac_sdn.csv"], store, date="2022-01-10")
    (report,) = import_files([SMALL / "ofac_enhanced.xml"], store)
    assert (report.added, report.removed) == (4, 0)
    with Store.open(store) as opened:
        entries = {entry.reference: entry for _, entry in opened.entries()}
        (status,) = opened.lists()
    assert (entries["306"].last_seen, entries["306"].missing_from) == ("2022-01-10", None)
    assert (entries["38420"].first_seen, entries["38420"].last_seen) == ("2024-08-28", "2024-08-28")
    assert status.date == "2022-01-10"


def test_the_day_of_listing_is_kept_where_a_newer_format_does_not_give_it(tmp_path: Path) -> None:
    for order in (("ofac_advanced.xml", "ofac_nonsdn.xml"), ("ofac_nonsdn.xml", "ofac_advanced.xml")):
        store = tmp_path / f"{order[0]}.db"
        for name in order:
            import_files([SMALL / name], store)
        with Store.open(store) as opened:
            (entry,) = [entry for _, entry in opened.entries() if entry.reference == "17013"]
            assert entry.listed_on == "2014-07-29"
            assert entry.names[0].text == "VTB BANK PUBLIC JOINT STOCK COMPANY"
            found = compare_dates(opened, "us-nonsdn", "2020-03-17", "2026-01-08")
        assert not [c for c in found.changes for field, _, _ in c.fields if field == "listed_on"]


def test_two_files_are_compared_as_given(tmp_path: Path) -> None:
    found = compare_files(SMALL / "ofac_nonsdn_old.xml", SMALL / "ofac_nonsdn.xml")
    kinds = {change.entry.reference: change.kind for change in found.changes}
    assert kinds == {"9647": "changed", "17013": "changed", "50476": "added", "9659": "removed"}
    back = compare_files(SMALL / "ofac_nonsdn.xml", SMALL / "ofac_nonsdn_old.xml")
    assert {c.entry.reference: c.kind for c in back.changes} == {**kinds, "50476": "removed", "9659": "added"}
    assert compare_files(SMALL / "un.xml", SMALL / "un.xml").changes == ()
    with pytest.raises(UsageError, match="nothing to compare"):
        compare_files(SMALL / "un.xml", SMALL / "eu_fsf.xml")


# Bad input: one line with the place, and the store as it was.

UN_HEAD = '<CONSOLIDATED_LIST dateGenerated="2024-01-02T00:00:00Z"><INDIVIDUALS>'
UN_TAIL = "</INDIVIDUALS></CONSOLIDATED_LIST>"


def _one(name: str, reference: str = "A") -> str:
    return f"<INDIVIDUAL><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER></INDIVIDUAL>"


def _un_of(*bodies: str) -> bytes:
    return f"{UN_HEAD}{''.join(bodies)}{UN_TAIL}".encode()


SDN = (SMALL / "ofac_sdn.csv").read_bytes()
UK = (SMALL / "uk_sanctions_list.csv").read_bytes()
EU = (SMALL / "eu_1_1.csv").read_bytes()
BOMB = (
    b'<?xml version="1.0"?>\n<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n' + _un_of(_one("&b;"))
)
OUTSIDE = b'<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _un_of(_one("&x;"))


def _swap(data: bytes, first: int, second: int, skip: int = 0) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    out = io.StringIO()
    for row in rows[skip:]:
        if len(row) > max(first, second):
            row[first], row[second] = row[second], row[first]
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


BAD = {
    "empty": (b"", "an empty file"),
    "blank": (b"\n\n\n", "no format"),
    "binary": (bytes(range(256)) * 40, "no format"),
    "other-xml": (b"<feed><entry/></feed>", "outermost element is 'feed'"),
    "web-page": (b"\xef\xbb\xbf\n<!DOCTYPE html><title>404</title>", "a web page .*, not a list"),
    "web-page-old": (b"<HTML><body>Access denied", "a web page .*, not a list"),
    "other-csv": (b"name,age\nAnn,40\n", "the first row is: name, age"),
    "other-json": (b'{"a": 1}\n', "no FollowTheMoney entity"),
    "truncated-xml": ((SMALL / "un.xml").read_bytes()[:2000], r"bad:\d+:\d+: not well-formed XML: no element found"),
    "control-character": (_un_of(_one("A\x07B")), r"bad:1:\d+: not well-formed XML: invalid token"),
    "wrong-encoding-xml": (_un_of(_one("é")).decode().encode("latin-1"), "not well-formed XML: invalid token"),
    "no-entries": (_un_of(), "no entries in it"),
    "no-reference": (_un_of(_one("Ann", "")), "an entry has no reference: 'Ann'"),
    "no-name": (_un_of(_one(" - ")), "entry A has no name"),
    "long-reference": (_un_of(_one("Ann", "A" * 300)), "a reference of 300 characters"),
    "long-name": (_un_of(_one("Ann " * 2_500_000)), r"entry A: a name of 9,999,999 characters"),
    "bomb": (BOMB, ":2: has a document type declaration"),
    "outside-entity": (OUTSIDE, ":1: has a document type declaration"),
    "deep": (UN_HEAD.encode() + b"<a>" * 10_000 + b"</a>" * 10_000 + UN_TAIL.encode(), "more than 100 deep"),
    "deep-and-open": (UN_HEAD.encode() + b"<a>" * 10_000, "more than 100 deep|not well-formed"),
    "header-only-uk": (b"\r\n".join(UK.split(b"\r\n")[:2]) + b"\r\n", "no entries in it"),
    "header-only-eu": (EU.split(b"\r\n")[0] + b"\r\n", "no entries in it"),
    "truncated-uk": (UK[: len(UK) - 300], r"bad:\d+: (\d+ columns, the header has 58|not sound CSV)"),
    "truncated-quote": (SDN[: SDN.rindex(b'"')], r"bad:\d+: not sound CSV: unexpected end of data"),
    "truncated-sdn": (SDN[: SDN.rindex(b"-0- ,")], r"bad:\d+: .*columns, not 12"),
    "swapped-name-and-type": (_swap(SDN, 1, 2), "no format|no type of entry; are columns swapped"),
    "swapped-type-and-programme": (_swap(SDN, 2, 3), "no format|no type of entry; are columns swapped"),
    "swapped-uk-type": (_swap(UK, 16, 17, 2), r"bad:3: 'The Afghanistan .* is no type of entry; are columns swapped"),
    "swapped-uk-name": (_swap(UK, 1, 4, 2), r"bad:3: 'HAJI KHAIRULLAH HAJI' is no reference of an entry"),
    "wrong-encoding-eu": (EU.decode("utf-8-sig").encode("cp1251", "replace"), r"bad:6: not UTF-8"),
    "nul": (SDN.replace(b"CUBA", b"CU\x00BA", 2), r"bad:1: a NUL character"),
    "long-field": (UK.replace(b"Asset freeze", b"x" * 200_000, 1), r"bad:\d+: not sound CSV: field larger"),
    "json-cut": ((SMALL / "opensanctions.json").read_bytes()[:900], r"bad:\d+:\d+: not sound JSON"),
    "json-other": ((SMALL / "opensanctions.json").read_bytes() + b"[1]\n", r"bad:9: no entity of the Follow"),
    "json-deep": (
        (SMALL / "opensanctions.json").read_bytes() + b'{"schema":' + b"[" * 100_000 + b"\n",
        r"bad:9:\d+: not sound JSON",
    ),
    "eu-number": (EU.replace(b";207;", b";x7;"), r"bad:5: 'x7' is no entity's number"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_one_line_and_leaves_the_store_alone(name: str, tmp_path: Path) -> None:
    data, message = BAD[name]
    path, store = tmp_path / "bad", tmp_path / "lists.db"
    path.write_bytes(data)
    for made in (False, True):
        if made:
            import_files([SMALL / "un.xml", SMALL / "uk_sanctions_list.xml"], store)
        before = store.read_bytes() if made else None
        with pytest.raises(InputError, match=message) as caught:
            import_files([path], store)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 600
        assert (store.read_bytes() if store.exists() else None) == before


def test_columns_with_a_header_may_stand_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(_swap(_swap(UK, 4, 17), 1, 33))
    assert load(tmp_path / "a.db", tmp_path / "list.csv") == load(tmp_path / "b.db", SMALL / "uk_sanctions_list.csv")


def test_bombs_in_packed_files_are_not_unpacked(tmp_path: Path) -> None:
    zeros = b" " * (64 << 20)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(UN_HEAD.encode() + zeros))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.xml", UN_HEAD.encode() + zeros)
    with zipfile.ZipFile(tmp_path / "nested.zip", "w") as archive:
        archive.write(tmp_path / "bomb.zip", "bomb.zip")
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}.xml", b"<a/>")
    cut = (tmp_path / "bomb.gz").read_bytes()
    (tmp_path / "cut.gz").write_bytes(gzip.compress((SMALL / "un.xml").read_bytes())[:-200])
    assert len(cut) < 1 << 20
    for name, message in (
        ("bomb.gz", "grows to more than 200 times"),
        ("bomb.zip", "grows to more than 200 times"),
        ("nested.zip", "packed a second time"),
        ("many.zip", "200 files in one zip file"),
        ("cut.gz", "damaged or cut short"),
    ):
        with pytest.raises(InputError, match=message):
            import_files([tmp_path / name], tmp_path / "lists.db")


def test_odd_names_are_kept_as_listed(tmp_path: Path) -> None:
    homoglyph = "Kim Y\N{CYRILLIC SMALL LETTER O}ng Chol"
    formula = '=HYPERLINK("http://example.org")'
    names = {
        "A": "X",
        "B": "\u200fKIM\u202e Yong\u00adchol\u2066",
        "C": homoglyph,
        "D": escape(formula),
        "E": "\u0645\u06cc\u200c\u062e",
    }
    path = tmp_path / "list.xml"
    path.write_bytes(_un_of(*(_one(name, key) for key, name in names.items())))
    entries = load(tmp_path / "lists.db", path)
    found = {key: entry.names[0].text for key, entry in entries.items()}
    assert found == {"A": "X", "B": "KIM Yongchol", "C": homoglyph, "D": formula, "E": names["E"]}


def test_an_entry_without_a_name_among_many_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(_un_of(*(_one(f"Ann {number}x", f"A{number}") for number in range(40)), _one("-", "B")))
    (report,) = import_files([path], tmp_path / "lists.db")
    assert report.entries == 40
    assert any("entry B has no name; left out" in warning for warning in report.warnings)


def test_a_count_that_is_not_met_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes((SMALL / "ofac_nonsdn.xml").read_bytes().replace(b"<Record_Count>4", b"<Record_Count>5"))
    (report,) = import_files([path], tmp_path / "lists.db")
    assert any("4 entries in it, and it says that it has 5" in warning for warning in report.warnings)


def test_a_list_that_lost_most_of_its_entries_is_refused_unless_wished(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    names = {f"A{number}": f"Ann {number}x" for number in range(20)}
    import_files([_snapshot(tmp_path, "2022-01-01", names)], store)
    cut = _snapshot(tmp_path, "2022-02-01", dict(list(names.items())[:8]))
    with pytest.raises(InputError, match=r"12 of the 20 entries .* --allow-fewer"):
        import_files([cut], store)
    (report,) = import_files([cut], store, allow_fewer=True)
    assert report.removed == 12


def test_a_list_is_not_taken_for_that_of_another_authority(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    for name, wrong in (("uk_sanctions_list.csv", "un"), ("un.xml", "uk"), ("ofac_nonsdn.xml", "eu")):
        with pytest.raises(InputError, match=f"{name}: this is list .*; it cannot be taken for '{wrong}'"):
            import_files([SMALL / name], store, list_id=wrong)
        assert not store.exists()
    assert [one.list for one in import_files([SMALL / "uk_sanctions_list.csv"], store, list_id="uk")] == ["uk"]
    assert [one.list for one in import_files([SMALL / "ofac_nonsdn.xml"], store, list_id="us-sdn")] == ["us-sdn"]


def test_sets_of_two_days_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_bytes(SDN.replace(b"306,", b"307,").replace(b"36,", b"37,").replace(b"108", b"109"))
    (tmp_path / "alt.csv").write_bytes((SMALL / "ofac_alt.csv").read_bytes())
    with pytest.raises(InputError, match="are the files of one day, and whole"):
        import_files([tmp_path / "sdn.csv"], tmp_path / "lists.db", date="2022-01-10")


def test_one_bad_file_does_not_hinder_the_others(tmp_path: Path, run: Command) -> None:
    (tmp_path / "bad.xml").write_bytes(b"<CONSOLIDATED_LIST>")
    done = run("lists", "import", tmp_path / "bad.xml", SMALL / "eu_fsf.xml", "--into", tmp_path / "lists.db")
    assert done.exit_code == ExitCode.BAD_INPUT
    assert "eu of 2018-12-21: 2 entries, 2 added" in done.stdout
    assert done.stderr.startswith(f"annotator: {tmp_path / 'bad.xml'}:1:")
    assert done.stderr.count("\n") == 1


# The store itself.


def test_a_store_may_be_called_anything(tmp_path: Path) -> None:
    store = tmp_path / "lists #1 50% ?é.db" if os.name != "nt" else tmp_path / "lists #1 50% é.db"
    import_files([SMALL / "un.xml"], store)
    with Store.open(store) as opened:
        assert len(list(opened.entries())) == 2


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE a (b)")
    connection.close()
    text = tmp_path / "text.db"
    text.write_text("No database at all, but long enough to be looked at. " * 40)
    empty = tmp_path / "empty.db"
    empty.write_bytes(b"")
    newer = tmp_path / "newer.db"
    import_files([SMALL / "un.xml"], newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for path, message in ((other, "not a store"), (text, "not a store"), (newer, "newer version of this program")):
        before = path.read_bytes()
        with pytest.raises(InputError, match=message):
            Store.open(path)
        with pytest.raises(InputError, match=message):
            import_files([SMALL / "eu_fsf.xml"], path)
        assert path.read_bytes() == before
    with pytest.raises(InputError, match="an empty file, no store"):
        Store.open(empty)
    with pytest.raises(InputError, match="no such store of lists; make one with"):
        Store.open(tmp_path / "none.db")
    with pytest.raises(InputError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(OutputError, match="there is no folder"):
        import_files([SMALL / "un.xml"], tmp_path / "none" / "lists.db")


def _read_all(path: Path) -> None:
    with Store.open(path) as opened:
        assert list(opened.entries())
        assert opened.find("Robert Gabriel Mugabe")


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml", SMALL / "eu_fsf.xml"], store)
    data = bytearray(store.read_bytes())
    data[4096 * 3 :] = b"\xff" * (len(data) - 4096 * 3)
    store.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        _read_all(store)


def test_reading_never_writes(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    before = store.read_bytes(), sorted(path.name for path in tmp_path.iterdir())
    with Store.open(store) as opened:
        list(opened.entries())
        opened.find("ECT")
        with pytest.raises(sqlite3.OperationalError):
            opened.connection.execute("DELETE FROM entry")
    assert (store.read_bytes(), sorted(path.name for path in tmp_path.iterdir())) == before


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs permissions")
def test_a_store_that_cannot_be_written_is_left_alone(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    store.chmod(0o444)
    with pytest.raises(OutputError, match="no permission"):
        import_files([SMALL / "eu_fsf.xml"], store)


def test_a_locked_store_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    monkeypatch.setattr("annotator.lists.store._PATIENCE", 0.05)
    connection = sqlite3.connect(store, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OutputError, match="another run is writing to it"):
            import_files([SMALL / "eu_fsf.xml"], store)
        with Store.open(store) as opened:  # readers are not hindered
            assert len(list(opened.entries())) == 2
    finally:
        connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on the size of files")
def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    before = store.read_bytes()
    names = {f"A{number}": f"Ann {number}x Example" for number in range(2000)}
    big = _snapshot(tmp_path, "2025-01-01", names)
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 8192},) * 2)\n"
        "from annotator.errors import AnnotatorError\n"
        "from annotator.lists import import_files\n"
        "try:\n"
        f"    import_files([{str(big)!r}], {str(store)!r}, allow_fewer=True)\n"
        "except AnnotatorError as error:\n"
        "    print(error)\n"
        "    sys.exit(int(error.exit_code))\n"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == ExitCode.CANNOT_WRITE, done.stderr
    assert done.stdout.count("\n") == 1
    assert re.search(r"no space left|cannot be read or written|no room", done.stdout)
    with Store.open(store) as opened:
        assert len(list(opened.entries())) == 2


KILLED = """
import os
from annotator.lists import importing

def killed(self, list_):
    execute = self.store.connection.execute
    execute("PRAGMA cache_spill = 1")
    execute("CREATE TABLE filler AS SELECT randomblob(900) FROM entry a, entry b LIMIT 20000")
    os._exit(9)

importing._Merge._count = killed
importing.import_files([{big!r}], {store!r}, allow_fewer=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a process that can be killed hard")
def test_a_run_that_is_killed_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    import subprocess

    store = tmp_path / "lists.db"
    import_files([SMALL / "un.xml"], store)
    big = _snapshot(tmp_path, "2025-01-01", {f"A{number}": f"Ann {number}x Example" for number in range(3000)})
    code = KILLED.format(big=str(big), store=str(store))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=120)
    assert done.returncode == 9, done.stderr
    assert Path(f"{store}-journal").exists()
    with Store.open(store) as opened:
        assert {entry.reference for _, entry in opened.entries()} == {"KPi.901", "CDe.901"}
    (report,) = import_files([big], store, allow_fewer=True)
    assert report.added == 3000


def test_two_imports_at_once(tmp_path: Path) -> None:
    import subprocess

    store = tmp_path / "lists.db"
    names = ("un.xml", "eu_fsf.xml", "canada.xml", "uk_conlist.csv")
    command = [sys.executable, "-m", "annotator", "lists", "import"]
    root = str(Path(__file__).parent.parent)
    running = [
        subprocess.Popen([*command, str(SMALL / name), "--into", str(store)], cwd=root, stderr=subprocess.PIPE)
        for name in names
    ]
    for one in running:
        _, errors = one.communicate(timeout=120)
        assert one.returncode == 0, errors
    with Store.open(store) as opened:
        assert {status.id: status.entries for status in opened.lists()} == {"un": 1, "eu": 2, "ca": 6, "uk": 4}


# The command.


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a store of some small lists."""
    store = tmp_path / "lists.db"
    names = ("un.xml", "ofac_nonsdn_old.xml", "ofac_nonsdn.xml", "seco.xml", "canada.xml")
    import_files([SMALL / name for name in names], store)
    return store


def test_show(filled: Path, run: Command) -> None:
    done = run("lists", "show", "hammad fathi AHMAD mohammad", "--lists", filled)
    assert done.exit_code == 0
    assert done.stdout.startswith("us-nonsdn 9659  Fathi Ahmad Mohammad HAMMAD (person, SDGT, NS-PLC)\n")
    assert "removed between 2020-12-14 and 2026-01-08" in done.stdout
    assert "history: added 2020-12-14; removed 2026-01-08" in done.stdout
    assert "removed on 2016-03-01" in run("lists", "show", "5142", "--lists", filled).stdout
    assert "KPi.901" in run("lists", "show", "kpi.901", "--lists", filled).stdout
    assert "KPi.901" in run("lists", "show", "박시험", "--lists", filled).stdout
    missing = run("lists", "show", "Nobody Whatever", "--lists", filled)
    assert missing.exit_code == ExitCode.USAGE
    assert missing.stderr.count("\n") == 1


def test_status(filled: Path, run: Command) -> None:
    done = run("lists", "status", "--lists", filled, "--as-of", "2026-01-10")
    lines = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "2 days old" in lines["us-nonsdn"]
    assert "4 entries  1 removed  2 snapshots" in lines["us-nonsdn"]
    assert lines["un"].endswith("stale")
    assert not lines["us-nonsdn"].endswith("stale")
    assert run("lists", "status", "--lists", filled, "--strict").exit_code == ExitCode.FINDINGS
    assert run("lists", "status", "--lists", filled, "--strict", "--max-age", "99999").exit_code == 0
    assert run("lists", "status", "--lists", SMALL / "README.md").exit_code == ExitCode.BAD_INPUT


def test_the_store_of_the_configuration_is_the_usual_one(filled: Path, run: Command, here: Path) -> None:
    assert run("lists", "show", "kpi.901").exit_code == 0  # lists.db in the working folder
    filled.rename(filled.with_name("other.db"))
    assert run("lists", "show", "kpi.901").exit_code == ExitCode.BAD_INPUT
    (here / "annotator.toml").write_text('lists = ["other.db"]\n')
    assert run("lists", "show", "kpi.901").exit_code == 0


def test_diff(filled: Path, run: Command) -> None:
    files = run("lists", "diff", SMALL / "ofac_nonsdn_old.xml", SMALL / "ofac_nonsdn.xml")
    dates = run("lists", "diff", "2020-12-14", "2026-01-08", "--list", "us-nonsdn", "--lists", filled)
    assert files.stdout == dates.stdout
    assert "- us-nonsdn 9659" in files.stdout
    assert "+ us-nonsdn 50476" in files.stdout
    assert "    programmes: + SDGT" in files.stdout
    assert run("lists", "diff", "2020-12-14", "2026-01-08", "--lists", filled).exit_code == ExitCode.USAGE
    assert run("lists", "diff", "2001", "2002", "--list", "un", "--lists", filled).exit_code == ExitCode.USAGE
    assert run("lists", "diff", "nofile", "2002", "--list", "un", "--lists", filled).exit_code == ExitCode.USAGE


def test_json(filled: Path, run: Command, tmp_path: Path) -> None:
    import json

    shown = json.loads(run("lists", "show", "9647", "--lists", filled, "--json").stdout)
    assert (shown[0]["reference"], shown[0]["history"][0]) == ("9647", ["2020-12-14", "added"])
    status = json.loads(run("lists", "status", "--lists", filled, "--json", "--as-of", "2026-01-10").stdout)
    assert {one["id"]: one["stale"] for one in status}["us-nonsdn"] is False
    found = json.loads(run("lists", "diff", SMALL / "un.xml", SMALL / "un.xml", "--json").stdout)
    assert found["changes"] == []
    reports = json.loads(run("lists", "import", SMALL / "un.xml", "--into", tmp_path / "a.db", "--json").stdout)
    assert (reports[0]["list"], reports[0]["added"]) == ("un", 2)


def test_a_name_that_steers_the_terminal_is_shown_plain(tmp_path: Path, run: Command) -> None:
    (tmp_path / "list.csv").write_bytes(UK.replace(b"ROSHAN", b"ROS\x1b[2JHAN"))
    run("lists", "import", tmp_path / "list.csv", "--into", tmp_path / "lists.db")
    done = run("lists", "show", "AFG0002", "--lists", tmp_path / "lists.db")
    assert "\x1b" not in done.stdout
    assert "ROS[2JHAN" in done.stdout


def test_names_are_values_that_compare() -> None:
    assert Name("A B") == Name("A B", "primary", "", "", ())


def test_show_reads_names_as_articles_are_searched(run: Command, tmp_path: Path) -> None:
    """Another spelling finds the entry; a name that nobody has is answered with those much like it."""
    store = tmp_path / "lists.db"
    import_files([SMALL / "canada_bilingual.xml", SMALL / "csl.csv"], store)
    for said in ("Havryil Lumenskiy", "Lumensky Gavril", "Orest P. Vashtenko", "Zarya-Star"):
        shown = run("lists", "show", said, "--lists", store, "--as-of", "2020-01-01")
        assert shown.exit_code == 0, shown.stderr
    assert "not yet listed" in run("lists", "show", "Orest Vashtenko", "--lists", store, "--as-of", "2020-01-01").stdout
    far = run("lists", "show", "Gabril Lumenska", "--lists", store)
    assert far.exit_code == ExitCode.USAGE
    assert "much like it" in far.stderr
    assert "gavril" in far.stderr.lower()


def test_progress_is_told_while_a_list_is_read(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    record = (
        "<record><Country>Belarus</Country><LastName>L{0}</LastName><GivenName>G</GivenName><Item>{0}</Item></record>"
    )
    text = "".join(record.format(number) for number in range(1200))
    (tmp_path / "ca.xml").write_text(f"<data-set>{text}</data-set>", encoding="utf-8")
    import_files([tmp_path / "ca.xml"], tmp_path / "l.db", date="2025-01-01", progress=lambda *one: told.append(one))
    assert [number for _, number in told] == [500, 1000]
    from annotator.lists.opened import Lists

    made: list[int] = []
    Lists([tmp_path / "l.db"], progress=made.append)
    assert made == [500, 1000]
    Lists([tmp_path / "l.db"], progress=made.append)
    assert made == [500, 1000]

"""Noting: which version of a note holds on a date, listings on a date, filters, policies, and fields in texts."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

import pytest
from rulemaking import DAY, annotator, note, spans

from annotator import Annotator, RuleErrors, UsageError
from annotator.noting._templates import fill

if TYPE_CHECKING:
    from pathlib import Path

    from annotator import Note


def notes_of(made: Annotator, text: str = "The arms.", **options: Any) -> list[Note]:
    result = made.annotate(text, **{"as_of": DAY, **options})
    return [n for one in result.annotations for n in one.notes]


# -- versions ---------------------------------------------------------------------------------------

STAGES = {
    "versions": [
        {"text": "S/RES/1 decides one.", "from": "2006-10-14", "until": "2016-03-02", "verb": "decides"},
        {
            "text": "S/RES/1 decides two.",
            "from": "2016-03-02",
            "until": "2024-05-01",
            "change": "small arms too",
            "status": "partly",
        },
        {"text": "S/RES/1 noted that it had ended.", "from": "2025-01-01", "until": "2026-01-01"},
    ],
}


@pytest.fixture
def stages(tmp_path: Path) -> Annotator:
    return annotator(tmp_path, {"r": ["arms"]}, notes={"n": STAGES})


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("1900-01-01", None),
        ("2006-10-13", None),
        ("2006-10-14", "S/RES/1 decides one."),
        ("2016-03-01", "S/RES/1 decides one."),
        ("2016-03-02", "S/RES/1 decides two."),
        ("2024-04-30", "S/RES/1 decides two."),
        ("2024-05-01", None),
        ("2024-12-31", None),
        ("2025-01-01", "S/RES/1 noted that it had ended."),
        ("2025-12-31", "S/RES/1 noted that it had ended."),
        ("2026-01-01", None),
        ("9999-12-31", None),
    ],
)
def test_version_of_the_day(day: str, text: str | None, stages: Annotator) -> None:
    assert [n.text for n in notes_of(stages, as_of=day)] == ([text] if text else [])


def test_what_changed_since(stages: Annotator) -> None:
    (first,) = notes_of(stages, as_of="2010-01-01")
    assert first.later == (
        "2 March 2016: small arms too",
        "1 January 2025: S/RES/1 noted that it had ended.",
    )
    (second,) = notes_of(stages, as_of="2020-01-01")
    assert second.later == ("1 May 2024: no longer in force.", "1 January 2025: S/RES/1 noted that it had ended.")
    (last,) = notes_of(stages, as_of="2025-06-01")
    assert last.later == ("1 January 2026: no longer in force.",)


def test_what_a_version_carries(stages: Annotator) -> None:
    (first,) = notes_of(stages, as_of="2010-01-01")
    assert (first.from_date, first.until) == ("2006-10-14", "2016-03-02")
    assert (first.status, first.verb) == ("verified", "decides")
    (second,) = notes_of(stages, as_of="2020-01-01")
    assert (second.from_date, second.until, second.status, second.verb) == ("2016-03-02", "2024-05-01", "partly", "")
    assert first.id == second.id == "t.n"
    assert [(s.instrument, s.pinpoint, s.url) for s in first.sources] == [
        ("S/RES/1 (1946)", "para. 1", "https://example.org/1")
    ]


def test_a_note_without_dates_holds_always(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": ["arms"]}, notes={"n": note()})
    for day in ("0001-01-01", "2024-02-29", "9999-12-31"):
        (one,) = notes_of(made, as_of=day)
        assert (one.from_date, one.until, one.later) == (None, None, ())


def test_a_version_has_its_own_sources(tmp_path: Path) -> None:
    versions = [
        {"text": "S/RES/1 a.", "until": "2020-01-01"},
        {
            "text": "S/RES/2 b.",
            "from": "2020-01-01",
            "sources": [{"ref": "two", "at": "whole", "url": "https://example.org/b"}],
        },
    ]
    references = {"two": {"instrument": "S/RES/2 (1946)", "url": "https://example.org/2", "date": None}}
    made = annotator(tmp_path, {"r": ["arms"]}, notes={"n": {"versions": versions}}, references=references)
    assert [s.instrument for n in notes_of(made, as_of="2019-12-31") for s in n.sources] == ["S/RES/1 (1946)"]
    (source,) = notes_of(made, as_of="2020-01-01")[0].sources
    assert (source.instrument, source.pinpoint, source.url) == ("S/RES/2 (1946)", "", "https://example.org/b")


# -- the date -------------------------------------------------------------------------------------------


def test_the_date_and_where_it_came_from(stages: Annotator) -> None:
    given = stages.annotate("The arms.", as_of=datetime.date(2010, 1, 1))
    assert (given.as_of, given.as_of_from, len(given.annotations)) == ("2010-01-01", "given", 1)
    exact = stages.annotate("The arms.", as_of=datetime.datetime(2010, 1, 1, 23, 59, tzinfo=datetime.UTC))
    assert (exact.as_of, exact.annotations) == ("2010-01-01", given.annotations)
    before = datetime.date.today().isoformat()
    today = stages.annotate("The arms.")
    after = datetime.date.today().isoformat()
    assert before <= today.as_of <= after
    assert today.as_of_from == "today"


@pytest.mark.parametrize("day", ["2024-02-30", "2024-13-01", "yesterday", "", "1.5.2024", "2024", "20240-01-01"])
def test_a_date_that_is_none(day: str, stages: Annotator) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD") as caught:
        stages.annotate("The arms.", as_of=day)
    assert repr(day) in str(caught.value)


# -- listings -------------------------------------------------------------------------------------------

LISTED = {
    "name": "Oleg Example",
    "type": "person",
    "about": "a banker",
    "checked": "2026-11-15",
    "entries": [
        {"by": "uk", "ref": "act", "at": "RUS1", "from": "2022-03-24", "until": "2023-07-20"},
        {"by": "eu", "ref": "law", "from": "2022-06-01", "status": "partly"},
        {"by": "us", "listed": False, "seen": "2025-05-01"},
    ],
}
ACTS = {
    "act": {"instrument": "The Act 2019", "short": "Act", "url": "https://example.org/act", "date": "2019-01-01"},
    "law": {"instrument": "The Law 2014", "url": "https://example.org/law", "date": "2014-01-01"},
}


def listing(folder: Path, **changes: Any) -> Annotator:
    rules = {"r": {"kind": "person", "phrases": ["Oleg Example"], "notes": ["oleg"]}}
    return annotator(folder, rules, listings={"oleg": {**LISTED, **changes}}, references=ACTS)


def said(made: Annotator, day: str, **options: Any) -> Note:
    (one,) = notes_of(made, "Here is Oleg Example.", as_of=day, notes="every", **options)
    return one


def test_a_listing_long_before_says_nothing(tmp_path: Path) -> None:
    made = listing(tmp_path, entries=LISTED["entries"][:2])
    assert notes_of(made, "Here is Oleg Example.", as_of="2010-01-01") == []


@pytest.mark.parametrize(
    ("day", "on", "off", "since"),
    [
        ("2022-03-23", [], [], ["24 March 2022: listed by the UK", "1 June 2022: listed by the EU"]),
        ("2022-03-24", ["the UK since 24 March 2022"], [], ["20 July 2023: taken off", "1 June 2022: listed by"]),
        ("2022-05-31", ["the UK since"], [], ["20 July 2023: taken off", "1 June 2022: listed by the EU"]),
        ("2022-06-01", ["the UK since 24 March 2022", "the EU since 1 June 2022"], [], ["20 July 2023: taken off"]),
        ("2023-07-19", ["the UK since", "the EU since"], [], ["20 July 2023: taken off"]),
        ("2023-07-20", ["the EU since 1 June 2022"], ["the UK from 24 March 2022", "until 20 July 2023"], []),
        ("2026-01-01", ["the EU since"], ["the UK from"], []),
    ],
)
def test_a_listing_on_a_day(day: str, on: list[str], off: list[str], since: list[str], tmp_path: Path) -> None:
    one = said(listing(tmp_path), day)
    assert one.full.startswith("Oleg Example (a banker): ")
    head, _, tail = one.full.partition(". ")
    assert ("listed by" in head and "not yet" not in head) is bool(on)
    for words in on:
        assert words in head
    assert ("Was listed by" in tail) is bool(off)
    for words in off:
        assert words in tail
    told = "; ".join(one.later)
    assert told.count(": ") == len(since)
    for words in since:
        assert words in told
    assert "Not found on the list of the US" in one.full
    assert (one.id, one.checked) == ("t.oleg", "2026-11-15")


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2022-03-23", "not yet under UK and EU sanctions on this date."),
        ("2022-03-24", "under UK sanctions since 24 March 2022. [Act]"),
        ("2022-05-31", "under UK sanctions since 24 March 2022. [Act]"),
        ("2022-06-01", "under UK sanctions since 24 March 2022, EU since 1 June 2022. [Act; The Law 2014]"),
        ("2023-07-20", "under EU sanctions since 1 June 2022. [The Law 2014]"),
    ],
)
def test_a_listing_on_a_day_is_one_line(day: str, line: str, tmp_path: Path) -> None:
    assert said(listing(tmp_path), day).text == f"Oleg Example: {line}"


def test_the_status_of_a_listing_is_its_weakest(tmp_path: Path) -> None:
    made = listing(tmp_path)
    assert said(made, "2022-04-01", jurisdictions=["uk"]).status == "verified"
    assert said(made, "2022-06-01").status == "partly"


def test_an_ending_without_a_beginning_is_an_ending(tmp_path: Path) -> None:
    """Nobody is said to be on a list that they were taken off."""
    entries = [{"by": "uk", "ref": "act", "at": "RUS1", "until": "2023-07-20"}]
    made = listing(tmp_path, entries=entries)
    after = said(made, "2023-07-20")
    assert after.text == "Oleg Example: under UK sanctions until 20 July 2023. [Act]"
    assert "until 20 July 2023" in after.full
    assert "Also on the list" not in after.full
    assert "not listed on this date" in after.full
    before = said(made, "2023-07-19")
    assert before.text == "Oleg Example: under UK sanctions. [Act]"
    assert "Also on the list of the UK, since a date not known here" in before.full
    assert before.later == ("20 July 2023: taken off the list by the UK.",)


def test_an_entry_without_dates(tmp_path: Path) -> None:
    one = said(listing(tmp_path, entries=[{"by": "uk", "ref": "act"}]), "2015-01-01")
    assert one.text == "Oleg Example: under UK sanctions. [Act]"
    assert "no listing with a known date found" in one.full
    assert "Also on the list of the UK, since a date not known here" in one.full
    assert (one.from_date, one.until) == (None, None)


def test_a_name_on_no_list(tmp_path: Path) -> None:
    entries = [{"by": "un", "listed": False, "seen": "2026-02-27"}, {"by": "eu", "listed": False}]
    one = said(listing(tmp_path, entries=entries), DAY)
    assert one.text == "Oleg Example: not on the lists of the UN or the EU."
    assert one.full == (
        "Oleg Example (a banker): no listing found. Not found on the lists of the UN (27 February 2026) or the EU."
    )
    assert one.sources == ()


def test_entries_of_other_jurisdictions_are_left_out(tmp_path: Path) -> None:
    made = listing(tmp_path)
    uk = said(made, "2022-07-01", jurisdictions=["uk"])
    assert uk.text == "Oleg Example: under UK sanctions since 24 March 2022. [Act]"
    assert "the UK" in uk.full
    assert "EU" not in uk.full
    assert "the US" not in uk.full
    assert uk.jurisdiction == "uk"
    assert notes_of(made, "Here is Oleg Example.", jurisdictions=["ch"]) == []


def test_a_listing_of_many_is_short(tmp_path: Path) -> None:
    many = ["un", "us", "eu", "uk", "ca", "au", "ch", "jp", "nz", "ua"]
    entries = [{"by": by, "ref": "act", "at": f"a rather long number {by}", "from": "2022-01-01"} for by in many]
    one = said(listing(tmp_path, entries=entries), DAY)
    # The first four, and how many more there are.
    said_of_four = "under UN, US, EU and UK sanctions since 1 January 2022"
    assert one.text == f"Oleg Example: {said_of_four}, and on 6 other lists. [Act]"
    for name in ("the UN", "the US", "Canada", "Australia", "Switzerland", "Japan", "New Zealand", "Ukraine"):
        assert name in one.full


def test_a_first_day_that_is_not_certain_is_not_told_of_a_group() -> None:
    result = Annotator(lists=False).annotate("The G7 sanctions on Russia bite.", as_of=DAY)
    said = result.annotations[0].notes[0].text
    assert "[Reg. (EU) 269/2014 Art. 2, since 17 March 2014]" in said
    assert "Canada bars dealings" in said
    assert "[SOR/2014-58]." in said  # since when is not verified


@pytest.mark.parametrize(
    "text",
    [
        "Rich Russians are under Western sanctions.",
        "Rich Russians are under Western travel bans.",
        "Western asset freezes hit rich Russians.",
        "The G7 banned the import of Russian oil.",
        "Western sanctions on Iran bite.",
        "Western sanctions on Belarus bite.",
    ],
)
@pytest.mark.parametrize("day", ["2014-12-24", "2022-03-20", DAY])
def test_a_note_for_several_authorities_lists_all_that_it_cites_and_says_what_each_does(text: str, day: str) -> None:
    groups = [
        note
        for one in Annotator(lists=False).annotate(text, as_of=day).annotations
        for note in one.notes
        if note.is_group
    ]
    for group in groups:
        names = [source.short or source.instrument for source in group.sources]
        cited = [act for found in re.findall(r" \[([^]]*)\]", group.text) for act in found.split("; ")]
        assert cited
        assert [act for act in cited if not any(act.startswith(name) for name in names)] == []
        # A fact, more than a date, stands before each of the brackets.
        assert all(len(part.split()) > 6 for part in re.split(r"\[[^]]*\]\.?", group.text)[:-1])


# -- jurisdictions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ([], ["a", "b", "c"]),
        (["un"], ["a", "c"]),
        (["eu"], ["b", "c"]),
        (["us"], []),
        (["us", "eu"], ["b", "c"]),
        ("un,eu", ["a", "b", "c"]),
        (" UN , us ", ["a", "c"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_jurisdictions(asked: Any, texts: list[str], tmp_path: Path) -> None:
    notes = {
        "a": note("a", jurisdiction="un"),
        "b": note("b", jurisdiction="eu"),
        "c": note("c", jurisdiction="un,eu"),
    }
    made = annotator(tmp_path, {"r": {"phrases": ["arms"], "notes": ["a", "b", "c"]}}, notes=notes)
    assert [n.text for n in notes_of(made, jurisdictions=asked, notes="every")] == texts


def test_a_mention_without_a_note_left_is_no_annotation(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": ["arms"]})
    result = made.annotate("The arms.", as_of=DAY, jurisdictions=["us"])
    assert (result.annotations, str(result)) == ((), "The arms.")


# -- policies ------------------------------------------------------------------------------------------------

PARAGRAPHS = (
    "The arms came first, then other arms came, and guns came with them in the end.\n\n"
    "After them came the arms of others, and the guns of others, and guns again."
)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("first", ["arms", "guns"]),
        ("paragraph", ["arms", "guns", "arms", "guns"]),
        ("every", ["arms", "arms", "guns", "arms", "guns", "guns"]),
    ],
)
def test_policy(policy: str, words: list[str], tmp_path: Path) -> None:
    made = annotator(tmp_path, {"a": ["arms"], "b": {"phrases": ["guns"], "notes": ["m"]}})
    assert [PARAGRAPHS[a:b] for a, b in spans(made, PARAGRAPHS, notes=policy)] == words


def test_no_place_has_more_than_two_notes_at_best(tmp_path: Path) -> None:
    notes = {"a": "first", "b": "second", "c": "third"}
    made = annotator(tmp_path, {"r": {"phrases": ["arms"], "notes": ["a", "b", "c"]}}, notes=notes)
    assert [n.text for n in notes_of(made)] == ["first", "second"]


def test_two_rules_share_one_note(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"a": ["arms"], "b": ["guns"]})
    assert [PARAGRAPHS[a:b] for a, b in spans(made, PARAGRAPHS, notes="first")] == ["arms"]
    numbers = str(made.annotate("The arms and guns.", as_of=DAY, notes="every"))
    assert numbers.startswith("The arms[1] and guns[1].")


def test_a_note_that_a_mention_gives_twice_stands_once(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"a": {"phrases": ["arms"], "notes": ["n", "m", "n"]}})
    assert [n.id for n in notes_of(made, notes="every")] == ["t.n", "t.m"]


def test_a_policy_that_is_none(stages: Annotator) -> None:
    with pytest.raises(UsageError, match="best, first, paragraph, every"):
        stages.annotate("The arms.", notes="second")


# -- notes under conditions ------------------------------------------------------------------------------------


def test_a_note_may_have_conditions_of_its_own(tmp_path: Path) -> None:
    places = {"north": {"cues": ["north"]}, "south": {"cues": ["south"]}}
    notes = [
        {"note": "n", "needs": [{"context": "north", "within": "sentence"}]},
        {"note": "m", "needs": [{"context": "south", "within": "sentence"}]},
        {"note": "o", "forbids": [{"context": "north", "within": "sentence"}]},
    ]
    made = annotator(tmp_path, {"r": {"phrases": ["arms"], "notes": notes}}, contexts=places)

    def ids(text: str) -> list[str]:
        return [n.id for n in notes_of(made, text, notes="every")]

    assert ids("The arms of the north.") == ["t.n"]
    assert ids("The arms of the south.") == ["t.m", "t.o"]
    assert ids("The arms of north and south.") == ["t.n", "t.m"]
    assert ids("The arms.") == ["t.o"]


# -- fields in texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fields", "wanted"),
    [
        ("plain [text] here", {}, "plain [text] here"),
        ("{a} and {b}", {"a": "1", "b": "2"}, "1 and 2"),
        ("{a} and {b}", {"a": "1"}, "1 and "),
        ("{a}[ of {b}]", {"a": "1", "b": "2"}, "1 of 2"),
        ("{a}[ of {b}]", {"a": "1"}, "1"),
        ("{a}[ of {b}]", {"a": "1", "b": ""}, "1"),
        ("{a}[ of {b} and {c}].", {"a": "1", "b": "2"}, "1."),
        ("{a}[: {b}][, {c}].", {"a": "1", "c": "3"}, "1, 3."),
        ("[{a}]{b}", {"a": "1", "b": "2"}, "12"),
        ("[note] {a}", {"a": "1"}, "[note] 1"),
        ("{a:date}", {"a": "2006-10-14"}, "14 October 2006"),
        ("{a:date}", {"a": "2006"}, "2006"),
        ("[on {a:date}]", {}, ""),
        ("{a} {", {"a": "1"}, "1 {"),
        ("{a} [", {"a": "1"}, "1 ["),
        ("{a} ]", {"a": "1"}, "1 ]"),
        ("[{a}", {"a": "1"}, "[1"),
        ("{a}", {"a": "{b} [c]"}, "{b} [c]"),
        ("", {}, ""),
    ],
)
def test_fields_in_a_text(text: str, fields: dict[str, str], wanted: str) -> None:
    assert fill(text, fields) == wanted


def test_a_row_with_missing_fields(tmp_path: Path) -> None:
    rows = "number,year,adopted,subject,status\n1,1946,1946-01-25,A committee,verified\n"
    rows += "2,1946,,,partly\n3,1946,1946-04-04,,\n"
    (tmp_path / "acts.csv").write_text(rows, encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    references = {"row": {"instrument": "S/RES/{number} ({year})", "url": "https://example.org", "date": None}}
    text = "Resolution {number} ({year})[, adopted {adopted:date}][: {subject}]."
    notes = {"n": {"text": text, "table": "acts", "sources": [{"ref": "row", "at": "whole"}]}}
    regex = "resolution (?P<number>[0-9]+)"
    rule = {"kind": "instrument", "pattern": regex, "anchors": ["resolution"], "table": "acts"}
    made = annotator(tmp_path, {"r": rule}, tables=tables, references=references, notes=notes)
    found = notes_of(made, "See resolution 1, resolution 2, resolution 3, resolution 4 and resolution 01.")
    assert [(n.text, n.status, n.sources[0].instrument) for n in found] == [
        ("Resolution 1 (1946), adopted 25 January 1946: A committee.", "verified", "S/RES/1 (1946)"),
        ("Resolution 2 (1946).", "partly", "S/RES/2 (1946)"),
        ("Resolution 3 (1946), adopted 4 April 1946.", "verified", "S/RES/3 (1946)"),
    ]
    assert len({n.id for n in found}) == 3


def test_what_a_note_cites_is_of_its_own_mention(tmp_path: Path) -> None:
    references = {"paper": {"instrument": "{key}", "url": "https://example.org/{key}", "date": None}}
    notes = {"n": {"text": "A document of the Council's.", "sources": [{"ref": "paper", "at": "whole"}]}}
    rule = {"kind": "instrument", "pattern": "paper (?P<key>[0-9]+)", "anchors": ["paper"]}
    made = annotator(tmp_path, {"r": rule}, references=references, notes=notes)
    for number in "12":
        found = notes_of(made, f"See paper {number}.")
        assert [(n.sources[0].instrument, n.sources[0].url) for n in found] == [
            (number, f"https://example.org/{number}")
        ]


def test_what_a_note_on_a_row_says_of_its_mention_is_of_its_own_mention(tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text("number,title\n1,the first act\n2,the second act\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    regex = "article (?P<article>[0-9]+) of act (?P<number>[0-9]+)"
    rule = {"kind": "instrument", "pattern": regex, "anchors": ["article"], "table": "acts"}
    notes = {"n": {"text": "Article {article} of {title}.", "table": "acts"}}
    made = annotator(tmp_path, {"r": rule}, tables=tables, notes=notes)
    for article, number, title in (("3", "1", "first"), ("4", "1", "first"), ("4", "2", "second")):
        [found] = notes_of(made, f"See article {article} of act {number}.")
        assert found.text == f"Article {article} of the {title} act."


def test_a_row_has_its_time(tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text("number,from,until\n1,2010-01-01,2020-01-01\n2,,\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    rule = {"kind": "instrument", "pattern": "act (?P<number>[0-9]+)", "anchors": ["act"], "table": "acts"}
    made = annotator(tmp_path, {"r": rule}, tables=tables, notes={"n": {"text": "Act {number}.", "table": "acts"}})

    def texts(day: str) -> list[str]:
        return [n.text for n in notes_of(made, "See act 1 and act 2.", as_of=day)]

    assert texts("2009-12-31") == ["Act 2."]
    assert texts("2010-01-01") == ["Act 1.", "Act 2."]
    assert texts("2019-12-31") == ["Act 1.", "Act 2."]
    assert texts("2020-01-01") == ["Act 2."]


def test_rows_of_one_key_follow_each_other_in_time(tmp_path: Path) -> None:
    rows = (
        "number,does,from,until,change,extra\n"
        "1,bars messages,2022-03-12,2025-07-20,,first\n"
        "1,bars all dealings,2025-07-20,,the ban was widened,\n"
        "2,is new,2025-01-01,,,\n"
    )
    (tmp_path / "acts.csv").write_text(rows, encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    rule = {"kind": "instrument", "pattern": "act (?P<number>[0-9]+)", "anchors": ["act"], "table": "acts"}
    notes = {"n": {"text": "Act {number} {does}[ ({extra})].", "table": "acts"}}
    made = annotator(tmp_path, {"r": rule}, tables=tables, notes=notes)
    [early] = notes_of(made, "See act 1 and act 2.", as_of="2023-01-01")
    assert early.text == "Act 1 bars messages (first)."
    assert early.later == ("20 July 2025: the ban was widened",)
    assert [n.text for n in notes_of(made, "See act 1.", as_of="2025-07-20")] == ["Act 1 bars all dealings."]
    assert notes_of(made, "See act 1.", as_of="2021-01-01") == []


def test_rows_of_one_key_that_overlap_are_refused(tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text("number,from,until\n1,2022-01-01,2023-01-01\n1,2022-06-01,\n", encoding="utf-8")
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    rule = {"kind": "instrument", "pattern": "act (?P<number>[0-9]+)", "anchors": ["act"], "table": "acts"}
    with pytest.raises(RuleErrors, match="two rows for '1' at one time"):
        annotator(tmp_path, {"r": rule}, tables=tables)


def test_a_row_whose_time_is_over_may_have_words_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "acts.csv").write_text(
        "number,from,until,ended\n1,2010-01-01,2020-01-01,repealed by act 3\n2,,,\n", encoding="utf-8"
    )
    tables = {"acts": {"file": "acts.csv", "key": "number", "source": "x", "licence": "y"}}
    rule = {"kind": "instrument", "pattern": "act (?P<number>[0-9]+)", "anchors": ["act"], "table": "acts"}
    over = {"text": "Act {number} was {ended}.", "ended": True, "change": "{ended}"}
    item = {"table": "acts", "versions": [{"text": "Act {number} is in force."}, over]}
    made = annotator(tmp_path, {"r": rule}, tables=tables, notes={"n": item})

    def said(day: str) -> list[tuple[str, list[str]]]:
        return [(n.text, list(n.later)) for n in notes_of(made, "See act 1 and act 2.", as_of=day)]

    assert said("2009-12-31") == [("Act 2 is in force.", [])]
    assert said("2019-12-31") == [
        ("Act 1 is in force.", ["1 January 2020: repealed by act 3"]),
        ("Act 2 is in force.", []),
    ]
    assert said("2020-01-01") == [("Act 1 was repealed by act 3.", []), ("Act 2 is in force.", [])]

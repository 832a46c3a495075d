"""Looking up: what words find as of a day, in the library and by the command."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from rulemaking import cases

from annotator import Annotator, UsageError
from annotator.lookup.record import record, schema
from annotator.lookup.text import lines

if TYPE_CHECKING:
    from conftest import Command, Process

CASES = cases("lookup")
DAY = "2024-06-01"
CITED = ("instrument", "url", "status", "checked")


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(lists=True)


@pytest.fixture(scope="module")
def plain() -> Annotator:
    return Annotator(lists=False)


@pytest.mark.parametrize("case", CASES, ids=[f"{one['words']}-{one['as_of']}" for one in CASES])
def test_words_find_what_they_must(annotator: Annotator, plain: Annotator, case: dict[str, Any]) -> None:
    found = (annotator if case.get("lists", True) else plain).lookup(case["words"], as_of=str(case["as_of"]))
    wanted = case.get("notes", {})
    if "near" in case:
        assert case["near"] in [one.name for one in found.near]
    if not wanted and "entries" not in case:
        assert not found, found.answer
        assert not found.timeline
        return
    assert found
    assert not found.near
    got = {one.id: one.state for one in found.provisions}
    assert {name: got.get(name) for name in wanted} == wanted
    if "remark" in case:
        assert all(case["remark"] in one.remark for one in found.provisions if one.id not in wanted and one.remark)
        assert any(one.remark for one in found.provisions)
    else:
        assert set(got) == set(wanted) or found.read_as
    assert set(case.get("entries", ())) <= {one.id for one in found.entries}
    # Every line cites instrument, link, status and the day checked.
    for part in (*found.provisions, *found.entries, *found.timeline):
        assert part.sources, part
        assert all(getattr(source, name) for source in part.sources for name in CITED)
    # Nothing later stands in what held on the day.
    assert all(one.note is None for one in found.provisions if one.state == "coming")
    jsonschema.Draft202012Validator(schema()).validate(json.loads(json.dumps(record(found))))
    assert lines(found)[0] == found.answer


def test_the_line_of_time_is_in_order_and_has_every_version(annotator: Annotator) -> None:
    found = annotator.lookup("Panel of Experts on North Korea", as_of=DAY)
    dates = [one.date for one in found.timeline]
    assert dates == sorted(dates)
    assert (dates[0], dates[-1], len(dates)) == ("2009-06-12", "2024-05-01", 17)
    assert found.timeline[1].what == "the mandate was extended until 12 June 2011"
    assert found.timeline[1].sources[0].reference == "S/RES/1928 (2010) para. 1"
    text = lines(found)
    assert text.index("  2024-05-01  UN: the mandate ended on 30 April 2024 [S/RES/2680 (2023) para. 1; SC/15648]") < (
        text.index(f"> {DAY}  the day asked for")
    )


def test_listings_by_authority_are_a_line_of_time(annotator: Annotator) -> None:
    found = annotator.lookup("Vladimir Putin", as_of=DAY)
    told = {(one.date, one.by) for one in found.timeline}
    assert {("2022-02-25", "eu"), ("2022-02-25", "uk"), ("2022-02-25", "us"), ("2022-02-28", "ca")} <= told


def test_a_name_that_agrees_is_never_said_to_be_the_one(annotator: Annotator) -> None:
    found = annotator.lookup("Kim Yong-chol", as_of=DAY)
    assert found.answer.endswith("The name agrees, nothing else was checked.")
    assert all(one.by_name for one in found.entries)
    assert {source.status for one in found.entries for source in one.sources} == {"partly"}


def test_a_paragraph_that_is_not_known_is_said_to_be_none(annotator: Annotator) -> None:
    found = annotator.lookup("S/RES/2397 para. 99", as_of=DAY)
    assert [one.id for one in found.provisions] == ["un.resolution.by-number/2397"]
    assert "of 99 by itself nothing is known here" in found.answer


def test_what_the_answer_passes_over_is_said(annotator: Annotator) -> None:
    assert annotator.lookup("S/RES/2397 para. 7 vodka", as_of=DAY).unread == ("vodka",)
    assert annotator.lookup("luxury goods to North Korea and Iran", as_of=DAY).unread == ("Iran",)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2015-01-01", "In force on 1 January 2015: UN, in this form since 9 June 2010"),
        ("2022-01-01", "In force on 1 January 2022 only in part, or eased: UN"),
        ("2024-06-01", "No longer in force on 1 June 2024: UN, ended by 18 October 2023."),
        ("2026-06-01", "In force on 1 June 2026: UN, since 28 September 2025."),
    ],
)
def test_what_was_eased_or_ended_and_came_back_is_not_said_to_stand(plain: Annotator, day: str, said: str) -> None:
    assert said in plain.lookup("arms embargo on Iran", as_of=day).answer


def test_the_sentence_that_the_words_were_read_in_is_said(annotator: Annotator) -> None:
    assert annotator.lookup("luxury goods to North Korea").read_as == ("Ban on luxury goods to North Korea.",)
    assert annotator.lookup("arms embargo on South Sudan").read_as == ()


def test_today_is_the_day_when_none_is_given(annotator: Annotator) -> None:
    assert annotator.lookup("E.O. 14024").as_of_from == "today"
    assert annotator.lookup("E.O. 14024", as_of=DAY).as_of_from == "given"


def test_jurisdictions_and_globs_leave_out(annotator: Annotator) -> None:
    found = annotator.lookup("Kim Yong-chol", as_of=DAY, jurisdictions=["un"])
    assert {one.jurisdiction for one in found.entries} == {"un"}
    assert {one.jurisdiction for one in annotator.lookup("crude oil from Russia", jurisdictions="eu").provisions} == {
        "eu"
    }
    without = Annotator(lists=True, skip=["lists.uk:*"]).lookup("Kim Yong-chol", as_of=DAY)
    assert without.entries
    assert all(one.list != "uk" for one in without.entries)


def test_without_lists_the_rules_answer(plain: Annotator) -> None:
    assert not plain.lookup("Kim Yong-chol", as_of=DAY).entries
    assert plain.lookup("Kim Jong Un", as_of=DAY).provisions
    assert plain.lookup("Kim Jong Um").near[0].name == "Kim Jong Un"


def test_an_answer_is_frozen_and_the_same_each_time(annotator: Annotator) -> None:
    found = annotator.lookup("Sergey Lavrov", as_of=DAY)
    assert record(found) == record(annotator.lookup("Sergey  Lavrov ", as_of=DAY))
    with pytest.raises(FrozenInstanceError):
        found.words = "x"  # type: ignore[misc]


@pytest.mark.parametrize("words", ["", "  ", "-- ?", "\n", "x" * 401])
def test_no_words_are_refused(annotator: Annotator, words: str) -> None:
    with pytest.raises(UsageError):
        annotator.lookup(words)


ODD = [
    "a", "5", "Ünïcødé", "{}", "{by} {}", "%s", "\x1b[2J red", "'; DROP TABLE entry; --", '"imo"', "Лавров", "김정은",
    "[1] Notes on sanctions law", "IMO", "imo :", "Kim\x00Jong", "\ud800x", "S/RES/", "Article", "*",
    "lists.uk:RUS0738",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_answered_like_others(annotator: Annotator, plain: Annotator, words: str) -> None:
    try:
        found = (annotator if words in ODD[:1] + ODD[-8:] else plain).lookup(words, as_of=DAY)
    except UsageError:
        return
    jsonschema.Draft202012Validator(schema()).validate(json.loads(json.dumps(record(found))))


# -- the command -------------------------------------------------------------------------------------


def test_the_command_gives_the_answer_first(here, run: Command) -> None:
    result = run("lookup", "luxury", "goods", "to", "North", "Korea", "--as-of", DAY, "--no-lists")
    assert (result.exit_code, result.stderr) == (0, "")
    told = result.stdout.splitlines()
    assert told[0] == (
        "In force on 1 June 2024: UN, in this form since 30 November 2016"
        " (the first of the kind is of 14 October 2006)."
    )
    assert told[1] == "Law as of 1 June 2024 (given)."
    heads = [line for line in told if line in {"What held on 1 June 2024", "Line of time", "Sources"}]
    assert heads == ["What held on 1 June 2024", "Line of time", "Sources"]
    assert (
        "  S/RES/1718 (2006), para. 8(a)(iii), https://undocs.org/S/RES/1718%282006%29 (verified, checked 2026-11-29)"
    ) in told


def test_the_command_prints_one_object(here, run: Command) -> None:
    result = run("lookup", "E.O. 14024", "--as-of", DAY, "--output", "json", "--no-lists")
    found = json.loads(result.stdout)
    jsonschema.Draft202012Validator(schema()).validate(found)
    assert (result.exit_code, found["found"], found["provisions"][0]["id"]) == (0, True, "us.eo.numbered/14024")


@pytest.mark.parametrize("output", ["text", "json"])
def test_nothing_found_is_exit_code_1(here, run: Command, output: str) -> None:
    result = run("lookup", "tea to Atlantis", "--no-lists", "--output", output)
    assert (result.exit_code, result.stderr) == (1, "")
    assert "Nothing known here fits these words" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "WORDS"),
        (("",), "nothing to look up"),
        (("x" * 500,), "at most 400"),
        (("Hamas", "--as-of", "2024-13-01"), "no day 2024-13-01"),
        (("Hamas", "--as-of", "1.2.2024"), "did you mean 2024-02-01"),
        (("Hamas", "--output", "jsn"), "did you mean json"),
        (("Hamas", "--output", "html"), "one of text, json"),
        (("Hamas", "--jurisdiction", "zz"), "'zz'"),
        (("Hamas", "--jurisdiction", ","), "names no jurisdiction"),
        (("Hamas", "--only", "no.such"), "no rule has such an id"),
        (("Hamas", "--names", "never"), "--names"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(here, run: Command, arguments, said: str) -> None:
    result = run("lookup", *arguments, "--no-lists")
    assert result.exit_code == 2
    assert result.stderr.startswith("annotator: ")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert result.stdout == ""


def test_a_store_that_is_none_is_bad_input(here, run: Command) -> None:
    (here / "no.db").write_text("nothing")
    result = run("lookup", "Hamas", "--no-lists", "--lists", "no.db")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)


def test_a_terminal_without_unicode_gets_ascii(here, process: Process) -> None:
    done = process("lookup", "Sergey Lavrov", "--as-of", DAY, cwd=here, PYTHONIOENCODING="ascii", ANNOTATOR_LISTS="")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"\\u" not in done.stdout


# -- goods by other words, words that are not used, namesakes ----------------------------------------


@pytest.mark.parametrize(
    ("words", "notes", "unread"),
    [
        ("gold from Russia", {"eu.russia.gold", "uk.russia.gold"}, ()),
        ("steel from Russia", {"eu.russia.iron"}, ()),
        ("gold and tea from Russia", {"eu.russia.gold", "uk.russia.gold"}, ("tea",)),
        ("tea, gold and coal from Russia", {"eu.russia.gold", "eu.russia.coal"}, ("tea",)),
    ],
)
def test_goods_from_a_country(plain: Annotator, words: str, notes: set[str], unread: tuple[str, ...]) -> None:
    found = plain.lookup(words, as_of=DAY)
    assert notes <= {one.id for one in found.provisions}
    assert found.unread == unread
    assert not unread or f"Not taken into account: {', '.join(unread)}." in lines(found)


@pytest.mark.parametrize(
    ("words", "party", "missing"),
    [("tea from Russia", "Russia", "tea"), ("luxury tea to North Korea", "North Korea", "luxury, tea")],
)
def test_where_no_rule_holds_it_that_is_said(plain: Annotator, words: str, party: str, missing: str) -> None:
    found = plain.lookup(words, as_of=DAY)
    assert not found
    assert found.answer.startswith(f"No rule here holds a measure on {party} for these words ({missing});")
    assert plain.lookup(f"sanctions on {party}", as_of=DAY)
    assert "No rule here" not in plain.lookup("tea from Kent", as_of=DAY).answer


def test_namesakes_are_grouped_by_what_they_agree_in(annotator: Annotator) -> None:
    found = annotator.lookup("Kim Yong-chol", as_of=DAY)
    entries = {one.id: one for one in found.entries}
    assert sorted(name for group in found.groups for name in group.ids) == sorted(entries)
    assert 1 < len(found.groups) < len(entries)
    assert any(group.agree == ("born 1962",) and "lists.un:KPi.024" in group.ids for group in found.groups)
    for group in found.groups:
        assert len({entries[name].list for name in group.ids}) == len(group.ids)
        assert bool(group.agree) == (len(group.ids) > 1)
    shown = lines(found)
    assert any("entries that agree in the name and: born 1962" in line for line in shown)
    assert f"they make {len(found.groups)} groups" in found.answer
    jsonschema.validate(json.loads(json.dumps(record(found))), schema())
    assert [tuple(one["ids"]) for one in record(found)["groups"]] == [one.ids for one in found.groups]


def test_what_was_asked_for_by_its_number_is_no_namesake(annotator: Annotator) -> None:
    assert annotator.lookup("RUS0738", as_of=DAY).groups == ()

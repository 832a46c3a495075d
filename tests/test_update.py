"""Updating: notes of an older run made anew, and why each is not as it was; edited articles are refused."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docxmaking
import pytest
from rulemaking import definitions, write

from annotator import Annotator, EditedError
from annotator.config import Options, Settings
from annotator.lists import import_files
from annotator.updating import Change, digest, update

if TYPE_CHECKING:
    from conftest import Command

LISTS = Path(__file__).parent / "lists"

ARTICLES = {
    "text": "Coal and widgets were sold. Gadgets too.\n",
    "markdown": "---\ntitle: x\n---\n\n**Coal** and widgets were sold. Gadgets too.\n",
    "html": "<!doctype html>\r\n<p>Coal and <b>widgets</b> were sold. Gadgets too.</p>\r\n",
}
STYLES = [
    ("text", ""),
    ("markdown", ""),
    ("markdown", "inline"),
    ("markdown", "notes"),
    ("html", ""),
    ("html", "styled"),
]


def rules(folder: Path, name: str, widgets: str = "Act 12 Art. 1 forbids widgets & <so> on.", **more: Any) -> Annotator:
    """Return an annotator of which one note says what it is told to; it changes in 2020."""
    notes = {
        "coal": {"text": "S/RES/1 (1946) para. 5 decides on coal.", "sources": [{"ref": "ref", "at": "para. 5"}]},
        "widgets": {
            "versions": [
                {"from": "2010-01-01", "until": "2020-01-01", "text": widgets},
                {"from": "2020-01-01", "change": "nuts too", "text": f"{widgets} Nuts as well."},
            ]
        },
        "gadgets": {"text": "Law 7 restricts gadgets.", "sources": [{"ref": "ref", "at": "Art. 2"}]},
    }
    used = {"coal": ["coal"], "widgets": ["widgets"], **more}
    data = definitions({key: {"phrases": words, "notes": [key]} for key, words in used.items()}, notes=notes)
    data["notes"] = {key: value for key, value in data["notes"].items() if key in used}
    return Annotator(rules=write(folder, data, f"{name}.yaml"), default_rules=False, cache=False)


@pytest.mark.parametrize(("fmt", "style"), STYLES)
def test_nothing_changed(tmp_path: Path, fmt: str, style: str) -> None:
    """The same rules on the same day give the same bytes; date and origin stay."""
    made = rules(tmp_path, "one")
    first = made.annotate(ARTICLES[fmt], format=fmt, as_of="2015-05-05")
    old = first.render_bytes(style=style)
    found = update(made, old, format=fmt)
    assert found is not None
    assert found.data == old
    assert found.changes == ()
    assert (found.result.as_of, found.result.as_of_from) == ("2015-05-05", "given")


@pytest.mark.parametrize(("fmt", "style"), STYLES)
def test_new_date_facts_and_rules(tmp_path: Path, fmt: str, style: str) -> None:
    """Each note that changed is told, with the reason: the day, the facts, or the rules."""
    made = rules(tmp_path, "one")
    old = made.annotate(ARTICLES[fmt], format=fmt, as_of="2015-05-05").render_bytes(style=style)
    by_date = update(made, old, format=fmt, as_of="2021-01-01")
    assert by_date is not None
    assert [(change.what, change.why) for change in by_date.changes] == [("changed", "new date")]
    assert by_date.data == made.annotate(ARTICLES[fmt], format=fmt, as_of="2021-01-01").render_bytes(style=style)

    facts = rules(tmp_path, "two", widgets="Act 12 Art. 1 forbids widgets & <so> on, verily.", gadgets=["gadgets"])
    both = update(facts, old, format=fmt)
    assert both is not None
    assert [(change.what, change.why) for change in both.changes] == [("changed", "new facts"), ("new", "new rule")]
    assert "verily" in both.changes[0].after
    assert "verily" not in both.changes[0].before
    assert both.result.as_of == "2015-05-05"

    back = update(made, both.data, format=fmt, as_of="2021-01-01")
    assert back is not None
    assert [(change.what, change.why) for change in back.changes][-1] == ("gone", "new rule")
    assert update(made, ARTICLES[fmt].encode(), format=fmt) is None


@pytest.mark.parametrize("style", ["comments", "footnotes"])
def test_word_documents(tmp_path: Path, style: str) -> None:
    """The same for Word documents."""
    source = docxmaking.package(docxmaking.paragraph(docxmaking.text("Coal and widgets were sold. Gadgets too.")))
    made = rules(tmp_path, "one")
    old = made.annotate(source, as_of="2015-05-05").render_bytes(style=style)
    same = update(made, old)
    assert same is not None
    assert (same.data, same.changes, same.result.as_of_from) == (old, (), "given")
    later = update(made, old, as_of="2021-01-01")
    assert later is not None
    assert [(change.what, change.why) for change in later.changes] == [("changed", "new date")]
    assert later.data == made.annotate(source, as_of="2021-01-01").render_bytes(style=style)
    assert update(made, source) is None


def test_a_change_shows_both_texts(tmp_path: Path) -> None:
    """What is said of a note is what the article said and says."""
    old = rules(tmp_path, "one").annotate("coal", as_of="2015-05-05").render_bytes()
    found = update(rules(tmp_path, "two", coal=["no such words"]), old)
    assert found is not None
    assert found.changes == (Change("gone", "new rule", "S/RES/1 (1946) para. 5 decides on coal.", ""),)
    assert found.data == b"coal"


@pytest.mark.parametrize(("fmt", "style"), STYLES)
def test_an_edited_article_is_not_annotated_again(tmp_path: Path, fmt: str, style: str) -> None:
    """A second block of notes beside the first would be the end of both."""
    made = rules(tmp_path, "one")
    out = made.annotate(ARTICLES[fmt], format=fmt, as_of="2015-05-05").render(style=style)
    assert made.annotate(out, format=fmt, as_of="2015-05-05").render(style=style) == out
    changed = out.replace("were sold", "were not sold")
    for again in (lambda: made.annotate(changed, format=fmt), lambda: update(made, changed.encode(), format=fmt)):
        with pytest.raises(EditedError, match="annotator strip --edited"):
            again()


def test_one_person_is_not_another(tmp_path: Path) -> None:
    """Two lines that say the same of two persons are not one note that changed; one of a later day is."""
    lines = {
        "ann": "Ann Example: under UK sanctions since 1 May 2022. [Act]",
        "bob": "Bob Sample: under UK sanctions since 1 May 2022. [Act]",
    }

    def made(name: str, said: str) -> Annotator:
        data = definitions({"r": {"phrases": ["they"], "notes": ["n"]}}, notes={"n": said})
        return Annotator(rules=write(tmp_path, data, f"{name}.yaml"), default_rules=False, cache=False)

    old = made("one", lines["ann"]).annotate("they", as_of="2023-05-05").render_bytes()
    found = update(made("two", lines["bob"]), old)
    assert found is not None
    assert [change.what for change in found.changes] == ["new", "gone"]
    later = update(made("three", lines["ann"].replace("UK", "UK and EU")), old)
    assert later is not None
    assert [change.what for change in later.changes] == ["changed"]


def test_what_is_made_anew_names_its_lists(tmp_path: Path) -> None:
    """A result that is made of another keeps all that it is not told to change: version 0.1 lost the lists here."""
    import_files([LISTS / "un.xml"], tmp_path / "lists.db")
    plain = rules(tmp_path, "one")
    made = Annotator(rules=tmp_path / "one.yaml", default_rules=False, cache=False, lists=tmp_path / "lists.db")
    first = made.annotate(ARTICLES["text"], as_of="2015-05-05")
    assert len(first.to_dict()["rulebook"]["sources"]) == len(plain.rulebook.sources) + 1
    found = update(made, first.render_bytes())
    assert found is not None
    assert found.result.lists is made.lists
    assert found.result.to_dict() == first.to_dict()


def test_options_and_results_are_values() -> None:
    """None of them changes; one that differs is made of another."""
    made = Annotator()
    options = Options(as_of="2024-06-20", notes="every", jurisdictions=("un",))
    text = "The UN bans luxury goods for North Korea."
    result = made.annotate(text, options=options)
    again = made.annotate(text, as_of="2024-06-20", notes="every", jurisdictions="UN")
    assert result.render() == again.render()
    assert made.annotate(text, as_of="1990-01-01", options=options).render() == again.render()
    for value, name in ((options, "notes"), (result, "as_of"), (Settings(), "notes")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "first")
    later = replace(result, as_of_from="somewhere")
    assert (later.as_of_from, later.annotations, later.lists) == ("somewhere", result.annotations, result.lists)
    assert result.as_of_from == "given"
    settings = Settings(as_of="2024-06-20", notes="every", jurisdiction=("un",), default_rules=False)
    assert replace(settings.options("text"), format=None) == options
    assert not list(Annotator.of(settings).rulebook.rule_ids)


def test_the_command(here: Path, desk_run: Command) -> None:
    """The command says what changed and keeps the rest."""
    (here / "story.html").write_text("<p>He sold widgets.</p>", encoding="utf-8")
    (here / "bare.txt").write_text("He sold widgets.", encoding="utf-8")
    done = desk_run("annotate", "story.html", "--as-of", "2015-05-05", "--in-place")
    assert done.exit_code == 0, done.output
    before = (here / "story.html").read_bytes()
    done = desk_run("update", "story.html", "bare.txt", "--in-place")
    assert done.exit_code == 0
    assert "bare.txt: no notes of ours" in done.stderr
    assert (here / "story.html").read_bytes() == before
    done = desk_run("update", "story.html", "--as-of", "2021-01-01", "--in-place")
    assert "story.html: changed (new date): Act 12 Art. 1 forbids widgets and nuts." in done.stderr
    after = (here / "story.html").read_text("utf-8")
    assert "as of 2021-01-01 (given)" in after
    (here / "story.html").write_text(after.replace("sold", "bought"), encoding="utf-8")
    for name in ("annotate", "update"):
        assert desk_run(name, "story.html", "--in-place").exit_code == 6


# -- archives and new snapshots of lists -----------------------------------------------------------


def snapshot(folder: Path, day: str, **people: str) -> Path:
    """Write a copy of the UN list of a day; of each person the reference, the name and the day of listing."""
    bodies = []
    for reference, said in people.items():
        name, _, listed = said.partition("/")
        bodies.append(
            f"<INDIVIDUAL><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
            f"<REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER><LISTED_ON>{listed}</LISTED_ON></INDIVIDUAL>"
        )
    inside = f"<INDIVIDUALS>{''.join(bodies)}</INDIVIDUALS>"
    text = f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z">{inside}</CONSOLIDATED_LIST>'
    (folder / f"{day}.xml").write_text(text, encoding="utf-8")
    return folder / f"{day}.xml"


TALK = "The UN sanctions on {} were extended by the Security Council, which froze the assets of {}.\n"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"KPi.901": "Quorvane Zelbrithe/2020-01-01"}, [("new", "list entry added")]),
        ({"KPi.901": "Quorvane Zelbrithe/2020-01-01"}, {}, [("changed", "list entry removed")]),
        (
            {"KPi.901": "Quorvane Zelbrithe/2020-01-01"},
            {"KPi.901": "Quorvane Zelbrithe/2020-02-01"},
            [("changed", "list entry changed")],
        ),
        (
            {"KPi.901": "Quorvane Zelbrithe/2020-01-01"},
            {"KPi.901": "Quorvane Zelbrithe/2020-01-01"},
            [("changed", "newer copy of a list")],
        ),
    ],
)
def test_a_new_snapshot_says_what_became_of_the_entry(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], told: list[tuple[str, str]]
) -> None:
    other = {"KPi.900": "Marthek Osdrun/2019-01-01"}
    store = tmp_path / "lists.db"

    def made() -> Annotator:
        rules(tmp_path, "one")
        return Annotator(rules=tmp_path / "one.yaml", default_rules=False, cache=False, lists=["none", store])

    import_files([snapshot(tmp_path, "2021-01-01", **other, **before)], store)
    article = TALK.format("Quorvane Zelbrithe", "Quorvane Zelbrithe") + TALK.format("Marthek Osdrun", "him")
    old = made().annotate(article, as_of="2021-02-01").render_bytes()
    import_files([snapshot(tmp_path, "2021-02-15", **other, **after)], store)
    found = update(made(), old)
    assert found is not None
    assert [(one.what, one.why) for one in found.changes if one.note == "lists.un:KPi.901"] == told
    # Of the other only the copy is newer: on 1 February nobody had one that says so of that day.
    others = [one for one in found.changes if one.note != "lists.un:KPi.901"]
    assert [(one.what, one.why, one.note) for one in others] == [
        ("changed", "newer copy of a list", "lists.un:KPi.900")
    ]


def test_a_digest_puts_the_changes_of_articles_together() -> None:
    seen = Change("changed", "new facts", "a", "b", "n")
    gone = Change("gone", "list entry removed", "c", "")
    rare = Change("new", "new facts", "", "d", "m")
    found = digest([("x", rare), ("x", seen), ("y", seen), ("y", gone), ("y", seen)])
    assert found == [(gone, ["y"]), (seen, ["x", "y"]), (rare, ["x"])]


def test_an_archive(here: Path, desk_run: Command) -> None:
    """A folder's articles are made anew; the digest has each change once; a dry run writes nothing."""
    (here / "archive" / "deep").mkdir(parents=True)
    names = ["a.txt", "deep/b.html", "deep/c.md", "none.txt", "broken.txt"]
    for name in names:
        (here / "archive" / name).write_text("He sold widgets.", encoding="utf-8")
    noted = [f"archive/{name}" for name in names[:3]] + ["archive/broken.txt"]
    assert desk_run("annotate", *noted, "--as-of", "2015-05-05", "--in-place").exit_code == 0
    broken = here / "archive" / "broken.txt"
    broken.write_text(broken.read_text("utf-8").replace("sold", "bought"), encoding="utf-8")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}

    shown = desk_run("update", "archive", "--as-of", "2021-01-01", "--dry-run")
    assert shown.exit_code == 6
    assert "broken.txt" in shown.stderr
    assert shown.stdout.startswith(
        "5 articles: 3 articles with changes, 0 as before, 1 without notes of ours, 1 that could not be updated.\n\n"
        "New date\n"
    )
    assert "in 3 articles: " in shown.stdout
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before

    told = desk_run("update", "archive", "--as-of", "2021-01-01", "--in-place", "--digest", "json")
    record = json.loads(told.stdout)
    assert record["articles"] == {"given": 5, "read": 4, "with_notes": 3, "changed": 3, "failed": 1}
    (change,) = record["changes"]
    assert (change["what"], change["why"]) == ("changed", "new date")
    assert [Path(name).name for name in change["articles"]] == ["a.txt", "b.html", "c.md"]
    assert (here / "archive" / "a.txt").read_text("utf-8").count(change["after"]) == 1
    again = desk_run("update", "archive", "--digest", "text", "--in-place")
    assert again.stdout.startswith("5 articles: 0 articles with changes, 3 as before, ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dry-run", "--in-place"], "--dry-run writes no article; leave out -o and --in-place"),
        (["--digest", "text"], "--digest goes to standard output: say with -o or --in-place where the articles go"),
        (["--digest", "yaml", "--in-place"], "--digest: unknown form of the digest 'yaml'; one of text, json"),
    ],
)
def test_what_cannot_be_asked_of_update(here: Path, desk_run: Command, arguments: list[str], message: str) -> None:
    (here / "a.txt").write_text("x", encoding="utf-8")
    done = desk_run("update", "a.txt", *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_an_empty_folder_is_no_archive(here: Path, desk_run: Command) -> None:
    (here / "empty").mkdir()
    done = desk_run("update", "empty", "--in-place")
    assert done.exit_code == 4
    assert done.stderr == "annotator: empty: the folder holds no file\n"

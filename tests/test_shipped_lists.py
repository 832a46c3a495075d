"""The lists that ship with the program: used by default, made ready once, beside the user's own, and what notes say."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from annotator import Annotator
from annotator.errors import ExitCode, InputError, UsageError
from annotator.lists import Entry, Name, import_files, shipped
from annotator.lists.opened import Lists
from annotator.lists.standing import stands

if TYPE_CHECKING:
    from conftest import Command

ROOT = Path(__file__).parent.parent
CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "standing.yaml").read_text(encoding="utf-8"))
DAY = "2026-03-10"
SAID = (
    "The US Treasury put sanctions on the Russian oligarch Oleg Deripaska in 2018. Hamas, which Washington also lists,"
    " was not mentioned. The tanker Eagle S, suspected of cutting cables off Finland, is under British sanctions."
)
FOOTBALL = (
    "Spartak beat Zenit by two goals. In the stands sat Oleg Deripaska. A banner praised Hamas, and the tanker Eagle S"
    " lay in the harbour. The league may sanction the club, and froze the table."
)


@pytest.fixture(scope="session")
def known() -> Annotator:
    """Return an annotator with the lists that ship; the first to ask waits until their index is made."""
    return Annotator(lists=True)


# -- the snapshot -----------------------------------------------------------------------------------


def test_the_snapshot_is_small_and_says_of_what_days_it_is() -> None:
    folder = Path(shipped.FOLDER)
    assert (folder / shipped.LISTS_FILE).stat().st_size <= 6_000_000
    found = {one.id: one for one in shipped.statuses()}
    assert set(found) == {"un", "us-sdn", "us-nonsdn", "eu", "uk", "ca", "ch"}
    assert found["un"].date == "2026-02-27"
    assert found["un"].entries > 900
    notice = (folder / "NOTICE.md").read_text(encoding="utf-8")
    for words in ("Open Government Licence v3.0", "Licence – Canada", "CC BY 4.0", "public domain", "SECO"):
        assert words in notice


def test_nothing_private_ships() -> None:
    text = lzma.decompress((Path(shipped.FOLDER) / shipped.LISTS_FILE).read_bytes()).decode("utf-8")
    bodies = [json.loads(line.split("\t", 3)[3]) for line in text.splitlines() if "\t{" in line]
    assert len(bodies) > 40_000
    numbers = {kind.partition(":")[0] for body in bodies for kind, _ in body.get("identifiers", ())}
    assert numbers <= {"imo", "crypto"}
    assert all(len(birth) == 4 for body in bodies for birth in body.get("births", ()))


def test_every_programme_has_its_act_or_none_on_purpose(known: Annotator) -> None:
    """Programmes that stand for several acts, or for none that the pack knows, are few and known."""
    store = shipped.make_store(shipped.manifest())
    entries = [entry for _, entry in store.entries() if entry.programmes]
    without = [
        entry
        for entry in entries
        if not any(known.rulebook.find_row("list.acts", f"{entry.list}/{one}") for one in entry.programmes)
    ]
    assert len(without) < 0.05 * len(entries)
    assert {f"{one.list}/{programme}" for one in without for programme in one.programmes} <= {
        "ca/South Sudan", "eu/IRN", "eu/UNLI", "us-nonsdn/CAATSA - RUSSIA", "us-nonsdn/NS-PLC", "us-nonsdn/SYRIA",
        "us-sdn/CAATSA - IRAN", "us-sdn/CAATSA - RUSSIA", "us-sdn/DPRK-NKSPEA", "us-sdn/HIFPAA", "us-sdn/NS-PLC",
        "us-sdn/PAIPA", "us-sdn/SYRIA", "us-sdn/UHRPA", "us-sdn/ZIMBABWE",
    }  # fmt: skip


# -- out of the box ---------------------------------------------------------------------------------


def test_an_article_on_sanctions_gets_one_line_for_each(known: Annotator) -> None:
    kinds = {"listing", "entity"}
    notes = {a.text: a.notes for a in known.annotate(SAID, as_of=DAY).annotations if a.kind in kinds}
    assert set(notes) == {"Oleg Deripaska", "Hamas", "Eagle S"}
    assert all(len(one) == 1 for one in notes.values())
    man = notes["Oleg Deripaska"][0]
    assert "UK since 10 March 2022" in man.text
    assert "SI 2019/855" in man.text
    assert {"RUS0269"} <= {source.pinpoint for source in man.sources}
    assert len(man.text.split()) <= 60
    assert "Eagle S".lower() in notes["Eagle S"][0].text.lower()
    assert "21 July 2025" in notes["Eagle S"][0].text


def test_other_lists_are_named_where_no_copy_tells_the_day(known: Annotator) -> None:
    text = "The Treasury said sanctions on Russia bite. Italy seized a yacht of Alisher Usmanov, a sanctioned man."
    (note,) = (n for a in known.annotate(text, as_of="2022-03-16").annotations for n in a.notes if a.kind == "listing")
    assert "under UK sanctions since 3 March 2022" in note.text
    # Their copies are later than the article, and do not tell the day: nothing that is sure of its date.
    assert "US" not in note.text
    assert note.later == ("by 20 August 2026: on the US, EU, Canadian and Swiss lists, which do not say since when.",)


def test_a_namesake_who_came_later_is_not_meant(known: Annotator) -> None:
    text = "The Treasury said that sanctions on Russia bite. A yacht of Sergei Chemezov was seized."
    (note,) = (n for a in known.annotate(text, as_of="2022-03-16").annotations for n in a.notes if a.kind == "listing")
    assert "one of 2" not in note.text
    assert not note.later


CANADIAN = "under Canadian sanctions since 24 February 2022"


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        # A body that several lists know by one word, and whose country stands beside it.
        ("Brussels put the Russian lender Sberbank on the EU's sanctions list.", "Sberbank", CANADIAN),
        (
            "Sanctions on Russia hit Rosoboronexport, it said.",
            "Rosoboronexport",
            "under US sanctions since 6 April 2018",
        ),
        # Two bodies of one name in two countries.
        ("The EU's sanctions on Russia hit Alfa Bank, which Moscow knows well.", "Alfa Bank", CANADIAN),
        # Who is behind a thing, with a hyphen; and a full name that one alone bears, beside words of listing.
        (
            "US sanctions hit the Kremlin and Yevgeniy Prigozhin-linked firms.",
            "Yevgeniy Prigozhin",
            "under US sanctions, also UK",
        ),
        ("The US sanctioned Nurid Denilbekovich Salamov.", "Nurid Denilbekovich Salamov", "entry 30604 on the OFAC"),
        # A body with other lists that have it by other names; a branch of it there is another one.
        (
            "US sanctions hit Ansar al-Islam, a terrorist group in Iraq.",
            "Ansar al-Islam",
            "under US sanctions, also UN and UK since 24 February 2003. ",
        ),
        # Whom the list that goes first calls in another language.
        (
            "US sanctions hit Russian Helicopters, a maker in Russia.",
            "Russian Helicopters",
            "Russian Helicopters JSC: ",
        ),
        # A word that many bear stays what it is.
        ("The EU's sanctions on Russia hit Zenit, a maker of lenses.", "Zenit", "May be "),
        ("Sanctions hit Mellat in Iran.", "Mellat", "May be "),
    ],
)
def test_who_is_certain(text: str, name: str, says: str, known: Annotator) -> None:
    (note,) = (n for a in known.annotate(text, as_of="2023-06-01").annotations for n in a.notes if a.text == name)
    assert says in note.text
    assert ("May be" in note.text) == (says == "May be ")
    assert "Belarus" not in note.text + "".join(source.pinpoint for source in note.sources)


@pytest.mark.parametrize(
    "name",
    ["IRGC-Quds Force", "Islamic Revolutionary Guard Corps Quds Force", "Islamic Revolutionary Guard Corps-Qods Force"],
)
def test_a_name_of_two_names_is_one_and_no_mark_stands_within_it(name: str, known: Annotator) -> None:
    text = f"The US kept its sanctions on the {name} of Iran."
    found = known.annotate(text, as_of="2023-01-01").annotations
    assert name in {one.text for one in found if one.kind == "entity"}
    low, high = text.index(name), text.index(name) + len(name)
    assert not [one for one in found if low < one.end < high]


def test_bodies_of_one_list_and_programme_are_two_whatever_their_legal_form(known: Annotator) -> None:
    text = "The US sanctioned Drew Properties of Singapore."
    notes = [n for a in known.annotate(text, as_of="2026-09-30").annotations for n in a.notes if a.kind == "listing"]
    assert all(note.text.startswith("May be one of 2") for note in notes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # The article knows more than the list, which has no days.
        (
            "The US imposed sanctions on Katerina Tikhonova, a daughter of Russia's president.",
            "entry 36236 on the OFAC SDN List",
        ),
        (
            "The US has sanctions on Russia. Katerina Tikhonova is under sanctions.",
            "added to the US list after January 2022",
        ),
    ],
)
def test_the_authority_that_an_article_speaks_of_goes_first(text: str, says: str, known: Annotator) -> None:
    (note,) = (n for a in known.annotate(text, as_of="2022-04-06").annotations for n in a.notes if a.kind == "listing")
    assert note.text == f"Katerina Vladimirovna Tikhonova: {says}. [E.O. 14024]"
    # Who listed her later changes nothing of what it says.
    assert not note.later
    assert "EU consolidated list EU.7872.49: on the EU list by 20 February 2026" in note.full


def test_a_football_report_gets_none(known: Annotator) -> None:
    assert not [a for a in known.annotate(FOOTBALL, as_of=DAY).annotations if a.kind == "listing"]


def test_names_always_and_never() -> None:
    always = Annotator(lists=True, names="always").annotate(FOOTBALL, as_of=DAY).annotations
    assert any(a.rule.startswith("lists.") for a in always)
    never = Annotator(lists=True, names="never").annotate(SAID, as_of=DAY).annotations
    assert not any(a.rule.startswith("lists.") for a in never)
    with pytest.raises(UsageError, match="names is one of auto, always, never"):
        Annotator(names="sometimes")


def test_the_lists_are_turned_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANNOTATOR_LISTS")
    assert Annotator().lists
    assert not Annotator(lists=False).lists
    assert not Annotator(lists="none").lists
    monkeypatch.setenv("ANNOTATOR_LISTS", "none")
    assert not Annotator().lists
    assert Annotator(lists=True).lists
    config = tmp_path / "annotator.toml"
    config.write_text('lists = "none"\nnames = "always"\n', encoding="utf-8")
    from annotator import config as configuration

    assert configuration.load(str(config)) == {"lists": ("none",), "names": "always"}


def test_the_command_turns_them_off(run: Command, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANNOTATOR_LISTS")
    (here / "a.txt").write_text(SAID, encoding="utf-8")
    with_lists = run("annotate", "--as-of", DAY, "--output", "json", "a.txt")
    assert "lists that ship with the program#" in with_lists.stdout
    assert '"lists.' in with_lists.stdout
    for off in ("--no-lists", "--names=never"):
        assert '"lists.' not in run("annotate", "--as-of", DAY, "--output", "json", off, "a.txt").stdout


def test_a_name_that_a_rule_lists_gets_one_note(known: Annotator) -> None:
    """The pack's verified record and the lists' entries of the same man are told together."""
    text = "The UN sanctioned the gang leader Jimmy Cherizier in Haiti. Cherizier, known as Barbecue, laughed."
    listed = [a for a in known.annotate(text, as_of="2024-06-20", notes="every").annotations if "Cheriz" in a.text]
    assert {a.rule for a in listed} == {"people.un-cherizier"}
    assert all(len(a.notes) == 1 for a in listed)
    (text_of,) = {note.text for a in listed for note in a.notes}
    assert "UN sanctions since 21 October 2022" in text_of
    assert "13818" in text_of


def test_who_is_named_in_two_articles_of_a_file_has_one_note(known: Annotator) -> None:
    """Also where one of them names him in full, so that lists say more of him there."""
    prose = "<p>The bank in the old town, where the trams turn round, has lent money to many people since then.</p>" * 3
    articles = (
        "The US put sanctions on Russia. Mr Putin was listed by the US Treasury too.",
        "The EU put sanctions on Russia. It has also listed the president, Vladimir Putin, it said.",
    )
    page = "".join(f"<article><h2>Sanctions bite again</h2><p>{said}</p>{prose}</article>" for said in articles)
    result = known.annotate(f"<html><body>{page}</body></html>", as_of="2026-11-01", format="html")
    assert len({block.article for block in result.document.layout.blocks}) > 1
    notes = [note for one in result.annotations for note in one.notes if note.id == "people.putin"]
    assert notes
    assert len(set(notes)) == 1


def test_who_is_certain_once_is_so_throughout(known: Annotator) -> None:
    text = "The Lazarus Group struck again. The US Treasury put sanctions on North Korea's Lazarus Group in 2019."
    found = [a for a in known.annotate(text, as_of=DAY, notes="every").annotations if a.rule.startswith("lists.")]
    assert [(a.text, a.fields["match"]) for a in found] == [("Lazarus Group", "certain")] * 2
    assert len({note.text for a in found for note in a.notes}) == 1


# -- how an entry stands on a date ------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["about"])
def test_standing(case: dict[str, Any]) -> None:
    entry = Entry(
        "un", "T.1", "un", "person", (Name("Gavril Lumensky"),),
        listed_on=case.get("listed"), removed_on=case.get("removed"),
        sightings=tuple((date, held) for date, held in case["copies"].items()),
    )  # fmt: skip
    for day, wanted in case["days"].items():
        found = stands(entry, day)
        told: dict[str, Any] = {"is": found.state}
        for name in ("since", "copy", "seen"):
            if getattr(found, name):
                told[name] = getattr(found, name)
        for name in ("gone", "back"):
            if getattr(found, name):
                told[name] = " to ".join(getattr(found, name))
        assert told == wanted, day


def test_what_left_a_list_and_came_back_is_not_said_to_stand_between(known: Annotator) -> None:
    """Iranian entries left the UN's list before March 2024 and came back in November 2025."""
    text = "Fereidoun Abbasi-Davani of Iran, whom UN sanctions had hit, spoke in Iran."

    def note(day: str) -> Any:
        (one,) = [
            note
            for a in known.annotate(text, as_of=day, jurisdictions=["un"]).annotations
            for note in a.notes
            if "Abbasi" in a.text
        ]
        return one

    assert "UN sanctions since" in note("2020-06-01").text
    gone = note("2024-06-20")
    assert "taken off the list between 18 January 2021 and 16 March 2024" in gone.text
    assert any("again by 18 November 2025" in line for line in gone.later)
    again = note("2026-03-10")
    assert "under UN sanctions" in again.text
    assert "since 24 March 2007" not in again.text


# -- the user's own stores --------------------------------------------------------------------------


def un_file(folder: Path, date: str, reference: str, first: str, second: str, nationality: str) -> Path:
    path = folder / f"un-{date}.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="{date}T00:00:00.000Z"><INDIVIDUALS>'
        f"<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>{first}</FIRST_NAME><SECOND_NAME>{second}</SECOND_NAME>"
        f"<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2016-11-30</LISTED_ON><NATIONALITY><VALUE>{nationality}</VALUE></NATIONALITY></INDIVIDUAL>"
        "</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    return path


def test_the_newest_copy_says_who_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANNOTATOR_LISTS")
    store = tmp_path / "own.db"
    import_files([un_file(tmp_path, "2026-06-01", "KPi.999", "Zorvan", "Belkadour", "Iran")], store)
    lists = Lists([store], shipped=True)
    status = lists.status("un")
    assert status is not None
    assert status.date == "2026-06-01"
    # Both copies of the snapshot hold it, the user's newer one does not.
    entry = lists.named("lists.un:KPi.035")
    assert entry is not None
    assert (entry.last_seen, entry.missing_from) == ("2026-02-27", "2026-06-01")
    own = lists.named("lists.un:KPi.999")
    assert own is not None
    assert own.sightings[-1] == ("2026-06-01", True)
    text = "UN sanctions on North Korea hit Kim Chol Sam of North Korea and Zorvan Belkadour of Iran."
    made = Annotator(lists=store)
    told = {a.text: a.notes[0].text for a in made.annotate(text, as_of="2026-07-01").annotations if a.kind == "listing"}
    assert "taken off the UN list between 27 February 2026 and 1 June 2026" in told["Kim Chol Sam"]
    assert "Zorvan Belkadour" in told
    alone = Annotator(lists=["none", store])
    assert [a.text for a in alone.annotate(text, as_of="2026-07-01").annotations if a.kind == "listing"] == [
        "Zorvan Belkadour"
    ]


def test_status_sources_and_show(run: Command, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANNOTATOR_LISTS")
    done = run("lists", "status", "--as-of", "2026-03-01")
    assert done.exit_code == 0
    assert "shipped with the program" in done.stdout
    assert "2026-02-27" in done.stdout
    assert run("lists", "status", "--as-of", "2026-12-01", "--strict").exit_code == ExitCode.FINDINGS
    rows = json.loads(run("lists", "status", "--as-of", "2026-03-01", "--json").stdout)
    assert {row["store"] for row in rows} == {None}
    sources = run("lists", "sources")
    assert "https://scsanctions.un.org/resources/xml/en/consolidated.xml" in sources.stdout
    assert all(f"{name}  " in sources.stdout for name in ("un", "us-sdn", "us-nonsdn", "eu", "uk", "ca", "ch"))
    shown = run("lists", "show", "IRi.001")
    assert "removed 2024-03-16; added 2025-11-18" in shown.stdout


def test_an_old_copy_is_a_warning(known: Annotator) -> None:
    assert not known.annotate(SAID, as_of="2025-04-01").warnings
    (warning,) = known.annotate(SAID, as_of="2026-11-29").warnings
    assert "UK Sanctions List of 2026-02-24" in warning


# -- made once, and what may be wrong ---------------------------------------------------------------


def _run(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    code = (
        "from annotator.lists import shipped, opened; import sys; from annotator.folding import Folded;"
        "lists = opened.Lists(shipped=True, say=print);"
        "found = lists.find(Folded('Oleg Deripaska'));"
        "lists.entry(lists.owner(opened.Key(found[0][0], found[0][1].entries[0][0])));"
        "print(len(found))"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "ANNOTATOR_CACHE_DIR": str(folder), **environ},
    )  # fmt: skip


@pytest.mark.slow
def test_it_is_made_once_and_a_damaged_one_anew(tmp_path: Path) -> None:
    first = _run(tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines() == [
        "making the index of the official lists; this takes some seconds, once", "1",
    ]  # fmt: skip
    assert _run(tmp_path).stdout.splitlines() == ["1"]
    (store,) = tmp_path.glob("lists-*.db")
    whole = store.read_bytes()
    # Damaged in the middle, where only a question about an entry comes to it.
    store.write_bytes(whole[:8192] + b"\x55" * (len(whole) - 8192))
    assert _run(tmp_path).stdout.splitlines()[-1] == "1"
    assert store.read_bytes() == whole
    store.write_bytes(b"no store")
    assert _run(tmp_path).stdout.splitlines()[-1] == "1"
    assert store.stat().st_size > 1_000_000


def test_a_snapshot_that_is_missing_or_damaged_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Command
) -> None:
    copy = tmp_path / "snapshot"
    shutil.copytree(shipped.FOLDER, copy)
    monkeypatch.setattr(shipped, "FOLDER", str(copy))
    monkeypatch.setenv("ANNOTATOR_CACHE_DIR", str(tmp_path / "cache"))
    whole = (copy / shipped.LISTS_FILE).read_bytes()
    for damage in (b"", whole[: len(whole) // 2], b"\0" * 1000):
        (copy / shipped.LISTS_FILE).write_bytes(damage)
        with pytest.raises(InputError, match="are damaged; install the program again, or use --no-lists"):
            Lists(shipped=True).open()
    (copy / shipped.LISTS_FILE).unlink()
    with pytest.raises(InputError, match="are missing from this installation"):
        Lists(shipped=True)
    monkeypatch.delenv("ANNOTATOR_LISTS")
    done = run("annotate", "--no-config", "-", stdin=SAID.encode())
    assert done.exit_code == ExitCode.BAD_INPUT
    assert len(done.stderr.strip().splitlines()) == 1
    assert run("annotate", "--no-config", "--no-lists", "-", stdin=SAID.encode()).exit_code == 0
    shutil.rmtree(copy)
    with pytest.raises(InputError, match="are missing from this installation"):
        shipped.manifest()

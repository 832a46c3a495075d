"""Named pieces of patterns: how they are put in, across files too, and that the pack writes each thing once."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from rulemaking import annotator, definitions, found, write

from annotator import Annotator
from annotator.rulebook import pack_folder, read_definitions
from annotator.rulebook._collect import PATTERNS

if TYPE_CHECKING:
    from pathlib import Path

_RUN = 48  # characters of a pattern that are worth a name where they stand several times


def rule(**patterns: Any) -> dict[str, Any]:
    return {"r": {"anchors": ["act"], **patterns}}


@pytest.mark.parametrize(
    ("pieces", "pattern", "text", "wanted"),
    [
        ({"month": "may|june"}, "act of {month}", "The act of May, the act of July.", ["act of May"]),
        ({"month": ["may", "june"]}, "act of {month} now", "The act of June now.", ["act of June now"]),
        ({"n": r"\d"}, "act {n}{2}(?: {n}{1,3})?", "act 12 345 and act 1", ["act 12 345"]),
        ({"n": "ab"}, "act {n}?c", "act abc, act c, act bc", ["act abc", "act c"]),
        ({"a": "x{b}", "b": "{c}|z", "c": "y"}, "act {a}", "act xy, act xz, act xc", ["act xy", "act xz"]),
        ({"n": "ab"}, r"act [{n}] \{n\}", "act n {n}, act ab", ["act n {n}"]),
        ({"n": "ab"}, r"act \x{31}{n}", "act 1ab", ["act 1ab"]),
    ],
)
def test_pieces_are_put_in_as_groups(
    pieces: dict[str, Any], pattern: str, text: str, wanted: list[str], tmp_path: Path
) -> None:
    assert found(annotator(tmp_path, rule(pattern=pattern), patterns=pieces), text) == wanted


def test_a_field_that_stands_twice_is_one_field(tmp_path: Path) -> None:
    pieces = {"year": r"(?P<year>\d{4})"}
    made = annotator(tmp_path, rule(pattern="act (?:of {year}|{year} of the king|no (?P<year>5))"), patterns=pieces)
    for text, year in (("act of 1990", "1990"), ("act 1991 of the king", "1991"), ("act no 5", "5")):
        (mention,) = made.mentions(made.read(text))
        assert mention.fields == {"year": year}


def test_pieces_go_into_every_part_of_a_pattern(tmp_path: Path) -> None:
    data = rule(pattern="act {n}", items="{n}", joined=" {and} ", leads="{part} of ", trails=", {part}")
    pieces = {"n": r"\d", "and": "and|or", "part": "part [a-c]"}
    made = annotator(tmp_path, data, patterns=pieces)
    assert found(made, "See part a of act 1 or 2 and 3, part b.") == ["part a of act 1", "2", "3, part b"]


def test_another_file_may_use_a_piece_and_override_it(tmp_path: Path) -> None:
    first = definitions({}, patterns={"month": "may"}) | {"namespace": "date"}
    second = definitions(rule(pattern="act of {date.month}"))
    paths = [write(tmp_path, first, "a.yaml"), write(tmp_path, second, "b.yaml")]
    made = Annotator(rules=paths, default_rules=False, cache=False)
    assert found(made, "The act of May, the act of June.") == ["act of May"]
    own = {"annotator": 1, "covers": "x", "namespace": "own", "patterns": {"date.month": "never"}}
    shipped = read_definitions()
    assert shipped["patterns"]["date.month"].file.shipped
    mine = read_definitions([write(tmp_path, own, "own.yaml")])["patterns"]["date.month"]
    assert (mine.data, mine.file.shipped) == ("never", False)


def test_names_inside_a_piece_are_those_of_its_own_file(tmp_path: Path) -> None:
    first = definitions({}, patterns={"month": "{m}", "m": "may"}) | {"namespace": "date"}
    second = definitions(rule(pattern="act of {date.month}"), patterns={"m": "june"})
    paths = [write(tmp_path, first, "a.yaml"), write(tmp_path, second, "b.yaml")]
    made = Annotator(rules=paths, default_rules=False, cache=False)
    assert found(made, "The act of May, the act of June.") == ["act of May"]


def test_deep_pieces_are_refused_and_end(tmp_path: Path) -> None:
    from annotator import RuleErrors

    chain = {f"p{n}": f"x{{p{n + 1}}}" for n in range(2000)} | {"p2000": "z"}
    with pytest.raises(RuleErrors, match="deep"):
        annotator(tmp_path, rule(pattern="act {p0}"), patterns=chain)


# -- the pack -----------------------------------------------------------------------------------------


def test_the_pack_writes_each_long_piece_of_a_pattern_once() -> None:
    """What stands in three patterns or more has a name."""
    written: Counter[str] = Counter()
    shipped = read_definitions()
    texts = [item.data[key] for item in shipped["rules"].values() for key in PATTERNS if key in item.data]
    for item in shipped["patterns"].values():
        texts += [item.data] if isinstance(item.data, str) else item.data
    for text in dict.fromkeys(texts):
        starts = range(max(0, len(text) - _RUN + 1))
        written.update({text[start : start + _RUN] for start in starts if "{" not in text[start : start + _RUN]})
    assert [run for run, times in written.items() if times > 2] == []


def test_the_pack_names_months_and_paragraphs_once() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(pack_folder().glob("*.yaml")))
    patterns = "\n".join(re.findall(rf"^ +(?:{'|'.join(PATTERNS)}): .*$", text, re.MULTILINE)).lower()
    for words in ("jan", "aug", "septem"):
        assert not re.search(rf"\b{words}[a-z]*\?[.|)]", patterns), words
    assert patterns.count("(?:graph)") == 0

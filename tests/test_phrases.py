"""The phrase notation: what each construct matches, held against two engines that are not ours."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rulemaking import annotator, cases, definitions, marked, spans, write

from annotator import Annotator, RuleErrors

if TYPE_CHECKING:
    from pathlib import Path

    from annotator import Document

TAIL = " it was said."
PHRASES = [(case, text) for case in cases("phrases") for text in case["texts"]]


def sections(case: dict[str, Any]) -> dict[str, Any]:
    return {key: case[key] for key in ("vocabulary", "contexts") if key in case}


@pytest.mark.parametrize(("case", "text"), PHRASES, ids=[f"{case['about']}-{text[:40]}" for case, text in PHRASES])
def test_construct(case: dict[str, Any], text: str, tmp_path: Path) -> None:
    plain, wanted = marked(text + TAIL)
    made = annotator(tmp_path, {"r": case["phrases"]}, **sections(case))
    assert spans(made, plain) == [(start, end) for start, end, _ in wanted]


@pytest.mark.parametrize("case", cases("inflections"), ids=lambda case: case["word"])
def test_inflection(case: dict[str, Any], tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": [f"{case['word']}~ arms"]})
    for form in case["forms"]:
        for written in (form, form.capitalize(), form.upper()):
            assert spans(made, f"They {written} arms.") == [(5, 10 + len(form))], written
    for other in case["others"]:
        assert spans(made, f"They {other} arms.") == [], other


@pytest.mark.parametrize(
    ("phrase", "column", "says"),
    [
        ("[the] [asset]", 0, "must not be optional"),
        ("/3 arms", 0, "begin or end with a gap"),
        ("arms /3", 0, "begin or end with a gap"),
        ("arms /3 [now]", 0, "begin or end with a gap"),
        ("arms /0 now", 7, "/1 to /20"),
        ("arms /21 now", 8, "/1 to /20"),
        ("arms /x now", 6, "/1 to /20"),
        ("arms/3 now", 4, "blank before a gap"),
        ("a /1 b /1 c /1 d /1 e /1 f", 0, "gaps"),
        ("ban (on arms", 4, "( without )"),
        ("ban [on arms", 4, "[ without ]"),
        ("ban on) arms", 6, "without its opening"),
        ("ban on] arms", 6, "without its opening"),
        ("ban on} arms", 6, "}"),
        ("ban {arms", 4, "{ without }"),
        ("ban{arms}", 3, "blank before {"),
        ("freez(e|e s) it", 9, "only letters"),
        ("a\\", 2, "backslash"),
        ("...", 0, "at least one word"),
        ("{nowhere} arms", 0, "vocabulary"),
        ("{context:nowhere} arms", 0, "context"),
        (" ".join(["(a b|c d)"] * 11), 0, "more than"),
        ("(" * 190 + "a" + ")" * 190, 0, "deep"),
        ("[" * 190 + "a" + "]" * 190 + " b", 0, "deep"),
    ],
)
def test_phrase_that_is_refused(phrase: str, column: int, says: str, tmp_path: Path) -> None:
    path = write(tmp_path, definitions({"r": [phrase]}))
    with pytest.raises(RuleErrors) as caught:
        Annotator(rules=path, default_rules=False, cache=False)
    (error,) = caught.value.errors
    assert (error.path, error.line) == (str(path), path.read_text().split("\n").index("    phrases:") + 2)
    assert says in str(error)
    if column:
        assert f"character {column + 1}" in str(error)


@pytest.mark.parametrize("key", ["cues", "before", "anchors"])
@pytest.mark.parametrize("phrase", ["ban /2 arms", "{target} arms", "{context:c} arms"])
def test_words_only_where_words_are_looked_for(key: str, phrase: str, tmp_path: Path) -> None:
    rule: dict[str, Any] = {"phrases": ["arms"]}
    contexts = {"c": {"cues": ["here"], "group": "party"}, "d": {"cues": [phrase if key == "cues" else "there"]}}
    if key == "before":
        rule["needs"] = [{"before": [phrase]}]
    if key == "anchors":
        rule = {"pattern": "arms", "anchors": [phrase]}
    with pytest.raises(RuleErrors, match="plain words"):
        annotator(tmp_path, {"r": rule}, contexts=contexts)


def test_vocabulary_that_refers_to_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors, match="refers to itself"):
        annotator(tmp_path, {"r": ["{a}"]}, vocabulary={"a": ["{b} x"], "b": ["{a} y", "z"]})


def test_vocabulary_nested_without_end_is_refused(tmp_path: Path) -> None:
    chain = {f"v{n}": [f"{{v{n + 1}}} x"] for n in range(2000)} | {"v2000": ["z"]}
    with pytest.raises(RuleErrors, match="deep"):
        annotator(tmp_path, {"r": ["{v0}"]}, vocabulary=chain)


def test_vocabulary_that_multiplies_is_refused_at_once(tmp_path: Path) -> None:
    """Four million ways to read a phrase are counted, not made."""
    many = {"v": [f"word{n} more{n}" for n in range(2000)]}
    with pytest.raises(RuleErrors, match="ways to read"):
        annotator(tmp_path, {"r": ["{v} {v}"]}, vocabulary=many)


# -- against other engines ------------------------------------------------------------------------

WORDS = ["ban", "arms", "oil", "car", "the", "of", "a", "red"]
texts = st.lists(
    st.sampled_from([*WORDS, "bans", "banned", "cars", "x", "Ban", "ARMS", "Kim", "KIM", "kim", "EU", "Eu", "eu"]),
    min_size=1,
    max_size=9,
)
joints = st.sampled_from([" ", " ", " ", "  ", "\u00a0", "-", "\u2011", ", ", "; ", " - ", " \u2013 ", "/", ". ", "."])
closed_texts = texts.flatmap(
    lambda words: st.lists(joints, min_size=len(words), max_size=len(words)).map(
        lambda signs: "".join(map("".join, zip(words, signs, strict=True))).rstrip(" ,;-/.\u00a0\u2011\u2013")
    )
)
SLOW = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
JOINT = "(?:[ \u00a0]+|[-\u2011])"

# A piece of a closed phrase: (notation, regular expression, whether it may be empty).
Piece = tuple[str, str, bool]


def sequence(pieces: list[Piece]) -> tuple[str, str]:
    """Join pieces: in the notation by blanks, in the expression by joints that go with what is there."""
    notation = " ".join(piece[0] for piece in pieces)
    expression = ""
    for _, part, optional in pieces:
        # Each piece brings the joint before it; the first joint of all is taken away by a look-behind.
        step = f"(?:(?:(?<=\\A)|{JOINT}){part})"
        expression += f"{step}?" if optional else step
    return notation, expression


words = st.sampled_from(
    [*((word, f"(?i:{word})", False) for word in WORDS), ("Kim", "K(?i:im)", False), ("EU", "EU", False)]
)
endings = st.sampled_from(
    [("ban[s]", "(?i:bans?)", False), ("car(s|)", "(?i:cars?)", False), ("ban(s|ned)", "(?i:ban(?:s|ned))", False),
     ("ban~", "(?i:ban(?:s|ned|ning)?)", False), ("oil~", "(?i:oil(?:s|ed|ing)?)", False)]
)  # fmt: skip


def alternatives(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return st.lists(st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=3).map(_alternatives)


def _alternatives(branches: list[list[Piece]]) -> Piece:
    pairs = [sequence([piece if n else (*piece[:2], False) for n, piece in enumerate(branch)]) for branch in branches]
    # Inside a group the first joint belongs to the group, so that it is taken away here too.
    expression = "|".join(_without_first_joint(branch) for branch in branches)
    return f"({'|'.join(notation for notation, _ in pairs)})", f"(?:{expression})", False


def _without_first_joint(branch: list[Piece]) -> str:
    rest = "".join(f"(?:{JOINT}{part}){'?' if optional else ''}" for _, part, optional in branch[1:])
    return branch[0][1] + rest


def optional(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    return st.lists(inner, min_size=1, max_size=2).map(
        lambda branch: (
            f"[{' '.join(piece[0] for piece in branch)}]",
            _without_first_joint([(*piece[:2], piece[2]) for piece in branch]),
            True,
        )
    )


simple = st.one_of(words, endings)
pieces = st.lists(st.one_of(simple, alternatives(simple), optional(simple)), min_size=1, max_size=4)


def whole_spans(expression: str, text: str) -> set[tuple[int, int]]:
    """Return every stretch of whole words that an expression matches."""
    bounds = [m.span() for m in re.finditer(r"[A-Za-z]+", text)]
    return {
        (first[0], last[1])
        for n, first in enumerate(bounds)
        for last in bounds[n:]
        if re.fullmatch(expression, text[first[0] : last[1]])
    }


def longest_first(all_spans: set[tuple[int, int]], chosen: list[tuple[int, int]]) -> None:
    """Hold chosen spans to the rule of overlaps: all are true, none overlap, and none gave way to a shorter one."""
    assert set(chosen) <= all_spans
    for (_, end), (start, _) in pairwise(chosen):
        assert end <= start
    for start, end in all_spans:
        rivals = [b - a for a, b in chosen if a < end and start < b]
        assert rivals, (start, end)
        assert max(rivals) >= end - start


@SLOW
@given(
    made=pieces.filter(lambda many: not all(piece[2] for piece in many)),
    some=st.lists(closed_texts, min_size=1, max_size=6),
)
def test_closed_phrases_agree_with_regular_expressions(made: list[Piece], some: list[str], tmp_path: Path) -> None:
    notation, expression = sequence(made)
    phrase = annotator(tmp_path, {"r": [notation]})
    for text in some:
        longest_first(whole_spans(expression, text), spans(phrase, text))


@pytest.fixture(scope="module")
def blank() -> Any:
    import spacy

    return spacy.blank("en")


def bare(text: str) -> Document:
    """Return a text as one paragraph."""
    from annotator.checking.examples import document_of

    return document_of(text)


# Elements of an open phrase: a set of words, or a gap of so many words.
sets = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True)
open_phrases = st.tuples(sets, st.lists(st.tuples(st.integers(0, 3), sets), min_size=1, max_size=3)).map(
    lambda pair: [pair[0], *(part for most, many in pair[1] for part in (most, many))]
)


@SLOW
@given(
    phrase=open_phrases,
    many=st.lists(st.lists(st.sampled_from([*WORDS, "x"]), min_size=1, max_size=14), min_size=1, max_size=6),
)
def test_open_phrases_agree_with_the_matcher_of_spacy(
    phrase: list[Any], many: list[list[str]], tmp_path: Path, blank: Any
) -> None:
    from spacy.matcher import Matcher

    notation = " ".join(f"({'|'.join(part)})" if isinstance(part, list) else f"/{part}" for part in phrase if part != 0)
    pattern: list[dict[str, Any]] = []
    for part in phrase:
        pattern += [{"LOWER": {"IN": part}}] if isinstance(part, list) else [{"OP": "?"}] * part
    matcher = Matcher(blank.vocab)
    matcher.add("p", [pattern])
    made = annotator(tmp_path, {"r": [notation]})
    for tokens in many:
        text = " ".join(tokens)
        doc = blank(text)
        theirs = {(doc[a:b].start_char, doc[a:b].end_char) for _, a, b in matcher(doc)}
        mentions = made.mentions(bare(text), everything=True)
        ours = [(m.start, m.end) for m in mentions if not m.ruled_out]
        assert {(m.start, m.end) for m in mentions} <= theirs
        assert bool(ours) == bool(theirs)
        for (_, end), (start, _) in pairwise(ours):
            assert end <= start
        for start, end in theirs:
            assert any(m.start < end and start < m.end for m in mentions), (start, end)

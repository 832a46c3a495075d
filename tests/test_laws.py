"""The laws of the project over arbitrary text: nothing lost, nothing moved, the same again each time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator import Annotator, AnnotatorError, rulebook, strip

ANNOTATOR = Annotator()
ROOT = Path(__file__).parent.parent

# Words that make mentions, cues, breaks, markers and trouble, to be mixed with arbitrary text.
PIECES = [
    "UN Security Council resolution 1718 (2006)", "Resolution 2397", "luxury goods", "North Korea", "Pyongyang",
    "Kim Jong Un", "Kim", "Vladimir Putin", "sanctions on Russia", "arms embargo on Libya", "asset freeze",
    "The UN", "E.O. 13722", "Panel of Experts monitors", "paragraph 8(d) thereof", "that resolution",
    "      ", "\n\n\n   ",
    "[1]", "[n1]", "[^sr1]", "[note 1]", "{1}", "Notes on sanctions law", "<!-- Notes by annotator", "```", "    ",
    "\n\n", "\n", "\r\n", "\t", " ", ". ", ", ", "# ", "- ", "> ", "**", "_", "`", "](http://x.org)", "[", "](",
    "\u00ad", "\u200b", "\u0301", "ﬁ", "ß", "\u2019s", "\u00a0", "\ufeff", "김정은", "\ud800", "\x00", "Tags: ",
    "Related articles", "Comments", "http://un.org/a", "&nbsp;", "<b>", "$x$", "|a|b|", "---", "***",
    "It targeted its banks. ", "The EU lifted sanctions on the country. ", "a) ", "\u2022 ", "\u2028", "\x85", "\f",
    "The United States imposed:\n\n", "All rights reserved. ",
]  # fmt: skip


def _examples() -> list[str]:
    """Return the examples of the shipped rules: every mention that there can be, and every near miss."""
    found = []
    for rule in rulebook.read_definitions()["rules"].values():
        for kind in ("match", "near"):
            for one in rule.data.get("examples", {}).get(kind, ()):
                text = one if isinstance(one, str) else one["text"]
                found.append(text.replace("[[", "").replace("]]", "") + " ")
    return found


EXAMPLES = _examples()
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(EXAMPLES), st.text(max_size=12)), max_size=24).map(
    "".join
)
FORMATS = st.sampled_from(["text", "markdown"])
POLICIES = st.sampled_from(["first", "paragraph", "every"])
SLOW = settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])


def is_subsequence(short: str | bytes, long: str | bytes) -> bool:
    rest = iter(long)
    return all(one in rest for one in short)


@SLOW
@given(TEXTS, FORMATS, POLICIES)
def test_stripping_gives_the_text_back(text: str, form: str, policy: str) -> None:
    result = ANNOTATOR.annotate(text, as_of="2024-06-20", format=form, notes=policy)
    assert strip(str(result)) == result.document.markup
    assert result.document.markup == strip(text)


@SLOW
@given(TEXTS, FORMATS)
def test_stripping_gives_the_bytes_back(text: str, form: str) -> None:
    source = text.encode("utf-8", "surrogatepass")
    try:
        result = ANNOTATOR.annotate(source, as_of="2024-06-20", format=form)
    except AnnotatorError:
        return
    noted = result.render_bytes()
    assert strip(noted) == strip(source)
    assert is_subsequence(source, noted)


@SLOW
@given(TEXTS, FORMATS, POLICIES)
def test_twice_is_once(text: str, form: str, policy: str) -> None:
    once = str(ANNOTATOR.annotate(text, as_of="2024-06-20", format=form, notes=policy))
    assert str(ANNOTATOR.annotate(once, as_of="2024-06-20", format=form, notes=policy)) == once


@SLOW
@given(TEXTS)
def test_only_insertions(text: str) -> None:
    result = ANNOTATOR.annotate(text, as_of="2024-06-20", notes="every")
    assert is_subsequence(result.document.markup, str(result))
    if not result.annotations:
        assert str(result) == result.document.markup


@SLOW
@given(TEXTS, FORMATS)
def test_spans_say_what_stands_there(text: str, form: str) -> None:
    result = ANNOTATOR.annotate(text, as_of="2024-06-20", format=form, notes="every")
    last = (0, 0)
    for annotation in result.annotations:
        assert 0 <= annotation.start < annotation.end <= len(result.document.text)
        assert result.document.text[annotation.start : annotation.end] == annotation.text
        assert annotation.notes
        assert (annotation.start, annotation.end) >= last
        last = (annotation.start, annotation.end)


@SLOW
@given(TEXTS)
@example("Resolution 2397Iran faces a snapback of UN sanctions.")
@example("Iran12 faces a snapback of UN sanctions.")
def test_what_explain_shows_as_accepted_is_what_is_noted(text: str) -> None:
    """The cheap tests that end most documents drop nothing that could have been accepted."""
    document = ANNOTATOR.read(text)
    plain = [(m.start, m.end, m.rule, m.note_ids) for m in ANNOTATOR.mentions(document)]
    everything = ANNOTATOR.mentions(document, everything=True)
    accepted = [(m.start, m.end, m.rule, m.note_ids) for m in everything if not m.ruled_out and m.note_ids]
    assert plain == accepted


ARTICLE = """\
Kim gift raises questions

Russian President Vladimir Putin gave North Korean leader Kim Jong Un a luxury car. UN sanctions on North Korea ban
luxury goods under resolution 1718 (2006), and arms sales to Pyongyang too.

The EU imposed an asset freeze on Russian bankers.
"""


def outcome(annotator: Annotator) -> list[Any]:
    result = annotator.annotate(ARTICLE, as_of="2024-06-20", notes="every")
    return [(a.start, a.end, a.rule, [n.id for n in a.notes]) for a in result.annotations]


def test_any_number_of_threads_gives_the_same() -> None:
    wanted = outcome(ANNOTATOR)
    fresh = Annotator()
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(outcome(fresh))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wanted) > 5
    assert found == [wanted] * 8


def test_cache_or_not_is_the_same() -> None:
    assert outcome(Annotator(cache=False)) == outcome(ANNOTATOR)


def test_order_of_rules_in_a_file_does_not_matter(tmp_path: Any) -> None:
    head = """\
annotator: 1
covers: Order
namespace: order
defaults: {jurisdiction: un, status: verified, checked: 2026-01-01}
references:
  a: {instrument: Act 1, date: 2001-01-01, url: "https://example.org/a"}
notes:
"""
    notes = [f"  n{i}: {{text: 'Act 1 forbids {i}.', sources: [{{ref: a, at: Art. {i}}}]}}\n" for i in range(6)]
    rules = [
        f"  r{i}: {{kind: term, phrases: ['{phrase}'], notes: [n{i}]}}\n"
        for i, phrase in enumerate(["gold coins", "gold", "gold coins now", "coins now", "now", "(gold|silver) coins"])
    ]
    found = set()
    for seed in range(6):
        shuffled_notes, shuffled_rules = notes[:], rules[:]
        random.Random(seed).shuffle(shuffled_notes)
        random.Random(seed + 1).shuffle(shuffled_rules)
        path = tmp_path / f"rules-{seed}.yaml"
        path.write_text(head + "".join(shuffled_notes) + "rules:\n" + "".join(shuffled_rules), encoding="utf-8")
        result = Annotator(path, default_rules=False).annotate("He has gold coins now.", as_of="2024-01-01")
        found.add(str([(a.start, a.end, a.rule, [n.id for n in a.notes]) for a in result.annotations]))
    assert len(found) == 1


def test_another_rule_changes_nothing_elsewhere(tmp_path: Any) -> None:
    path = tmp_path / "more.yaml"
    path.write_text(
        """\
annotator: 1
covers: One more
namespace: more
references:
  a: {instrument: Act 1, date: 2001-01-01, url: "https://example.org/a"}
notes:
  n: {text: Act 1 forbids it., jurisdiction: un, status: verified, checked: 2026-01-01, sources: [{ref: a, at: Art. 1}]}
rules:
  questions: {kind: term, phrases: [raises questions], notes: [n]}
""",
        encoding="utf-8",
    )
    more = outcome(Annotator(path))
    assert [entry for entry in more if entry[2] != "more.questions"] == outcome(ANNOTATOR)
    assert any(entry[2] == "more.questions" for entry in more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_come_back(encoding: str, newline: str) -> None:
    text = ARTICLE.replace("\n", newline).replace(
        "gift", "gift “for” him – café" if encoding != "latin-1" else "gift café"
    )
    source = text.encode(encoding)
    result = ANNOTATOR.annotate(source, as_of="2024-06-20", encoding=None if "utf" in encoding else encoding)
    noted = result.render_bytes()
    assert len(result.annotations) > 3
    assert noted.decode(encoding)
    assert strip(noted) == source


def test_neither_the_hash_seed_nor_the_cache_matters() -> None:
    """The same bytes out of every process, whatever order its sets are in."""
    script = (
        "import hashlib, sys; from annotator import Annotator; made = Annotator(cache=sys.argv[1] == 'cache')\n"
        "result = made.annotate(sys.stdin.buffer.read(), as_of='2024-06-20', notes='every')\n"
        "mentions = made.mentions(result.document, everything=True)\n"
        "digest = hashlib.sha256(result.render_bytes('json') + repr(mentions).encode()).hexdigest()\n"
        "print(len(result.annotations), digest)"
    )
    source = "\n\n".join(EXAMPLES).encode()
    outcomes = set()
    for seed, cache in (("0", "cache"), ("1", "cache"), ("2", "none")):
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", script, cache]
        done = subprocess.run(command, input=source, capture_output=True, env=environ, cwd=ROOT, check=True)
        outcomes.add(done.stdout)
    (only,) = outcomes
    assert int(only.split()[0]) > 300

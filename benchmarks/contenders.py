"""What is compared: this engine, spaCy's rulers with the same literals, a bare automaton, reading the bytes.

The rulers get the literals of the rule pack: every spelling of every phrase and name that is made of
words only. Phrases with gaps or slots have no finite spelling, and the few with more spellings than
``MOST`` would be most of the list; both are left out, which is less work for the rulers, not more. So do
they none of the work that makes a literal a mention here (case, context, regime, date), and what they
find is spliced into the text by a marker without a note.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import spacy
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from annotator import Annotator, core
from annotator.folding import Folded
from annotator.rulebook import _compile, _phrases, read_definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc


AS_OF = "2024-06-20"
MOST = 2_000


def literals() -> tuple[dict[str, str], int, int]:
    """Return the pack's literals with the rule of each, and how many forms are in them and are left out."""
    definitions = read_definitions()
    compiler = _compile.Compiler(definitions)
    found: dict[str, str] = {}
    used = left = 0
    for identifier, item in sorted(definitions["rules"].items()):
        for key in ("phrases", "names"):
            for index, phrase in enumerate(item.data.get(key, ())):
                for form in compiler.parse(item, phrase, key, index):
                    spelt = _phrases.spellings(form, MOST)
                    if spelt is None:
                        left += 1
                        continue
                    used += 1
                    for literal in spelt:
                        found.setdefault(literal.decode("latin-1").replace("\xff", "x"), identifier)
    return found, used, left


def invented(count: int) -> list[str]:
    """Return two-word phrases that no text holds, always the same ones."""
    chance = random.Random(2397)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "or")]
    found: dict[str, None] = {}
    while len(found) < count:
        first, second = ("".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(2))
        found[f"{first} {second}"] = None
    return list(found)


def write_rules(path: Path, phrases: Sequence[str], a_rule: int = 100) -> None:
    """Write a rule file with the phrases, so many a rule, one note each."""
    lines = [
        "annotator: 1",
        "covers: invented phrases, to see what size costs",
        "namespace: invented",
        "defaults: {jurisdiction: un, status: unverified, checked: 2026-11-15}",
        'references: {act: {instrument: Invented Act, date: 2001-01-01, url: "https://example.org/"}}',
        "notes:",
    ]
    groups = [phrases[start : start + a_rule] for start in range(0, len(phrases), a_rule)]
    lines += [
        f"  n{number}: {{text: Invented Act s. {number}., sources: [{{ref: act, at: s. {number}}}]}}"
        for number in range(len(groups))
    ]
    lines.append("rules:")
    for number, group in enumerate(groups):
        lines += [
            f"  r{number}:",
            "    kind: term",
            f"    notes: [n{number}]",
            f"    examples: {{match: ['[[{group[0]}]]'], near: [nothing]}}",
            "    phrases:",
            *[f"      - {phrase}" for phrase in group],
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def engine(annotator: Annotator) -> Callable[[Sequence[str]], object]:
    """Return the whole job of this engine: text, mentions, notes in force, text with notes."""

    def run(texts: Sequence[str]) -> int:
        return sum(
            len(annotator.annotate(text, as_of=AS_OF, notes="every", format="text").render_bytes()) for text in texts
        )

    return run


def _spliced(doc: Doc, spans: Sequence[Any]) -> str:
    text = doc.text
    parts: list[str] = []
    last = 0
    for number, span in enumerate(spans, 1):
        parts += (text[last : span.end_char], f"[{number}]")
        last = span.end_char
    parts.append(text[last:])
    return "".join(parts)


def entity_ruler(patterns: dict[str, str]) -> Callable[[Sequence[str]], object]:
    """Return the job of a blank pipeline with an ``EntityRuler``, streamed."""
    nlp = spacy.blank("en")
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "SANCTIONS", "pattern": text, "id": rule} for text, rule in patterns.items()])

    def run(texts: Sequence[str]) -> int:
        return sum(len(_spliced(doc, doc.ents)) for doc in nlp.pipe(texts))

    return run


def phrase_matcher(patterns: dict[str, str]) -> Callable[[Sequence[str]], object]:
    """Return the job of a blank pipeline's tokenizer and a ``PhraseMatcher``."""
    nlp: Language = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    by_rule: dict[str, list[Doc]] = {}
    for text, rule in patterns.items():
        by_rule.setdefault(rule, []).append(nlp.make_doc(text))
    for rule, docs in by_rule.items():
        matcher.add(rule, docs)

    def run(texts: Sequence[str]) -> int:
        total = 0
        for text in texts:
            doc = nlp.make_doc(text)
            spans: list[Any] = matcher(doc, as_spans=True)
            total += len(_spliced(doc, filter_spans(spans)))
        return total

    return run


def bare_automaton(annotator: Annotator) -> Callable[[Sequence[str]], object]:
    """Return the job of the literal automaton alone, with the engine's own literals, over text folded before."""
    machine = annotator.rulebook.triggers.machine
    known: dict[str, bytes] = {}

    def run(texts: Sequence[str]) -> int:
        return sum(len(machine.hits(known[text])) for text in texts)

    def prepare(texts: Sequence[str]) -> None:
        known.update((text, Folded(text).folded) for text in texts)

    run.prepare = prepare  # type: ignore[attr-defined]
    return run


def core_alone(annotator: Annotator) -> Callable[[Sequence[str]], object]:
    """Return the job of the compiled core alone: words, literals, cues, and the tests of forms, over folded text."""
    tables = annotator.rulebook.core
    assert tables is not None
    known: dict[str, Folded] = {}

    def run(texts: Sequence[str]) -> int:
        return sum(bool(tables.read(known[text]).triggers(every=False, exactly=False)) for text in texts)

    def prepare(texts: Sequence[str]) -> None:
        known.update((text, Folded(text)) for text in texts)

    run.prepare = prepare  # type: ignore[attr-defined]
    return run


def interpreted() -> Annotator:
    """Return an annotator that does without the compiled core: for rules, sentences and names on lists."""
    made = Annotator()
    made.rulebook.core = None
    made.rulebook.lexicon.compiled = None
    names, core.names = core.names, None
    try:
        if made.lists:
            made.lists.open()
    finally:
        core.names = names
    return made


def reading_bytes(folder: Path) -> Callable[[Sequence[str]], object]:
    """Return the job of reading the texts, in one file, as bytes."""
    files: dict[int, Path] = {}

    def run(texts: Sequence[str]) -> int:
        return len(files[id(texts)].read_bytes())

    def prepare(texts: Sequence[str]) -> None:
        path = folder / f"{len(files)}.txt"
        path.write_text("".join(texts), encoding="utf-8", errors="surrogatepass")
        files[id(texts)] = path

    run.prepare = prepare  # type: ignore[attr-defined]
    return run

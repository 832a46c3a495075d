"""One article, annotated by a script that imports spaCy: what ``benchmarks/command.py`` compares with.

    python benchmarks/with_spacy.py PATTERNS.jsonl NOTES.json ARTICLE

Finds the literals with an ``EntityRuler``, puts a marker behind each and the rules' notes below.
"""

import json
import sys
from pathlib import Path

import spacy


def main() -> None:
    """Annotate one article and write it to standard output."""
    patterns, notes, article = (Path(argument) for argument in sys.argv[1:4])
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    if patterns.stat().st_size:
        ruler.from_disk(patterns)  # type: ignore[attr-defined]
    texts = json.loads(notes.read_text("utf-8"))
    doc = nlp(article.read_text("utf-8"))
    numbers: dict[str, int] = {}
    parts: list[str] = []
    last = 0
    for entity in doc.ents:
        number = numbers.setdefault(entity.ent_id_, len(numbers) + 1)
        parts += (doc.text[last : entity.end_char], f"[{number}]")
        last = entity.end_char
    parts += (doc.text[last:], "\n\nNotes\n", *(f"[{n}] {texts.get(rule, '')}\n" for rule, n in numbers.items()))
    sys.stdout.write("".join(parts))


if __name__ == "__main__":
    main()

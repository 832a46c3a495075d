"""A text in another language than English is said to be so; one in English never is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator import Annotator
from annotator._vocabulary import sections
from annotator.reading.language import other_language, warnings_of

# Each says much the same: that a council forbids trade in certain goods and freezes what a bank owns.
OTHERS = {name: " ".join(lines) for name, lines in sections(Path(__file__).parent / "cases" / "languages.txt").items()}
ENGLISH = (
    "The Council decided on Friday to ban the sale of luxury goods to the country and to freeze what the bank owns, a "
    "spokesman said. The measures are in force at once, and will be until the end of the year."
)


@pytest.mark.parametrize("name", OTHERS)
def test_another_language_is_told(name: str) -> None:
    assert other_language(OTHERS[name]) == name
    [line] = warnings_of(OTHERS[name] * 20)
    assert line.startswith("the text seems to be ")
    assert "\n" not in line


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH * 40,
        ENGLISH.upper(),
        "",
        "Verboten ist die Ausfuhr von Luxusgütern nach Nordkorea.",  # too short to tell
        "安全理事会 banned luxury goods. " + ENGLISH,
        # Names and the small words in them.
        ", ".join(["Abu Bakr al-Baghdadi", "Ivan de la Cruz", "Maria da Silva", "Ahmad bin Isa Al Khalifa"] * 20),
        "Kim Jong Un, Vladimir Putin, Yuri Ushakov, Sergei Lavrov, Andrei Belousov. " * 20,
        f"“{OTHERS['French'][:120]}”, the minister said. {ENGLISH} {ENGLISH}",
        "1. Coal 2. Iron ore 3. Lead 4. Zinc 5. Seafood 6. Textiles " * 30,
    ],
)
def test_english_and_what_cannot_be_told_is_left_alone(text: str) -> None:
    assert warnings_of(text) == ()


def test_it_is_said_of_a_result_whether_anything_was_found_or_not() -> None:
    annotator = Annotator(lists=False)
    assert annotator.annotate(OTHERS["German"]).warnings == warnings_of(OTHERS["German"])
    both = annotator.annotate(f"{OTHERS['German']} S/RES/2397 (2017)", as_of="2024-06-20")
    assert both.annotations
    assert len(both.warnings) == 1
    assert annotator.annotate(ENGLISH).warnings == ()


def test_no_article_in_english_is_taken_for_another(outside: Path) -> None:
    for file in sorted((outside / "news").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            assert other_language(article["text"]) == "", article["id"]
    for file in sorted((outside / "unsc" / "texts").rglob("*.txt")):
        assert other_language(file.read_text(encoding="utf-8", errors="replace")) == "", file

"""Hostile input: time in proportion to length whatever the text, bounded memory, no crash, nothing lost.

Times are never compared with a number of seconds, only one length with another, in processor time.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rulemaking import DAY, annotator, definitions, write

from annotator import Annotator, AnnotatorError, checking, rulebook, strip
from annotator.lists import import_files, opened
from annotator.lists.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent

# Every feature that looks at a mention's surroundings, so that each has a chance to look too far.
CONTEXTS = {
    "libya": {"group": "party", "cues": ["libya[n]"]},
    "iran": {"group": "party", "cues": ["iran[ian]"]},
    "other": {"group": "party", "cues": ["narnia"]},
    "bahrain": {"group": "party", "attached": True, "cues": ["bahrain"]},
    "un": {"group": "authority", "jurisdiction": "un", "cues": ["UN"]},
    "fashion": {"cues": ["fashion"]},
    "council": {"group": "body", "cues": ["security council"]},
    "house": {"group": "body", "cues": ["the house"]},
}
REGIMES = {
    name: {"context": name, "default": True, "jurisdiction": "un", "answers": {"t.embargo": [f"t.{name}-n"]}}
    for name in ("libya", "iran")
}
RULES: dict[str, Any] = {
    "embargo": {"kind": "measure", "phrases": ["arms embargo", "arms /3 embargo"], "notes": "by-regime"},
    "kim": {"kind": "person", "names": ["Kim Jong Un"], "short": ["Kim"], "not": ["Kim Jong Il"], "notes": ["kim"]},
    "kin": {"kind": "person", "names": ["Kim Yo Jong"], "short": ["Kim"], "notes": ["kin"]},
    "resolution": {
        "kind": "instrument",
        "pattern": r"resolutions? (?P<number>\d{1,4})",
        "items": r"(?P<number>\d{1,4})",
        "anchors": ["resolution[s]"],
    },
    "backward": {
        "kind": "instrument",
        "phrases": ["that resolution"],
        "notes": "antecedent",
        "refers": ["t.resolution"],
    },
    "again": {
        "kind": "instrument",
        "phrases": ["the latter"],
        "notes": "antecedent",
        "refers": ["t.resolution"],
        "near": "of two",
    },
    "name": {"kind": "instrument", "coined": True, "notes": "antecedent", "refers": ["t.resolution"]},
    "loop": {"kind": "term", "pattern": "(a+)+b", "anchors": ["a", "aa", "aaaa"]},
    "goods": {
        "phrases": ["luxury goods"],
        "needs": [{"before": ["the", "of supply"], "within": "sentence"}],
        "forbids": [{"context": "fashion"}, {"after": ["for the poor"], "within": "sentence"}],
    },
    "quota": {"phrases": ["quota"], "needs": [{"nearest": {"body": "council"}, "within": "article"}]},
    "gaps": ["sale /20 of /20 arms /20 to", "arms /20 tanks /20 arms /20 planes /20 arms"],
    "target": ["weapons to {target}", "{target} /4 weapons", "{target} {target} {target} guns"],
    "claim": {"kind": "claim", "phrases": ["so they claim"]},
    "both": {"kind": "claim", "pair": {"first": ["t.goods", "t.quota"], "second": ["t.resolution"], "most": 40}},
    "nested": {"phrases": ["big small arms", "small arms", "big small arms trade"], "notes": ["m"]},
    "old": {"phrases": ["Пхеньян"]},
}
HEADLINE = "An opening paragraph that is about nothing in particular, and goes on for a while.\n\n"
PARAGRAPH = "The arms embargo stays as it was, and nobody in the whole wide world said anything else about it.\n\n"

TEXTS: dict[str, Callable[[int], str]] = {
    "a line of mentions": lambda n: "arms embargo on libya and arms embargo on iran, " * n,
    "a line of sentences": lambda n: "The arms embargo on Libya stays! " * n,
    "mentions between cues": lambda n: "libya arms embargo iran " * n,
    "mentions of nobody": lambda n: "the arms embargo stays " * n,
    "mentions beside a party that has no answer": lambda n: "narnia and the arms embargo " * n,
    "cues alone": lambda n: "libya iran UN " * n + "arms embargo",
    "paragraphs of nobody": lambda n: HEADLINE + PARAGRAPH * n,
    "list items": lambda n: "- arms embargo\n" * n,
    "short lines": lambda n: "arms embargo\n" * n,
    "headings": lambda n: ("Arms Embargo\n\n" + PARAGRAPH) * n,
    "names": lambda n: "Kim Jong Un met Kim Jong Il and Kim spoke to Kim Yo Jong. " * n,
    "near-names": lambda n: "Kim Jong Un " + "Kim Jong Il Kim " * n,
    "short names of people": lambda n: "Kim Jong Un " + "Kim " * n,
    "instruments": lambda n: "resolution 1718, " * n,
    "a list of instruments": lambda n: "resolutions 1718" + ", 1874" * n,
    "lists of instruments": lambda n: "resolutions 1718, 1874 and 2397, resolution " * n,
    "back-references": lambda n: "resolution 1718 " + "that resolution " * n,
    "one of two": lambda n: "resolutions 1718 and 1874. " + "The latter. " * n,
    "short names": lambda n: 'resolution 1718 ("the Big Resolution") ' + "Big Resolution " * n,
    "short names given again": lambda n: 'resolution 1718 ("the Big Resolution") stands. ' * n,
    "many short names": lambda n: "".join(f'resolution 1718 ("the R{i} Resolution") and ' for i in range(n)),
    "back-references to nothing": lambda n: "that resolution " * n,
    "a pattern that backtracks": lambda n: "a" * n + " " + "aaaa " * n,
    "one word": lambda n: "arms " * n,
    "the other word": lambda n: "embargo " * n,
    "one word of many gaps": lambda n: "sale of arms to " * n,
    "targets": lambda n: "weapons to libya iran weapons " * n,
    "targets that never end": lambda n: "libya " * n,
    "conditions that hold": lambda n: "the luxury goods of " * n,
    "conditions that fail": lambda n: "luxury goods of " * n,
    "a context that forbids": lambda n: "the luxury goods of fashion " * n,
    "the nearest": lambda n: "quota security council quota the house " * n,
    "the nearest of none": lambda n: "quota " * n,
    "claims in quotes": lambda n: '"so they claim ' * n,
    "pairs": lambda n: "the quota of the security council of resolution 1718 " * n,
    "nested mentions": lambda n: "big small arms trade " * n,
    "stops": lambda n: "......" * n + " arms embargo on libya. ",
    "stops and blanks": lambda n: ". . . ! ? " * n + " arms embargo on libya. ",
    "quotes": lambda n: "\"'”.\"' (" * n + " arms embargo on libya. ",
    "brackets": lambda n: "(" * n + "arms embargo on libya" + ")" * n,
    "brackets behind a stop": lambda n: "arms embargo. " + "(" * n,
    "blanks": lambda n: "arms" + " " * n + "embargo on libya",
    "line ends": lambda n: "arms embargo on libya\n" + "\n" * n + "arms",
    "zero-width blanks": lambda n: "arms\u200b embargo\u0301 on libya " * n,
    "soft hyphens": lambda n: "ar" + "\u00ad" * n + "ms embargo on libya",
    "ligatures": lambda n: "ﬃﬁ arms embargo on libya " * n,
    "accents": lambda n: "e" + "\u0301" * n + " arms embargo on libya",
    "another script": lambda n: "Пхеньян arms embargo on libya, Пхеньяна " * n,
    "emoji": lambda n: "\U0001f600 arms embargo on libya " * n,
    "markers": lambda n: "[1] arms embargo on libya [n1] {1} [note 1] " * n,
    "links": lambda n: "http://x.yz/arms-embargo arms embargo on libya " * n,
    "addresses": lambda n: "a@b.cd" * n + " arms embargo on libya",
    "rare characters": lambda n: (
        "".join(map(chr, range(0x100, 0x100 + min(n, 0x8000)))) * max(1, n // 0x8000) + " arms embargo on libya"
    ),
}
MARKDOWN: dict[str, Callable[[int], str]] = {
    "a heading without end": lambda n: "# " + "libya iran " * n + "\n\n" + "The arms embargo stays.\n\n" * (n // 4),
    "brackets": lambda n: "[" * n + "arms embargo on libya" + "]" * n,
    "links": lambda n: "[arms embargo on libya](http://x.yz) " * n,
    "code": lambda n: "`arms embargo` arms embargo on libya " * n,
    "items": lambda n: "- arms embargo on libya\n" * n,
    "quotes": lambda n: "> arms embargo on libya\n" * n,
    "footnotes": lambda n: "arms embargo on libya [^1]\n\n[^1]: x\n\n" * n,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Annotator:
    folder = tmp_path_factory.mktemp("hostile")
    one = annotator(folder, RULES, contexts=CONTEXTS, regimes=REGIMES)
    one.annotate("arms embargo on libya, resolution 1718, Пхеньян", as_of=DAY).render()
    return one


def seconds(work: Callable[[], object]) -> float:
    """Time work without the collector, which walks what all earlier tests have left."""
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


def assert_linear(work: Callable[[str], object], text_of: Callable[[int], str], size: int = 25_000) -> None:
    """Hold work to time in proportion to length: four times the text, not sixteen times the time.

    Nine is halfway between the two. Noise can only make one run slow, so one good run of three is proof.
    """
    unit = max(1, (len(text_of(1000)) - len(text_of(0))) // 1000)
    short, long = (text_of(size * factor // unit) for factor in (1, 4))
    ratios = []
    for _ in range(3):
        small = min(seconds(lambda: work(short)) for _ in range(2))
        large = seconds(lambda: work(long))
        if large < 0.04:  # both are too short to tell: nothing grows here
            return
        ratios.append(large / max(small, 0.005))
        if ratios[-1] < 9:
            return
    pytest.fail(f"four times the text took {' / '.join(f'{ratio:.1f}' for ratio in ratios)} times as long")


def there_and_back(made: Annotator, text: str, **options: Any) -> None:
    result = made.annotate(text, as_of=DAY, **options)
    assert strip(str(result)) == text


@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_length(name: str, made: Annotator) -> None:
    assert_linear(lambda text: there_and_back(made, text, notes="every"), TEXTS[name])


@pytest.mark.parametrize("name", MARKDOWN)
def test_time_grows_with_length_in_markdown(name: str, made: Annotator) -> None:
    assert_linear(lambda text: there_and_back(made, text, format="markdown"), MARKDOWN[name], size=12_000)


SYLLABLES = ("ba", "cho", "dur", "fe", "gli", "hom", "ju", "kre", "lo", "mna")
QUIET = "it rained on the fields that day, and nobody went out before the evening came. " * 40
PEOPLE: dict[str, Callable[[int], str]] = {
    "named once": lambda n: "".join(f"Russia's {given(i)} {family(i)} was sanctioned. {QUIET}\n\n" for i in range(n)),
    "named again by the family name": lambda n: "".join(
        f"{given(i)} {family(i)} was sanctioned. {family(i)} left. {QUIET}\n\n" for i in range(n)
    ),
    "named together": lambda n: "".join(
        f"{given(i)} {family(i)} and his brother {family(i)} were sanctioned, {given(i)} {family(i)} Zhol not. {QUIET}"
        "\n\n"
        for i in range(n)
    ),
}


def family(number: int) -> str:
    """Return a name that no other number below a thousand has."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:03}").capitalize() + "vik"


def given(number: int) -> str:
    return "Tr" + SYLLABLES[number % 10] + SYLLABLES[number // 10 % 10] + "sko"


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a list of a thousand people."""
    folder = tmp_path_factory.mktemp("listed")
    people = "".join(
        f"<INDIVIDUAL><DATAID>{i}</DATAID><FIRST_NAME>{given(i)}</FIRST_NAME><SECOND_NAME>{family(i)}</SECOND_NAME>"
        f"<REFERENCE_NUMBER>TSi.{i:04}</REFERENCE_NUMBER><LISTED_ON>2020-02-03</LISTED_ON>"
        "<NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY></INDIVIDUAL>"
        for i in range(1000)
    )
    path = folder / "un.xml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><CONSOLIDATED_LIST dateGenerated="2024-06-01T00:00:00.000Z">'
        f"<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES></ENTITIES></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    import_files([path], folder / "lists.db")
    return folder / "lists.db"


@pytest.fixture(scope="module")
def listed(thousand: Path) -> Annotator:
    """Return an annotator with these people, who have been looked at once."""
    one = Annotator(default_rules=False, names="always", lists=[thousand, "none"])
    text = "".join(f"Russia's {given(i)} {family(i)} was sanctioned. " for i in range(1000))
    assert len(one.annotate(text, as_of=DAY, notes="every").annotations) > 900
    return one


@pytest.mark.parametrize("name", PEOPLE)
def test_time_grows_with_the_names_of_different_people(name: str, listed: Annotator) -> None:
    assert_linear(lambda text: there_and_back(listed, text, notes="every"), PEOPLE[name], size=450_000)


def test_entries_are_read_in_proportion_to_the_names_in_a_text(thousand: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of a text with more names than entries are kept between texts: once to judge, and once for the notes."""
    monkeypatch.setattr(opened, "_MOST_KEPT", 20)
    read: list[int] = []
    entry = Store.entry
    monkeypatch.setattr(Store, "entry", lambda store, key: read.append(key) or entry(store, key))
    for people in (100, 400):
        once = "".join(f"Russia's {given(i)} {family(i)} was sanctioned. {family(i)} left.\n\n" for i in range(people))
        read.clear()
        made = Annotator(default_rules=False, names="always", lists=[thousand, "none"])
        assert len(made.annotate(once * 2, as_of=DAY).annotations) > 0.9 * people
        assert people < len(read) <= 3 * people


@pytest.mark.parametrize("policy", ["first", "paragraph", "every"])
def test_time_grows_with_length_under_each_policy(policy: str, made: Annotator) -> None:
    assert_linear(
        lambda text: there_and_back(made, text, notes=policy),
        lambda n: PARAGRAPH.replace("embargo", "embargo on Libya") * n,
    )


def test_everything_that_explain_shows_takes_linear_time(made: Annotator) -> None:
    assert_linear(
        lambda text: made.mentions(made.read(text), everything=True),
        lambda n: "libya the arms embargo, Kim, resolution 1 " * n,
    )


def pack_texts() -> list[str]:
    """Return the examples of all shipped rules, each in one line."""
    texts = []
    for rule in rulebook.read_definitions()["rules"].values():
        for kind in ("match", "near"):
            for example in rule.data.get("examples", {}).get(kind, ()):
                text = example if isinstance(example, str) else example["text"]
                texts.append(" ".join(text.replace("[[", "").replace("]]", "").split()))
    return texts


@pytest.mark.parametrize("joint", [" ", "\n\n", ", "], ids=["one line", "paragraphs", "one sentence"])
def test_the_pack_takes_linear_time(joint: str) -> None:
    texts = pack_texts()
    if joint == ", ":
        texts = [text.translate(str.maketrans("", "", ".!?")) for text in texts]
    whole = joint.join(texts[::9]) + joint
    shipped = Annotator()
    shipped.annotate(whole, as_of=DAY, notes="every")
    assert_linear(lambda text: shipped.annotate(text, as_of=DAY, notes="every"), lambda n: whole * n, size=len(whole))


def test_phrases_far_from_what_they_need_take_linear_time() -> None:
    shipped = Annotator()
    parted = "He bought luxury goods here.\n\nWe are in North Korea now.\n\n"
    assert_linear(lambda text: shipped.annotate(text, as_of=DAY), lambda n: parted * n, size=50_000)
    assert_linear(
        lambda text: shipped.annotate(text, as_of=DAY),
        lambda n: "He bought luxury goods here. " * n + "\n\nWe are in North Korea now.",
        size=200_000,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_length_when_long(name: str, made: Annotator) -> None:
    """What is slow only when long, since it is fast for each character, shows here."""
    assert_linear(lambda text: there_and_back(made, text), TEXTS[name], size=50_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("a line of mentions", 300_000), ("claims in quotes", 200_000), ("names", 300_000), ("stops", 1_000_000),
        ("brackets", 1_000_000), ("one word", 1_000_000),
    ],
)  # fmt: skip
def test_a_line_that_does_not_end(name: str, size: int, made: Annotator) -> None:
    unit = max(1, (len(TEXTS[name](1000)) - len(TEXTS[name](0))) // 1000)
    text = TEXTS[name](size // unit)
    assert "\n" not in text
    there_and_back(made, text)


# -- memory ---------------------------------------------------------------------------------------------

MEASURE = """
import gc, json, resource, sys
sys.path.insert(0, {root!r})
from annotator import Annotator, strip
made = Annotator(rules=[{rules!r}], default_rules=False, cache=False)
paragraph = ({mention!r} + " " + {filler!r} * 60).strip() + "\\n\\n"
made.annotate(paragraph, as_of={day!r}).render_bytes()
def run(size):
    source = (paragraph * (size // len(paragraph))).encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out = made.annotate(source, as_of={day!r}).render_bytes()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert strip(out) == source
    return before, peak, len(source)
small = run({small})
large = run({large})
print(json.dumps([small, large]))
"""


def grown(folder: Path, small: int, large: int, mention: str) -> float:
    """Return how much memory one more byte of text costs, in bytes, from two sizes in one process."""
    path = write(folder, definitions(RULES, contexts=CONTEXTS, regimes=REGIMES))
    script = MEASURE.format(
        root=str(ROOT),
        rules=str(path),
        day=DAY,
        mention=mention,
        filler="It rained on the fields that day. ",
        small=small,
        large=large,
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (_, first, short), (_, second, long) = json.loads(done.stdout)
    return (second - first) / (long - short)


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss counts in other units elsewhere")
@pytest.mark.parametrize("mention", ["It rained.", "An arms embargo on Libya."])
def test_memory_grows_with_length(mention: str, tmp_path: Path) -> None:
    assert grown(tmp_path, 2_000_000, 12_000_000, mention) < 12


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss counts in other units elsewhere")
@pytest.mark.parametrize("mention", ["It rained.", "An arms embargo on Libya."])
def test_memory_of_a_large_text(mention: str, tmp_path: Path) -> None:
    assert grown(tmp_path, 2_000_000, 40_000_000, mention) < 10


# -- odd texts --------------------------------------------------------------------------------------------

ODD = [
    "", " ", "\n", "\r", "\r\n", "\x00", "\0" * 50, "\ufeff", "\ufeff\ufeff", "\ud800", "\udfff\ud800", "\u202e",
    "\x1a", "\x85", "\U0010ffff", "\u0301", "\u0301\u0301arms", "\xad", "\u200b", "[1]", "Notes on sanctions law",
    "'", '"', "(", "arms", "arms ", " arms", "Kim", "resolution", "resolution ", "resolution 1", "that resolution",
    "to libya", "{target}", "arms\x00embargo", "a\ud800rms embargo on libya", "arms embargo\ud800 on libya \udc00",
    "\u202earms embargo on libya\u202c", "\ufeffarms embargo on libya", "arms embargo on libya\x00",
    "\ufb01 arms embargo on libya \ufb01", "arms embargo on libya" + "\u0301" * 100,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=[repr(text)[:40] for text in ODD])
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_odd_text_comes_back(text: str, format: str, made: Annotator) -> None:
    result = made.annotate(text, as_of=DAY, format=format, notes="every")
    assert result.document.text == text
    assert strip(str(result)) == text
    assert str(made.annotate(str(result), as_of=DAY, format=format, notes="every")) == str(result)
    for one in result.annotations:
        assert text[one.start : one.end] == one.text != ""
    if "arms embargo" in text and " libya" in text and "\0e" not in text:
        assert result.annotations


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp1251", "shift_jis"]
)
def test_other_encodings_come_back(codec: str, made: Annotator) -> None:
    text = "An arms embargo on Libya, it is said.\r\n" * 3
    source = text.encode(codec)
    result = made.annotate(source, as_of=DAY, encoding=codec)
    assert len(result.annotations) == 1
    out = result.render_bytes()
    assert strip(out) == source != out


def test_bytes_that_are_no_utf8_come_back(made: Annotator) -> None:
    source = b"An arms embargo on Libya, it is said, and more than once.\n" * 20 + b"\xff\xfe\x80 end\n"
    result = made.annotate(source, as_of=DAY)
    assert result.annotations
    assert strip(result.render_bytes()) == source


BINARY = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 4,
    "a zip": b"PK\x03\x04" + bytes(200),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "NULs": bytes(1000),
    "control characters": bytes(range(32)) * 30,
}


@pytest.mark.parametrize("name", BINARY)
def test_binary_data_are_refused_in_one_line(name: str, made: Annotator) -> None:
    with pytest.raises(AnnotatorError) as caught:
        made.annotate(BINARY[name], as_of=DAY, path="thing.bin")
    assert "thing.bin" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_real_news_come_back(outside: Path) -> None:
    """Every release of a year, as it stands: nothing lost, spans exact, twice is once."""
    files = sorted((outside / "news").glob("*.jsonl"))
    assert files
    shipped = Annotator()
    for path in files:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % 40:
                    continue
                text = json.loads(line)["text"]
                result = shipped.annotate(text, as_of=DAY)
                out = str(result)
                assert strip(out) == strip(text)
                for one in result.annotations:
                    assert result.document.text[one.start : one.end] == one.text
                assert str(shipped.annotate(out, as_of=DAY)) == out


def test_rules_of_a_hostile_user_are_linted_in_linear_time(tmp_path: Path) -> None:
    def lint(count: int) -> None:
        rules = {f"r{n}": {"phrases": [f"word{n} (a|b) more{n}"]} for n in range(count)}
        checking.lint([write(tmp_path, definitions(rules))], default_rules=False)

    lint(10)
    small = min(seconds(lambda: lint(150)) for _ in range(2))
    large = min(seconds(lambda: lint(600)) for _ in range(2))
    assert large / small < 9

"""Files beside an article: each follows its own standard, and its places lead to exactly the mentions."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import UsageError
from annotator.errors import ExitCode
from annotator.model import Annotation, Document, Layout, Note, Source, SourceMap
from annotator.reading import read
from annotator.writing import OUTPUTS, join, json_schema, render
from annotator.writing.places import Lines, address
from annotator.writing.table import COLUMNS

if TYPE_CHECKING:
    from conftest import Command

RUN: dict[str, Any] = {"as_of": "2024-06-20", "as_of_from": "given", "digest": "0123456789abcdef" * 4}
BESIDE = [name for name, output in OUTPUTS.items() if not output.keeps]
HOSTILE = [
    "",
    "plain",
    "two\r\nlines\rand\nmore\u2028still\x85more",
    "nul \0 bell \a escape \x1b[31m tab \t end",
    "\ud800 lone \udcff surrogates",
    "العقوبات على السلع הסנקציות 制裁 санкции \U0001f600 e\u0301",
    "\u202egnp.exe\u202c =cmd|'/c calc'!A1",
    "</script><script>alert(1)</script><!-- --> ]]> {{0}} [a](b)",
]


def note(text: str = "The act, Art. 1, forbids it.", **changes: Any) -> Note:
    """Return a note."""
    values: dict[str, Any] = {
        "id": "test.note",
        "text": text,
        "sources": (Source("Act 12", "Art. 1", "https://example.org/act"), Source("Law 7", "", "")),
        "from_date": "2010-01-01",
        "until": None,
        "jurisdiction": "un,eu",
        "status": "verified",
        "checked": "2026-01-02",
        "verb": "forbids",
        "later": ("Since 2025-01-01: more.",),
        **changes,
    }
    return Note(**values)


def annotation(document: Document, start: int, end: int, *notes: Note, kind: str = "measure") -> Annotation:
    """Return an annotation of a span."""
    text = document.text[start:end]
    return Annotation(start, end, text, "test.rule", kind, {"field": "x"}, ("because",), notes or (note(),))


def every_word(document: Document) -> list[Annotation]:
    """Return an annotation for each run of what is not white space, the second of each three a claim."""
    return [
        annotation(document, found.start(), found.end(), kind="claim" if index % 3 == 1 else "measure")
        for index, found in enumerate(re.finditer(r"\S+", document.text))
    ]


def marked_up() -> Document:
    """Return a document whose text is not its source: bold marks and an entity are hidden."""
    markup = "<p>no <b>luxury</b>&nbsp;goods</p>\n<p>more</p>"
    # text:   "no luxury goods\nmore"
    text = "no luxury\xa0goods\nmore"
    runs = [(0, 3, 3), (3, 9, 6), (9, 19, 6), (10, 25, 5), (15, 30, 0), (16, 38, 4)]
    places = SourceMap([a for a, _, _ in runs], [b for _, b, _ in runs], [c for _, _, c in runs], len(text))
    return Document(
        source=markup.encode(), text=text, markup=markup, places=places, format="html", encoding="utf-8", bom=b"",
        newline="\n", path="page.html", layout_of=lambda _: Layout(()),
    )  # fmt: skip


texts = st.text(st.one_of(st.characters(), st.sampled_from("ab \r\n\t\0\ud800\u2028\u0301=+-@'\"")), max_size=60)


# -- all of them ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_gives_the_same_bytes_each_time(name: str, text: str) -> None:
    document = read(text, format="text")
    annotations = every_word(document)
    out = render(document, annotations, format=name, **RUN)
    assert render(document, annotations, format=name, **RUN) == out
    if OUTPUTS[name].codec:
        out.decode(OUTPUTS[name].codec)
    if OUTPUTS[name].lines:
        assert b"\n" not in out


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize(
    "path", ["a\udcff b.txt", 'x\n<y>&".txt', "=1.txt", "./a//../b.txt", "C:\\x y\\z.txt", "é/ü#?.txt"]
)
def test_any_path_will_do(name: str, path: str) -> None:
    document = read("some goods", format="text", path=path)
    out = render(document, every_word(document), format=name, **RUN)
    if OUTPUTS[name].codec:
        out.decode(OUTPUTS[name].codec)
    assert re.fullmatch(r"[!-~]+", address(document))
    assert not re.search(r'[ <>"{}|\\^`]', address(document))
    if name == "sarif":
        sarif_of(out)
    if name == "csv":
        assert len(rows_of(out)) == 2
    if name == "webannotation":
        web_annotations(document, every_word(document))


@pytest.mark.parametrize("name", BESIDE)
def test_one_output_joined_is_itself(name: str) -> None:
    document = read("some goods", format="text", path="a.txt")
    out = render(document, every_word(document), format=name, **RUN)
    if OUTPUTS[name].joins:
        assert join(name, [out]) == out
    elif OUTPUTS[name].lines:
        assert join(name, [out, out]) == out + b"\n" + out + b"\n"
    else:
        with pytest.raises(UsageError, match="one file for each"):
            join(name, [out])


@pytest.mark.parametrize("name", BESIDE)
def test_command_writes_each(here, name: str, desk_run: Command) -> None:
    (here / "a.txt").write_bytes(b"Some widgets.\r\nNobody forbids them.")
    (here / "b.txt").write_bytes(b"Gadgets, but nobody forbids them.\n")
    (here / "c.txt").write_bytes(b"\xff\xfe\xff")
    options = ("--output", name, "--as-of", "2024-06-20")
    done = desk_run("annotate", "a.txt", *options)
    assert (done.exit_code, done.stderr) == (0, "annotator: 1 note, 1 check. Law as of 20 June 2024 (given).\n")
    assert desk_run("annotate", "a.txt", *options).stdout_bytes == done.stdout_bytes
    assert desk_run("annotate", "a.txt", *options, "-o", "single").exit_code == 0
    assert (here / "single").read_bytes() == done.stdout_bytes
    assert desk_run("annotate", "a.txt", "b.txt", *options, "-o", "out/").exit_code == 0
    suffix = OUTPUTS[name].suffix
    assert sorted(each.name for each in (here / "out").iterdir()) == [f"a.txt{suffix}", f"b.txt{suffix}"]
    assert desk_run("annotate", "a.txt", *options, "--fail-on", "claims").exit_code == ExitCode.FINDINGS
    assert desk_run("annotate", "a.txt", *options, "--in-place").exit_code == ExitCode.USAGE
    several = desk_run("annotate", "a.txt", "c.txt", "b.txt", *options)
    if not (OUTPUTS[name].lines or OUTPUTS[name].joins):
        assert several.exit_code == ExitCode.USAGE
        return
    assert several.exit_code == ExitCode.BAD_INPUT
    each = [(here / "out" / f"{one}.txt{suffix}").read_bytes().removesuffix(b"\n") for one in "ab"]
    if not OUTPUTS[name].joins:
        assert several.stdout_bytes == b"".join(one + b"\n" for one in each)
    assert desk_run("annotate", "a.txt", "b.txt", *options, "-o", "whole").exit_code == 0
    assert (here / "whole").read_bytes() == several.stdout_bytes


def test_outputs_in_python(desk) -> None:
    from annotator import Annotator

    result = Annotator(desk, default_rules=False).annotate("Some widgets.", as_of="2024-06-20", path="a.txt")
    for name in BESIDE:
        data = result.render_bytes(name)
        if OUTPUTS[name].codec:
            assert result.render(name).encode(OUTPUTS[name].codec) == data
        else:
            with pytest.raises(UsageError, match="render_bytes"):
                result.render(name)
    with pytest.raises(UsageError, match="plain, excel"):
        result.render("csv", style="wide")


# -- JSON -------------------------------------------------------------------------------------------


def test_json_says_where_a_mention_stands_in_the_source() -> None:
    document = marked_up()
    found = json.loads(render(document, [annotation(document, 3, 15)], format="json", **RUN))
    jsonschema.Draft202012Validator(json_schema()).validate(found)
    place = found["annotations"][0]["source"]
    assert document.markup[place["start"] : place["end"]] == "luxury</b>&nbsp;goods"
    assert found["annotations"][0]["text"] == "luxury\xa0goods"
    assert found["document"]["text_sha256"] != found["document"]["sha256"]


@pytest.mark.parametrize("text", HOSTILE)
def test_json_digest_is_of_the_text(text: str) -> None:
    from hashlib import sha256

    document = read(text, format="text")
    found = json.loads(render(document, every_word(document), format="json", **RUN))
    jsonschema.Draft202012Validator(json_schema()).validate(found)
    assert found["document"]["text_sha256"] == sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    assert all("source" not in one for one in found["annotations"])


def test_places_in_a_web_page(here, desk_run: Command) -> None:
    from html import unescape

    source = (
        "<p>Some wid<b>gets</b>.\r\n</p>\r\n<p>&lt;&nbsp;<i>gad</i>&#103;ets,\tand <em>nobody forbids</em> them.</p>"
    )
    (here / "a.html").write_bytes(source.encode())

    def out(name: str) -> str:
        return desk_run("annotate", "a.html", "--output", name).stdout_bytes.decode()

    def words(start: int, end: int) -> str:
        return unescape(re.sub("<[^>]*>", "", source[start:end]))

    wanted = ["widgets", "gadgets", "nobody forbids them"]
    found = json.loads(out("json"))["annotations"]
    assert [words(one["source"]["start"], one["source"]["end"]) for one in found] == wanted
    starts = [0, *(line.end() for line in re.finditer("\r\n", source))]
    regions = [one["locations"][0]["physicalLocation"]["region"] for one in sarif_of(out("sarif").encode())["results"]]
    for region, text in zip(regions, wanted, strict=True):
        start, end = (starts[region[f"{at}Line"] - 1] + region[f"{at}Column"] - 1 for at in ("start", "end"))
        assert words(start, end) == text
    assert [row["line"] for row in rows_of(out("csv").encode())] == ["1", "3", "3"]
    plain = out("plain")
    for one in json.loads(out("webannotation"))["first"]["items"]:
        quote, position = one["target"]["selector"]
        assert plain[position["start"] : position["end"]] == quote["exact"]


# -- W3C Web Annotation -----------------------------------------------------------------------------

_URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$"}
_REFERENCE = {"type": "string", "pattern": r"^[!-~]+$", "not": {"pattern": '[ <>"{}|\\\\^`]'}}
_PURPOSE = {"enum": ["assessing", "commenting", "tagging"]}
# What the model's text requires of the parts used here (sections 3.1, 3.2.4, 4.2.4, 4.2.5, 5.1 and 5.2).
WEB_ANNOTATION: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["@context", "id", "type", "label", "total"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": _URI,
        "type": {"const": "AnnotationCollection"},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "first": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "type", "partOf", "startIndex", "items"],
            "properties": {
                "id": _URI,
                "type": {"const": "AnnotationPage"},
                "partOf": _URI,
                "startIndex": {"const": 0},
                "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/annotation"}},
            },
        },
    },
    "if": {"properties": {"total": {"const": 0}}},
    "then": {"not": {"required": ["first"]}},
    "else": {"required": ["first"]},
    "$defs": {
        "annotation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "type", "motivation", "generator", "body", "target"],
            "properties": {
                "id": _URI,
                "type": {"const": "Annotation"},
                "motivation": _PURPOSE,
                "generator": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["type", "name"],
                    "properties": {"type": {"const": "Software"}, "name": {"type": "string"}},
                },
                "body": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/body"}},
                "target": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["source", "selector"],
                    "properties": {
                        "source": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["id", "type"],
                            "properties": {
                                "id": _URI,
                                "type": {"const": "Text"},
                                "format": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
                                "label": {"type": "string"},
                            },
                        },
                        "selector": {
                            "type": "array",
                            "prefixItems": [
                                {
                                    "type": "object",
                                    "additionalProperties": False,
                                    "required": ["type", "exact", "prefix", "suffix"],
                                    "properties": {
                                        "type": {"const": "TextQuoteSelector"},
                                        "exact": {"type": "string"},
                                        "prefix": {"type": "string"},
                                        "suffix": {"type": "string"},
                                    },
                                },
                                {
                                    "type": "object",
                                    "additionalProperties": False,
                                    "required": ["type", "start", "end"],
                                    "properties": {
                                        "type": {"const": "TextPositionSelector"},
                                        "start": {"type": "integer", "minimum": 0},
                                        "end": {"type": "integer", "minimum": 0},
                                    },
                                },
                            ],
                            "minItems": 2,
                            "maxItems": 2,
                        },
                    },
                },
            },
        },
        "body": {
            "type": "object",
            "additionalProperties": False,
            "required": ["type", "value", "format", "purpose"],
            "properties": {
                "type": {"const": "TextualBody"},
                "value": {"type": "string"},
                "format": {"const": "text/plain"},
                "language": {"const": "en"},
                "purpose": _PURPOSE,
            },
        },
    },
}


def web_annotations(document: Document, annotations: list[Annotation]) -> list[dict[str, Any]]:
    """Return the annotations of the output, after it was found to follow the model."""
    found = json.loads(render(document, annotations, format="webannotation", **RUN))
    jsonschema.Draft202012Validator(WEB_ANNOTATION).validate(found)
    items: list[dict[str, Any]] = found.get("first", {}).get("items", [])
    assert found["total"] == len(items) == len(annotations)
    names = [found["id"], *(one["id"] for one in items)]
    assert len(names) == len(set(names))
    return items


@given(texts)
def test_web_annotation_selectors_lead_back(text: str) -> None:
    document = read(text, format="text")
    annotations = every_word(document)
    for one, given_one in zip(web_annotations(document, annotations), annotations, strict=True):
        quote, position = one["target"]["selector"]
        assert (position["start"], position["end"]) == (given_one.start, given_one.end)
        assert text[position["start"] : position["end"]] == quote["exact"]
        whole = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert text.find(whole) + len(quote["prefix"]) == given_one.start
        assert text.find(whole, text.find(whole) + 1) < 0


def test_web_annotation_quotes_what_makes_a_place_unique() -> None:
    line = "The same words about goods stand here once more and then again. "
    document = read(line * 8 + "At last. " + line * 8, format="text")
    goods = [annotation(document, each.start(), each.end()) for each in re.finditer("goods", document.text)]
    for one, given_one in zip(web_annotations(document, goods), goods, strict=True):
        quote = one["target"]["selector"][0]
        whole = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert [each.start() for each in re.finditer(f"(?={re.escape(whole)})", document.text)] == [
            given_one.start - len(quote["prefix"])
        ]


def test_web_annotation_names_what_it_is_about() -> None:
    document = read("some goods", format="markdown", path="my notes/a:b.md")
    claim = annotation(document, 5, 10, note(), note("Another."), kind="claim")
    one = web_annotations(document, [claim])[0]
    name = one["target"]["source"].pop("id")
    assert re.fullmatch(r"ni:///sha-256;[\w-]{43}", name)
    assert one["target"]["source"] == {"type": "Text", "format": "text/markdown", "label": "my notes/a:b.md"}
    assert address(document) == "my%20notes/a%3Ab.md"
    assert address(read("some goods", format="text")) == name
    assert one["motivation"] == "assessing"
    assert [body["purpose"] for body in one["body"]] == ["assessing", "assessing", "tagging"]
    assert "https://example.org/act" in one["body"][0]["value"]
    assert web_annotations(read("", format="text"), []) == []


# -- brat -------------------------------------------------------------------------------------------


def test_plain_is_the_text_that_offsets_count_in() -> None:
    document = read("a\ud800\r\nb", format="text")
    assert render(document, [], format="plain", **RUN) == "a\ufffd\r\nb".encode()


@given(texts)
def test_brat_fits_its_text(text: str) -> None:
    document = read(text, format="text")
    size = len(text)
    spans = {(0, size), (size // 3, size), (size // 2, size // 2 + 1)}
    annotations = [annotation(document, start, min(end, size)) for start, end in sorted(spans) if start < size]
    plain = render(document, annotations, format="plain", **RUN).decode()
    assert len(plain) == size
    lines = render(document, annotations, format="brat", **RUN).decode().splitlines()
    bound = {}
    for line in lines:
        first, second, third = line.split("\t")
        if first[0] == "T":
            name, spans_of = second.split(" ", 1)
            assert re.fullmatch("[A-Za-z][A-Za-z0-9_-]*", name)
            pieces = [tuple(map(int, each.split())) for each in spans_of.split(";")]
            assert third == " ".join(plain[start:end] for start, end in pieces)
            bound[first] = pieces
        else:
            assert re.fullmatch("#[0-9]+", first)
            assert second.split(" ")[0] == "AnnotatorNotes"
            assert second.split(" ")[1] in bound
    for number, one in enumerate(annotations, 1):
        pieces = bound.get(f"T{number}", [])
        kept = "".join(plain[start:end] for start, end in pieces)
        assert kept == "".join("".join(plain[one.start : one.end].splitlines()).split("\t"))


def test_brat_splits_at_line_ends() -> None:
    document = read("luxury\r\ngoods", format="text")
    out = render(document, [annotation(document, 0, 13, kind="1 kind")], format="brat", **RUN).decode()
    assert out.splitlines()[0] == "T1\tkind_1_kind 0 6;8 13\tluxury goods"


# -- DocBin -----------------------------------------------------------------------------------------


def docs_of(data: bytes) -> list[Any]:
    import spacy
    from spacy.tokens import DocBin

    return list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))


@pytest.mark.parametrize("text", HOSTILE)
def test_docbin_holds_spans_and_notes(text: str) -> None:
    document = read(text, format="text", path="a.txt")
    annotations = every_word(document)
    doc = docs_of(render(document, annotations, format="docbin", **RUN))[0]
    assert doc.text == re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert doc.user_data["sanctions_path"] == "a.txt"
    spans = list(doc.spans["sanctions"])
    assert doc.spans["sanctions"].attrs["as_of"] == RUN["as_of"]
    assert len(spans) == len(annotations)
    for span, one in zip(spans, annotations, strict=True):
        assert span.start_char <= one.start < one.end <= span.end_char
        assert (span.label_, span.id_) == (one.kind, one.rule)
        assert (one.start, one.end) in [(each["start"], each["end"]) for each in span._.sanctions]
        assert span._.sanctions[0]["text"] == one.notes[0].text


def test_docbin_joins() -> None:
    documents = [read(text, format="text", path=f"{text}.txt") for text in ("some goods", "other goods", "")]
    joined = join("docbin", [render(one, every_word(one), format="docbin", **RUN) for one in documents])
    docs = docs_of(joined)
    assert [doc.text for doc in docs] == ["some goods", "other goods", ""]
    assert [doc.user_data["sanctions_path"] for doc in docs] == ["some goods.txt", "other goods.txt", ".txt"]
    assert docs[1].spans["sanctions"][1].text == "goods"


# -- CSV --------------------------------------------------------------------------------------------


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_for_each_note() -> None:
    document = read("first\r\nsome goods", format="text", path="a.txt")
    two = annotation(document, 12, 17, note(), note("Another.", id="test.other", until="2024-01-01", from_date=None))
    data = render(document, [two], format="csv", **RUN)
    assert data.count(b"\r\n") == 3
    rows = rows_of(data)
    assert [row["note"] for row in rows] == ["test.note", "test.other"]
    assert rows[0] == {
        "file": "a.txt", "line": "2", "column": "6", "start": "12", "end": "17", "text": "goods", "kind": "measure",
        "rule": "test.rule", "note": "test.note", "note text": "The act, Art. 1, forbids it.", "jurisdiction": "un,eu",
        "verb": "forbids", "holds from": "2010-01-01", "holds until": "", "since then": "Since 2025-01-01: more.",
        "status": "verified", "checked": "2026-01-02", "sources": "Act 12, Art. 1; Law 7",
        "grade": "", "full": "The act, Art. 1, forbids it.", "page": "",
        "links": "https://example.org/act", "as of": "2024-06-20", "as of from": "given", "rulebook": RUN["digest"],
    }  # fmt: skip
    assert rows[1]["holds until"] == "2024-01-01"
    marked = render(document, [two], format="csv", style="excel", **RUN)
    assert marked == "\ufeff".encode() + data
    assert join("csv", [marked, marked]).count("\ufeff".encode()) == 1
    assert len(rows_of(join("csv", [marked, data, marked]))) == 6


@given(texts)
def test_csv_survives_any_text_and_runs_no_formula(text: str) -> None:
    document = read(text, format="text", path=text or None)
    annotations = [annotation(document, 0, len(text), note(text, later=(text,), id=text))] if text else []
    rows = list(csv.reader(io.StringIO(render(document, annotations, format="csv", **RUN).decode(), newline="")))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 1 + len(annotations)
    for row in rows[1:]:
        assert len(row) == len(COLUMNS)
        for each in row:
            assert not re.match(r"\s*[=+@-]", each)
            assert not re.search("[\0-\x1f]", each)


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1", "|x", "%x", '"=1"', "'=1"])
def test_csv_puts_an_apostrophe_before_formulas(start: str) -> None:
    document = read("goods", format="text")
    row = rows_of(render(document, [annotation(document, 0, 5, note(start))], format="csv", **RUN))[0]
    assert row["note text"] == f"'{start.strip()}"


# -- SARIF ------------------------------------------------------------------------------------------

_MESSAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {"text": {"type": "string"}},
}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["uri"],
    "properties": {"uri": _REFERENCE, "uriBaseId": {"type": "string"}, "index": {"type": "integer", "minimum": 0}},
}
# What SARIF 2.1.0 requires of the properties used here (sections 3.13, 3.14, 3.19, 3.24, 3.27, 3.30 and 3.49).
SARIF: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["$schema", "version", "runs"],
    "properties": {
        "$schema": _URI,
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "additionalProperties": False,
            "required": ["tool", "columnKind", "newlineSequences", "artifacts", "results"],
            "properties": {
                "tool": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["name", "version", "rules"],
                            "properties": {
                                "name": {"type": "string"},
                                "version": {"type": "string"},
                                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/rule"}},
                            },
                        }
                    },
                },
                "columnKind": {"const": "unicodeCodePoints"},
                "newlineSequences": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
                "artifacts": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/artifact"}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "shortDescription", "defaultConfiguration"],
            "properties": {
                "id": {"type": "string"},
                "shortDescription": _MESSAGE,
                "help": _MESSAGE,
                "defaultConfiguration": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"level": _LEVEL},
                },
                "properties": {
                    "type": "object",
                    "properties": {"tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}},
                },
            },
        },
        "artifact": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "location": _LOCATION,
                "length": {"type": "integer", "minimum": 0},
                "roles": {"type": "array", "items": {"const": "analysisTarget"}},
                "hashes": {"type": "object", "additionalProperties": {"type": "string"}},
                "mimeType": {"type": "string", "pattern": "^[^/]+/.+$"},
                "encoding": {"type": "string"},
                "properties": {"type": "object"},
            },
        },
        "result": {
            "type": "object",
            "additionalProperties": False,
            "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": _LEVEL,
                "message": _MESSAGE,
                "locations": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 1,
                    "items": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["physicalLocation"],
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "additionalProperties": False,
                                "required": ["artifactLocation", "region"],
                                "properties": {
                                    "artifactLocation": _LOCATION,
                                    "region": {"$ref": "#/$defs/region"},
                                },
                            }
                        },
                    },
                },
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "properties": {"type": "object"},
            },
        },
        "region": {
            "type": "object",
            "additionalProperties": False,
            "required": ["startLine", "startColumn", "endLine", "endColumn", "charOffset", "charLength", "snippet"],
            "properties": {
                **{
                    key: {"type": "integer", "minimum": 1}
                    for key in ("startLine", "startColumn", "endLine", "endColumn")
                },
                **{key: {"type": "integer", "minimum": 0} for key in ("charOffset", "charLength")},
                "snippet": _MESSAGE,
            },
        },
    },
}


def sarif_of(data: bytes) -> dict[str, Any]:
    """Return the run of a log, after it was found to follow the standard."""
    log = json.loads(data)
    jsonschema.Draft202012Validator(SARIF).validate(log)
    run: dict[str, Any] = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][place["index"]]["location"]["uri"] == place["uri"]
    return run


@given(texts)
def test_sarif_regions_are_the_mentions(text: str) -> None:
    document = read(text, format="text")
    annotations = every_word(document)
    run = sarif_of(render(document, annotations, format="sarif", **RUN))
    starts = [0, *(found.end() for found in re.finditer("\r\n|\r|\n", text))]
    for result, one in zip(run["results"], annotations, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        assert starts[region["startLine"] - 1] + region["startColumn"] - 1 == one.start == region["charOffset"]
        assert starts[region["endLine"] - 1] + region["endColumn"] - 1 == one.end
        assert region["charLength"] == len(one.text)
        assert result["level"] == "note"
    prints = [next(iter(result["partialFingerprints"].values())) for result in run["results"]]
    assert len(set(prints)) == len(prints)


@pytest.mark.parametrize(("grade", "level"), [("contradicted", "warning"), ("imprecise", "note")])
def test_sarif_warns_of_what_is_contradicted(grade: str, level: str) -> None:
    document = read("some goods", format="text", path="a.txt")
    claim = replace(annotation(document, 5, 10, kind="claim"), grade=grade)
    run = sarif_of(render(document, [claim], format="sarif", **RUN))
    assert run["results"][0]["level"] == level
    assert run["results"][0]["properties"]["grade"] == grade


def test_sarif_fingerprints_stay_when_lines_move() -> None:
    prints = []
    for before in ("", "A new line.\n\n"):
        document = read(f"{before}some goods", format="text", path="a.txt")
        goods = annotation(document, len(before) + 5, len(before) + 10)
        run = sarif_of(render(document, [goods], format="sarif", **RUN))
        prints.append(run["results"][0]["partialFingerprints"])
    assert prints[0] == prints[1]


def test_sarif_points_into_the_source_and_escapes_messages() -> None:
    document = marked_up()
    one = annotation(document, 16, 20, note("See [1](x) and {0}."))
    run = sarif_of(render(document, [one], format="sarif", **RUN))
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (2, 4, 8)
    assert run["results"][0]["message"]["text"].startswith("See \\[1\\](x) and {{0}}.\nSince then: ")
    assert run["results"][0]["properties"]["sources"][0]["url"] == "https://example.org/act"
    assert run["artifacts"][0]["location"] == {"uri": "page.html", "uriBaseId": "%SRCROOT%"}
    assert run["artifacts"][0]["mimeType"] == "text/html"


def test_sarif_joins_into_one_run() -> None:
    outputs = []
    for name in ("a.txt", "/b c.txt"):
        document = read("some goods", format="text", path=name)
        outputs.append(render(document, every_word(document), format="sarif", **RUN))
    run = sarif_of(join("sarif", outputs))
    assert len(run["artifacts"]) == 2
    assert [unquote(one["location"]["uri"]) for one in run["artifacts"]] == ["a.txt", "file:///b c.txt"]
    assert "uriBaseId" not in run["artifacts"][1]["location"]
    assert len(run["results"]) == 4
    assert len(run["tool"]["driver"]["rules"]) == 1


# -- lines ------------------------------------------------------------------------------------------


def test_lines_and_columns() -> None:
    lines = Lines(read("a\r\nb\rc\nd", format="text"))
    assert [lines.at(place) for place in range(9)] == [
        (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1), (4, 2),
    ]  # fmt: skip

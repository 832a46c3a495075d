"""Long texts: the same output whatever the size of the pieces in which they are folded, searched and judged."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import Annotator, automaton, folding, matching
from annotator.folding import Folded
from annotator.matching import _cues, _find, _hits, _page, _statements
from annotator.reading import formats

ARTICLE = """\
Limousine seen in Pyongyang again

State television in North Korea showed Kim Jong Un stepping out of a limousine. The UN bans the sale of luxury goods
to North Korea, and Security Council Resolution 2397 (2017) tightened the limits on oil. That resolution, as well as
Resolution 1718 (2006) ("the first resolution") and 2371, was adopted unanimously. Ким Чен Ын was silent.

Kim Jong\u00adUn received the car from Vladimir Putin. Such a gift would breach the UN arms embargo's com\u00adpanion
ban on luxury goods, and Resolution 1718, which Russia voted for. Kim said: “We are no thieves…”

- The United States and the European Union have listed Kim Jong Un and froze his assets.
- Under Executive Order 13810, and the sanctions against South Sudan and Sudan, ﬁve banks were fined.

"""
SMALL = {
    (folding, "_PIECE"): 40,
    (automaton, "_PIECE"): 64,
    (_hits, "_LONG"): 10,
    (_cues, "_STRETCH"): 5,
    (_page, "_MOST_KEPT"): 20,
    (_page, "_MOST_BLOCKS"): 2,
    (_find, "_MOST_REMEMBERED"): 1,
    (_find, "_LONGEST_WORD"): 24,
    (_statements, "_KEPT"): 2,
    (formats, "_LONG"): 10,
}


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(names="always")


@pytest.fixture(scope="module")
def article_annotator() -> Annotator:
    return Annotator()


def in_pieces(patch: pytest.MonkeyPatch) -> None:
    for (module, name), size in SMALL.items():
        patch.setattr(module, name, size)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_mentions_and_evidence_do_not_depend_on_the_size_of_pieces(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch, format: str, *, everything: bool
) -> None:
    def found() -> list[object]:
        document = annotator.read(ARTICLE * 3, format=format)
        return list(annotator.mentions(document, everything=everything, as_of="2024-06-20", ranks=True))

    whole = found()
    in_pieces(monkeypatch)
    assert len(whole) > 20
    assert found() == whole


def test_bytes_do_not_depend_on_the_size_of_pieces(annotator: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    source = b"\xef\xbb\xbf" + ARTICLE.encode().replace(b"\n", b"\r\n") * 3
    whole = annotator.annotate(source, as_of="2024-06-20")
    expected = whole.render_bytes()
    in_pieces(monkeypatch)
    pieces = annotator.annotate(source, as_of="2024-06-20")
    assert pieces.annotations == whole.annotations
    assert pieces.document.source == source
    assert pieces.render_bytes() == expected


PARTS = st.sampled_from(
    ["word ", "Kim", " ", "\n", "\n\n", "ﬁ", "\u00ad", "e\u0301", "“", "…", "Ким", "\x07", "ß", "İ"]
)


@given(st.lists(st.one_of(PARTS, st.text(max_size=6)), max_size=40).map("".join), st.integers(2, 30))
@settings(deadline=None, max_examples=300)
def test_a_text_folded_in_pieces_is_the_text_folded_at_once(text: str, size: int) -> None:
    whole = Folded(text, whole=True)
    plain = whole.plain
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "_PIECE", size)
        pieces = Folded(text)
        assert pieces.folded == whole.folded
        assert pieces.plain == plain
        assert pieces.letters == whole.letters
        for offset in range(len(plain) + 1):
            assert pieces.to_text(offset) == whole.to_text(offset)
            assert pieces.end_in_text(offset) == whole.end_in_text(offset)
        for offset in range(len(text) + 1):
            assert pieces.from_text(offset) == whole.from_text(offset)


PARAGRAPHS = (
    "The harvest was poor.", "North Korea", "The UN bans luxury goods", "luxury goods for North Korea",
    "Resolution 1718", "under resolution", "2397 (2017)", "The United States froze", "the assets of Kim Jong Un",
    "sanctions", "OFAC", "æ中", "Vladimir Putin", "Ким Чен Ын", "It was quiet in Geneva, and the corn stood high.",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.sampled_from(PARAGRAPHS), min_size=3, max_size=12),
    between=st.lists(st.sampled_from(["\n\n", "\n", "\n\n\n", " "]), min_size=12, max_size=12),
)
def test_a_long_text_is_quiet_only_if_nothing_is_found_in_it(
    article_annotator: Annotator, parts: list[str], between: list[str]
) -> None:
    text = "".join(part + end for part, end in zip(parts, between, strict=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_MOST_AT_ONCE", 90)
        patch.setattr(matching, "_PIECE", 20)
        found = article_annotator.annotate(text, as_of="2024-06-20", notes="every", format="text")
    whole = article_annotator.annotate(text, as_of="2024-06-20", notes="every", format="text")
    assert found.annotations == whole.annotations
    assert found.render_bytes() == whole.render_bytes()

"""Folding: what a phrase matches whatever the text is set in, and offsets that lead back exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from rulemaking import annotator, cases, marked, spans

from annotator import strip, writing
from annotator.folding import FOLD, Folded, fold_key, tables, usual

if TYPE_CHECKING:
    from pathlib import Path

# Characters that folding drops, spells out or straightens, and some of each kind that it leaves alone.
ODD = (
    "\u00ad\u200b\u200d\ufeff\u202e\u0301\u0308ﬁﬃﬆßẞæŒøłıİ\u2026\u2019\u201c\u2013\u2014\u2212\u00a0\u2009\u3000"
    "ＤｐⓜⓐⒶ⑴⒈㏘℀½²⁴™®€£§•→✓·é\u0439中ア한ัฐ\u0085\u2028\x00\x07\x1c\x92\U0001d41a\U0001f600\ud800\udc41\udfff"
)
odd_texts = st.text(st.sampled_from(ODD + "ab Z9.,-'\"\n\r\t"), max_size=40)
texts = st.one_of(odd_texts, st.text(st.characters(exclude_categories=()), max_size=40))
EASY = "abc xyz ABC XYZ 019 .,;:!?-()'\"\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\n\r\t"
MANY = settings(max_examples=400)
MOST = 0x2100
TABLES = tables(MOST)


@MANY
@given(texts)
@example("\u24dc\u24dd\u2019 \u24e0")
@example("p㏘m")
@example("ﬃ")
@example("a\ud800b\udc00\ud800\udc00")
def test_the_two_views_are_of_one_length_and_agree(text: str) -> None:
    folded = Folded(text)
    first = folded.folded
    plain = folded.plain
    assert len(plain) == len(first) - 2
    assert first[:1] == first[-1:] == b" "
    assert plain.translate(FOLD) == first[1:-1] == folded.folded[1:-1]
    assert set(first) <= set(b"abcdefghijklmnopqrstuvwxyz0123456789 \xff")


@MANY
@given(texts)
@example("æ\u2028\u2028\u0301 ⓐ中")
def test_usual_characters_are_folded_by_a_table_to_the_same_views(text: str) -> None:
    folds, spelt = TABLES
    made = usual(text, MOST)
    codes = [ord(character) for character in made]
    assert max(codes, default=0) < MOST
    if all(folds[code] > 1 for code in codes):
        codes = [code for code in codes if folds[code] != 2]
        folded = Folded(text)
        assert bytes([folds[code] for code in codes]) == folded.folded[1:-1]
        plain = bytes([spelt[code] for code in codes])
        assert plain.replace(b"\n\n", b"\0").replace(b"\n", b" ").replace(b"\0", b"\n\n") == folded.plain


@MANY
@given(texts)
@example("p㏘m")
@example("ﬃﬃ x")
@example("\u00ad\u00adﬁ\u00ad")
@example("⑴⑴ ㏘\u0301")
def test_offsets_never_go_back_and_stay_within(text: str) -> None:
    folded = Folded(text)
    size = len(folded.plain)
    there = [folded.to_text(offset) for offset in range(size + 1)]
    back = [folded.from_text(offset) for offset in range(len(text) + 1)]
    assert there == sorted(there)
    assert back == sorted(back)
    assert there[-1] == len(text)
    assert back[-1] == size
    assert back[0] == 0 <= there[0]


@MANY
@given(texts)
@example("ﬁ a\u0301b")
def test_letters_of_ascii_keep_their_places(text: str) -> None:
    # Letters and digits of an escape sequence ("ESC 7") are none of the text.
    assume(not any(sign in text for sign in ("\x1b", "\x9b", "^[[", "\\")))
    folded = Folded(text)
    for offset, character in enumerate(text):
        if character.isascii() and character.isalnum():
            there = folded.from_text(offset)
            assert folded.plain[there : there + 1] == character.encode()
            assert folded.to_text(there) == offset


@MANY
@given(st.text(st.sampled_from(EASY), max_size=60))
def test_usual_text_has_its_own_offsets(text: str) -> None:
    folded = Folded(text)
    assert len(folded.plain) == len(text)
    assert [folded.to_text(offset) for offset in range(len(text) + 1)] == list(range(len(text) + 1))
    assert [folded.from_text(offset) for offset in range(len(text) + 1)] == list(range(len(text) + 1))
    words = "".join(c.lower() if c.isascii() and c.isalnum() else " " for c in text)
    assert folded.folded == f" {words} ".encode()


@MANY
@given(st.text(st.sampled_from(ODD + "a .?!"), max_size=40))
def test_nothing_but_a_stop_becomes_one(text: str) -> None:
    plain = Folded(text).plain
    assert plain.count(b"?") == text.count("?")
    assert plain.count(b"!") == text.count("!")


@pytest.mark.parametrize("case", cases("folding"), ids=lambda case: case["about"])
def test_what_a_phrase_matches(case: dict[str, str], tmp_path: Path) -> None:
    text, wanted = marked(case["text"])
    made = annotator(tmp_path, {"r": [case["phrase"]]})
    assert [text[a:b] for a, b in spans(made, text)] == [text[a:b] for a, b, _ in wanted]
    assert spans(made, text) == [(a, b) for a, b, _ in wanted]


SEQUENCES = (
    *("\x1b[31m", "\x1b[0m", "\x1b[2J", "\x1b]8;;http://x.org\x1b\\", "\x1b]0;t\a", "\x1b(B", "\x1b", "\x1b["),
    *("\x9b1m", "^[[1m", "\\x1b[31m"),
)
UNSEEN = tuple("\u200b\u2066\ufeff\ufe0f\u0301\x00\x07\x7f")
ESCAPED = st.sampled_from([*SEQUENCES, *UNSEEN, "ﬁ", "€", "luxury", "goods", " ", "\n", "é"])


@MANY
@given(st.lists(ESCAPED, max_size=12).map("".join))
def test_what_is_not_seen_changes_no_offset_but_its_own(text: str) -> None:
    folded = Folded(text)
    plain = folded.plain
    assert len(plain) == len(folded.folded) - 2
    assert plain.translate(FOLD) == folded.folded[1:-1]
    for word in (b"luxury", b"goods"):
        at = plain.find(word)
        while at >= 0:
            start, end = folded.to_text(at), folded.end_in_text(at + len(word))
            shown = text[start:end]
            assert shown[:1] == word[:1].decode()
            assert shown.rstrip("\u0301\ufe0f")[-1:] == word[-1:].decode()
            at = plain.find(word, at + 1)
    there = [folded.to_text(offset) for offset in range(len(plain) + 1)]
    ends = [folded.end_in_text(offset) for offset in range(len(plain) + 1)]
    assert there == sorted(there)
    assert ends == sorted(ends)
    assert all(end <= start for end, start in zip(ends, there, strict=True))


def test_a_colour_in_caret_notation(tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": ["luxury goods"]})
    assert spans(made, "He sent ^[[31mluxury goods^[[0m home.") == [(14, 26)]


@pytest.mark.parametrize(
    "glued", ["\x1b[31m{}\x1b[0m", "\u2066{}\u2069", "\x1b]8;;x\a{}\x1b]8;;\a", "\x07{}\x07", "\ufe0f{}\u200b"]
)
@pytest.mark.parametrize(("format_", "around"), [("text", "Sent {}.\n"), ("markdown", "# Sent {}\n\nSent *{}*.\n"),
                                                 ("html", "<h1>Sent {}</h1><p>Sent <b>{}</b>.</p>")])  # fmt: skip
def test_what_is_not_seen_comes_back_exactly(glued: str, format_: str, around: str, tmp_path: Path) -> None:
    made = annotator(tmp_path, {"r": ["luxury goods"]})
    text = around.replace("{}", glued.replace("{}", "luxury goods"))
    result = made.annotate(text, format=format_, as_of="2026-01-01", notes="every")
    assert [one.text for one in result.annotations] == ["luxury goods"] * around.count("{}")
    for style in writing.OUTPUTS[format_].styles or ("",):
        assert strip(made.annotate(text, format=format_).render_bytes(style=style)) == text.encode()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_offsets_do_not_depend_on_the_encoding(codec: str, tmp_path: Path) -> None:
    text, wanted = marked("\U0001f600 The \u201co\ufb03cial\u201d said that [[lux\u00adury goods]] went there.\r\n")
    made = annotator(tmp_path, {"r": ["luxury goods"]})
    assert spans(made, text.encode(codec)) == [(a, b) for a, b, _ in wanted]


def test_sentence_does_not_end_at_a_currency_sign(tmp_path: Path) -> None:
    contexts = {"place": {"cues": ["pyongyang"]}}
    rule = {"phrases": ["luxury goods"], "needs": [{"context": "place", "within": "sentence"}]}
    made = annotator(tmp_path, {"r": rule}, contexts=contexts)
    for amount in ("$ 5 million", "\u20ac 5 million", "\u20bd 5 million", "£ 5 million", "\u2192 Five million"):
        assert len(spans(made, f"He sent luxury goods worth {amount} to Pyongyang.")) == 1
    assert spans(made, "He sent luxury goods? Five went to Pyongyang.") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("13810", "13,810"), ("007", "7"), ("S/RES/1718", "s/res/1718"), ("a  b", "A b"), ("Côte", "cote"), ("0", "0")],
)
def test_keys_of_tables_meet(one: str, other: str) -> None:
    assert fold_key(one) == fold_key(other)


@pytest.mark.parametrize(("one", "other"), [("1718", "1719"), ("1 2", "12"), ("a", "")])
def test_other_keys_do_not_meet(one: str, other: str) -> None:
    assert fold_key(one) != fold_key(other)

"""Regular English inflections, and the common irregular verbs, for ``word~`` in phrases.

The spelling rules are those of any English grammar (final e dropped, final consonant doubled after a
short stressed vowel, y to i); a form too many costs nothing, since no English text contains it.
"""

from __future__ import annotations

_IRREGULAR = {
    "be": "is are was were been being",
    "begin": "begins began begun beginning",
    "bring": "brings brought bringing",
    "build": "builds built building",
    "buy": "buys bought buying",
    "come": "comes came coming",
    "fly": "flies flew flown flying",
    "forbid": "forbids forbade forbidden forbidding",
    "freeze": "freezes froze frozen freezing",
    "get": "gets got gotten getting",
    "give": "gives gave given giving",
    "go": "goes went gone going",
    "have": "has had having",
    "hold": "holds held holding",
    "keep": "keeps kept keeping",
    "lay": "lays laid laying",
    "leave": "leaves left leaving",
    "make": "makes made making",
    "pay": "pays paid paying",
    "put": "puts putting",
    "rise": "rises rose risen rising",
    "seek": "seeks sought seeking",
    "sell": "sells sold selling",
    "send": "sends sent sending",
    "set": "sets setting",
    "ship": "ships shipped shipping shipment shipments",
    "show": "shows showed shown showing",
    "spend": "spends spent spending",
    "steal": "steals stole stolen stealing",
    "take": "takes took taken taking",
    "teach": "teaches taught teaching",
    "undergo": "undergoes underwent undergone undergoing",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
}
_NOUNS = {"man": "men", "woman": "women", "child": "children", "person": "people persons", "foot": "feet"}
_VOWELS = "aeiou"
# Verbs of more than one syllable that double their last letter because it is stressed.
_STRESSED_END = {"refer", "transfer", "prefer", "defer", "confer", "submit", "permit", "commit", "admit", "control",
                 "compel", "equip", "occur", "deter", "embargo"}  # fmt: skip


def _doubles(word: str) -> bool:
    if len(word) < 3 or word[-1] in _VOWELS + "wxy" or word[-2] not in _VOWELS or word[-3] in _VOWELS:
        return False
    syllables = sum(1 for i, c in enumerate(word) if c in _VOWELS and (i == 0 or word[i - 1] not in _VOWELS))
    return syllables == 1 or word in _STRESSED_END


def inflect(word: str) -> tuple[str, ...]:
    """Return the word with its inflections, the word itself first, without duplicates.

    The case of the first letter is kept. Works on the last part of a hyphenated word.

    >>> inflect("ban")
    ('ban', 'bans', 'banned', 'banning')
    >>> inflect("supply")
    ('supply', 'supplies', 'supplied', 'supplying')
    >>> inflect("freeze")
    ('freeze', 'freezes', 'froze', 'frozen', 'freezing')
    """
    lower = word.lower()
    if lower in _IRREGULAR:
        forms = [lower, *_IRREGULAR[lower].split()]
    elif lower in _NOUNS:
        forms = [lower, *_NOUNS[lower].split()]
    elif lower.endswith("e") and not lower.endswith(("ee", "oe", "ye")):
        forms = [lower, lower + "s", lower + "d", lower[:-1] + "ing"]
    elif lower.endswith(("ee", "oe", "ye")):
        forms = [lower, lower + "s", lower + "d", lower + "ing"]
    elif lower.endswith("y") and len(lower) > 1 and lower[-2] not in _VOWELS:
        forms = [lower, lower[:-1] + "ies", lower[:-1] + "ied", lower + "ing"]
    elif lower.endswith(("s", "x", "z", "ch", "sh", "o")):
        forms = [lower, lower + "es", lower + "ed", lower + "ing"]
    elif _doubles(lower):
        forms = [lower, lower + "s", lower + lower[-1] + "ed", lower + lower[-1] + "ing"]
    else:
        forms = [lower, lower + "s", lower + "ed", lower + "ing"]
    if word[:1].isupper():
        forms = [form.upper() if word.isupper() and len(word) > 1 else form[:1].upper() + form[1:] for form in forms]
    return tuple(dict.fromkeys(forms))

"""Spellings of one name that are taken for one: a normal form of each word, and the spellings to look for.

Names from other scripts are written in Latin letters in many ways. What two spellings of one name have in
common is told by rules on letters, and by a table of common given names and words of which rules would not
do. All of it is general knowledge of romanisation (ISO 9, BGN/PCGN, ALA-LC, Revised Romanization and
McCune-Reischauer as people use them).
"""

from __future__ import annotations

import re
from functools import lru_cache

from ...folding import plain_phrase

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*")

# Words that a name is said with or without.
PARTICLES = frozenset(
    "al el ul ud ad as ash at ar az an bin ibn ben bint ould wuld de del della di da dos du von van der den zu".split()
)
HONORIFICS = frozenset(
    "mr mrs ms dr prof professor sheikh shaikh shaykh haji hajji hadji haj hajj mullah mulla mawlawi maulavi maulawi"
    " mawlana maulana qari hafiz ustad sayyid sayed seyed general gen colonel col major maj captain capt lieutenant lt"
    " brigadier brig marshal admiral commander cdr sir lord dame engineer eng hon ayatollah imam emir amir qazi".split()
)
# Words that so often stand second that the third must be looked at too, and single letters like them.
FILLERS = frozenset("of the in and for to on s".split()) | frozenset("abcdefghijklmnopqrstuvwxyz")

# Spellings of one word, the first standing for all. An apostrophe stands where some write one.
_CLASSES = tuple(
    line.split()
    for line in """
muhammad mohammed mohammad mohamed muhammed mohamad muhamad mahomed mohamud muhammet mehmed
ahmad ahmed achmad akhmed akhmad ahmet
mahmud mahmoud mahmood mehmood mahmut
hussein husayn hussain husain hossein hosein houssein hussien husein hussayn huseyin
hassan hasan hassane
yusuf yousef youssef yousuf yusef yusif yousif yussuf
ibrahim ibraheem ebrahim ibrahem
ismail isma'il esmail ismael esmaeil ismaeel esma'il
qasim qassem qasem qassim kassem kasim kassim ghasem ghassem
soleimani suleimani sulaimani soleymani sulaymani soleimany
sulayman suleiman sulaiman soleiman suliman suleyman solayman
abdallah abdullah abdalla abdulla abdollah abdoullah
abdul abd'al abdel abdal abdol
abdulrahman abdurrahman abdelrahman abdurahman abdalrahman abderrahmane
abdulaziz abdelaziz abdalaziz abdolaziz
said sa'id saeed saied sayeed sa'eed
saad sa'd
jafar ja'far jaafar jafaar djafar jaffar
qaida qa'ida qaeda qa'eda qaidah qaeda
khalid khaled halid chalid
umar omar
usama osama
uthman othman usman osman
ayman aiman
faisal faysal feisal
salih saleh salah
salim saleem selim
karim kareem kerim
rashid rasheed rachid
hamid hameed
walid waleed oualid
mustafa mostafa moustafa mustapha mostapha
murtada morteza murtaza mortaza mortada
rida reza riza ridha
mahdi mehdi mahdy
javad jawad javaad
qadhafi gaddafi qaddafi kadhafi gadhafi qadafi kaddafi
hizballah hezbollah hizbullah hizbollah hezballah
ansarallah ansarullah
houthi huthi
sharia shari'a
shaykh sheikh shaikh cheikh
bashar bachar
asad assad
maher mahir
nasir nasser naser nassir
tariq tarek tareq tarik
yasir yasser yaser
zayd zaid
sergei sergey serguei sergej siarhei serhii serhiy sergiy
aleksandr alexander alexandr aleksander alyaksandr aliaksandr oleksandr alexandre
aleksei alexei alexey aleksey oleksii oleksiy aliaksei alexej
dmitri dmitry dmitriy dmitrii dmytro dzmitry dimitri dmitrij
yuri yury yuriy yurii iurii iouri jurij yuryi
evgeny yevgeny evgeniy yevgeniy evgeni yevgeni evgenii yevgenii yevhen evgenij yauhen
andrei andrey andriy andrii andrej
nikolai nikolay nikolaj mikalai mykola
vladimir wladimir volodymyr uladzimir
viktor victor viktar
mikhail mikhael mikhajl mikhailo mykhailo mikhaylo mikhaeil
maxim maksim maksym maxym
pavel pavlo paval
petr pyotr petro piotr
igor ihor ihar
oleg oleh aleh
konstantin constantin kostyantyn kanstantsin
gennady gennadiy gennadi gennadii hennadiy hennadii genadi
arkady arkadiy arkadi arkadii
valery valeriy valeri valerii
vitaly vitaliy vitali vitalii
vasily vasiliy vasili vasilii vassily vasyl
anatoly anatoliy anatoli anatolii
georgy georgiy georgi georgii heorhiy
grigory grigoriy grigori grigorii
timofey timofei
roman raman
yelena elena olena alena
yekaterina ekaterina katerina kateryna
natalya natalia nataliya natallia
tatyana tatiana tatsiana tetiana
irina iryna
ksenia kseniya xenia
lukashenko lukashenka lukashenco
fyodor fedor feodor fedir
semyon semen
artyom artem
kim gim
jong chong jeong
un eun
chol cheol
yong yeong young
ri rhee yi
pak park bak
choe choi
jo cho
kyong gyong kyung kyeong
myong myung myeong
hyon hyun hyeon
su soo
u woo
defense defence
organization organisation
center centre
joseph yosef josef
juan joan
jose josep
""".strip().splitlines()
)  # fmt: skip
_REPRESENTATIVE = {word.replace("'", ""): words[0].replace("'", "") for words in _CLASSES for word in words}
_MEMBERS: dict[str, tuple[str, ...]] = {}
for _words in _CLASSES:
    _MEMBERS[_words[0].replace("'", "")] = tuple(dict.fromkeys(_words))

_LETTERS = (
    ("tsch", "ch"), ("tch", "ch"), ("ph", "f"), ("ck", "k"), ("kh", "h"), ("gh", "g"), ("dj", "j"), ("dh", "d"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("q", "k"), ("ks", "x"), ("ju", "yu"), ("ja", "ya"), ("iu", "yu"),
    ("ia", "ya"), ("yo", "e"), ("jo", "e"), ("iye", "ie"), ("yye", "ie"),
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")
_ENDINGS = (
    (re.compile(r"(?:iy|yy|ii|ij|yi|yj|ey|ei|ej|ie|y)$"), "i"),
    (re.compile(r"(?:aya|aia|aja)$"), "aya"),
    (re.compile(r"(?:yev|iev|eff|ef|off|yov|jov)$"), "ev"),
    (re.compile(r"ah$"), "a"),
)
_START = re.compile(r"^(?:ye|je)(?=[a-z]{2})")
_PLAIN_LENGTH = 4


def tokens(text: str) -> list[str]:
    """Return the words of a text, in ASCII and lower case, apostrophes within them kept.

    >>> tokens("Sa'id al-JAMAL")
    ["sa'id", 'al', 'jamal']
    """
    plain = text if text.isascii() else plain_phrase(text).decode("latin-1")
    return _TOKEN.findall(plain.lower())


def classmates(word: str) -> tuple[str, ...]:
    """Return the spellings of a word that the table of common ones holds together with it."""
    return _MEMBERS.get(_REPRESENTATIVE.get(word, ""), ())


@lru_cache(1 << 16)
def normal(word: str) -> str:
    """Return what stands for all spellings of a word (ASCII, lower case).

    >>> normal("mohammed") == normal("muhammad"), normal("sergey") == normal("sergei")
    (True, True)
    """
    word = word.replace("'", "")
    known = _REPRESENTATIVE.get(word)
    if known is not None:
        return known
    if len(word) < _PLAIN_LENGTH or not word.isalpha():
        return word
    for old, new in _LETTERS:
        if old in word:
            word = word.replace(old, new)
    word = _START.sub("e", word)
    word = _DOUBLE.sub(r"\1", word)
    for pattern, new in _ENDINGS:
        changed = pattern.sub(new, word)
        if changed != word:
            return changed
    return word


_SWAPS = (
    ("iy", ("y", "i", "ii")), ("ii", ("y", "iy", "i")), ("yy", ("y", "iy")), ("ey", ("ei",)), ("ei", ("ey",)),
    ("skiy", ("sky", "ski", "skii")), ("sky", ("skiy", "ski", "skii")), ("ski", ("sky", "skiy")),
    ("yev", ("ev",)), ("ev", ("yev",)), ("aya", ("aia", "aja")), ("y", ("iy", "i")),
    ("ah", ("a",)), ("iya", ("ia",)), ("ia", ("iya", "ya")), ("ya", ("ia",)),
)  # fmt: skip
_INSIDE = (("kh", "h"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("q", "k"), ("ks", "x"), ("iu", "yu"), ("gh", "g"))
_MOST = 10


@lru_cache(1 << 16)
def spellings(word: str) -> tuple[str, ...]:
    """Return the spellings of a word to look for, its own first: some of those with the same normal form."""
    bare = word.replace("'", "")
    found = dict.fromkeys((bare, word.replace("'", " ")))
    members = _MEMBERS.get(_REPRESENTATIVE.get(bare, ""), ())
    for member in members:
        found[member.replace("'", "")] = None
        found[member.replace("'", " ")] = None
    if len(bare) >= _PLAIN_LENGTH and bare.isalpha() and not members:
        for ending, others in _SWAPS:
            if bare.endswith(ending):
                for other in others:
                    found[bare[: -len(ending)] + other] = None
        if bare.startswith("ye"):
            found[bare[1:]] = None
        elif bare[0] == "e":
            found["y" + bare] = None
        for old, new in _INSIDE:
            if old in bare:
                found[bare.replace(old, new)] = None
        single = _DOUBLE.sub(r"\1", bare)
        found[single] = None
    wanted = normal(bare)
    return tuple(s for s in found if normal(s.replace(" ", "")) == wanted)[: max(_MOST, 2 * len(members))]

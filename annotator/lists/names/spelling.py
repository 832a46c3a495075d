"""Spellings of one name that are taken for one: a normal form of each word, and the key that words make together.

Names from other scripts are written in Latin letters in many ways. What two spellings of one name have in
common is told by rules on letters, and by a table of common given names and words of which rules would not
do. All of it is general knowledge of romanisation (ISO 9, BGN/PCGN, ALA-LC, Revised Romanization and
McCune-Reischauer as people use them).
"""

from __future__ import annotations

from functools import lru_cache

from ..._lazy import regex
from ...folding import plain_phrase

_TOKEN = regex(r"[a-z0-9]+(?:'[a-z0-9]+)*")

# Words that a name is said with or without.
PARTICLES = frozenset(
    "al el ul ur ud ad as ash at ar az an bin ibn ben bint ould wuld de del della di da dos du von van der den"
    " zu".split()
)
HONORIFICS = frozenset(
    "mr mrs ms dr prof professor sheikh shaikh shaykh haji hajji hadji haj hajj mullah mulla mawlawi maulavi maulawi"
    " mawlana maulana qari hafiz ustad sayyid sayed seyed general gen colonel col major maj captain capt lieutenant lt"
    " brigadier brig marshal admiral commander cdr sir lord dame engineer eng hon ayatollah imam emir amir qazi".split()
)
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
quds qods ghods qouds
tayyiba taiba tayiba toiba tayba taibah
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
mikhail mikhael mikhal mikhajl mikhailo mykhailo mikhaylo mikhaeil
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
    ("tsch", "ch"), ("tch", "ch"), ("ph", "f"), ("ck", "k"), ("kh", "h"), ("gh", "k"), ("dj", "j"), ("dh", "d"),
    ("eev", "ev"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("q", "k"), ("ks", "x"), ("ju", "yu"), ("ja", "ya"),
    ("iu", "yu"), ("iya", "ya"), ("ia", "ya"), ("yo", "e"), ("jo", "e"), ("iye", "ie"), ("yye", "ie"),
)  # fmt: skip
_TWICE = regex(r"([b-df-hj-np-tv-z])\1+")
_DOUBLE = regex(r"(.)\1+")
_ENDINGS = (
    (regex(r"(?:iy|yy|ii|ij|yi|yj|ey|ei|ej|ie|y)$"), "i"),
    (regex(r"(?:aya|aia|aja)$"), "aya"),
    (regex(r"(?:yev|iev|yov|jov)$"), "ev"),
    (regex(r"ah$"), "a"),
)
# Between letters "ay" and "ei" are one sound: Zayn, Zein.
_INSIDE = regex(r"(?<=[a-z])(?:ei|ey|ay)(?=[b-df-hj-np-tv-xz])")
_SERVANT = regex(r"^abd(?:ul|el|al|ol|ur|er|ar|us|as|oul|o|u|e)?(?=[a-z]{3})")
_FAITH = regex(r"[aeiou]l?din[e]?$")
_LEAST_OF_FAITH = 7
_START = regex(r"^(?:ye|je)(?=[a-z]{2})")
_PLAIN_LENGTH = 4


def tokens(text: str) -> list[str]:
    """Return the words of a text, in ASCII and lower case, apostrophes within them kept.

    >>> tokens("Sa'id al-JAMAL")
    ["sa'id", 'al', 'jamal']
    """
    return _TOKEN.findall(text.lower() if text.isascii() else _plain(text))


@lru_cache(1 << 10)
def _plain(text: str) -> str:
    return plain_phrase(text).decode("latin-1").lower()


def classmates(word: str) -> tuple[str, ...]:
    """Return the spellings of a word that the table of common ones holds together with it."""
    return _MEMBERS.get(_REPRESENTATIVE.get(word, ""), ())


def representatives() -> dict[str, str]:
    """Return for each word of the table of common spellings, without apostrophes, what stands for it."""
    return _REPRESENTATIVE


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
    if word.endswith("eff"):
        word = word[:-2] + "v"
    word = _TWICE.sub(r"\1", word)
    for old, new in _LETTERS:
        if old in word:
            word = word.replace(old, new)
    word = _SERVANT.sub("abd", word)
    word = _START.sub("e", word)
    word = _DOUBLE.sub(r"\1", word)
    word = _INSIDE.sub("ai", word)
    if len(word) >= _LEAST_OF_FAITH:
        word = _FAITH.sub("din", word)
    for pattern, new in _ENDINGS:
        changed = pattern.sub(new, word)
        if changed != word:
            return changed
    return word


# Words that make one name with the next: Abdul Rahman, Abd al-Rahman.
SERVANTS = frozenset("abd abdul abdel abdal abdol abdur abder abdoul abdou".split())
FAITHS = frozenset("din deen dine eddin uddin eddine".split())


class Row:
    """Words of a name as they come, and the key of those so far; persons' particles are left out of it.

    Single letters one after another are one word, so that "S.A.L." is "SAL". ``Abd al-Rahman`` and ``Nur al-Din`` are
    one word each in a person's name, as ``Abdulrahman`` and ``Nureddin`` are.
    """

    __slots__ = ("_letters", "_particle", "last", "person", "words")

    def __init__(self, *, person: bool) -> None:
        self.person = person
        self.words: list[str] = []
        self.last = ""
        self._letters = False
        self._particle = False

    def add(self, word: str) -> bool:
        """Take in the next word (ASCII, lower case); tell whether the key has changed."""
        if self.person and word in PARTICLES:
            self._particle = True
            return False
        last, self.last = self.last, word
        particle, self._particle = self._particle, False
        letter = len(word) == 1 and word.isalpha()
        letters, self._letters = self._letters, letter
        if letters and letter:
            self.words[-1] += word
        elif self.person and last in SERVANTS:
            self.words[-1] = normal(f"abdul{word}")
        elif self.person and particle and last and word in FAITHS:
            self.words[-1] = normal(f"{last}uddin")
        else:
            self.words.append("abd" if self.person and word in SERVANTS else normal(word))
        return True

    def copy(self) -> Row:
        """Return another row of the same words."""
        other = Row(person=self.person)
        other.words, other.last = [*self.words], self.last
        other._letters, other._particle = self._letters, self._particle
        return other

    def joined(self, word: str) -> Row:
        """Return another row in which a word is one with the last: "Ghorban-Ali" as "Ghorbanali"."""
        other = self.copy()
        other.last += word
        other.words[-1] = normal(other.last)
        return other

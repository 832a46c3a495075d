"""The closed words of English grammar that sentences are read by: articles, prepositions, auxiliaries, conjunctions.

Words of the subject (verbs, measures, countries, offices) are vocabularies of the rules, not code.
"""

from __future__ import annotations

# What a word can be. A token gets one of these; open words come from the lexicon of the rules.
(
    NOUN, NAME, ADJECTIVE, DETERMINER, NUMBER, PRONOUN, VERB, BE, HAVE, DO, MODAL, NOT, ADVERB, PREPOSITION, TO,
    AND, SUBORDINATOR, RELATIVE, POSSESSIVE, HYPHEN, COMMA, BREAK, QUOTE, OPEN, CLOSE, STOP, DATE,
    ACTOR, MEASURE, BODY, INSTRUMENT, THING, GOODS, OFFICE, ORGAN, FALSEHOOD, FALSELY, WISH, FIGURATIVE, PARTIAL,
    CEASED, PART, PREDICATE,
) = range(43)  # fmt: skip

NAMES = (
    "noun name adjective determiner number pronoun verb be have do modal not adverb preposition to and subordinator"
    " relative possessive hyphen comma break quote open close stop date actor measure body instrument thing goods"
    " office organ falsehood falsely wish figurative partial ceased part predicate"
).split()


def _words(text: str) -> list[str]:
    return text.split()


DETERMINERS = frozenset(
    _words("the a an this that these those its their his her our your my some any all both each every another other")
    + _words("such most many few several more less much enough half which what whose certain various one")
)
POSSESSIVES = frozenset(_words("its their his her our your my whose"))
PRONOUNS = frozenset(
    _words("it they he she we you i them him us me itself themselves himself herself ourselves this that these those")
    + _words("someone somebody anyone anybody everyone everybody something anything everything who whom there")
)
NEGATIVE_NOUNS = frozenset(_words("nobody nothing none neither no-one"))
BE_FORMS = {**dict.fromkeys(_words("is are am"), "present"), **dict.fromkeys(_words("was were"), "past"),
      "be": "", "been": "", "being": ""}  # fmt: skip
HAVE_FORMS = {"has": "present", "have": "present", "had": "past", "having": ""}
DO_FORMS = {"do": "present", "does": "present", "did": "past"}
MODALS = {"will": "future", "shall": "future", "would": "would", "could": "wish", "may": "wish", "might": "wish",
          "should": "wish", "must": "duty", "can": "can", "cannot": "can", "ought": "wish"}  # fmt: skip
NEGATIONS = frozenset(_words("not never neither nor hardly scarcely barely"))
PREPOSITIONS = frozenset(
    _words("of in on by with from at as for under against over into about after before since until during despite")
    + _words("amid towards toward through between among within without upon onto across along behind beyond around")
    + _words("including like unlike near off per regarding concerning following via versus than via inside outside")
    + _words("because targeting according except besides throughout pending alongside pursuant notwithstanding")
)
CONJUNCTIONS = frozenset(_words("and or but nor yet plus &"))
SUBORDINATORS = {
    **dict.fromkeys(_words("if unless whether lest provided assuming"), "if"),
    **dict.fromkeys(_words("when whenever once until till"), "when"),
    **dict.fromkeys(_words("although though while whereas because since as after before so that how why where"), ""),
}
# Of these the sentence decides: before a clause they open it, else they are prepositions.
EITHER = frozenset(_words("after before since until as because than like"))
RELATIVES = frozenset(_words("who which whom whose that"))
SPEECH_ADVERBS = frozenset(_words("also still already now again once ever even only just yet always currently both"))
ADVERBS = SPEECH_ADVERBS | frozenset(
    _words("here there then today yesterday tomorrow soon later earlier recently too very so well far meanwhile")
    + _words("instead however therefore thus otherwise further together abroad home away back almost nearly perhaps")
    + _words("maybe up down out likewise afterwards besides long ago rather quite else twice first")
)
MONTHS = frozenset(
    _words("january february march april may june july august september october november december jan feb mar apr jun")
    + _words("jul aug sep sept oct nov dec")
)
DAYS = frozenset(_words("monday tuesday wednesday thursday friday saturday sunday"))
# Given names that end as a past tense does.
ED_NAMES = _words(
    "abed ahmed alfred amjed fahed fred hamed jamshed javed khaled mahmed majed manfred mohamed mohammed muhammed"
    " naveed ned raed rashed rasheed saed saeed sayed sayyed ted waleed wilfred winifred zayed"
)
NUMBERS = frozenset(
    _words(
        "two three four five six seven eight nine ten eleven twelve dozen dozens hundreds hundred thousand thousands"
    )
    + _words(
        "million billion first second third fourth fifth sixth last next former latest new fresh further additional"
    )
)
ON = frozenset(_words("on against upon targeting towards toward"))
# What stands for its country as a whole: "Venezuela's economy", "the Syrian government".
WHOLES = frozenset(
    _words("economy government state industry sector sectors exports oil trade territory leadership regime")
)

# Whom decisions of the Council and of the Union bind: "decided that all States shall".
BOUND = frozenset("states countries nations governments members".split())

# What is said of these is said of the measures that they are of: "the Syria sanctions programme is in force".
REGIMES = frozenset("regime regimes programme programmes program programs framework".split())

# Before a measure they say that it does not stand yet.
NOT_YET = frozenset("potential possible prospective proposed planned threatened future looming".split())

# Words that no English text does without, folded.
COMMON = frozenset(
    b"the of to and in a is that for on was by with as it from at has had be are were its his this an which not have "
    b"who will would their they but or he she been after said under over into about more than".split()
)

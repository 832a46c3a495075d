"""Commented rule files to begin with: what ``rules new`` writes.

Each is a whole file that loads as it stands, about an invented country, so that its author can fill it in line by line
and run ``rules lint`` and ``rules test`` after each.
"""

from __future__ import annotations

_HEAD = """\
# Replace what is said of Ruritania, which does not exist, and run after each change:
#   annotator rules lint THIS-FILE
#   annotator rules test THIS-FILE
# Text that holds [ ] or { } stands in quotes: to YAML without them they are lists and mappings.
annotator: 1                       # version of the rule language
covers: Ruritania                  # what the file is about, in a few words
namespace: my.ruritania            # put before every id of this file that is written without a dot
defaults: {jurisdiction: un, status: unverified, checked: 2026-01-01}  # verified once you have read the source

references:
  act:                             # its full id is my.ruritania.act
    instrument: Act 1 (2020)       # how notes cite it
    date: 2020-01-01               # adopted, signed or made
    url: https://example.org/act-1

notes:
  ban:
    forbids: supply arms to Ruritania   # a verb phrase; or requires, allows, urges
    bound: States                       # who is bound
    sources: [{ref: act, at: para. 1}]  # at: the paragraph, or whole
    from: 2020-01-01
"""

_PARTY = """
contexts:
  ruritania:                       # the party that the regime is about, and the words that name it
    group: party
    # sets: [measure.sanctioned]   # what else of the pack it is counted in: "Sets of contexts" in docs/rules.md
    cues: ["ruritania[n][ns]", Strelsau]
    examples:
      match: ["[[Ruritanian]] troops left [[Strelsau]]."]  # every cue in it is marked
      near: ["Rural areas are quiet."]
"""

SKELETONS = {
    "regime": _HEAD + _PARTY + """
regimes:
  regime:
    context: ruritania
    default: true                  # answers where the text names no authority; for the UN only
    jurisdiction: un
    answers:                       # rules of the pack (annotator rules list), and the notes that they get here
      measure.arms-embargo: [ban]
    examples:
      match: [{text: "The [[arms embargo]] on Ruritania was broken.", notes: [ban], as_of: 2024-06-20}]
      near: [{text: "The arms embargo on Atlantis was broken.", as_of: 2024-06-20}]
""",
    "rule": _HEAD + """
rules:
  ban:                             # an id never changes once others use it
    kind: measure                  # or instrument, person, entity, body, committee, event, term
    phrases: ["ruritania[n] arms (ban|embargo)"]
    notes: [ban]
    examples:                      # the mention between [[ and ]]; near: what must not match
      match: [{text: "He broke the [[Ruritanian arms embargo]].", notes: [ban], as_of: 2024-06-20}]
      near: ["He sold Ruritanian arms."]
""",
    "measure": _HEAD + _PARTY + """
rules:
  wine:                            # said once, for all regimes
    kind: measure
    phrases: ["wine (ban|embargo)"]
    notes: by-regime               # each regime says below which notes it gets
    examples:
      match: ["The [[wine ban]] on Ruritania."]
      near: ["The wine was good."]

regimes:
  wine:                            # a regime of its own beside those of the pack on the same party
    context: ruritania             # or party.iran: a context of the pack
    default: true                  # answers where the text names no authority; for the UN only
    jurisdiction: un
    answers:
      wine: [ban]
    examples:
      match: [{text: "The [[wine ban]] on Ruritania was broken.", notes: [ban], as_of: 2024-06-20}]
      near: [{text: "The wine ban on Atlantis was broken.", as_of: 2024-06-20}]
""",
}  # fmt: skip

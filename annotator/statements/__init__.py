"""Reading sentences: who does what to whom, and whether it is asserted.

Words of a sentence become tokens (``tokens``, ``tagging``), tokens noun and verb groups (``chunks``), these hang
together in clauses (``clauses``), and roles are read off them (``roles``). What the words mean comes from vocabularies
of the rules (``lexicon``); only the closed words of grammar stand in code (``words``). Nothing here knows of law, notes
or documents.
"""

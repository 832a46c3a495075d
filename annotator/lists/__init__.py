"""Lists: official sanctions lists as published, kept with their history, and an index of the names on them.

The room knows nothing of documents.
"""

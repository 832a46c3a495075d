"""The index of the names on lists: how a text may say them, how rare they are, and where they stand in a text."""

"""Readers of lists' formats, one module each: a snapshot's files in, entries out, as a stream."""

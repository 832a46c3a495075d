"""Markdown: its blocks and protected places, and its text without the marks."""

"""PDF: the text of printed pages in reading order, with the page and line of each piece of it."""

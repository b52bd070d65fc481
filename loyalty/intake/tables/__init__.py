"""Bytes become a table of text: archives, encodings, separators, headings, spreadsheets."""

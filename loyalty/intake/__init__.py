"""Reads exported files: bytes into a table of text, text into canonical rows; rows that cannot be read are kept with the reason."""

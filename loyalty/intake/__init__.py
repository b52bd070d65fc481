"""Files in: bytes become a table of text, text becomes canonical rows, and what cannot be read is kept with its reason."""

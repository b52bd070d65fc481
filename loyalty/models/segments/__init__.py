"""Segments: customers who buy alike, in a handful of named groups; and who moved between them."""

"""Regulars · 回头客: the logic of a one-person business's loyalty programme. No screen lives here."""

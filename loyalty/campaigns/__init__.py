"""Campaigns: whom to write to, who is held back, what they are told, and what it brought."""

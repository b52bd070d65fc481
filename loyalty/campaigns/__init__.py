"""Campaigns: audience, control group, messages and results."""

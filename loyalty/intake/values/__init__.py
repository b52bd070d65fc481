"""Cells become values: numbers, dates, currencies, phone numbers."""

"""Fitted things: segments of customers, association rules between products, and what they are worth."""

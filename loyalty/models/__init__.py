"""Fitted models: segments, association rules, recommendations, predictions, and the advice made from them."""

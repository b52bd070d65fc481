"""The points ledger: what each order and event earned, what is left, and the tier each customer has."""

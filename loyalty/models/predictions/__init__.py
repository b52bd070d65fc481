"""Who will buy again: the candidate methods, and how well each did on the shop's own past."""

"""Products for people: what they will buy again, and what is new to them, each method tested on the shop's own past."""

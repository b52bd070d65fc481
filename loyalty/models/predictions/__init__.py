"""Who will buy again: methods that say so, each with its test on the shop's own past."""

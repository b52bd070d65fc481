"""Buy till you die: who is still a customer, how often they will buy again, and what they are worth.

Time is in weeks throughout. x: days with a repeat purchase; t_x: age of a customer at the last of them (0
without any); T: age today. A customer's age counts from the first purchase.
"""

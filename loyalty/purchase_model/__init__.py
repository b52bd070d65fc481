"""Purchase models ("buy till you die"): P(still a customer), purchases to come, and customer lifetime value.

Time is in weeks throughout. x: days with a repeat purchase; t_x: age of a customer at the last of them (0
without any); T: age today. A customer's age counts from the first purchase.
"""

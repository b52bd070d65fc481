"""Rewards: the programme's rules, what they would have cost, points, tiers, and coupons for chosen people."""

"""Cross-selling: association rules within orders and over time, bundles, and whether the rules hold later."""

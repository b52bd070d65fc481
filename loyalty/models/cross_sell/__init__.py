"""What is bought together or next: association rules, bundles, and whether the rules last."""

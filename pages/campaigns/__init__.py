"""The campaigns screen."""

"""The products screen."""

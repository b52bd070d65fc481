"""The segments screen."""

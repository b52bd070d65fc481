"""The definitions of customer status and named groups, used by all lists, figures, sentences and files."""

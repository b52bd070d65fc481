"""The command line: the same work as the screens, through the same functions."""

"""Parts of start.py: only Python's own library and the grammar of Python 3.6, so that an old one says so."""

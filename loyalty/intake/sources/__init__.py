"""The supported platforms, one module each, and how a file is matched to one."""

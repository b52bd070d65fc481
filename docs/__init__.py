"""The project's documentation, and the script that writes a part of it."""

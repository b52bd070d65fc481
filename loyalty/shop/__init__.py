"""The open shop: its folder, settings and database, files on their way in, and the watched folder."""

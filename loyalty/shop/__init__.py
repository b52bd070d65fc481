"""The open shop: its folder, settings and database, file imports, and the watched folder."""

"""One module per capability: from an open shop to what screens and commands show."""

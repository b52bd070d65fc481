"""The shop's one embedded database: schema, migrations, imports with their ledger, undo."""

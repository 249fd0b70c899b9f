"""The only SQL schema of the endpoint: tables, connections, migrations."""

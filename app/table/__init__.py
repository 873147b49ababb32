"""The twin of the map as a table, for readers who cannot use a map."""

"""The page "sources": where the data come from, and how far they can be trusted."""

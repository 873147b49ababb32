"""The page "plan text": a plan read, its places marked, the doubtful ones settled."""

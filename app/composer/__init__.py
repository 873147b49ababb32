"""The page "sheets": sheets, decks and atlases put together, with a live preview."""

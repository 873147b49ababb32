"""The page "compare": two plans side by side, their places and their targets."""

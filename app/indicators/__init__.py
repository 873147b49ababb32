"""The page "indicators": the plans' figures and targets, in tables and charts."""

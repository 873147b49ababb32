"""The page "projects": the plans' projects by status, theme and place."""

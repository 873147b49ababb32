"""The page "places": the gazetteer, searched and filtered, and names of a table geocoded."""

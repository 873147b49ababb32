"""The page "here": what every plan says about a point, a line or an area."""

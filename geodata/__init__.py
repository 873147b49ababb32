"""What shape is the land? Base geometry of Suzhou, coordinate systems and the sources of both."""

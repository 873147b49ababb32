"""Build the base layers from compiled tables and from the packages that hold real geometry (``make data``)."""

"""Files of the bureau's own: read as they are, their coordinate system recognised, their geometry checked."""

"""Which place is meant, and where is it? Place records, and the search that finds them by any of their names."""

from gazetteer.geocoding import Candidate, Geocoded, geocode
from gazetteer.place import Category, Place, Resolution
from gazetteer.register import Register, open_register

__all__ = ["Candidate", "Category", "Geocoded", "Place", "Register", "Resolution", "geocode", "open_register"]

"""What every plan says about a point or an area: an index of all features, written with the web layers."""

from layers.reading.asking import describe_place, find_written_index, open_index, read_area, read_point, read_ring
from layers.reading.index import FARTHEST_M, NEAR_M, Answer, Area, Certainty, Hit, Index
from layers.reading.record import Doubt
from layers.reading.telling import Finding, group_hits, tell_certainty, tell_hit, tell_length, tell_measure

__all__ = [
    "FARTHEST_M", "NEAR_M", "Answer", "Area", "Certainty", "Doubt", "Finding", "Hit", "Index", "describe_place",
    "find_written_index", "group_hits", "open_index", "read_area", "read_point", "read_ring", "tell_certainty",
    "tell_hit", "tell_length", "tell_measure",
]  # fmt: skip

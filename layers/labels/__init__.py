"""Names on the map: placement without collisions, independent of the painter.

Requests say what to name and where it may stand (metres, EPSG:4549); `place` answers with runs of text at fixed
positions. Text is measured through a function that the caller passes in, so sheets and web map share the algorithm.
"""

from layers.labels.placing import place
from layers.labels.request import Group, Measure, Placed, Request, Run, Scene, estimate_width

__all__ = ["Group", "Measure", "Placed", "Request", "Run", "Scene", "estimate_width", "place"]

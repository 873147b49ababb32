"""What every map and file says of itself."""

from __future__ import annotations

from typing import Final

NOTICE_ZH: Final = "内部研究用图，未经地图审核，不得公开"
NOTICE_EN: Final = "For internal study only; not reviewed as a map for publication"

"""The order of the stages: deck -> run -> align -> timing -> slides -> render -> publish.

Nothing else knows it. What draws is imported when there is something to draw.
"""

from abreast.pipeline.building import build, run
from abreast.pipeline.preparing import prepare, status
from abreast.pipeline.requests import Built, Prepared, Request, Status

__all__ = ["Built", "Prepared", "Request", "Status", "build", "prepare", "run", "status"]

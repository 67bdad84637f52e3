"""今日: what waits at this workplace, over all stages; each line leads to its place. Does no work itself."""

from sealdesk.ui.workspaces.today.page import SPEC

__all__ = ["SPEC"]

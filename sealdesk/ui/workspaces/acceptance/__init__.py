"""承接: the workspace where permits are looked at, countersigned with the maker's key, and orders are taken on."""

from sealdesk.ui.workspaces.acceptance.workspace import SPEC

__all__ = ["SPEC"]

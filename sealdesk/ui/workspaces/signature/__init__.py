"""签名: the query information reviewed against the permit, signed with the maker's key, burned and read back."""

from sealdesk.ui.workspaces.signature.workspace import SPEC

__all__ = ["SPEC"]

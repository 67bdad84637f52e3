"""生产: the queue, faces for engravers, and the burning station. Signing and hand-over have workspaces of their own."""

from sealdesk.ui.workspaces.production.workspace import SPEC

__all__ = ["SPEC"]

"""The schema's history: one file per step, never edited once released. Run by `steps`; nothing else lives here.

Every step ships the old file that it was written for: `tests/integration/old_stores/<revision>.sql`.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent

REVISIONS = ("0001",)
"""All revisions in their order, so that the migration library is loaded only when a store is behind."""

"""What a certificate of the platform entitles to, as extended key usages, so that a maker's key cannot sign a permit.

The object identifiers are of the UUID arc (ITU-T X.667: 2.25 followed by a UUID as an integer), which needs no registration.
"""

PERMIT_AUTHORITY = "2.25.140737488355328001"
"""Signs permits: an approving police unit."""
MAKER = "2.25.140737488355328002"
"""Speaks for a shop: a maker's USB key (生产专用章)."""
SEAL_CHIP = "2.25.140737488355328003"
"""Is the chip of a seal."""

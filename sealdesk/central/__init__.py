"""The reference platform: intake, review, permits, a small SM2 authority and the feed of changes, as a server of its own.

It stands for the authority's real platform and shares only the messages with the desk: no window, no stages, no store of the desk.
`ENDPOINTS` lists what it answers.
"""

ENDPOINTS = (
    ("GET", "/v1/authority"),
    ("POST", "/v1/challenges"),
    ("POST", "/v1/enrolments"),
    ("POST", "/v1/commands"),
    ("GET", "/v1/changes"),
    ("PUT", "/v1/uploads/{sha256}"),
    ("PATCH", "/v1/uploads/{sha256}"),
    ("GET", "/v1/uploads/{sha256}"),
    ("GET", "/v1/orders/{order_id}"),
    ("GET", "/v1/audit/heads"),
)

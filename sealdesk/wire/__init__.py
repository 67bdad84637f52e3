"""The protocol between desk and platform: messages that both ends use, error codes, version. No behaviour, no HTTP.

Shapes: `POST /v1/commands` carries a `Command`, answered by an `Answer`; `GET /v1/changes` answers with
`Changes`; uploads and enrolment have endpoints of their own. `COMMANDS` and `CHANGES` list every kind of message with its body.
"""

VERSION = "1"

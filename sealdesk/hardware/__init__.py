"""Smart cards, USB keys and readers: everything between bytes on a connection and the ports of `sealdesk.domain.ports`.

Four nouns: a *device* is a reference to a reader, a *connection* takes bytes and gives bytes with a status word (`device`), a
*protocol* knows APDU formats and chaining (`apdu`, `protocol`), a *session* has one method per command of a kind of card (`drivers`).
The package knows nothing of orders, databases or windows. Only `pcsc` imports `smartcard`.
"""

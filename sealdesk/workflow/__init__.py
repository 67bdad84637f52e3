"""How work is done here: commands on one bus, in a unit of work, with permissions, audit and outbox; and the desk that the window holds.

Knows no single stage; the stages are handed to the bus by `bootstrap()`.
"""

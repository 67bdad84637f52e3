"""The encrypted local store: one module per noun, the store itself, its migrations, search and the outbox's table.

Rows are touched on the data lane only and never leave it; what travels is a frozen dataclass made by a query.
"""

"""Ground under everything: errors, lanes, settings, texts, logs, clock, paths.

Knows nothing of seals, of windows or of the platform, and imports no other package of sealdesk.
"""

"""The exchange with the platform: what waits goes out, what changed comes in; the only package that speaks HTTP.

It carries messages and keeps their order; what they mean is decided by the stages, to which everything comes as a command.
"""

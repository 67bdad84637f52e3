"""承接: permits received, verified and countersigned, and orders taken on, with a permit where one is needed.

Must not know how a registration is typed or how a seal is made.
"""

"""系统: the installation's enrolment, people, their keys and permissions, sign-in, and the audit trail.

Must not know of orders and seals.
"""

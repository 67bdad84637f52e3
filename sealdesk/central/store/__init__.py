"""The platform's own database: tables, transactions and the questions asked of them; SQLite by default, PostgreSQL by URL.

The only part of the platform that knows SQLAlchemy. No rules of the business here.
"""

from sealdesk.central.store.database import CentralStore
from sealdesk.central.store.tables import (
    AuditHeadRow,
    CertificateRow,
    ChallengeRow,
    ChangeRow,
    CommandRow,
    InstallationRow,
    KeyRow,
    OrderRow,
    ReviewRow,
    SealRow,
    ShopRow,
    UploadRow,
)
from sealdesk.central.store.work import Work

__all__ = [
    "AuditHeadRow",
    "CentralStore",
    "CertificateRow",
    "ChallengeRow",
    "ChangeRow",
    "CommandRow",
    "InstallationRow",
    "KeyRow",
    "OrderRow",
    "ReviewRow",
    "SealRow",
    "ShopRow",
    "UploadRow",
    "Work",
]

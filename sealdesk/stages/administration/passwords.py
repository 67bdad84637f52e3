"""A new password on its way into a command: judged and hashed on a computing lane, so that neither window nor store waits for it."""

from __future__ import annotations

from sealdesk.core.errors import ProblemsError
from sealdesk.core.lanes import Job, Task
from sealdesk.crypto.passwords import hash_password, password_problems
from sealdesk.workflow.desk import Desk


def hashed(desk: Desk, password: str, user_name: str) -> Job[str]:
    """The hash of `password` for `AddUser` or `ChangePassword`.

    Raises (in the job):
        ProblemsError: it is too weak; the problems name the field `password`.
    """

    def work(_task: Task) -> str:
        problems = password_problems(password, user_name)
        if problems:
            raise ProblemsError(problems)
        return hash_password(password)

    return desk.lanes.computing[-1].submit(work)

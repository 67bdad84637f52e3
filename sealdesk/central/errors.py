"""Why the platform refuses: refusals of commands, which are answers, and failures of requests, which are HTTP errors."""

from __future__ import annotations

from sealdesk.core.errors import StorageError, UserError
from sealdesk.core.i18n import N_


class Refused(Exception):  # noqa: N818 - an answer, not a failure
    """A command is refused: `code` is one of `wire.errors.CODES`, `facts` fill the sentence that the desk has for it."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {name: value[:300] for name, value in facts.items()}


class RequestFailed(Exception):  # noqa: N818 - an HTTP answer
    """A request cannot be answered as asked."""

    def __init__(self, status: int, code: str, **facts: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.facts = facts


class AuthorityMissingError(StorageError):
    """There is no platform in this folder."""

    code = "central.missing"
    sentence = N_("There is no platform in {folder}.")
    advice = N_("Set one up first: sealdesk central init.")
    retry = False


class AuthorityExistsError(UserError):
    """The folder holds a platform already; its authority is never replaced."""

    code = "central.exists"
    sentence = N_("There is a platform in {folder} already.")


class AuthorityDamagedError(StorageError):
    """The authority's files cannot be read with this key."""

    code = "central.authority"
    sentence = N_("The authority's file {name} is damaged, or belongs to another key.")
    advice = N_("Put it back from a backup. Nothing was changed.")
    retry = False


class UnknownShopError(UserError):
    """No shop has this code."""

    code = "central.shop"
    sentence = N_("There is no shop {code}.")


class UnknownOrderError(UserError):
    """No order, or more than one, has this id or number."""

    code = "central.order"
    sentence = N_("There is no single order “{wanted}”.")


class NotReviewableError(UserError):
    """The order does not wait for a review."""

    code = "central.review.state"
    sentence = N_("Order {number} does not wait for a review; it is “{state}”.")


class ReasonNeededError(UserError):
    """An order is returned only with a reason."""

    code = "central.review.reason"
    sentence = N_("Say why the order is returned (at most 2000 characters).")


class ReviewerNeededError(UserError):
    """A decision names who decided."""

    code = "central.review.reviewer"
    sentence = N_("Say who reviews (at most 160 characters).")

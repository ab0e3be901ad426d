"""A thin client of Grapevine: one method for each operation of its contract. Needs nothing but Python 3.9 or newer."""

from .http import Answer, Refusal, Unanswered, all_rows
from .operations import Operations
from .webhooks import SignatureError, verify_webhook

__all__ = ["Answer", "Grapevine", "Refusal", "SignatureError", "Unanswered", "all_rows", "verify_webhook"]


class Grapevine(Operations):
    """A client; make one for each key, and share it among threads.

    `url`: where the server is. `key`: a key's secret or an access token; for `/v1/me/…` a customer's token.
    `timeout`: how long one try may take, seconds. `tries`: how often a request is sent at most.
    """

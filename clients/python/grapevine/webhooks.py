"""Webhooks are signed as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any, Dict, Iterable, Mapping, Optional, Union


class SignatureError(Exception):
    """A webhook that is not to be believed; answer it 400."""


def verify_webhook(
    body: Union[str, bytes],
    headers: Mapping[str, str],
    secret: Union[str, Iterable[str]],
    *,
    tolerance_seconds: int = 300,
    now: Optional[float] = None,
) -> Dict[str, Any]:
    """The event in a webhook, when one of its signatures was made with one of the secrets.

    `body` is the body as it came, before anything parsed it; `secret` is `whsec_…`, two of them while one is rotated;
    `now` is our time in seconds since 1970. The same event may come again: keep its `id`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    id, timestamp, signatures = (given.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    if not (id and timestamp and signatures) or "." in id:
        raise SignatureError("webhook-id, webhook-timestamp or webhook-signature is missing")
    ours = time.time() if now is None else now
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_number or abs(ours - int(timestamp)) > tolerance_seconds:
        raise SignatureError("webhook-timestamp is too old, or ahead")
    text = body.encode() if isinstance(body, str) else bytes(body)
    signed = f"{id}.{timestamp}.".encode() + text
    for one in [secret] if isinstance(secret, str) else secret:
        wanted = base64.b64encode(hmac.new(_key(one), signed, hashlib.sha256).digest())
        if any(hmac.compare_digest(f"v1,{wanted.decode()}".encode(), part.encode()) for part in signatures.split(" ")):
            event: Dict[str, Any] = json.loads(text)
            return event
    raise SignatureError("no signature fits")


def _key(secret: str) -> bytes:
    text = secret[6:] if secret.startswith("whsec_") else secret
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes")
    return key

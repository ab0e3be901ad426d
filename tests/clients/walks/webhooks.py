"""Verifies webhooks by `standardwebhooks` of PyPI, and what is signed with Ed25519 by PyNaCl, for the library reads `v1`
alone: `webhooks.py FILE`. Prints of each: whether `v1` holds, whether `v1a` does, and whether either still does when a letter
of the body was changed."""

import base64
import json
import sys

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

with open(sys.argv[1], encoding="utf-8") as file:
    told = json.load(file)
key = VerifyKey(base64.b64decode(told["publicKey"].removeprefix("whpk_")))


def holds(headers, body):
    try:
        Webhook(told["secret"]).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


def holds_by_key(headers, body):
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    for version, signature in (one.split(",") for one in headers["webhook-signature"].split(" ")):
        if version == "v1a":
            try:
                key.verify(signed, base64.b64decode(signature))
                return True
            except BadSignatureError:
                pass
    return False


said = []
for hook in told["hooks"]:
    headers, body = hook["headers"], hook["body"]
    changed = body.replace("type", "tipe", 1)
    said.append([holds(headers, body), holds_by_key(headers, body), holds(headers, changed) or holds_by_key(headers, changed)])
print(json.dumps(said))

"""From a recommendation to the voucher that it earns, in a test shop with an active program `friends`."""

import os
import sys

from grapevine import Grapevine, Refusal

grapevine = Grapevine(os.environ["GRAPEVINE_URL"], os.environ["GRAPEVINE_KEY"])

grapevine.upsert_customer("anna", {"email": "anna@example.org", "first_name": "Anna"})
share = grapevine.create_share({"program": "friends", "customer": "anna", "channel": "whatsapp"})
print("Anna sends", share["text"])

try:
    # The token comes back from the landing page: ?gv=TOKEN.VISIT. The key is the order's: however often this runs, it counts once.
    order = {"order_id": "A-1001", "customer": "ben", "amount": 4990, "currency": "EUR", "evidence": {"token": share["token"]}}
    conversion = grapevine.create_conversion(order, idempotency_key="order-A-1001")
    print("Ben's order is credited to", conversion["attribution"]["advocate"])
except Refusal as refusal:
    print(refusal.code, refusal, refusal.request_id, file=sys.stderr)

grapevine.move_test_clock({"advance_days": 31})
print("Anna's voucher:", grapevine.list_customer_vouchers("anna")["data"][0]["code"])

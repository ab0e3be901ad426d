"""The thin Python client, along the main path and into each corner that it has. Prints what it met, as JSON."""

import json
import os

from grapevine import Grapevine, Refusal, Unanswered, all_rows

grapevine = Grapevine(os.environ["GRAPEVINE_URL"], os.environ["GRAPEVINE_KEY"])


def refusal(call):
    try:
        call()
    except Refusal as refused:
        return refused.code
    except Unanswered as lost:
        return lost
    return None


program = grapevine.create_program({
    "name": "Tell a friend",
    "slug": "friends",
    "status": "active",
    "landing_url": "https://shop.example/welcome",
    "rewards": [
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
        {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000, "max_amount": 2000},
    ],
})
anna = "anna/10+01%"
grapevine.upsert_customer(anna, {"email": "anna@example.org", "first_name": "Anna"})
grapevine.upsert_customer("ben", {"email": "ben@example.org"})
share = grapevine.create_share({"program": program["slug"], "customer": anna, "channel": "whatsapp"})

order = {"order_id": "A-1001", "customer": "ben", "amount": 4990, "currency": "EUR", "evidence": {"token": share["token"]}}
conversion = grapevine.create_conversion(order, idempotency_key="order-A-1001")
grapevine.move_test_clock({"advance_days": 31})
vouchers = list(all_rows(grapevine.list_customer_vouchers, anna, limit=1))
cart = {"codes": [vouchers[0]["code"]], "customer": anna, "order_id": "A-2001", "currency": "EUR", "amount": 4990}
redemption = grapevine.create_redemption(cart)

listed = grapevine.list_redemptions(order_id="A-2001")
events = list(all_rows(grapevine.list_events, limit=2))
refused = refusal(lambda: grapevine.create_redemption({**cart, "order_id": "A-2002"}))
lost = refusal(lambda: grapevine.create_key({"name": "once", "scopes": ["shop:read"]}))
shop = grapevine.get_shop()
changed = grapevine.update_shop({"home_url": "https://shop.example/"}, if_match=shop.etag)
stale = refusal(lambda: grapevine.update_shop({"home_url": None}, if_match=shop.etag))
keys = grapevine.list_keys()

print(json.dumps({
    "conversion": {
        "status": conversion["status"],
        "method": conversion["attribution"]["method"],
        "rewards": len(conversion["rewards"]),
    },
    "voucher": {"kind": vouchers[0]["kind"], "amount": vouchers[0]["amount"], "count": len(vouchers)},
    "redemption": {"discount": redemption["discount"], "payable": redemption["payable"]},
    "listed": [row["order_id"] for row in listed["data"]],
    "recorded": len([event for event in events if event["type"] == "conversion.recorded"]),
    "gapless": [event["seq"] for event in events] == list(range(1, len(events) + 1)),
    "replayed": conversion.replayed,
    "refused": refused,
    "lost": isinstance(lost, Unanswered),
    "once": len([key for key in keys["data"] if key["name"] == "once"]),
    "home": changed["home_url"],
    "stale": stale,
    "image": "<svg" in grapevine.get_share_qr_svg(share["id"]),
}))

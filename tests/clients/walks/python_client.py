"""What openapi-python-client makes of the contract, along the main path. Prints what it met, as JSON."""

import json
import os
import uuid

from generated_client import AuthenticatedClient, models
from generated_client.api.conversions import create_conversion
from generated_client.api.customers import list_customer_vouchers, upsert_customer
from generated_client.api.programs import create_program
from generated_client.api.records import list_events
from generated_client.api.shares import create_share
from generated_client.api.shop import move_test_clock
from generated_client.api.vouchers import create_redemption, list_redemptions

client = AuthenticatedClient(base_url=os.environ["GRAPEVINE_URL"], token=os.environ["GRAPEVINE_KEY"])


def once() -> dict:
    return {"client": client, "idempotency_key": str(uuid.uuid4())}


def good(answer):
    assert answer is not None and not isinstance(answer, models.Problem), answer
    return answer


program = models.NewProgram.from_dict({
    "name": "Tell a friend",
    "slug": "friends",
    "status": "active",
    "landing_url": "https://shop.example/welcome",
    "rewards": [
        {"to": "advocate", "on": "conversion", "kind": "amount_off", "amount": 1000},
        {"to": "friend", "on": "conversion", "kind": "percent_off", "rate_bps": 1000, "max_amount": 2000},
    ],
})
program = good(create_program.sync(body=program, **once()))
good(upsert_customer.sync("anna", client=client, body=models.CustomerChange(email="anna@example.org")))
good(upsert_customer.sync("ben", client=client, body=models.CustomerChange(email="ben@example.org")))
share = models.NewShare(program=program.slug, customer="anna", channel="whatsapp")
share = good(create_share.sync(body=share, **once()))
evidence = models.Evidence(token=share.token)
order = models.NewConversion(order_id="A-1001", customer="ben", amount=4990, currency="EUR", evidence=evidence)
conversion = good(create_conversion.sync(body=order, **once()))
good(move_test_clock.sync(body=models.ClockMove(advance_days=31), **once()))
vouchers = good(list_customer_vouchers.sync("anna", client=client)).data


def cart(order_id: str) -> models.RedeemedCart:
    return models.RedeemedCart(codes=[vouchers[0].code], customer="anna", order_id=order_id, currency="EUR", amount=4990)


redemption = good(create_redemption.sync(body=cart("A-2001"), **once()))
listed = good(list_redemptions.sync(client=client, order_id="A-2001")).data
events = good(list_events.sync(client=client, limit=200)).data
refused = create_redemption.sync(body=cart("A-2002"), **once())

print(json.dumps({
    "conversion": {
        "status": conversion.status,
        "method": conversion.attribution.method,
        "rewards": len(conversion.rewards),
    },
    "voucher": {"kind": vouchers[0].kind, "amount": vouchers[0].amount, "count": len(vouchers)},
    "redemption": {"discount": redemption.discount, "payable": redemption.payable},
    "listed": [row.order_id for row in listed],
    "recorded": len([event for event in events if event.type_ == "conversion.recorded"]),
    "refused": refused.code,
}))

// From a recommendation to the voucher that it earns, in a test shop with an active program `friends`.

import { Grapevine, Refusal } from "@grapevine/client";

const grapevine = new Grapevine({ url: process.env.GRAPEVINE_URL!, key: process.env.GRAPEVINE_KEY! });

await grapevine.upsertCustomer("anna", { email: "anna@example.org", first_name: "Anna" });
const share = await grapevine.createShare({ program: "friends", customer: "anna", channel: "whatsapp" });
if (!("token" in share)) throw new Error("one channel makes one share");
console.log("Anna sends", share.text);

try {
    // The token comes back from the landing page: ?gv=TOKEN.VISIT. The key is the order's: however often this runs, it counts once.
    const order = { order_id: "A-1001", customer: "ben", amount: 4990, currency: "EUR", evidence: { token: share.token } };
    const conversion = await grapevine.createConversion(order, { idempotencyKey: "order-A-1001" });
    console.log("Ben's order is credited to", conversion.attribution?.advocate);
} catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.code, error.message, error.requestId);
}

await grapevine.moveTestClock({ advance_days: 31 });
const { data } = await grapevine.listCustomerVouchers("anna");
console.log("Anna's voucher:", data[0]?.code);

// The thin TypeScript client, along the main path and into each corner that it has. Prints what it met, as JSON.

import { all, Grapevine, metaOf, Refusal, Unanswered, type Event } from "@grapevine/client";

const grapevine = new Grapevine({ url: process.env.GRAPEVINE_URL!, key: process.env.GRAPEVINE_KEY! });

const program = await grapevine.createProgram({
    name: "Tell a friend",
    slug: "friends",
    status: "active",
    landing_url: "https://shop.example/welcome",
    rewards: [
        { to: "advocate", on: "conversion", kind: "amount_off", amount: 1000 },
        { to: "friend", on: "conversion", kind: "percent_off", rate_bps: 1000, max_amount: 2000 },
    ],
});
await grapevine.upsertCustomer("anna/10+01%", { email: "anna@example.org", first_name: "Anna" });
await grapevine.upsertCustomer("ben", { email: "ben@example.org" });
const share = await grapevine.createShare({ program: program.slug, customer: "anna/10+01%", channel: "whatsapp" });
if (!("token" in share)) throw new Error("one channel makes one share");

const order = { order_id: "A-1001", customer: "ben", amount: 4990, currency: "EUR", evidence: { token: share.token } };
const conversion = await grapevine.createConversion(order, { idempotencyKey: "order-A-1001" });
await grapevine.moveTestClock({ advance_days: 31 });
const vouchers = [];
for await (const voucher of all((after) => grapevine.listCustomerVouchers("anna/10+01%", { after, limit: 1 }))) vouchers.push(voucher);
const [voucher] = vouchers;
const cart = { codes: [voucher!.code], customer: "anna/10+01%", order_id: "A-2001", currency: "EUR", amount: 4990 };
const redemption = await grapevine.createRedemption(cart);

const listed = await grapevine.listRedemptions({ order_id: "A-2001" });
const events: Event[] = [];
for await (const event of all<Event, number>((after) => grapevine.listEvents({ after, limit: 2 }))) events.push(event);
const refused = await grapevine.createRedemption({ ...cart, order_id: "A-2002" }).catch((error: unknown) => error);
const lost = await grapevine.createKey({ name: "once", scopes: ["shop:read"] }).catch((error: unknown) => error);
const shop = await grapevine.getShop();
const changed = await grapevine.updateShop({ home_url: "https://shop.example/" }, { ifMatch: metaOf(shop)!.etag! });
const stale = await grapevine.updateShop({ home_url: null }, { ifMatch: metaOf(shop)!.etag! }).catch((error: unknown) => error);
const keys = await grapevine.listKeys();

console.log(JSON.stringify({
    conversion: { status: conversion.status, method: conversion.attribution?.method, rewards: conversion.rewards.length },
    voucher: { kind: voucher!.kind, amount: voucher!.amount, count: vouchers.length },
    redemption: { discount: redemption.discount, payable: redemption.payable },
    listed: listed.data.map((row) => row.order_id),
    recorded: events.filter((event) => event.type === "conversion.recorded").length,
    gapless: events.every((event, at) => event.seq === at + 1),
    replayed: metaOf(conversion)?.replayed,
    refused: refused instanceof Refusal ? refused.code : String(refused),
    lost: lost instanceof Unanswered,
    once: keys.data.filter((key) => key.name === "once").length,
    home: changed.home_url,
    stale: stale instanceof Refusal ? stale.code : String(stale),
    image: (await grapevine.getShareQrSvg(share.id)).includes("<svg"),
}));

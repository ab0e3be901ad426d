// What @hey-api/openapi-ts makes of the contract, along the main path. Prints what it met, as JSON.

import { randomUUID } from "node:crypto";

import { client } from "./generated/hey_api/client.gen.js";
import * as sdk from "./generated/hey_api/sdk.gen.js";

client.setConfig({ baseUrl: process.env.GRAPEVINE_URL!, auth: process.env.GRAPEVINE_KEY! });
const once = () => ({ "Idempotency-Key": randomUUID() });

function good<Data>(answer: { data?: Data; error?: unknown }): NonNullable<Data> {
    if (answer.error !== undefined || answer.data === undefined || answer.data === null) throw new Error(JSON.stringify(answer.error));
    return answer.data;
}

const program = good(await sdk.createProgram({
    headers: once(),
    body: {
        name: "Tell a friend",
        slug: "friends",
        status: "active",
        landing_url: "https://shop.example/welcome",
        rewards: [
            { to: "advocate", on: "conversion", kind: "amount_off", amount: 1000 },
            { to: "friend", on: "conversion", kind: "percent_off", rate_bps: 1000, max_amount: 2000 },
        ],
    },
}));
good(await sdk.upsertCustomer({ path: { id: "anna" }, body: { email: "anna@example.org" } }));
good(await sdk.upsertCustomer({ path: { id: "ben" }, body: { email: "ben@example.org" } }));
const share = good(await sdk.createShare({ headers: once(), body: { program: program.slug, customer: "anna", channel: "whatsapp" } }));
if (!("token" in share)) throw new Error("one channel makes one share");
const order = { order_id: "A-1001", customer: "ben", amount: 4990, currency: "EUR", evidence: { token: share.token } };
const conversion = good(await sdk.createConversion({ headers: once(), body: order }));
good(await sdk.moveTestClock({ body: { advance_days: 31 } }));
const vouchers = good(await sdk.listCustomerVouchers({ path: { id: "anna" } })).data;
const cart = { codes: [vouchers[0]!.code], customer: "anna", order_id: "A-2001", currency: "EUR", amount: 4990 };
const redemption = good(await sdk.createRedemption({ headers: once(), body: cart }));
const listed = good(await sdk.listRedemptions({ query: { order_id: "A-2001" } })).data;
const events = good(await sdk.listEvents({ query: { limit: 200 } })).data;
const { error: refused } = await sdk.createRedemption({ headers: once(), body: { ...cart, order_id: "A-2002" } });

console.log(JSON.stringify({
    conversion: { status: conversion.status, method: conversion.attribution?.method, rewards: conversion.rewards.length },
    voucher: { kind: vouchers[0]!.kind, amount: vouchers[0]!.amount, count: vouchers.length },
    redemption: { discount: redemption.discount, payable: redemption.payable },
    listed: listed.map((row) => row.order_id),
    recorded: events.filter((event) => event.type === "conversion.recorded").length,
    refused: refused?.code,
}));

// What openapi-typescript and openapi-fetch make of the contract, along the main path. Prints what it met, as JSON.

import { randomUUID } from "node:crypto";

import createClient from "openapi-fetch";

import type { paths } from "./generated/openapi_typescript.js";

const headers = { authorization: `Bearer ${process.env.GRAPEVINE_KEY!}` };
const client = createClient<paths, `application/${string}json`>({ baseUrl: process.env.GRAPEVINE_URL!, headers });
const once = () => ({ header: { "Idempotency-Key": randomUUID() } });

function good<Data, Problem>(answer: { data?: Data; error?: Problem; response: Response }): NonNullable<Data> {
    if (answer.error !== undefined || answer.data === undefined || answer.data === null) throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
    return answer.data;
}

const program = good(await client.POST("/v1/programs", {
    params: once(),
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
good(await client.PUT("/v1/customers/{id}", { params: { path: { id: "anna" } }, body: { email: "anna@example.org" } }));
good(await client.PUT("/v1/customers/{id}", { params: { path: { id: "ben" } }, body: { email: "ben@example.org" } }));
const share = good(await client.POST("/v1/shares", { params: once(), body: { program: program.slug, customer: "anna", channel: "whatsapp" } }));
if (!("token" in share)) throw new Error("one channel makes one share");
const conversion = good(await client.POST("/v1/conversions", {
    params: once(),
    body: { order_id: "A-1001", customer: "ben", amount: 4990, currency: "EUR", evidence: { token: share.token } },
}));
good(await client.POST("/v1/test/clock", { params: once(), body: { advance_days: 31 } }));
const vouchers = good(await client.GET("/v1/customers/{id}/vouchers", { params: { path: { id: "anna" } } })).data;
const cart = { codes: [vouchers[0]!.code], customer: "anna", order_id: "A-2001", currency: "EUR", amount: 4990 };
const redemption = good(await client.POST("/v1/redemptions", { params: once(), body: cart }));
const listed = good(await client.GET("/v1/redemptions", { params: { query: { order_id: "A-2001" } } })).data;
const events = good(await client.GET("/v1/events", { params: { query: { limit: 200 } } })).data;
const { error: refused } = await client.POST("/v1/redemptions", { params: once(), body: { ...cart, order_id: "A-2002" } });

console.log(JSON.stringify({
    conversion: { status: conversion.status, method: conversion.attribution?.method, rewards: conversion.rewards.length },
    voucher: { kind: vouchers[0]!.kind, amount: vouchers[0]!.amount, count: vouchers.length },
    redemption: { discount: redemption.discount, payable: redemption.payable },
    listed: listed.map((row) => row.order_id),
    recorded: events.filter((event) => event.type === "conversion.recorded").length,
    refused: refused?.code,
}));

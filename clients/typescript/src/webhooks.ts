/** Webhooks are signed as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over `id.timestamp.body`. */

import { createHmac, timingSafeEqual } from "node:crypto";

import type { Event } from "./types.js";

/** A webhook that is not to be believed; answer it 400. */
export class SignatureError extends Error {
    override readonly name = "SignatureError";
}

/** What a webhook is verified with. */
export interface Verification {
    /** How far its time may be from ours, seconds; default 300. */
    toleranceSeconds?: number;
    /** Our time; left out: now. */
    now?: Date;
}

type HeadersIn = Headers | Readonly<Record<string, string | string[] | undefined>>;

/**
 * The event in a webhook, when one of its signatures was made with one of the secrets (`whsec_…`; two while one is
 * rotated). `body` is the body as it came, before anything parsed it. The same event may come again: keep its `id`.
 */
export function verifyWebhook(body: string | Uint8Array, headers: HeadersIn, secret: string | readonly string[], how: Verification = {}): Event {
    const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => header(headers, name));
    if (!id || !timestamp || !signatures || id.includes(".")) throw new SignatureError("webhook-id, webhook-timestamp or webhook-signature is missing");
    const now = (how.now ?? new Date()).getTime() / 1_000;
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > (how.toleranceSeconds ?? 300)) {
        throw new SignatureError("webhook-timestamp is too old, or ahead");
    }
    const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : Buffer.from(body);
    const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, "utf8"), bytes]);
    const secrets = (typeof secret === "string" ? [secret] : secret).map(keyOf);
    const given = signatures.split(" ").filter((one) => one.startsWith("v1,")).map((one) => Buffer.from(one.slice(3), "base64"));
    const isGood = secrets.some((key) => {
        const wanted = createHmac("sha256", key).update(signed).digest();
        return given.some((one) => one.length === wanted.length && timingSafeEqual(one, wanted));
    });
    if (!isGood) throw new SignatureError("no signature fits");
    return JSON.parse(bytes.toString("utf8")) as Event;
}

function header(headers: HeadersIn, name: string): string | undefined {
    if (headers instanceof Headers) return headers.get(name) ?? undefined;
    const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
    return Array.isArray(found) ? found.join(" ") : found;
}

function keyOf(secret: string): Buffer {
    const text = secret.startsWith("whsec_") ? secret.slice(6) : secret;
    const key = Buffer.from(text, "base64");
    if (key.length < 24 || key.length > 64 || key.toString("base64") !== text) throw new Error("the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes");
    return key;
}

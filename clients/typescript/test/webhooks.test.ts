import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { SignatureError, verifyWebhook } from "@grapevine/client";

interface Case {
    name: string;
    body: string;
    headers: Record<string, string>;
    secrets: string[];
    now: number;
    good: boolean;
}

const table = JSON.parse(readFileSync(process.env.GRAPEVINE_WEBHOOKS!, "utf8")) as { webhooks: Case[]; bad_secrets: string[] };

for (const { name, body, headers, secrets, now, good } of table.webhooks) {
    test(name, () => {
        const how = { now: new Date(now * 1_000) };
        if (good) {
            for (const form of [body, Buffer.from(body)]) assert.deepEqual(verifyWebhook(form, headers, secrets, how), JSON.parse(body));
            assert.deepEqual(verifyWebhook(body, new Headers(headers), secrets, how), JSON.parse(body));
        } else {
            assert.throws(() => verifyWebhook(body, headers, secrets, how), SignatureError);
        }
    });
}

test("a secret that is none", () => {
    const { body, headers, now } = table.webhooks[0]!;
    for (const secret of table.bad_secrets) {
        assert.throws(() => verifyWebhook(body, headers, secret, { now: new Date(now * 1_000) }), /base64 of 24 to 64 bytes/);
    }
});

test("our own clock", () => {
    const { body, headers, secrets } = table.webhooks[0]!;
    assert.throws(() => verifyWebhook(body, headers, secrets), SignatureError);
});

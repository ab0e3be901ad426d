// Verifies webhooks by `standardwebhooks` of npm, and what is signed with Ed25519 by Node's own cryptography, for the library
// reads `v1` alone: `webhooks.mjs STANDARDWEBHOOKS FILE`. Prints of each: whether `v1` holds, whether `v1a` does, and whether
// either still does when a letter of the body was changed.
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Webhook } = createRequire(process.argv[2])("standardwebhooks");
const { secret, publicKey, hooks } = JSON.parse(readFileSync(process.argv[3], "utf8"));

function holds({ headers, body }) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function holdsByKey({ headers, body }) {
  const x = Buffer.from(publicKey.replace("whpk_", ""), "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const signatures = headers["webhook-signature"].split(" ").filter((one) => one.startsWith("v1a,"));
  return signatures.some((one) => verify(null, signed, key, Buffer.from(one.slice(4), "base64")));
}

const said = hooks.map((hook) => {
  const changed = { ...hook, body: hook.body.replace("type", "tipe") };
  return [holds(hook), holdsByKey(hook), holds(changed) || holdsByKey(changed)];
});
console.log(JSON.stringify(said));

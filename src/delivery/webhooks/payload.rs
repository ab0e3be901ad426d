//! What is sent: the body, made of the event as it stands now (who was erased since is in it no more), and the headers by
//! which a receiver knows that it is ours (Standard Webhooks 1.0).

use aws_lc_rs::hmac;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::records::delivery::TEST;
use crate::records::endpoint::PayloadForm;
use crate::records::event::EventData;
use crate::records::shop::Mode;
use crate::records::{Endpoint, Event, EventKind, Id, RecordKind, Timestamp, Voucher};
use crate::vault::Vault;
use crate::views;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// What an event is about, for who asks for it.
#[derive(Serialize)]
struct About {
    object: &'static str,
    id: Option<Id>,
    url: Option<String>,
}

#[derive(Serialize)]
struct Thin {
    id: Id,
    seq: i64,
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: Timestamp,
    shop: Id,
    mode: Mode,
    version: u8,
    data: About,
}

/// The same form for what only tries an endpoint out; no event stands behind it.
#[derive(Serialize)]
struct Test {
    id: Id,
    seq: Option<i64>,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Timestamp,
    shop: Id,
    mode: Mode,
    version: u8,
    data: About,
}

/// Whether the data of an event has a voucher's code.
pub(super) fn has_code(event: &Event) -> bool {
    event.kind.data() == EventData::Voucher && !event.is_erased()
}

/// The body of an event. `voucher` is the one that it is about, where its code is to be told.
///
/// # Errors
///
/// The event was changed by other hands.
pub(super) fn body(
    endpoint: &Endpoint,
    mode: Mode,
    event: &Event,
    voucher: Option<&Voucher>,
    (vault, public_url): (&Vault, &str),
) -> Result<String, serde_json::Error> {
    if endpoint.payload == PayloadForm::Thin {
        let Event { id, seq, kind, created_at: timestamp, shop, .. } = *event;
        let data = About {
            object: event.subject.and_then(RecordKind::of).and_then(|kind| kind.row().word).unwrap_or("record"),
            id: event.subject,
            url: event.subject.and_then(resource).map(|place| format!("{public_url}{place}")),
        };
        return serde_json::to_string(&Thin { id, seq, kind, timestamp, shop, mode, version: 1, data });
    }
    let code = voucher.filter(|_| has_code(event)).and_then(|voucher| vault.open(&voucher.code_box));
    let Some(code) = code else { return serde_json::to_string(&views::event::event(event, mode)?) };
    let mut data: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&event.data)?;
    data.insert("code".to_owned(), code.into());
    let told = Event { data: serde_json::to_string(&data)?, ..event.clone() };
    serde_json::to_string(&views::event::event(&told, mode)?)
}

/// The body of what only tries an endpoint out.
pub(super) fn test_body(endpoint: &Endpoint, mode: Mode, id: Id, timestamp: Timestamp) -> String {
    let data = About { object: "webhook_endpoint", id: Some(endpoint.id), url: None };
    let test = Test { id, seq: None, kind: TEST, timestamp, shop: endpoint.shop, mode, version: 1, data };
    serde_json::to_string(&test).expect("what we show always serializes")
}

/// Where the API shows a record.
fn resource(id: Id) -> Option<String> {
    let list = match RecordKind::of(id)? {
        RecordKind::Program => "programs",
        RecordKind::Referral => "referrals",
        RecordKind::Conversion => "conversions",
        RecordKind::Reward => "rewards",
        RecordKind::Voucher => "vouchers",
        RecordKind::VoucherBatch => "voucher_batches",
        RecordKind::Redemption => "redemptions",
        RecordKind::Hold => "holds",
        RecordKind::Offer => "offers",
        RecordKind::Claim => "claims",
        RecordKind::Grant => "grants",
        RecordKind::Message => "messages",
        RecordKind::Share => "shares",
        RecordKind::Customer => "customers",
        RecordKind::Job => "jobs",
        RecordKind::Endpoint => "webhook_endpoints",
        _ => return None,
    };
    Some(format!("/v1/{list}/{id}"))
}

/// What signs what is sent.
pub(super) enum Signer {
    /// A secret that the receiver knows as well (`v1`).
    Secret(String),
    /// A key of which they know the public half (`v1a`).
    Pair(Ed25519KeyPair),
}

impl Signer {
    fn sign(&self, signed: &[u8]) -> Option<String> {
        match self {
            Self::Secret(secret) => signature(secret, signed),
            Self::Pair(pair) => Some(format!("v1a,{}", STANDARD.encode(pair.sign(signed)))),
        }
    }
}

/// What signs at an instant: the secrets, the newest first, then the keys.
pub(super) fn signers(endpoint: &Endpoint, vault: &Vault, now: Timestamp) -> Vec<Signer> {
    let old = endpoint.old_secret.as_ref().filter(|_| endpoint.old_until.is_some_and(|until| now < until));
    let sealed: Vec<&String> = [Some(&endpoint.secret), old].into_iter().flatten().collect();
    let secrets = sealed.iter().filter_map(|sealed| vault.open(sealed)).map(Signer::Secret);
    let wanted = sealed.iter().filter(|_| endpoint.public_key.is_some());
    secrets.chain(wanted.map(|sealed| Signer::Pair(vault.webhook_pair(sealed)))).collect()
}

/// The headers of a try.
pub(super) fn headers(signers: &[Signer], id: Id, now: Timestamp, body: &str) -> [(&'static str, String); 3] {
    let (id, seconds) = (id.to_string(), now.ms().div_euclid(1_000).to_string());
    let signed = format!("{id}.{seconds}.{body}");
    let signatures: Vec<String> = signers.iter().filter_map(|signer| signer.sign(signed.as_bytes())).collect();
    [("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", signatures.join(" "))]
}

/// The key that a secret is.
pub(super) fn key(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()
}

fn signature(secret: &str, signed: &[u8]) -> Option<String> {
    let key = key(secret)?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed);
    Some(format!("v1,{}", STANDARD.encode(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_vectors_to_which_the_clients_are_held() {
        let vectors = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/clients/webhooks.json"));
        let vectors: serde_json::Value = serde_json::from_str(&vectors.expect("the vectors")).expect("JSON");
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let first = &vectors["webhooks"][0];
        let headers = &first["headers"];
        let signed = format!(
            "{}.{}.{}",
            text(&headers["webhook-id"]),
            text(&headers["webhook-timestamp"]),
            text(&first["body"])
        );
        let made = signature(&text(&first["secrets"][0]), signed.as_bytes());
        assert_eq!(made, Some(text(&headers["webhook-signature"])));
    }

    #[test]
    fn two_secrets_sign_with_a_blank_between() {
        let secrets = ["whsec_AAEC", "whsec_AwQF"].map(|secret| Signer::Secret(secret.to_owned()));
        let [_, (_, seconds), (_, signatures)] =
            headers(&secrets, Id::of("evt", &["x"]), Timestamp::from_ms(1_790_000_000_999), "{}");
        assert_eq!(seconds, "1790000000");
        assert_eq!(signatures.split(' ').filter(|one| one.starts_with("v1,")).count(), 2, "{signatures}");
    }
}

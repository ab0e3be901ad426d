//! Adds an endpoint. Its secret is in this answer and nowhere else. It gets what happens from now on; what happened
//! before can be replayed.

use serde::Deserialize;

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::endpoints::endpoint::{Wanted, kinds, new_secret, public_key, refuse_codes};
use crate::records::endpoint::{DeliveryOrder, EndpointStatus, PayloadForm};
use crate::records::text::Text;
use crate::records::{Endpoint, Json, ShopHead};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Endpoints of one shop.
pub const ENDPOINTS: usize = 50;

/// The endpoint's fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateEndpoint {
    /// Where to; looked at before.
    pub url: Text<1, 2048>,
    /// Which events; left out: every one.
    pub events: Option<Vec<Wanted>>,
    /// What of them; left out: all.
    pub payload: Option<PayloadForm>,
    /// In what order; left out: any.
    pub order: Option<DeliveryOrder>,
    /// Whether events of vouchers tell their codes; left out: not.
    pub include_codes: Option<bool>,
    /// Whether a key of which the receiver knows the public half signs as well; left out: not.
    pub asymmetric: Option<bool>,
    /// Whether who asks may see codes; not from the body.
    #[serde(skip)]
    pub sees_codes: bool,
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &CreateEndpoint) -> Result<Answer, Stop> {
    let (endpoints, head) = (draft.list(&Endpoint::OF_SHOP, draft.shop.id)?, draft.expect::<ShopHead>(draft.shop.id)?);
    let kinds = command.events.as_deref().map(kinds).transpose()?.unwrap_or_default();
    let include_codes = command.include_codes.unwrap_or(false);
    if include_codes && !command.sees_codes {
        return Err(refuse_codes().into());
    }
    if endpoints.iter().filter(|endpoint| endpoint.deleted_at.is_none()).count() >= ENDPOINTS {
        let detail = format!("A shop has at most {ENDPOINTS} webhook endpoints; delete old ones.");
        return Err(Rejection::new(Code::LimitReached, detail).into());
    }
    let (plain, sealed) = new_secret(draft);
    let endpoint = Endpoint {
        id: draft.new_id("whe"),
        shop: draft.shop.id,
        version: 0,
        url: command.url.to_string(),
        kinds: Json(kinds),
        payload: command.payload.unwrap_or(PayloadForm::Full),
        order: command.order.unwrap_or(DeliveryOrder::Any),
        include_codes,
        status: EndpointStatus::Enabled,
        disabled_by: None,
        disabled_at: None,
        enabled_at: draft.context.real_at,
        public_key: public_key(draft, &sealed, command.asymmetric.unwrap_or(false)),
        secret: sealed,
        old_secret: None,
        old_until: None,
        from_seq: head.seq,
        created_at: draft.at(),
        deleted_at: None,
    };
    let place = format!("/v1/webhook_endpoints/{}", endpoint.id);
    let answer = Answer::created(&views::endpoint::with_secret(&endpoint, &plain), place).keep(Keep::Never);
    draft.audit("create_webhook_endpoint", endpoint.id, None);
    draft.save(endpoint);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::endpoints::delete_endpoint::DeleteEndpoint;
    use crate::decide::endpoints::disable_endpoint::DisableEndpoint;
    use crate::decide::endpoints::rotate_secret::RotateSecret;
    use crate::decide::endpoints::update_endpoint::{EndpointChange, UpdateEndpoint};
    use crate::decide::testing::bench::Bench;
    use crate::records::endpoint::DisabledBy;
    use crate::records::{Event, EventKind, Id, Timestamp};

    fn create(bench: &mut Bench, json: &str, sees_codes: bool) -> Result<serde_json::Value, Rejection> {
        let body: CreateEndpoint = serde_json::from_str(json).expect("a body");
        let answer = bench.decide(CreateEndpoint { sees_codes, ..body })?;
        assert_eq!(answer.keep, Keep::Never);
        Ok(serde_json::from_str(&answer.body).expect("JSON"))
    }

    fn change(bench: &mut Bench, id: Id, json: &str, sees_codes: bool) -> Result<Answer, Rejection> {
        let body: EndpointChange = serde_json::from_str(json).expect("a body");
        bench.decide(UpdateEndpoint { id, body, sees_codes })
    }

    const URL: &str = r#"{"url":"https://shop.example/hook"}"#;

    #[test]
    fn a_secret_is_stored_sealed_and_an_endpoint_gets_everything_unless_it_says_what() {
        let mut bench = Bench::new();
        let made = create(&mut bench, URL, false).expect("an endpoint");
        assert_eq!((&made["events"], &made["payload"]), (&serde_json::json!(["*"]), &serde_json::json!("full")));
        let secret = made["secret"].as_str().expect("a secret");
        assert!(secret.starts_with("whsec_") && secret.len() == 6 + 44 && secret.ends_with('='), "{secret}");
        let stored = bench.all::<Endpoint>()[0].clone();
        assert!(!stored.secret.contains(&secret[6..20]));
    }

    #[test]
    fn types_are_named_once_and_all_stands_alone() {
        let mut bench = Bench::new();
        let twice = r#"{"url":"https://a.example/","events":["grant.given","grant.given"]}"#;
        assert_eq!(create(&mut bench, twice, false).expect("one")["events"], serde_json::json!(["grant.given"]));
        for wrong in [r#"["*","grant.given"]"#, "[]"] {
            let body = format!(r#"{{"url":"https://a.example/","events":{wrong}}}"#);
            assert_eq!(create(&mut bench, &body, false).expect_err("wrong").code, Code::InvalidField, "{wrong}");
        }
    }

    #[test]
    fn who_sees_no_codes_has_none_sent() {
        let mut bench = Bench::new();
        let codes = r#"{"url":"https://a.example/","include_codes":true}"#;
        assert_eq!(create(&mut bench, codes, false).expect_err("no codes").code, Code::Forbidden);
        create(&mut bench, codes, true).expect("an endpoint");
        let id = bench.all::<Endpoint>()[0].id;
        let elsewhere = r#"{"url":"https://b.example/"}"#;
        assert_eq!(change(&mut bench, id, elsewhere, false).expect_err("no codes").code, Code::Forbidden);
        change(&mut bench, id, r#"{"payload":"thin"}"#, false).expect("it goes nowhere else");
        change(&mut bench, id, elsewhere, true).expect("they may");
    }

    #[test]
    fn there_are_as_many_as_there_may_be() {
        let mut bench = Bench::new();
        for _ in 0..ENDPOINTS {
            create(&mut bench, URL, false).expect("an endpoint");
        }
        assert_eq!(create(&mut bench, URL, false).expect_err("too many").code, Code::LimitReached);
        let id = bench.all::<Endpoint>()[0].id;
        bench.decide(DeleteEndpoint { id }).expect("deleted");
        bench.decide(DeleteEndpoint { id }).expect("still deleted");
        create(&mut bench, URL, false).expect("there is room");
        assert_eq!(change(&mut bench, id, "{}", true).expect_err("gone").code, Code::NotFound);
    }

    #[test]
    fn news_of_before_it_was_enabled_disables_nothing() {
        let mut bench = Bench::new();
        create(&mut bench, URL, false).expect("an endpoint");
        let before = bench.all::<Endpoint>()[0].clone();
        let why = DisabledBy::Failing;
        bench.decide(DisableEndpoint { id: before.id, enabled_at: before.enabled_at, why }).expect("disabled");
        bench.decide(DisableEndpoint { id: before.id, enabled_at: before.enabled_at, why }).expect("once");
        assert_eq!(bench.get::<Endpoint>(before.id).disabled_by, Some(why));
        let told = |bench: &Bench| {
            bench.all::<Event>().iter().filter(|event| event.kind == EventKind::EndpointDisabled).count()
        };
        assert_eq!(told(&bench), 1);
        bench.at = bench.at.plus_ms(1_000);
        change(&mut bench, before.id, r#"{"status":"enabled"}"#, false).expect("enabled");
        bench.decide(DisableEndpoint { id: before.id, enabled_at: before.enabled_at, why }).expect("too late");
        assert!(bench.get::<Endpoint>(before.id).is_live());
        assert_eq!(told(&bench), 1);
    }

    #[test]
    fn a_secret_that_was_replaced_signs_on_for_as_long_as_was_asked() {
        let mut bench = Bench::new();
        create(&mut bench, URL, false).expect("an endpoint");
        let first = bench.all::<Endpoint>()[0].clone();
        bench.decide(RotateSecret { id: first.id, grace_seconds: 60 }).expect("rotated");
        let second = bench.get::<Endpoint>(first.id);
        assert_eq!(second.old_secret.as_ref(), Some(&first.secret));
        assert_eq!(second.old_until.map(Timestamp::ms), Some(first.enabled_at.ms() + 60_000));
        bench.decide(RotateSecret { id: first.id, grace_seconds: 0 }).expect("rotated");
        assert_eq!(bench.get::<Endpoint>(first.id).old_secret, None, "it was told that nobody may use it");
    }
}

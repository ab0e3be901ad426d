//! Passes: who is let in, and what doors need to tell a pass from a forged one without a network.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::benefits::vouchers::with_status;
use crate::api::door::guesses::Guesser;
use crate::api::door::tokens::KeySet;
use crate::api::request::call::{Call, shown};
use crate::api::request::guessing::{note, unknown_codes};
use crate::decide::draft::Draft;
use crate::decide::passes::admit_pass::{self, AdmitPass};
use crate::decide::passes::update_pass::UpdatePass;
use crate::records::pass::event_key;
use crate::records::text::{Name, Reference, Text};
use crate::records::voucher::ShownStatus;
use crate::records::{Admission, Claim, Offer, Reward, Timestamp, Voucher};
use crate::store::queries::claims::with_pass;
use crate::store::queries::records::Filter;
use crate::views::Mask;
use crate::views::pass::scan;
use crate::world::Stop;

/// The key's name; another one would come with another way of signing.
const KEY: &str = "gvp-1";
/// That people were let in by a pass.
const ADMISSION: &str = "SELECT 1 FROM admissions AS a WHERE a.id = 'adm_' || substr(vouchers.id, 5)";

/// A pass that is shown at a door.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    code: Option<Text<1, 200>>,
    gate: Name,
    event: Option<Reference>,
    admitted_at: Option<Timestamp>,
}

/// The same where its code is all that is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scanned {
    code: Text<1, 200>,
    gate: Name,
    event: Option<Reference>,
    admitted_at: Option<Timestamp>,
}

pub(in crate::api) async fn admit_pass(call: Call) -> Result<Reply, Problem> {
    let (id, Shown { code, gate, event, admitted_at }) = (call.id("vch")?, call.body()?);
    let code = code.map(Text::into_string);
    admit(&call, AdmitPass { id: Some(id), code, gate, event, admitted_at, mask: call.mask() }).await
}

pub(in crate::api) async fn admit_scanned_pass(call: Call) -> Result<Reply, Problem> {
    let Scanned { code, gate, event, admitted_at } = call.body()?;
    let code = Some(code.into_string());
    admit(&call, AdmitPass { id: None, code, gate, event, admitted_at, mask: call.mask() }).await
}

/// Wrong codes are counted by who tries them.
async fn admit(call: &Call, command: AdmitPass) -> Result<Reply, Problem> {
    let guesser = command.code.is_some().then(|| Guesser::new(&call.caller));
    call.app.guesses.check(guesser.as_ref())?;
    let outcome = call.submit(command).await;
    note(call, guesser.as_ref(), outcome.as_ref().err().map_or(0, unknown_codes)).await;
    outcome
}

pub(in crate::api) async fn update_pass(call: Call) -> Result<Reply, Problem> {
    let id = call.id("vch")?;
    call.submit(UpdatePass { id, if_match: call.if_match()?, body: call.body()?, mask: call.mask() }).await
}

pub(in crate::api) async fn get_pass(call: Call) -> Result<Reply, Problem> {
    let record: Voucher = call.record(call.id("vch")?).await?;
    if record.pass.is_none() {
        return Err(Problem::not_found());
    }
    let (mask, version) = (call.mask(), record.version);
    let view = call.dry_run(move |draft| {
        let admission = draft.get::<Admission>(Admission::id_of(record.id))?;
        let seen = (mask == Mask::Full).then(|| scan(&record, &draft.installation.vault)).flatten();
        Ok(shown(&admit_pass::shown(draft, &record, admission.as_deref(), mask)?.with_scan(seen)))
    });
    Ok(Reply::json(&view.await?).version(version))
}

pub(in crate::api) async fn list_passes(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .indexed("vouchers.event IS NOT NULL", [])
        .among("customer", customer)
        .among("customer", named)
        .equals("event", call.query().text("event").map(event_key));
    let filter = match call.query().yes_or_no("admitted")? {
        Some(true) => filter.when(format!("EXISTS ({ADMISSION})"), []),
        Some(false) => filter.when(format!("NOT EXISTS ({ADMISSION})"), []),
        None => filter,
    };
    let filter = match call.query().yes_or_no("conflicts")? {
        Some(true) => filter.when(format!("EXISTS ({ADMISSION} AND a.others <> '[]')"), []),
        Some(false) => filter.when(format!("NOT EXISTS ({ADMISSION} AND a.others <> '[]')"), []),
        None => filter,
    };
    let filter = match call.query().word("status", ShownStatus::WORDS)?.and_then(ShownStatus::parse) {
        Some(status) => with_status(&call, filter, status).await?,
        None => filter,
    };
    call.list_pages(filter, show_page).await
}

/// Those that claims of an offer gave, in the order of these.
pub(in crate::api) async fn list_offer_passes(call: Call) -> Result<Reply, Problem> {
    let offer: Offer = call.record(call.id("ofr")?).await?;
    let filter = with_pass(offer.id, call.query().yes_or_no("admitted")?);
    call.list_pages(filter, show_given).await
}

async fn show_given(call: &Call, claims: &[Claim]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (claims, mask) = (claims.to_vec(), call.mask());
    let each = move |draft: &mut Draft<'_>| {
        let rewards: Vec<_> = claims.iter().map(|claim| draft.expect::<Reward>(claim.reward)).collect();
        let rewards = rewards.into_iter().collect::<Result<Vec<_>, _>>()?;
        let given: Vec<_> =
            rewards.iter().filter_map(|reward| Some(draft.expect::<Voucher>(reward.voucher?))).collect();
        let given = given.into_iter().collect::<Result<Vec<_>, _>>()?;
        let asked: Vec<_> = given.iter().map(|voucher| show(draft, voucher, mask)).collect();
        asked.into_iter().collect::<Result<Vec<_>, _>>()
    };
    call.dry_run(each).await
}

async fn show_page(call: &Call, records: &[Voucher]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (records, mask) = (records.to_vec(), call.mask());
    let each = move |draft: &mut Draft<'_>| {
        let asked: Vec<_> = records.iter().map(|record| show(draft, record, mask)).collect();
        asked.into_iter().collect::<Result<Vec<_>, _>>()
    };
    call.dry_run(each).await
}

fn show(draft: &Draft<'_>, record: &Voucher, mask: Mask) -> Result<Box<RawValue>, Stop> {
    let admission = draft.get::<Admission>(Admission::id_of(record.id))?;
    Ok(shown(&admit_pass::shown(draft, record, admission.as_deref(), mask)?))
}

/// The shop's own: another shop's passes let nobody in here.
pub(in crate::api) async fn list_pass_keys(call: Call) -> Result<Reply, Problem> {
    call.query().refuse_unknown()?;
    let key = call.app.installation.vault.pass_key(call.shop());
    Ok(Reply::json(&KeySet::of_one(KEY.to_owned(), URL_SAFE_NO_PAD.encode(key))))
}

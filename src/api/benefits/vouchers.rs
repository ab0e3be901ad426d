//! Vouchers, and what carts would come to.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::door::guesses::Guesser;
use crate::api::orders::redemptions::typed_cart;
use crate::api::people::customers::{family, family_of};
use crate::api::reporting::Counting;
use crate::api::request::call::{Approval, Because, Call, shown};
use crate::api::request::guessing::{note, unknown_evidence};
use crate::decide::checkout::applicable;
use crate::decide::checkout::check_cart::check;
use crate::decide::input::typed_code;
use crate::decide::vouchers::approve_voucher::ApproveVoucher;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::create_voucher::CreateVoucher;
use crate::decide::vouchers::replace_voucher::ReplaceVoucher;
use crate::decide::vouchers::reveal_voucher::RevealVoucher;
use crate::decide::vouchers::update_voucher::UpdateVoucher;
use crate::decide::vouchers::void_voucher::VoidVoucher;
use crate::records::benefit::BenefitKind;
use crate::records::code::Typed;
use crate::records::text::Text;
use crate::records::voucher::Standing;
use crate::records::voucher::{ShownStatus, VoucherSource};
use crate::records::{Timestamp, Voucher};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::{Filter, Part, list};
use crate::store::queries::vouchers::in_status;
use crate::views::cart::ApplicableView;
use crate::views::voucher::voucher;

/// The body of a search by code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lookup {
    code: Typed,
    visitor: Option<Text<0, 128>>,
}

pub(in crate::api) async fn create_voucher(call: Call) -> Result<Reply, Problem> {
    let body: CreateVoucher = call.body()?;
    call.submit(CreateVoucher { mask: call.mask(), ..body }).await
}

pub(in crate::api) async fn update_voucher(call: Call) -> Result<Reply, Problem> {
    let id = call.id("vch")?;
    call.submit(UpdateVoucher { id, if_match: call.if_match()?, body: call.body()?, mask: call.mask() }).await
}

pub(in crate::api) async fn approve_voucher(call: Call) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("vch")?, call.body()?);
    call.submit(ApproveVoucher { id, reason, mask: call.mask() }).await
}

pub(in crate::api) async fn void_voucher(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("vch")?, call.body()?);
    call.submit(VoidVoucher { id, reason, mask: call.mask() }).await
}

pub(in crate::api) async fn replace_voucher(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("vch")?, call.body()?);
    call.submit(ReplaceVoucher { id, reason, mask: call.mask() }).await
}

pub(in crate::api) async fn reveal_voucher(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("vch")?, call.body()?);
    call.submit(RevealVoucher { id, reason }).await
}

pub(in crate::api) async fn get_voucher(call: Call) -> Result<Reply, Problem> {
    let record: Voucher = call.record(call.id("vch")?).await?;
    show(&call, record).await
}

pub(in crate::api) async fn lookup_voucher(call: Call) -> Result<Reply, Problem> {
    let Lookup { code, visitor } = call.body()?;
    let guesser = Guesser::on_behalf(&call.caller, None, visitor.as_deref(), None);
    call.app.guesses.check(Some(&guesser))?;
    let found = call.dry_run(move |draft| Ok(typed_code::voucher(draft, &code)?.map(|found| (*found).clone()))).await?;
    let Some(record) = found else {
        note(&call, Some(&guesser), 1).await;
        let detail = "There is no voucher with this code; mind that it was typed in full.";
        return Err(Rejection::at(Code::VoucherUnknown, "/code", detail).into());
    };
    show(&call, record).await
}

pub(in crate::api) async fn check_cart(call: Call) -> Result<Reply, Problem> {
    let (cart, ignored) = typed_cart(&call)?;
    let guesser = Guesser::of_cart(&call.caller, &cart);
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(&call, cart.evidence.as_ref()).await?;
    let view = call.dry_run(move |draft| check(draft, &cart)).await?;
    note(&call, guesser.as_ref(), unknown + view.unknown_codes()).await;
    Reply::json(&view).ignoring(&ignored)
}

/// Vouchers of a customer that are looked at, the newest.
const LOOKED_AT: usize = 100;

pub(in crate::api) async fn list_applicable_vouchers(call: Call) -> Result<Reply, Problem> {
    let (cart, ignored) = typed_cart(&call)?;
    applicable::check(&cart)?;
    let guesser = Guesser::of_cart(&call.caller, &cart);
    call.app.guesses.check(guesser.as_ref())?;
    let unknown = unknown_evidence(&call, cart.evidence.as_ref()).await?;
    let owners = family_of(&call, cart.customer.as_deref().unwrap_or_default().to_owned()).await?;
    let filter = Filter::new().among("customer", Some(owners)).when("vouchers.status = 'active'", []);
    let (shop, part) = (call.shop(), Part { limit: LOOKED_AT, ..Part::default() });
    let found = call.read(move |connection| list::<Voucher>(connection, shop, &filter, &part)).await?;
    let (more, ids) = (found.more, found.rows.iter().map(|voucher| voucher.id).collect::<Vec<_>>());
    let data = call.dry_run(move |draft| applicable::applicable(draft, &cart, &ids)).await?;
    note(&call, guesser.as_ref(), unknown).await;
    Reply::json(&Applicable { data, more }).ignoring(&ignored)
}

/// What a customer could use, best first.
#[derive(Serialize)]
struct Applicable {
    data: Vec<ApplicableView>,
    more: bool,
}

/// Vouchers of which the books hold something that is not a balance: as [`Voucher::held`].
const OWED: &str = "kind <> 'gift_card' AND status = 'active' AND lapsed_amount = 0 AND face_amount > 0
    AND max_redemptions > COALESCE((SELECT u.used FROM voucher_uses u WHERE u.id = 'use' || substr(vouchers.id, 4)), 0)";

pub(in crate::api) async fn list_vouchers(call: Call) -> Result<Reply, Problem> {
    let (customer, named) = (call.customer_filter("customer").await?, call.customer_filter("external_id").await?);
    let filter = Filter::new()
        .among("customer", customer)
        .among("customer", named)
        .equals("reference", call.query().text("reference"))
        .equals("batch", call.query().text("batch"))
        .equals("kind", call.query().word("kind", BenefitKind::WORDS)?)
        .equals("source", call.query().word("source", VoucherSource::WORDS)?)
        .only(&call, "owed", OWED)?;
    let filter = match call.query().word("status", ShownStatus::WORDS)?.and_then(ShownStatus::parse) {
        Some(status) => with_status(&call, filter, status).await?,
        None => filter,
    };
    call.list_pages(filter, show_page).await
}

pub(in crate::api) async fn list_customer_vouchers(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().among("customer", Some(family(&call).await?));
    call.list_pages(filter, show_page).await
}

/// Only those that stand so at present.
pub(in crate::api) async fn with_status(call: &Call, filter: Filter, status: ShownStatus) -> Result<Filter, Problem> {
    let at = call.dry_run(|draft| Ok(draft.at())).await?;
    Ok(in_status(filter, status, at))
}

async fn show_page(call: &Call, records: &[Voucher]) -> Result<Vec<Box<RawValue>>, Problem> {
    let (at, standings) = standings(call, records.to_vec()).await?;
    let (vault, mask) = (&call.app.installation.vault, call.mask());
    let with_standing = records.iter().zip(standings);
    Ok(with_standing.map(|(record, standing)| shown(&voucher(record, standing, at, vault, mask))).collect())
}

/// The shop's time, and what counts of each voucher.
pub(in crate::api) async fn standings(
    call: &Call,
    records: Vec<Voucher>,
) -> Result<(Timestamp, Vec<Standing>), Problem> {
    let each = move |draft: &mut crate::decide::draft::Draft<'_>| {
        let asked: Vec<_> = records.iter().map(|record| standing(draft, record)).collect();
        Ok((draft.at(), asked.into_iter().collect::<Result<Vec<_>, _>>()?))
    };
    call.dry_run(each).await
}

async fn show(call: &Call, record: Voucher) -> Result<Reply, Problem> {
    let (at, standings) = standings(call, vec![record.clone()]).await?;
    let standing = standings.first().copied().unwrap_or_default();
    let view = voucher(&record, standing, at, &call.app.installation.vault, call.mask());
    Ok(Reply::json(&view).version(record.version))
}

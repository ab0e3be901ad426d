//! Vouchers by the million: batches, and the codes of one as a file.

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::answer::sheet::sheet;
use crate::api::records::imports::{forget_unless_made, new_id, take_in};
use crate::api::request::body;
use crate::api::request::call::{Approval, Because, Call, shown};
use crate::api::request::upload::columns::{Cell, value};
use crate::decide::batches::approve_voucher_batch::ApproveVoucherBatch;
use crate::decide::batches::batch;
use crate::decide::batches::cancel_voucher_batch::CancelVoucherBatch;
use crate::decide::batches::create_voucher_batch::{CreateVoucherBatch, List};
use crate::decide::batches::export_voucher_batch::ExportVoucherBatch;
use crate::decide::batches::make_vouchers::OwnerLine;
use crate::decide::batches::void_voucher_batch::VoidVoucherBatch;
use crate::jobs::lines::Intake;
use crate::records::benefit::BenefitKind;
use crate::records::job::JobKind;
use crate::records::money::Currency;
use crate::records::text::{Reason, Reference};
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind};
use crate::records::voucher_batch::BatchStatus;
use crate::records::{Id, Job, Timestamp, Voucher, VoucherBatch};
use crate::refusal::{Code, Rejection};
use crate::store::queries::records::Filter;
use crate::store::queries::vouchers::of_batch;
use crate::vault::Vault;
use crate::views::Mask;
use crate::views::voucher::code;

/// Customers of one body.
const CUSTOMERS: usize = 10_000;
/// Codes that are read at once.
const PAGE: usize = 500;

pub(in crate::api) async fn create_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let body: CreateVoucherBatch = call.body()?;
    match &body.customers {
        Some(customers) => create_for(&call, &body, customers).await,
        None => call.submit(body).await,
    }
}

/// The customers of a body are kept as the lines of a file would be.
async fn create_for(call: &Call, body: &CreateVoucherBatch, customers: &[Reference]) -> Result<Reply, Problem> {
    if !(1..=CUSTOMERS).contains(&customers.len()) {
        let detail = format!(
            "1 to {CUSTOMERS} customers are expected; send more as a file to POST /v1/voucher_batches/for_customers"
        );
        return Err(Rejection::field("/customers", detail).into());
    }
    let batch = new_id(call, "bat");
    let (job, lines) = (VoucherBatch::making(batch), i64::try_from(customers.len()).unwrap_or(i64::MAX));
    let mut intake = Intake::new(call.app.engine.clone(), job);
    for (number, customer) in (1..).zip(customers) {
        intake.take(number, Ok(shown(&OwnerLine { customer: customer.clone() }))).await?;
    }
    intake.finish().await?;
    let list = Some(List { batch, lines });
    let submitted = call.submit(CreateVoucherBatch { list, customers: None, ..body.clone() }).await;
    forget_unless_made(call, job, submitted).await
}

/// The customers come as a file; what each gets stands behind the `?`.
pub(in crate::api) async fn create_bound_voucher_batch(mut call: Call) -> Result<Reply, Problem> {
    let body: CreateVoucherBatch = body::read(&terms_of_query(&call)?)?;
    let (kind, batch) = (JobKind::MakeVouchers, new_id(&call, "bat"));
    let command = |lines: i64| CreateVoucherBatch { list: Some(List { batch, lines }), ..body };
    take_in(&mut call, kind, VoucherBatch::making(batch), command).await
}

/// The parameters as the body of a batch.
fn terms_of_query(call: &Call) -> Result<Vec<u8>, Rejection> {
    let mut terms = serde_json::Map::new();
    for (name, cell) in TERMS {
        if let Some(text) = call.query().text(name) {
            terms.insert((*name).to_owned(), value(*cell, text));
        }
    }
    call.query().refuse_unknown()?;
    Ok(Value::Object(terms).to_string().into_bytes())
}

/// The fields of a batch that is made for a list.
const TERMS: &[(&str, Cell)] = &[
    ("name", Cell::Text),
    ("prefix", Cell::Text),
    ("length", Cell::Number),
    ("pattern", Cell::Text),
    ("kind", Cell::Text),
    ("amount", Cell::Number),
    ("rate_bps", Cell::Number),
    ("max_amount", Cell::Number),
    ("currency", Cell::Text),
    ("max_redemptions", Cell::Number),
    ("per_customer", Cell::Number),
    ("min_order_amount", Cell::Number),
    ("valid_from", Cell::Text),
    ("valid_until", Cell::Text),
    ("applies_to", Cell::Json),
    ("with_shop_discounts", Cell::Flag),
    ("stacking", Cell::Json),
    ("legal_kind", Cell::Text),
    ("tax_kind", Cell::Text),
];

pub(in crate::api) async fn get_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let id = call.id("bat")?;
    let body = call.dry_run(move |draft| {
        let (batch, job) = batch::named(draft, id)?;
        Ok(shown(&batch::shown(draft, &batch, &job)?))
    });
    Ok(Reply::json(&body.await?))
}

pub(in crate::api) async fn list_voucher_batches(call: Call) -> Result<Reply, Problem> {
    let filter = Filter::new().equals("status", call.query().word("status", BatchStatus::WORDS)?);
    call.list_pages(filter, show_page).await
}

async fn show_page(call: &Call, records: &[VoucherBatch]) -> Result<Vec<Box<RawValue>>, Problem> {
    let records = records.to_vec();
    let each = move |draft: &mut crate::decide::draft::Draft<'_>| {
        draft.each(&records, |draft, record| {
            let job = draft.expect::<Job>(record.job)?;
            Ok(shown(&batch::shown(draft, record, &job)?))
        })
    };
    call.dry_run(each).await
}

pub(in crate::api) async fn approve_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("bat")?, call.body()?);
    call.submit(ApproveVoucherBatch { id, reason }).await
}

pub(in crate::api) async fn cancel_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let (id, Approval { reason }) = (call.id("bat")?, call.body()?);
    call.submit(CancelVoucherBatch { id, reason }).await
}

pub(in crate::api) async fn void_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let (id, Because { reason }) = (call.id("bat")?, call.body()?);
    call.submit(VoidVoucherBatch { id, reason }).await
}

/// The columns of the codes: those of an import of vouchers.
const COLUMNS: &[&str] = &[
    "code",
    "kind",
    "amount",
    "rate_bps",
    "max_amount",
    "currency",
    "max_redemptions",
    "per_customer",
    "min_order_amount",
    "customer",
    "valid_from",
    "valid_until",
    "applies_to",
    "with_shop_discounts",
    "stacking",
    "legal_kind",
    "tax_kind",
    "id",
];

/// A line of them.
#[derive(Serialize)]
struct Row {
    code: String,
    kind: BenefitKind,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    currency: Currency,
    max_redemptions: Value,
    per_customer: Option<i64>,
    min_order_amount: i64,
    customer: Option<String>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    applies_to: Option<AppliesTo>,
    with_shop_discounts: Option<bool>,
    stacking: Option<Stacking>,
    legal_kind: LegalKind,
    tax_kind: TaxKind,
    id: Id,
}

impl Row {
    fn of(voucher: Voucher, vault: &Vault) -> Self {
        let is_card = voucher.is_balance();
        Self {
            code: code(vault, Mask::Full, &voucher.code_box, &voucher.code_hint),
            kind: voucher.kind,
            amount: voucher.amount,
            rate_bps: voucher.rate_bps,
            max_amount: voucher.max_amount,
            currency: voucher.currency,
            // An empty cell would be one use.
            max_redemptions: match voucher.max_redemptions {
                None if is_card => Value::Null,
                None => Value::from("null"),
                Some(uses) => Value::from(uses),
            },
            per_customer: voucher.per_customer,
            min_order_amount: voucher.min_order_amount,
            customer: voucher.customer_ref.or(voucher.customer.map(|customer| customer.to_string())),
            valid_from: voucher.valid_from,
            valid_until: voucher.valid_until,
            applies_to: voucher.applies_to.is_scoped().then_some(voucher.applies_to.0),
            with_shop_discounts: (!is_card).then_some(voucher.with_shop_discounts),
            stacking: (voucher.stacking.0 != Stacking::default()).then_some(voucher.stacking.0),
            legal_kind: voucher.legal_kind,
            tax_kind: voucher.tax_kind,
            id: voucher.id,
        }
    }
}

/// All codes, read page by page as they are sent. It is noted before the first of them leaves.
pub(in crate::api) async fn export_voucher_batch(call: Call) -> Result<Reply, Problem> {
    let id = call.id("bat")?;
    if call.mask() != Mask::Full {
        let detail = "Codes are shown in full to who may redeem them: the scope vouchers:redeem is needed as well.";
        return Err(Problem::new(Code::Forbidden, detail));
    }
    let reason = call.query().text("reason").map(reason).transpose()?;
    call.query().refuse_unknown()?;
    call.submit(ExportVoucherBatch { id, reason }).await?;
    let shop = call.shop();
    sheet(COLUMNS, None, async move |after: Option<(Timestamp, Id)>| {
        let page = call.read(move |connection| of_batch(connection, shop, id, after, PAGE)).await?;
        let next = page.last().filter(|_| page.len() == PAGE).map(|last| Some((last.created_at, last.id)));
        let vault = &call.app.installation.vault;
        Ok((page.into_iter().map(|voucher| Row::of(voucher, vault)).collect(), next))
    })
    .await
}

fn reason(text: &str) -> Result<Reason, Rejection> {
    let read = serde_json::from_value(Value::from(text));
    read.map_err(|_| Rejection::field("?reason", "a reason of 1 to 500 characters is expected"))
}

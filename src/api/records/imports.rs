//! Imports: what comes in is kept line by line, and becomes a job when all of it is there.

use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::body;
use crate::api::request::call::Call;
use crate::api::request::in_time::in_time;
use crate::api::request::upload::columns::columns;
use crate::api::request::upload::{CutLine, Cutter, Upload};
use crate::decide::Command;
use crate::decide::batches::make_vouchers::OwnerLine;
use crate::decide::imports::code::CodeLine;
use crate::decide::imports::create_import::{CreateImport, NewBatch};
use crate::decide::imports::customer::CustomerLine;
use crate::decide::imports::import_lines::Fault;
use crate::decide::imports::member::MemberLine;
use crate::decide::imports::order::OrderLine;
use crate::decide::imports::referral::ReferralLine;
use crate::decide::imports::voucher::VoucherLine;
use crate::jobs::lines::{Intake, forget};
use crate::records::Id;
use crate::records::job::JobKind;
use crate::records::scope::Scope;
use crate::records::text::Text;
use crate::refusal::{Code, Rejection};

/// The kinds, as they are named behind the `?`.
const KINDS: &[(&str, JobKind)] = &[
    ("customers", JobKind::ImportCustomers),
    ("orders", JobKind::ImportOrders),
    ("codes", JobKind::ImportCodes),
    ("vouchers", JobKind::ImportVouchers),
    ("referrals", JobKind::ImportReferrals),
    ("members", JobKind::ImportMembers),
];

/// How long a refusal waits until nothing is left of what came in.
const FORGETTING: Duration = Duration::from_millis(300);

pub(in crate::api) async fn create_import(mut call: Call) -> Result<Reply, Problem> {
    let kind = kind(&call)?;
    // Vouchers are worth what the file says.
    if kind == JobKind::ImportVouchers {
        call.caller.may_by(&[Scope::VouchersWrite])?;
    }
    let job = new_id(&call, "job");
    take_in(&mut call, kind, job, |total| CreateImport { job, kind, total, batch: None }).await
}

/// The same, for vouchers that are one batch.
pub(in crate::api) async fn import_voucher_batch(mut call: Call) -> Result<Reply, Problem> {
    let name = call.query().text("name").unwrap_or_default().to_owned();
    call.query().refuse_unknown()?;
    let name: Text<1, 200> = serde_json::from_value(name.into())
        .map_err(|_| Rejection::field("?name", "the name of the batch is expected, 1 to 200 characters"))?;
    let (kind, job) = (JobKind::ImportVouchers, new_id(&call, "job"));
    let batch = NewBatch { id: new_id(&call, "bat"), name };
    take_in(&mut call, kind, job, |total| CreateImport { job, kind, total, batch: Some(batch) }).await
}

/// Keeps the lines of a body under a job that is still to be made, and has it made.
pub(in crate::api) async fn take_in<C: Into<Command>>(
    call: &mut Call,
    kind: JobKind,
    job: Id,
    command: impl FnOnce(i64) -> C,
) -> Result<Reply, Problem> {
    let cutter = cutter(call, kind)?;
    let upload = call.upload.take().ok_or_else(Problem::internal)?;
    let submitted = match receive(call, upload, cutter, kind, job).await {
        Ok((total, digest)) => call.submit_uploaded(command(total), &digest).await,
        Err(problem) => Err(problem),
    };
    forget_unless_made(call, job, submitted).await
}

/// Lines without a job are no use. Where the outcome is not known there may be one.
pub(in crate::api) async fn forget_unless_made(
    call: &Call,
    job: Id,
    submitted: Result<Reply, Problem>,
) -> Result<Reply, Problem> {
    let is_made = match &submitted {
        Ok(reply) => !reply.is_replayed(),
        Err(problem) => problem.rejection.code == Code::OutcomeUnknown,
    };
    if !is_made {
        forget_lines(call, job).await;
    }
    submitted
}

/// Removes them; where that takes long nobody waits for it.
async fn forget_lines(call: &Call, job: Id) {
    let engine = call.app.engine.clone();
    let forgetting = tokio::spawn(async move {
        if let Err(error) = forget(&engine, job, i64::MAX).await {
            error.tell(&format!("the lines of the import {job}, which was not made, are removed later"));
        }
    });
    if tokio::time::timeout(FORGETTING, forgetting).await.is_err() {
        tracing::info!(%job, "the lines of an import that was not made are still being removed");
    }
}

fn kind(call: &Call) -> Result<JobKind, Rejection> {
    let given = call.query().text("kind");
    call.query().refuse_unknown()?;
    let kind = KINDS.iter().find(|(name, _)| given == Some(*name)).map(|(_, kind)| *kind);
    kind.ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        Rejection::field("?kind", format!("one of these is expected: {}", names.join(", ")))
    })
}

fn cutter(call: &Call, kind: JobKind) -> Result<Cutter, Problem> {
    call.refuse_encoded()?;
    Ok(Cutter::of(call.header("content-type").unwrap_or_default(), columns(kind))?)
}

/// The id of something that is still to be made.
pub(in crate::api) fn new_id(call: &Call, prefix: &'static str) -> Id {
    let mut random = [0u8; 10];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
    Id::new(prefix, call.app.now().ms(), random)
}

/// Keeps every line; answers how many there are, and the digest of the whole.
async fn receive(
    call: &Call,
    mut upload: Upload,
    mut cutter: Cutter,
    kind: JobKind,
    job: Id,
) -> Result<(i64, String), Problem> {
    let mut intake = Intake::new(call.app.engine.clone(), job);
    while let Some(part) = upload.next().await? {
        for line in cutter.cut(&part)? {
            take(&mut intake, kind, line).await?;
        }
    }
    for line in cutter.end()? {
        take(&mut intake, kind, line).await?;
    }
    match in_time(Instant::now(), async { Ok(intake.finish().await?) }).await? {
        0 => Err(Rejection::field("", "at least one line is expected").into()),
        total => Ok((total, upload.digest())),
    }
}

async fn take(intake: &mut Intake, kind: JobKind, line: CutLine) -> Result<(), Problem> {
    let checked = line.json.and_then(|json| check(kind, &json).map_err(|rejection| of_line(&rejection)));
    in_time(Instant::now(), async { Ok(intake.take(line.number, checked).await?) }).await
}

/// Reads a line once, so that what cannot be is known before it gets its turn.
fn check(kind: JobKind, json: &[u8]) -> Result<Box<RawValue>, Rejection> {
    match kind {
        JobKind::ImportCustomers => body::read::<CustomerLine>(json).map(drop),
        JobKind::ImportOrders => body::read::<OrderLine>(json).map(drop),
        JobKind::ImportCodes => body::read::<CodeLine>(json).map(drop),
        JobKind::ImportVouchers => body::read::<VoucherLine>(json).map(drop),
        JobKind::ImportReferrals => body::read::<ReferralLine>(json).map(drop),
        JobKind::ImportMembers => body::read::<MemberLine>(json).map(drop),
        JobKind::MakeVouchers => body::read::<OwnerLine>(json).map(drop),
        JobKind::Erasure | JobKind::VoidVouchers | JobKind::ChangePasses => {
            Err(Rejection::not_supported("/kind", "a file of this kind"))
        }
    }?;
    serde_json::from_slice(json).map_err(|error| Rejection::new(Code::InvalidJson, format!("The line: {error}.")))
}

/// The same fault, said of a line.
fn of_line(rejection: &Rejection) -> Fault {
    let fault = Fault::from(rejection);
    Fault { detail: fault.detail.replace("The body", "The line"), ..fault }
}

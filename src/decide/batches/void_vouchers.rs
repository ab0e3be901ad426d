//! The books follow the withdrawal of a batch, some vouchers at a time; how far that is, is saved with it.

use std::collections::BTreeMap;

use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, end_job};
use crate::decide::counter;
use crate::decide::draft::Draft;
use crate::decide::ledger::{Move, post_covered};
use crate::decide::vouchers::balance::{release, standing, value};
use crate::decide::vouchers::voucher::save_withdrawn;
use crate::records::account::ISSUED;
use crate::records::entry::EntryKind;
use crate::records::job::JobStatus;
use crate::records::voucher::VoucherStatus;
use crate::records::voucher_batch::withdrawn_subject;
use crate::records::{Id, Job, Timestamp, Voucher, VoucherBatch};
use crate::world::Stop;

/// The vouchers that follow.
#[derive(Clone, Debug)]
pub struct VoidVouchers {
    /// The batch.
    pub batch: Id,
    /// The job.
    pub job: Id,
    /// Vouchers that were passed before these: who comes too late or twice changes nothing.
    pub after: i64,
    /// The vouchers, in the order in which they were made.
    pub vouchers: Vec<Id>,
    /// When the last of them was made, and its id; `None`: there was none.
    pub last: Option<(Timestamp, Id)>,
    /// Whether more come behind them.
    pub rest: Rest,
    /// How long the job is left to who sent these, milliseconds.
    pub lease_ms: i64,
}

/// Whether there is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// There may be.
    More,
    /// There is nothing.
    Nothing,
}

/// Decides it. Answers the batch, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &VoidVouchers) -> Result<Answer, Stop> {
    let (batch, job) = (draft.get::<VoucherBatch>(command.batch), draft.get::<Job>(command.job));
    let (batch, job) = (batch?, job?);
    if job.as_ref().is_some_and(|job| job.is_over() || job.cursor != command.after) {
        return Ok(Answer::no_content());
    }
    // While the job is not known yet, the vouchers are, and ask for what they need.
    let returned = draft.each(&command.vouchers, |draft, id| withdraw(draft, *id))?;
    let withdrawn = i64::try_from(returned.iter().flatten().count()).unwrap_or(0);
    post_sums(draft, command.batch, returned.into_iter().flatten())?;
    if withdrawn > 0 {
        counter::add_up(draft, &withdrawn_subject(command.batch), withdrawn)?;
    }
    let (batch, job) = (draft.expect::<VoucherBatch>(batch.map_or(command.batch, |batch| batch.id))?, job);
    let job = job.map_or_else(|| draft.expect::<Job>(command.job), Ok)?;
    let passed = i64::try_from(command.vouchers.len()).unwrap_or(0);
    // A voucher that stands for another one of the batch was made beside those that were counted.
    let done = (job.done + passed).min(job.total);
    let going = Job {
        status: JobStatus::Running,
        cursor: job.cursor + passed,
        done,
        next_at: Some(draft.context.real_at.plus_ms(command.lease_ms)),
        ..(*job).clone()
    };
    let job = match command.rest {
        Rest::More => draft.save(going),
        Rest::Nothing => end_job(draft, &Job { done: job.total, ..going }, JobStatus::Finished, None),
    };
    let (swept_at, swept) = command.last.or(batch.swept_to()).unzip();
    let batch = draft.save(VoucherBatch { swept_at, swept, ..(*batch).clone() });
    answer(draft, &batch, &job)
}

/// Withdraws a voucher of which something is left; answers what of it is still to be moved, and whereto. What belongs to
/// somebody, or lies in an account of its own, is moved by itself.
fn withdraw(draft: &mut Draft<'_>, id: Id) -> Result<Option<(String, i64)>, Stop> {
    let voucher = draft.expect::<Voucher>(id)?;
    let standing = standing(draft, &voucher)?;
    if voucher.status == VoucherStatus::Void || standing.is_spent(&voucher) {
        return Ok(None);
    }
    let value = value(&voucher, standing);
    save_withdrawn(draft, &voucher);
    if voucher.is_balance() || voucher.customer.is_some() {
        release(draft, &voucher, value, EntryKind::Voided, &voucher.source_account)?;
        return Ok(Some((voucher.source_account.clone(), 0)));
    }
    Ok(Some((voucher.source_account.clone(), value)))
}

/// One entry for all that returns to the same account.
fn post_sums(draft: &mut Draft<'_>, batch: Id, returned: impl Iterator<Item = (String, i64)>) -> Result<(), Stop> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (account, value) in returned {
        *sums.entry(account).or_default() += value;
    }
    for (account, amount) in sums {
        post_covered(
            draft,
            &Move {
                kind: EntryKind::Voided,
                debit: ISSUED,
                credit: &account,
                amount,
                currency: draft.shop.currency,
                cause: batch,
                customer: None,
                reverses: None,
            },
        )?;
    }
    Ok(())
}

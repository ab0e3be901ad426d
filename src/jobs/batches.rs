//! Making the vouchers of a batch, and withdrawing them, some at a time.

use super::{Jobs, LEASE_MS, MANY_LINES, REMOVED_LINES, Step, broken, lines, step_of};
use crate::decide::batches::batch_code::Pattern;
use crate::decide::batches::end_voucher_batch::EndVoucherBatch;
use crate::decide::batches::make_vouchers::{MakeVouchers, Owners};
use crate::decide::batches::void_vouchers::{Rest, VoidVouchers};
use crate::engine::{Failure, PATIENCE, Request};
use crate::records::{Id, Job, VoucherBatch};
use crate::store::queries::records::get;
use crate::store::queries::vouchers::of_batch;
use crate::store::{StoreError, StoreResult, import_lines, statistics};

/// Why a list cannot be gone on with.
const LOST: &str = "The rest of the list is no longer there; make another batch for those who are left.";

impl Jobs {
    /// Makes the next vouchers of a batch.
    pub(super) async fn make_vouchers(&self, shop: Id, id: Id) -> StoreResult<Step> {
        let found = self.reader.run(move |connection| {
            let Some(job) = get::<Job>(connection, shop, id)?.filter(|job| !job.is_over()) else { return Ok(None) };
            let batch = get::<VoucherBatch>(connection, shop, VoucherBatch::made_by(id))?;
            let listed = batch.as_ref().is_some_and(|batch| batch.bound);
            let block = if listed { import_lines::next(connection, id, job.cursor)? } else { None };
            Ok::<_, StoreError>(batch.map(|batch| (job, batch, block)))
        });
        let Some((job, batch, block)) = found.await? else { return Ok(Step::Over) };
        let most = self.state().pace.lines();
        let owners = match block {
            Some(block) => Owners::Listed(lines::read_owners(&block, job.cursor, most)?),
            None if batch.bound => return self.end_batch(&job, &batch, LOST).await,
            None => Owners::Anybody(most.min(usize::try_from(batch.count - batch.made).unwrap_or(0))),
        };
        let step = self.send_vouchers(&job, &batch, owners).await?;
        let now = self.reader.run(move |connection| get::<Job>(connection, shop, id)).await?;
        let Some(now) = now else { return Ok(Step::Over) };
        if batch.bound && (now.is_over() || job.done / REMOVED_LINES < now.done / REMOVED_LINES) {
            lines::forget(&self.engine, id, if now.is_over() { i64::MAX } else { now.cursor }).await?;
        }
        if now.is_over() && now.total >= MANY_LINES {
            self.look_anew().await;
        }
        Ok(step)
    }

    /// Sends a chunk. Where something breaks on our side, smaller ones, until it breaks with one alone; a line of a list
    /// is refused then, and harms no other.
    async fn send_vouchers(&self, job: &Job, batch: &VoucherBatch, mut owners: Owners) -> StoreResult<Step> {
        let form: Result<Pattern, String> = batch.pattern.as_deref().unwrap_or_default().parse();
        let Ok(pattern) = form else { return self.end_batch(job, batch, "The pattern cannot be read.").await };
        loop {
            let command = MakeVouchers {
                batch: batch.id,
                job: job.id,
                after: job.cursor,
                next: batch.next_code,
                pattern: pattern.clone(),
                owners: owners.clone(),
                lease_ms: LEASE_MS,
            };
            match self.engine.submit(Request::system(job.shop, command)).await {
                Err(failure @ (Failure::Internal | Failure::Taken | Failure::Refused(_))) => {
                    tracing::error!(%failure, job = %job.id, "vouchers of a batch could not be made");
                    if !fewer(&mut owners) {
                        let reason = "Something broke on our side; it was logged. What was made stays good.";
                        return self.end_batch(job, batch, reason).await;
                    }
                }
                outcome => {
                    let took = outcome.as_ref().map_or(PATIENCE, |given| given.took);
                    self.state().pace.note(owners.len().max(1), took);
                    return Ok(step_of(job, outcome));
                }
            }
        }
    }

    async fn end_batch(&self, job: &Job, batch: &VoucherBatch, reason: &str) -> StoreResult<Step> {
        let command = EndVoucherBatch { batch: batch.id, after: job.cursor, reason: reason.to_owned() };
        let step = step_of(job, self.engine.submit(Request::system(job.shop, command)).await);
        Ok(if step == Step::Went { Step::Over } else { step })
    }

    /// Has the database look at its tables, which have grown by much.
    async fn look_anew(&self) {
        if let Err(error) = self.engine.write(statistics::renew).await {
            tracing::error!(%error, "the database did not look at its tables anew; until it does, lists may be slow");
        }
    }

    /// Lets the books follow the withdrawal of a batch.
    pub(super) async fn void_vouchers(&self, shop: Id, id: Id) -> StoreResult<Step> {
        let most = self.state().pace.lines();
        let found = self.reader.run(move |connection| {
            let Some(job) = get::<Job>(connection, shop, id)?.filter(|job| !job.is_over()) else { return Ok(None) };
            let batch = match job.batch {
                Some(batch) => get::<VoucherBatch>(connection, shop, batch)?,
                None => None,
            };
            let Some(batch) = batch else { return Ok(None) };
            let vouchers = of_batch(connection, shop, batch.id, batch.swept_to(), most)?;
            Ok::<_, StoreError>(Some((job, batch, vouchers)))
        });
        let Some((job, batch, vouchers)) = found.await? else { return Ok(Step::Over) };
        let rest = if vouchers.len() < most { Rest::Nothing } else { Rest::More };
        let command = VoidVouchers {
            batch: batch.id,
            job: job.id,
            after: job.cursor,
            last: vouchers.last().map(|voucher| (voucher.created_at, voucher.id)),
            vouchers: vouchers.iter().map(|voucher| voucher.id).collect(),
            rest,
            lease_ms: LEASE_MS,
        };
        let outcome = self.engine.submit(Request::system(shop, command)).await;
        let took = outcome.as_ref().map_or(PATIENCE, |given| given.took);
        self.state().pace.note(vouchers.len().max(1), took);
        let step = step_of(&job, outcome);
        Ok(if step == Step::Went && rest == Rest::Nothing { Step::Over } else { step })
    }
}

/// Takes half of those for whom vouchers could not be made; of one alone a line is refused. Answers whether there is
/// something that may still be tried.
fn fewer(owners: &mut Owners) -> bool {
    match owners {
        Owners::Anybody(most) => {
            *most /= 2;
            *most > 0
        }
        Owners::Listed(lines) => match lines.as_mut_slice() {
            [] => false,
            [only] if only.customer.is_err() => false,
            [only] => {
                only.customer = Err(broken());
                true
            }
            several => {
                let half = several.len() / 2;
                lines.truncate(half);
                true
            }
        },
    }
}

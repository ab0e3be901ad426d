//! Makes the next vouchers of a batch. They, their value in the books, and how far the batch has come are saved
//! together, so that a code is never made twice, or passed over.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::decide::answer::Answer;
use crate::decide::batches::batch::{answer, end};
use crate::decide::batches::batch_code::{Codes, Pattern};
use crate::decide::counter;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::line_fault::Fault;
use crate::decide::input::typed_code;
use crate::decide::ledger::{self, Move, post_covered};
use crate::decide::vouchers::voucher::{NewVoucher, make_of_batch};
use crate::records::account::{ISSUED, SHOP};
use crate::records::entry::EntryKind;
use crate::records::job::{JobFault, JobStatus};
use crate::records::text::Reference;
use crate::records::voucher_batch::{BatchStatus, bound_subject};
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Customer, Id, Job, Voucher, VoucherBatch};
use crate::world::Stop;

/// Drawn bits from which two equal codes are left to the database to refuse, when nobody knew of each other.
const DRAWN_BITS: u32 = 60;

/// Which vouchers are made next.
#[derive(Clone, Debug)]
pub struct MakeVouchers {
    /// The batch.
    pub batch: Id,
    /// The job.
    pub job: Id,
    /// Where the job stands: who comes too late or twice changes nothing.
    pub after: i64,
    /// The number of the code that comes next.
    pub next: i64,
    /// The form of the codes.
    pub pattern: Pattern,
    /// For whom.
    pub owners: Owners,
    /// How long the job is left to who sent this, milliseconds.
    pub lease_ms: i64,
}

/// For whom vouchers are.
#[derive(Clone, Debug)]
pub enum Owners {
    /// For whoever has the code: so many.
    Anybody(usize),
    /// One for each of these lines of a list.
    Listed(Vec<Owner>),
}

impl Owners {
    /// How many they are.
    pub fn len(&self) -> usize {
        match self {
            Owners::Anybody(most) => *most,
            Owners::Listed(lines) => lines.len(),
        }
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A line of a list of customers, or several in a row that say nothing.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Its number, from 1; of several the last one's.
    pub number: i64,
    /// How many it stands for.
    pub count: i64,
    /// The customer's `external_id` or `cus_…`, or why there is none.
    pub customer: Result<Reference, Fault>,
}

/// What a line of a list says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerLine {
    /// Who gets a voucher: `external_id` or `cus_…`.
    pub customer: Reference,
}

/// What was made of a chunk.
#[derive(Default)]
struct Made {
    vouchers: i64,
    /// What of their value is still to be put in the books, minor units.
    value: i64,
    /// Lines that are done.
    lines: i64,
    known: i64,
    refused: i64,
    /// Where the job stands then.
    cursor: Option<i64>,
    /// The number of the code that comes next.
    next: i64,
}

/// Decides it. Answers the batch, or nothing when it is no longer where it was thought to be.
pub fn decide(draft: &mut Draft<'_>, command: &MakeVouchers) -> Result<Answer, Stop> {
    let (batch, job) = (draft.get::<VoucherBatch>(command.batch)?, draft.get::<Job>(command.job)?);
    // While these are not known yet, the codes and customers are, and ask for what they need.
    let free = free_codes(draft, command)?;
    let owners = owners(draft, command)?;
    for account in [SHOP, ISSUED] {
        ledger::account(draft, account, draft.shop.currency)?;
    }
    let (Some(batch), Some(job)) = (batch, job) else { return gone(draft) };
    let is_there = job.cursor == command.after && batch.next_code == command.next;
    if job.is_over() || batch.status != BatchStatus::Making || !is_there {
        return Ok(Answer::no_content());
    }
    let terms = batch.terms.as_ref().unwrap_or_else(|| panic!("{} is made without terms", batch.id));
    let maker = Maker { batch: &batch, job: &job, terms, command };
    let made = match &command.owners {
        Owners::Anybody(_) => maker.make_for_anybody(draft, &free)?,
        Owners::Listed(lines) => maker.make_for_each(draft, &free, lines.iter().zip(owners))?,
    };
    put_in_books(draft, batch.id, made.value)?;
    maker.advance(draft, &made)
}

/// A batch that is gone has nothing to make; one that is not known yet is asked for again.
fn gone(draft: &Draft<'_>) -> Result<Answer, Stop> {
    draft.be_sure()?;
    Ok(Answer::no_content())
}

/// The free codes among the next ones, as many as may be needed, each with its number.
fn free_codes(draft: &Draft<'_>, command: &MakeVouchers) -> Result<Vec<(i64, String)>, Stop> {
    let codes = Codes::of(&draft.installation.vault, command.batch, command.pattern.clone());
    let numbers = (command.next..).take(command.owners.len().max(1));
    let mut free = Vec::new();
    for (number, code) in numbers.map_while(|number| Some((number, codes.nth(number)?))) {
        if !typed_code::is_taken(draft, &code)? {
            free.push((number, code));
        }
    }
    Ok(free)
}

/// Whose voucher a line is, and whether they have one; or why it is nobody's.
type Whose = Result<(Rc<Customer>, bool), Fault>;

/// The customers of the lines.
fn owners(draft: &mut Draft<'_>, command: &MakeVouchers) -> Result<Vec<Whose>, Stop> {
    let Owners::Listed(lines) = &command.owners else { return Ok(Vec::new()) };
    draft.each(lines, |draft, line| {
        let named = match &line.customer {
            Ok(named) => named,
            Err(fault) => return Ok(Err(fault.clone())),
        };
        match customer_lookup::known(draft, named, "/customer") {
            Ok(customer) => {
                let has_one = counter::count(draft, &bound_subject(command.batch, customer.id))? > 0;
                Ok(Ok((customer, has_one)))
            }
            Err(Stop::Refused(rejection)) => Ok(Err(Fault::from(&rejection))),
            Err(Stop::Missing) => Err(Stop::Missing),
        }
    })
}

/// One entry for all that whoever has the code may use.
fn put_in_books(draft: &mut Draft<'_>, batch: Id, amount: i64) -> Result<(), Stop> {
    post_covered(
        draft,
        &Move {
            kind: EntryKind::Issued,
            debit: SHOP,
            credit: ISSUED,
            amount,
            currency: draft.shop.currency,
            cause: batch,
            customer: None,
            reverses: None,
        },
    )?;
    Ok(())
}

struct Maker<'a> {
    batch: &'a VoucherBatch,
    job: &'a Job,
    terms: &'a VoucherTerms,
    command: &'a MakeVouchers,
}

impl Maker<'_> {
    fn make_for_anybody(&self, draft: &mut Draft<'_>, free: &[(i64, String)]) -> Result<Made, Stop> {
        let wanted = usize::try_from(self.batch.count - self.batch.made).unwrap_or(0);
        let mut made = Made::default();
        for (number, code) in free.iter().take(wanted) {
            made.value += self.make(draft, (*number, code), None)?;
            made.vouchers += 1;
            made.lines += 1;
            made.next = number + 1;
        }
        if made.vouchers < self.batch.count - self.batch.made {
            made.next = self.passed();
        }
        made.cursor = Some(made.next);
        Ok(made)
    }

    fn make_for_each<'l>(
        &self,
        draft: &mut Draft<'_>,
        free: &[(i64, String)],
        lines: impl Iterator<Item = (&'l Owner, Whose)>,
    ) -> Result<Made, Stop> {
        let mut made = Made { next: self.command.next, ..Made::default() };
        let mut free = free.iter();
        let mut served: Vec<Id> = Vec::new();
        for (line, owner) in lines {
            match owner {
                Err(fault) => self.refuse(draft, line, fault, &mut made),
                Ok((customer, has_one)) if has_one || served.contains(&customer.id) => made.known += 1,
                Ok((customer, _)) => {
                    // The lines that are left wait for the next codes.
                    let Some((number, code)) = free.next() else {
                        made.next = self.passed();
                        break;
                    };
                    made.value += self.make(draft, (*number, code), Some(&customer))?;
                    counter::add_up(draft, &bound_subject(self.batch.id, customer.id), 1)?;
                    served.push(customer.id);
                    made.vouchers += 1;
                    made.next = number + 1;
                }
            }
            made.lines += line.count;
            made.cursor = Some(line.number);
        }
        Ok(made)
    }

    /// The number behind all codes that were looked at.
    fn passed(&self) -> i64 {
        self.command.next + i64::try_from(self.command.owners.len().max(1)).unwrap_or(0)
    }

    fn refuse(&self, draft: &mut Draft<'_>, line: &Owner, fault: Fault, made: &mut Made) {
        if self.job.refused + made.refused < JobFault::KEPT {
            let Fault { code, detail } = fault.shortened();
            let (shop, job, line) = (draft.shop.id, self.job.id, line.number);
            draft.save(JobFault { id: JobFault::id_of(job, line), shop, version: 0, job, line, code, detail });
        }
        made.refused += line.count;
    }

    /// Makes one; answers what of its value is still to be put in the books. What belongs to somebody, or lies in an
    /// account of its own, is put there by itself.
    fn make(&self, draft: &mut Draft<'_>, (number, code): (i64, &str), owner: Option<&Customer>) -> Result<i64, Stop> {
        draft.begin_part(u64::try_from(number).unwrap_or(0));
        let customer = owner.map(|owner| (owner.id, owner.external_id.clone()));
        let new = NewVoucher { customer, ..NewVoucher::of_shop(self.terms.clone()) };
        let (voucher, value) = make_of_batch(draft, new, self.batch.id, code);
        if self.command.pattern.bits() < DRAWN_BITS {
            typed_code::take(draft, code, voucher.id)?;
        }
        if !voucher.is_balance() && voucher.customer.is_none() {
            return Ok(value);
        }
        self.enter(draft, &voucher, value)?;
        Ok(0)
    }

    fn enter(&self, draft: &mut Draft<'_>, voucher: &Voucher, amount: i64) -> Result<(), Stop> {
        post_covered(
            draft,
            &Move {
                kind: EntryKind::Issued,
                debit: SHOP,
                credit: &voucher.account(),
                amount,
                currency: voucher.currency,
                cause: voucher.id,
                customer: voucher.customer,
                reverses: None,
            },
        )?;
        Ok(())
    }

    /// Notes how far it has come, and ends what is made, or cannot be.
    fn advance(&self, draft: &mut Draft<'_>, made: &Made) -> Result<Answer, Stop> {
        let job = Job {
            status: JobStatus::Running,
            cursor: made.cursor.unwrap_or(self.job.cursor),
            done: self.job.done + made.lines,
            known: self.job.known + made.known,
            refused: self.job.refused + made.refused,
            next_at: Some(draft.context.real_at.plus_ms(self.command.lease_ms)),
            ..self.job.clone()
        };
        let batch = VoucherBatch { made: self.batch.made + made.vouchers, next_code: made.next, ..self.batch.clone() };
        let (batch, job) = if job.done >= job.total {
            end(draft, batch, &job, (BatchStatus::Made, JobStatus::Finished), None)?
        } else if u128::try_from(made.next).is_ok_and(|next| next >= self.command.pattern.codes()) {
            let reason = "The pattern has no more codes that are free; what was made stays good.".to_owned();
            end(draft, batch, &job, (BatchStatus::Failed, JobStatus::Failed), Some(reason))?
        } else {
            (draft.save(batch), draft.save(job))
        };
        answer(draft, &batch, &job)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::decide::batches::create_voucher_batch::CreateVoucherBatch;
    use crate::decide::sharing::create_code::CreateCode;
    use crate::decide::testing::till::{Till, id};
    use crate::records::Entry;

    /// A batch that is to be made, of discounts of 1.00.
    fn batch(till: &mut Till, fields: Value) -> Id {
        let mut body = json!({"name": "Flyer", "kind": "amount_off", "amount": 100});
        body.as_object_mut().expect("fields").extend(fields.as_object().cloned().expect("fields"));
        let command: CreateVoucherBatch = serde_json::from_value(body).expect("a batch");
        let made = till.bench.decide(command).expect("it is begun");
        id(&serde_json::from_str(&made.body).expect("JSON"))
    }

    /// The next chunk of a batch, as a worker sends it.
    fn chunk(till: &mut Till, batch: Id, owners: Owners) -> MakeVouchers {
        let (batch, job) = (till.bench.get::<VoucherBatch>(batch), till.bench.get::<Job>(VoucherBatch::making(batch)));
        MakeVouchers {
            batch: batch.id,
            job: job.id,
            after: job.cursor,
            next: batch.next_code,
            pattern: batch.pattern.as_deref().expect("a pattern").parse().expect("a pattern"),
            owners,
            lease_ms: 5_000,
        }
    }

    fn send(till: &mut Till, command: MakeVouchers) -> u16 {
        let status = till.bench.decide(command).expect("no chunk is refused").status;
        till.assert_books();
        status
    }

    fn code(till: &Till, batch: Id, pattern: &str, number: i64) -> String {
        let form = pattern.parse().expect("a pattern");
        Codes::of(&till.bench.installation().vault, batch, form).nth(number).expect("a code")
    }

    fn codes(till: &Till) -> Vec<String> {
        let vault = &till.bench.installation().vault;
        let mut codes: Vec<String> = till
            .bench
            .all::<Voucher>()
            .iter()
            .filter(|voucher| voucher.batch.is_some())
            .map(|voucher| vault.open(&voucher.code_box).expect("it opens"))
            .collect();
        codes.sort_unstable();
        codes
    }

    #[test]
    fn a_code_that_somebody_has_is_passed_over() {
        let (mut till, pattern) = (Till::new(), "T-######");
        let program = till.program(json!({}));
        let batch = batch(&mut till, json!({"count": 6, "pattern": pattern}));
        let code_of = |till: &Till, number: i64| code(till, batch, pattern, number);
        let vouchers = [0, 3].map(|number| code_of(&till, number));
        for taken in &vouchers {
            till.voucher(
                json!({"kind": "amount_off", "amount": 500, "code": taken.to_lowercase(), "max_redemptions": 1}),
            );
        }
        let advocates = code_of(&till, 1);
        let command = json!({"customer": "anna", "code": advocates});
        let command: CreateCode = serde_json::from_value(command).expect("a code");
        till.bench.decide(CreateCode { program: program.to_string(), ..command }).expect("it is free");
        for _ in 0..5 {
            let next = chunk(&mut till, batch, Owners::Anybody(2));
            send(&mut till, next);
        }
        let mut expected: Vec<String> = [2, 4, 5, 6, 7, 8].map(|number| code_of(&till, number)).into();
        expected.sort_unstable();
        assert_eq!(codes(&till), expected);
        let made = till.bench.get::<VoucherBatch>(batch);
        assert_eq!((made.status, made.made, made.next_code), (BatchStatus::Made, 6, 9));
        assert_eq!(till.bench.get::<Job>(made.job).status, JobStatus::Finished);
        assert_eq!(till.balance(ISSUED), 1000 + 600);
    }

    #[test]
    fn a_chunk_that_was_sent_twice_is_made_once() {
        let mut till = Till::new();
        let batch = batch(&mut till, json!({"count": 5}));
        let first = chunk(&mut till, batch, Owners::Anybody(3));
        assert_eq!((send(&mut till, first.clone()), send(&mut till, first)), (200, 204));
        let last = chunk(&mut till, batch, Owners::Anybody(2));
        assert_eq!((send(&mut till, last.clone()), send(&mut till, last)), (200, 204));
        assert_eq!((codes(&till).len(), till.balance(ISSUED), till.balance(SHOP)), (5, 500, -500));
        assert_eq!(till.bench.all::<Entry>().len(), 2, "one entry for each chunk");
        assert_eq!(till.events(), ["batch.finished"]);
    }

    #[test]
    fn a_pattern_that_runs_out_of_free_codes_ends_with_what_was_made() {
        let mut till = Till::new();
        let batch = batch(&mut till, json!({"count": 1, "pattern": "####"}));
        till.bench.change::<VoucherBatch>(batch, |batch| (batch.count, batch.next_code) = (4, (1 << 20) - 2));
        till.bench.change::<Job>(VoucherBatch::making(batch), |job| job.total = 4);
        let next = chunk(&mut till, batch, Owners::Anybody(4));
        send(&mut till, next);
        let failed = till.bench.get::<VoucherBatch>(batch);
        assert_eq!((failed.status, failed.made, failed.reason.is_some()), (BatchStatus::Failed, 2, true));
        assert_eq!(till.bench.get::<Job>(failed.job).status, JobStatus::Failed);
        let next = chunk(&mut till, batch, Owners::Anybody(2));
        assert_eq!(send(&mut till, next), 204);
    }
}

//! What vouchers and budgets count, against the redemptions and holds that it comes from: their lines
//! stand as JSON, so they are read and not added up by the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{SENTENCES, Verifier};
use crate::records::hold::HoldStatus;
use crate::records::offer::{offer_orders_subject, offer_redeemed_subject, offer_revenue_subject};
use crate::records::program::budget_account;
use crate::records::redemption::{RedeemedLine, RedemptionStatus};
use crate::records::{Admission, BadColumn, Hold, Id, Kind, Redemption, Value, Values, VoucherUse};
use crate::store::StoreResult;

/// Counts of vouchers that are kept in memory at once.
const BUCKET: usize = 200_000;

/// Uses of vouchers by the ids of their counts: used, and set aside.
type Uses = HashMap<Id, (i64, i64)>;

/// A part of the counts, in the order of their ids.
struct Range {
    from: Option<Id>,
    to: Option<Id>,
}

impl Range {
    /// The counts of lines that used a voucher, where they lie in it.
    fn of<'a>(&'a self, lines: &'a [RedeemedLine]) -> impl Iterator<Item = Id> + 'a {
        let did = lines.iter().filter(|line| line.discount + line.payment > 0);
        let counts = did.filter_map(|line| line.voucher).map(VoucherUse::id_of);
        counts.filter(|id| self.has(*id))
    }

    /// Whether a count lies in it.
    fn has(&self, id: Id) -> bool {
        self.from.is_none_or(|from| from < id) && self.to.is_none_or(|to| id <= to)
    }
}

/// What a redemption counts for the offers whose vouchers were redeemed in it.
fn add_offers(redemption: &Redemption, brought: &mut BTreeMap<String, i64>) {
    for (offer, vouchers) in redemption.offers() {
        for (subject, much) in [
            (offer_redeemed_subject(offer), vouchers),
            (offer_orders_subject(offer), 1),
            (offer_revenue_subject(offer), redemption.amount),
        ] {
            *brought.entry(subject).or_default() += much;
        }
    }
}

impl Verifier<'_> {
    /// Every use that is counted is a live redemption, an admission or a hold, and each of these is counted. The
    /// counts are taken in the order of their ids, a bucket at a time.
    pub(super) fn count_uses(&mut self) -> StoreResult<()> {
        let mut from: Option<Id> = None;
        loop {
            let (bucket, last) = self.bucket(from)?;
            let live = self.live_uses(&Range { from, to: last })?;
            let of = |uses: &Uses, id: &Id| uses.get(id).copied().unwrap_or_default();
            let is_wrong = |id: &&Id| of(&bucket, id) != of(&live, id);
            let mut wrong: Vec<&Id> = bucket.keys().chain(live.keys()).filter(is_wrong).collect();
            wrong.sort_unstable();
            wrong.dedup();
            for id in wrong.into_iter().take(SENTENCES) {
                self.tell_uses(id.sibling("vch"), of(&bucket, id), of(&live, id));
            }
            if last.is_none() {
                return Ok(());
            }
            from = last;
        }
    }

    fn tell_uses(&mut self, voucher: Id, (used, aside): (i64, i64), (redeemed, held): (i64, i64)) {
        let problems = &mut self.report.problems;
        if used != redeemed {
            problems.push(format!("Voucher {voucher} counts {used} uses, {redeemed} live redemptions used it."));
        }
        if aside != held {
            problems.push(format!("Voucher {voucher} counts {aside} uses set aside, {held} live holds have it."));
        }
    }

    /// Counts behind an id, and the last one when there may be more.
    fn bucket(&mut self, from: Option<Id>) -> StoreResult<(Uses, Option<Id>)> {
        let mut bucket = HashMap::new();
        let mut last = from;
        while bucket.len() < BUCKET {
            let page = self.page::<VoucherUse>(last)?;
            let Some(end) = page.last() else { return Ok((bucket, None)) };
            last = Some(end.id);
            bucket.extend(page.into_iter().map(|uses| (uses.id, (uses.used, uses.held))));
        }
        Ok((bucket, last))
    }

    /// How often live redemptions used vouchers, passes let people in and live holds have them, of those whose counts
    /// lie here.
    fn live_uses(&mut self, range: &Range) -> StoreResult<Uses> {
        let mut live = Uses::new();
        self.each(
            |redemption: &Redemption| redemption.created_at,
            |redemption| {
                if redemption.status != RedemptionStatus::Reversed {
                    range.of(&redemption.lines).for_each(|id| live.entry(id).or_default().0 += 1);
                }
            },
        )?;
        self.each(
            |hold: &Hold| hold.created_at,
            |hold| {
                if hold.status == HoldStatus::Held {
                    range.of(&hold.lines).for_each(|id| live.entry(id).or_default().1 += 1);
                }
            },
        )?;
        self.each(
            |admission: &Admission| admission.created_at,
            |admission| {
                let id = VoucherUse::id_of(admission.voucher);
                if range.has(id) {
                    live.entry(id).or_default().0 += 1;
                }
            },
        )?;
        Ok(live)
    }

    /// What each budget paid for discounts is what live redemptions took off by them, and what offers count of orders
    /// is what their vouchers did in them.
    pub(super) fn add_up_discounts(&mut self) -> StoreResult<()> {
        let mut taken: HashMap<String, i64> = HashMap::new();
        let mut brought: BTreeMap<String, i64> = BTreeMap::new();
        self.each(
            |redemption: &Redemption| redemption.created_at,
            |redemption| {
                if redemption.status != RedemptionStatus::Reversed {
                    add_offers(redemption, &mut brought);
                }
                if redemption.recommendation().is_none() {
                    return;
                }
                let undone = redemption.undone(redemption.reversed_amount);
                for (line, undone) in redemption.lines.iter().zip(undone) {
                    if let Some(noted) = &line.recommendation {
                        *taken.entry(budget_account(noted.program)).or_default() += line.discount - undone;
                    }
                }
            },
        )?;
        let paid = self.paid_for_discounts()?;
        let of = |sums: &HashMap<String, i64>, name: &String| sums.get(name).copied().unwrap_or(0);
        let mut wrong: Vec<&String> = paid.keys().chain(taken.keys()).collect();
        wrong.retain(|name| of(&paid, name) != of(&taken, name));
        wrong.sort_unstable();
        wrong.dedup();
        for name in wrong.into_iter().take(SENTENCES) {
            let (paid, taken) = (of(&paid, name), of(&taken, name));
            self.report
                .problems
                .push(format!("{name} paid {paid} for discounts, live redemptions took off {taken} by it."));
        }
        self.compare_offers(&brought)
    }

    /// What is counted of orders by offers against what live redemptions say.
    fn compare_offers(&mut self, brought: &BTreeMap<String, i64>) -> StoreResult<()> {
        let sql = "SELECT subject, count FROM tallies t
                   WHERE [t] AND subject LIKE 'offer:%' AND count <> 0 ORDER BY subject";
        let statement = self.scoped(sql, Vec::new());
        let rows = self.connection.query(&statement, &[Kind::Text, Kind::Int])?;
        let counted: BTreeMap<String, i64> = rows
            .into_iter()
            .map(|row| {
                let mut row = Values::new(row);
                Ok((row.column()?, row.column()?))
            })
            .collect::<Result<_, BadColumn>>()?;
        let of = |sums: &BTreeMap<String, i64>, name: &str| sums.get(name).copied().unwrap_or(0);
        let names: BTreeSet<&String> = counted.keys().chain(brought.keys()).collect();
        let wrong = names.into_iter().filter(|name| of(&counted, name) != of(brought, name));
        for name in wrong.take(SENTENCES) {
            let (is, should) = (of(&counted, name), of(brought, name));
            self.report.problems.push(format!("{name} counts {is}, live redemptions come to {should}."));
        }
        Ok(())
    }

    fn paid_for_discounts(&mut self) -> StoreResult<HashMap<String, i64>> {
        let statement = self.scoped(
            "SELECT name, CAST(SUM(amount) AS TEXT) FROM
             (SELECT debit AS name, amount FROM entries e
              WHERE [e] AND debit LIKE 'budget:%' AND cause_type IN ('redemption', 'reversal')
              UNION ALL SELECT credit, -amount FROM entries e
              WHERE [e] AND credit LIKE 'budget:%' AND cause_type IN ('redemption', 'reversal')) moved GROUP BY name",
            Vec::new(),
        );
        let rows = self.connection.query(&statement, &[Kind::Text, Kind::Text])?;
        let sums = rows.into_iter().filter_map(|row| match <[Value; 2]>::try_from(row) {
            Ok([Value::Text(Some(name)), Value::Text(Some(sum))]) => Some((name, sum.parse().ok()?)),
            _ => None,
        });
        Ok(sums.collect())
    }
}

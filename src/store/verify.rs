//! The proof of the books, from nothing but the rows: every balance is the sum of its entries, every
//! budget the cost of its rewards, every count what it counts, every event in its place.
//!
//! The database adds up; what does not fit comes back as a sentence. Each step is read in one snapshot of its
//! own, beside a running server: no step compares what another one read, and no snapshot is held for long.

mod uses;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde::Serialize;

use super::queries::records::read;
use super::shelves::select;
use super::{Bind, Connection, Statement, StoreError, StoreResult};
use crate::records::{Hold, Id, Kind, Record, Redemption, Timestamp, Value};

/// Sentences for each check; what is beyond is only said to be there.
const SENTENCES: usize = 20;
/// Rows that are read at once.
const PAGE: usize = 1_000;

/// What was found.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How many rows of each table were checked.
    pub checked: BTreeMap<&'static str, i64>,
    /// A sentence for each thing that is wrong.
    pub problems: Vec<String>,
}

/// One check: the sentence with a `{}` for each column, and the query that finds what is wrong.
/// `[x]` in it stands for the condition that a table named `x` is of the shop asked for.
struct Check {
    sentence: &'static str,
    sql: &'static str,
}

const TABLES: &[&str] = &[
    "accounts",
    "entries",
    "conversions",
    "refunds",
    "rewards",
    "vouchers",
    "voucher_uses",
    "redemptions",
    "reversals",
    "holds",
    "jobs",
    "job_faults",
    "tallies",
    "events",
];

const CHECKS: &[Check] = &[
    Check {
        sentence: "Entry {} of shop {} is malformed: {} from {} to {}.",
        sql: "SELECT e.id, e.shop, CAST(e.amount AS TEXT), e.debit, e.credit FROM entries e
              WHERE [e] AND (e.amount <= 0 OR e.debit = e.credit)",
    },
    Check {
        sentence: "Entry {} of shop {} moves something from {} to {}, and one of these accounts does not exist.",
        sql: "SELECT e.id, e.shop, e.debit, e.credit FROM entries e
              LEFT JOIN accounts d ON d.shop = e.shop AND d.name = e.debit AND d.currency = e.currency
              LEFT JOIN accounts c ON c.shop = e.shop AND c.name = e.credit AND c.currency = e.currency
              WHERE [e] AND (d.id IS NULL OR c.id IS NULL)",
    },
    Check {
        sentence: "Entries that reverse {} of shop {} come to {}, it moved {}.",
        sql: "SELECT r.reverses, r.shop, CAST(r.total AS TEXT), CAST(COALESCE(o.amount, 0) AS TEXT) FROM
              (SELECT shop, reverses, SUM(amount) AS total FROM entries e
               WHERE [e] AND reverses IS NOT NULL GROUP BY shop, reverses) r
              LEFT JOIN entries o ON o.id = r.reverses AND o.shop = r.shop
              WHERE r.total > COALESCE(o.amount, 0)",
    },
    Check {
        sentence: "Account {} of shop {} holds {} {}, its entries come to {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT), a.currency, CAST(COALESCE(s.total, 0) AS TEXT) FROM accounts a
              LEFT JOIN (SELECT shop, account, currency, SUM(amount) AS total FROM
                         (SELECT shop, credit AS account, currency, amount FROM entries e WHERE [e]
                          UNION ALL SELECT shop, debit, currency, -amount FROM entries e WHERE [e]) moved
                         GROUP BY shop, account, currency) s
              ON s.shop = a.shop AND s.account = a.name AND s.currency = a.currency
              WHERE [a] AND a.balance <> COALESCE(s.total, 0)",
    },
    Check {
        sentence: "The balances of shop {} come to {} {} and not to nothing.",
        sql: "SELECT a.shop, CAST(SUM(a.balance) AS TEXT), a.currency FROM accounts a
              WHERE [a] GROUP BY a.shop, a.currency HAVING SUM(a.balance) <> 0",
    },
    Check {
        sentence: "Account {} of shop {} holds {} and may not go below {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT), CAST(a.floor AS TEXT) FROM accounts a
              WHERE [a] AND a.balance < a.floor",
    },
    Check {
        sentence: "Account {} of shop {} is a customer's or a card's and holds {}.",
        sql: "SELECT a.name, a.shop, CAST(a.balance AS TEXT) FROM accounts a
              WHERE [a] AND a.balance < 0 AND (a.name LIKE 'credit:%' OR a.name LIKE 'voucher:%')",
    },
    Check {
        sentence: "The account of pending rewards of shop {} holds {} {}, those rewards come to {}.",
        sql: "SELECT COALESCE(a.shop, r.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, r.currency),
                     CAST(COALESCE(r.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'pending') a
              FULL JOIN (SELECT shop, currency, SUM(cost_amount) AS total FROM rewards r
                         WHERE [r] AND status = 'pending' GROUP BY shop, currency) r
              ON r.shop = a.shop AND r.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(r.total, 0)",
    },
    Check {
        sentence: "The account of issued vouchers of shop {} holds {} {}, what is left of those vouchers comes to {}.",
        sql: "SELECT COALESCE(a.shop, v.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, v.currency),
                     CAST(COALESCE(v.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'issued') a
              FULL JOIN (SELECT v.shop, v.currency, SUM((v.max_redemptions - COALESCE(u.used, 0)) * v.face_amount) AS total
                         FROM vouchers v LEFT JOIN voucher_uses u ON u.id = 'use' || substr(v.id, 4)
                         WHERE [v] AND v.kind <> 'gift_card' AND v.status = 'active' AND v.lapsed_amount = 0
                         AND v.max_redemptions > COALESCE(u.used, 0) GROUP BY v.shop, v.currency) v
              ON v.shop = a.shop AND v.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(v.total, 0)",
    },
    Check {
        sentence: "The account of what was forgiven of shop {} holds {} {}, what was forgiven of rewards comes to {}.",
        sql: "SELECT COALESCE(a.shop, r.shop), CAST(COALESCE(a.balance, 0) AS TEXT), COALESCE(a.currency, r.currency),
                     CAST(COALESCE(r.total, 0) AS TEXT) FROM
              (SELECT shop, currency, balance FROM accounts a WHERE [a] AND name = 'forgiven') a
              FULL JOIN (SELECT shop, currency, SUM(forgiven_amount) AS total FROM rewards r
                         WHERE [r] GROUP BY shop, currency) r
              ON r.shop = a.shop AND r.currency = a.currency
              WHERE COALESCE(a.balance, 0) <> COALESCE(r.total, 0)",
    },
    Check {
        sentence: "Order {} of shop {} had {} sent back, its refunds come to {}.",
        sql: "SELECT c.order_id, c.shop, CAST(c.refunded_amount AS TEXT), CAST(COALESCE(f.total, 0) AS TEXT) FROM conversions c
              LEFT JOIN (SELECT shop, conversion, SUM(amount) AS total FROM refunds f
                         WHERE [f] GROUP BY shop, conversion) f ON f.conversion = c.id AND f.shop = c.shop
              WHERE [c] AND c.refunded_amount <> COALESCE(f.total, 0)",
    },
    Check {
        sentence: "Reward {} of shop {} is {}, and its order is {}.",
        sql: "SELECT r.id, r.shop, r.status, c.status FROM rewards r JOIN conversions c ON c.id = r.conversion AND c.shop = r.shop
              WHERE [r] AND r.status = 'pending' AND c.status IN ('approved', 'cancelled', 'rejected', 'reversed')",
    },
    // What lapsed, or was withdrawn, after part of it was spent counts with that part; and where the
    // shop paid for a revival, the budget does not count it. Between these two the budget must lie.
    Check {
        sentence: "{} of shop {} has {} used, the rewards and discounts that count come to {} to {}.",
        sql: "SELECT COALESCE(a.name, b.name), COALESCE(a.shop, b.shop), CAST(-COALESCE(a.balance, 0) AS TEXT),
                     CAST(COALESCE(b.least, 0) AS TEXT), CAST(COALESCE(b.most, 0) AS TEXT) FROM
              (SELECT shop, name, currency, balance FROM accounts a WHERE [a] AND name LIKE 'budget:%') a
              FULL JOIN (SELECT p.shop, p.name, p.currency, SUM(p.least) AS least, SUM(p.most) AS most FROM
                        (SELECT r.shop, 'budget:' || r.program AS name, r.currency,
                                SUM(CASE WHEN r.status IN ('pending', 'issued', 'spent')
                                         AND COALESCE(v.source_account, '') <> 'shop' THEN r.cost_amount ELSE 0 END) AS least,
                                SUM(CASE WHEN r.status IN ('pending', 'issued', 'spent') OR v.id IS NOT NULL
                                         THEN r.cost_amount ELSE 0 END) AS most
                         FROM rewards r LEFT JOIN vouchers v ON v.id = r.voucher
                         WHERE [r] AND r.program IS NOT NULL GROUP BY r.shop, r.program, r.currency
                         UNION ALL SELECT e.shop, e.debit, e.currency, e.amount, e.amount FROM entries e
                         WHERE [e] AND e.debit LIKE 'budget:%' AND e.cause_type IN ('redemption', 'reversal', 'hold')
                         UNION ALL SELECT e.shop, e.credit, e.currency, -e.amount, -e.amount FROM entries e
                         WHERE [e] AND e.credit LIKE 'budget:%' AND e.cause_type IN ('redemption', 'reversal', 'hold')) p
                         GROUP BY p.shop, p.name, p.currency) b
              ON b.shop = a.shop AND b.name = a.name AND b.currency = a.currency
              WHERE -COALESCE(a.balance, 0) NOT BETWEEN COALESCE(b.least, 0) AND COALESCE(b.most, 0)",
    },
    Check {
        sentence: "Voucher {} of shop {} was used or is set aside {} times, its limit is {}.",
        sql: "SELECT v.id, v.shop, CAST(u.used + u.held AS TEXT), CAST(v.max_redemptions AS TEXT) FROM voucher_uses u
              JOIN vouchers v ON v.id = 'vch' || substr(u.id, 4)
              WHERE [u] AND (u.used + u.held > v.max_redemptions OR u.used < 0 OR u.held < 0)",
    },
    Check {
        sentence: "{} of shop {} is counted {} times, the most is {}.",
        sql: "SELECT t.subject, t.shop, CAST(t.count AS TEXT), CAST(t.cap AS TEXT) FROM tallies t
              WHERE [t] AND (t.count > t.cap OR t.count < 0)",
    },
    Check {
        sentence: "Job {} of shop {} has come to {} of {} lines and ended as finished.",
        sql: "SELECT j.id, j.shop, CAST(j.done AS TEXT), CAST(j.total AS TEXT) FROM jobs j
              WHERE [j] AND j.status = 'finished' AND j.done <> j.total",
    },
    Check {
        sentence: "What lies aside in shop {} comes to {} {}, its holds have {}.",
        sql: "SELECT COALESCE(a.shop, h.shop), CAST(COALESCE(a.total, 0) AS TEXT), COALESCE(a.currency, h.currency),
                     CAST(COALESCE(h.total, 0) AS TEXT) FROM
              (SELECT shop, currency, SUM(balance) AS total FROM accounts a
               WHERE [a] AND name LIKE 'held:%' GROUP BY shop, currency) a
              FULL JOIN (SELECT shop, currency, SUM(set_aside_amount) AS total FROM holds h
                         WHERE [h] AND set_aside_amount > 0 GROUP BY shop, currency) h
              ON h.shop = a.shop AND h.currency = a.currency
              WHERE COALESCE(a.total, 0) <> COALESCE(h.total, 0)",
    },
    Check {
        sentence: "Hold {} of shop {} is over and still has something.",
        sql: "SELECT h.id, h.shop FROM holds h WHERE [h] AND h.status <> 'held'
              AND (h.set_aside_amount <> 0 OR h.due_at IS NOT NULL)",
    },
    Check {
        sentence: "Hold {} of shop {} is over, and {} still names it.",
        sql: "SELECT m.hold, m.shop, m.id FROM hold_marks m LEFT JOIN holds h ON h.id = m.hold AND h.shop = m.shop
              WHERE [m] AND m.subject IS NOT NULL AND COALESCE(h.status, '') <> 'held'",
    },
    Check {
        sentence: "Order {} of shop {} has {} live redemptions.",
        sql: "SELECT r.order_id, r.shop, CAST(COUNT(*) AS TEXT) FROM redemptions r
              WHERE [r] AND r.status <> 'reversed' GROUP BY r.shop, r.order_id HAVING COUNT(*) > 1",
    },
    Check {
        sentence: "Redemption {} of shop {} is live, and no order knows it.",
        sql: "SELECT r.id, r.shop FROM redemptions r
              LEFT JOIN (SELECT shop, redemption, COUNT(*) AS many FROM order_slots s
                         WHERE [s] AND redemption IS NOT NULL GROUP BY shop, redemption) s
              ON s.redemption = r.id AND s.shop = r.shop
              WHERE [r] AND r.status <> 'reversed' AND s.many IS NULL",
    },
    Check {
        sentence: "Redemption {} of shop {} has {} reversed, its reversals come to {}.",
        sql: "SELECT r.id, r.shop, CAST(r.reversed_amount AS TEXT), CAST(COALESCE(v.total, 0) AS TEXT) FROM redemptions r
              LEFT JOIN (SELECT shop, redemption, SUM(amount) AS total FROM reversals v
                         WHERE [v] GROUP BY shop, redemption) v ON v.redemption = r.id AND v.shop = r.shop
              WHERE [r] AND (r.reversed_amount <> COALESCE(v.total, 0) OR r.reversed_amount > r.discount + r.payment)",
    },
    Check {
        sentence: "Shop {} has {} events from {} to {}, the last number that was given is {}.",
        sql: "SELECT h.shop, CAST(COALESCE(e.many, 0) AS TEXT), CAST(COALESCE(e.first, 0) AS TEXT),
                     CAST(COALESCE(e.last, 0) AS TEXT), CAST(h.seq AS TEXT) FROM shop_heads h
              LEFT JOIN (SELECT shop, COUNT(*) AS many, MIN(seq) AS first, MAX(seq) AS last FROM events e
                         WHERE [e] GROUP BY shop) e ON e.shop = h.id
              WHERE [h] AND (COALESCE(e.many, 0) <> h.seq OR COALESCE(e.last, 0) <> h.seq OR COALESCE(e.first, 1) <> 1)",
    },
];

/// Columns that name a record which must be there: table, column, and where.
const NAMED: &[(&str, &str, &str)] = &[
    ("referrals", "program", "programs"),
    ("referrals", "friend", "customers"),
    ("referrals", "advocate", "customers"),
    ("referrals", "share", "shares"),
    ("conversions", "customer", "customers"),
    ("conversions", "program", "programs"),
    ("conversions", "advocate", "customers"),
    ("conversions", "share", "shares"),
    ("conversions", "referral", "referrals"),
    ("refunds", "conversion", "conversions"),
    ("refunds", "reversal", "reversals"),
    ("rewards", "customer", "customers"),
    ("rewards", "program", "programs"),
    ("rewards", "conversion", "conversions"),
    ("rewards", "referral", "referrals"),
    ("rewards", "grant_id", "grants"),
    ("rewards", "voucher", "vouchers"),
    ("rewards", "message", "messages"),
    ("rewards", "owed_by", "customers"),
    ("grants", "customer", "customers"),
    ("grants", "reward", "rewards"),
    ("vouchers", "customer", "customers"),
    ("vouchers", "counted_as", "vouchers"),
    ("vouchers", "replaces", "vouchers"),
    ("vouchers", "replaced_by", "vouchers"),
    ("vouchers", "heir", "vouchers"),
    ("redemptions", "customer", "customers"),
    ("reversals", "redemption", "redemptions"),
    ("order_slots", "redemption", "redemptions"),
    ("order_slots", "latest", "redemptions"),
    ("holds", "customer", "customers"),
    ("holds", "redemption", "redemptions"),
    ("hold_slots", "hold", "holds"),
    ("messages", "customer", "customers"),
    ("messages", "reward", "rewards"),
    ("entries", "customer", "customers"),
    ("job_faults", "job", "jobs"),
];

/// The statements that check all shops, for those who look how they are read.
pub fn statements() -> Vec<String> {
    let named = NAMED.iter().map(|(table, column, named)| named_sql(table, column, named));
    let texts = CHECKS.iter().map(|check| check.sql.to_owned()).chain(named);
    texts.map(|sql| scoped(&sql, None).0).collect()
}

/// The statements that read the records of one shop page by page, for those who look how they are read.
pub fn paged_statements(shop: Id) -> Vec<String> {
    [each_sql::<Redemption>(true), each_sql::<Hold>(true)].map(|sql| scoped(&sql, Some(shop)).0).into()
}

/// A page of a kind behind another: of one shop in the order in which its lists are kept, of all shops by id; every
/// other order would be made anew for each page.
fn each_sql<R: Record>(of_one_shop: bool) -> String {
    let order = if of_one_shop { "t.created_at, t.id" } else { "t.id" };
    let behind = if of_one_shop { "(t.created_at, t.id) > (?, ?)" } else { "t.id > ?" };
    format!("{} t WHERE [t] AND {behind} ORDER BY {order} LIMIT ?", select::<R>())
}

fn named_sql(table: &str, column: &str, named: &str) -> String {
    format!(
        "SELECT t.id, t.shop, t.{column} FROM {table} t LEFT JOIN {named} n ON n.id = t.{column} AND n.shop = t.shop
         WHERE [t] AND t.{column} IS NOT NULL AND n.id IS NULL"
    )
}

/// A statement whose `[x]` are conditions on a shop, and what it binds.
fn scoped(sql: &str, shop: Option<Id>) -> (String, Vec<Bind>) {
    let (mut text, mut binds, mut rest) = (String::with_capacity(sql.len()), Vec::new(), sql);
    while let Some((before, after)) = rest.split_once('[') {
        let (table, after) = after.split_once(']').unwrap_or((after, ""));
        text.push_str(before);
        match shop {
            Some(shop) => {
                text.push_str(&format!("{table}.shop = ?"));
                binds.push(shop.into());
            }
            None => text.push_str("1 = 1"),
        }
        rest = after;
    }
    text.push_str(rest);
    (text, binds)
}

/// How far it is: steps that are done, and steps in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Steps that are done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// Checks one shop, or all of them.
pub fn verify(connection: &mut Connection, shop: Option<Id>) -> StoreResult<Report> {
    verify_with(connection, shop, |_| ControlFlow::Continue(()))
}

/// The same; `note` is told after each step how far it is, and may break it off, which is an error.
pub fn verify_with(
    connection: &mut Connection,
    shop: Option<Id>,
    note: impl FnMut(Progress) -> ControlFlow<()>,
) -> StoreResult<Report> {
    let mut verifier = Verifier { connection, shop, report: Report::default(), opens_snapshots: true };
    verifier.run(note)?;
    Ok(verifier.finished())
}

/// The same in a transaction that is open already.
pub fn verify_here(connection: &mut Connection, shop: Option<Id>) -> StoreResult<Report> {
    let mut verifier = Verifier { connection, shop, report: Report::default(), opens_snapshots: false };
    verifier.run(|_| ControlFlow::Continue(()))?;
    Ok(verifier.finished())
}

struct Verifier<'c> {
    connection: &'c mut Connection,
    shop: Option<Id>,
    report: Report,
    opens_snapshots: bool,
}

/// Something to check.
#[derive(Clone, Copy)]
enum Step {
    Count(&'static str),
    Check(&'static Check),
    Named(&'static (&'static str, &'static str, &'static str)),
    Uses,
    Discounts,
}

impl Verifier<'_> {
    fn run(&mut self, mut note: impl FnMut(Progress) -> ControlFlow<()>) -> StoreResult<()> {
        let steps = TABLES.iter().copied().map(Step::Count).chain(CHECKS.iter().map(Step::Check));
        let steps = steps.chain(NAMED.iter().map(Step::Named)).chain([Step::Uses, Step::Discounts]);
        let steps: Vec<Step> = steps.collect();
        for (done, step) in steps.iter().enumerate() {
            self.in_snapshot(|verifier| verifier.step(*step))?;
            if note(Progress { done: done + 1, total: steps.len() }).is_break() {
                return Err(StoreError::Failed("it was broken off".into()));
            }
        }
        Ok(())
    }

    fn finished(mut self) -> Report {
        self.report.ok = self.report.problems.is_empty();
        self.report
    }

    fn in_snapshot(&mut self, work: impl FnOnce(&mut Self) -> StoreResult<()>) -> StoreResult<()> {
        if !self.opens_snapshots {
            return work(self);
        }
        self.connection.batch(match self.connection.is_postgres() {
            true => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout=0",
            false => "BEGIN",
        })?;
        let outcome = work(self);
        self.connection.batch("ROLLBACK")?;
        outcome
    }

    fn step(&mut self, step: Step) -> StoreResult<()> {
        match step {
            Step::Count(table) => {
                let counted = self.scoped(&format!("SELECT COUNT(*) FROM {table} t WHERE [t]"), Vec::new());
                self.report.checked.insert(table, self.connection.number(&counted)?.unwrap_or(0));
                Ok(())
            }
            Step::Check(check) => self.check(check.sentence, check.sql),
            Step::Named((table, column, named)) => {
                let sentence = format!("{{}} of shop {{}} ({table}) names {{}} as its {column}, which does not exist.");
                self.check(&sentence, &named_sql(table, column, named))
            }
            Step::Uses => self.count_uses(),
            Step::Discounts => self.add_up_discounts(),
        }
    }

    fn check(&mut self, sentence: &str, sql: &str) -> StoreResult<()> {
        let kinds = vec![Kind::Text; sentence.matches("{}").count()];
        let limit = i64::try_from(SENTENCES + 1).unwrap_or(i64::MAX);
        let statement = self.scoped(&format!("{sql} LIMIT ?"), vec![limit.into()]);
        for (index, row) in self.connection.query(&statement, &kinds)?.iter().enumerate() {
            if index == SENTENCES {
                self.report
                    .problems
                    .push(format!("And more like this: {}", self.report.problems[self.report.problems.len() - 1]));
                break;
            }
            self.report.problems.push(filled(sentence, row));
        }
        Ok(())
    }

    /// A statement whose `[x]` are conditions on the shop.
    fn scoped(&self, sql: &str, more: Vec<Bind>) -> Statement {
        let (text, binds) = scoped(sql, self.shop);
        Statement::new(text).binds(binds).binds(more)
    }

    /// Shows every record of a kind; `at` tells when one was made.
    fn each<R: Record>(&mut self, at: fn(&R) -> Timestamp, mut look: impl FnMut(&R)) -> StoreResult<()> {
        let sql = each_sql::<R>(self.shop.is_some());
        let mut last: Option<(Timestamp, String)> = None;
        loop {
            let (behind_at, behind) = last.take().unwrap_or((Timestamp::from_ms(i64::MIN), String::new()));
            let mut binds: Vec<Bind> = Vec::new();
            if self.shop.is_some() {
                binds.push(behind_at.into());
            }
            binds.push(behind.into());
            binds.push(i64::try_from(PAGE).unwrap_or(i64::MAX).into());
            let statement = self.scoped(&sql, binds);
            let page: Vec<R> = read(self.connection, &statement)?;
            let Some(end) = page.last() else { return Ok(()) };
            last = Some((at(end), end.id().to_string()));
            page.iter().for_each(&mut look);
        }
    }

    fn page<R: Record>(&mut self, after: Option<Id>) -> StoreResult<Vec<R>> {
        let mut binds: Vec<Bind> = Vec::new();
        let behind = after.map_or("1 = 1", |id| {
            binds.push(id.into());
            "t.id > ?"
        });
        binds.push(i64::try_from(PAGE).unwrap_or(i64::MAX).into());
        let sql = format!("{} t WHERE [t] AND {behind} ORDER BY t.id LIMIT ?", select::<R>());
        let statement = self.scoped(&sql, binds);
        read(self.connection, &statement)
    }
}

fn filled(sentence: &str, row: &[Value]) -> String {
    let mut text = String::new();
    let mut parts = sentence.split("{}");
    text.push_str(parts.next().unwrap_or_default());
    for (part, value) in parts.zip(row) {
        if let Value::Text(Some(word)) = value {
            text.push_str(word);
        }
        text.push_str(part);
    }
    text
}

//! What is owed: issued and not spent, by kind and age.

use serde::Serialize;

use crate::records::Timestamp;
use crate::records::owed::{Owed, OwedDays, day_of};
use crate::records::time::DAY_MS;
use crate::views::share::Definition;

/// What each figure means.
pub const DEFINITIONS: &[Definition] = &[
    means(
        "amount",
        "What was promised or given and is not spent, as the ledger has it: what lapses, is withdrawn or is redeemed is taken off, what is extended or comes back is added.",
    ),
    means(
        "pending_rewards",
        "Rewards that wait, and what the shop is to hand over; as old as the order or claim that earned them is known.",
    ),
    means(
        "vouchers",
        "What is left of vouchers that take something off, those of batches among them: each use that is left, at its face; as old as the voucher.",
    ),
    means("gift_cards", "Balances of gift cards, what checkouts have set aside among them; as old as the card."),
    means(
        "store_credit",
        "Customers' store credit, what checkouts have set aside among it; as old as when it was given, or came back. The oldest is spent first.",
    ),
    means("days_0_30", "Of it what is 30 days old or younger, in days of UTC; the other ages in the same way."),
];

const fn means(figure: &'static str, means: &'static str) -> Definition {
    Definition { figure, means }
}

/// The ages that are told apart: the last day of each, and its name; what is older comes behind.
const AGES: [i64; 3] = [30, 90, 365];

/// Amounts by age, minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OwedFigures {
    /// All of it.
    pub amount: i64,
    /// Since at most 30 days.
    pub days_0_30: i64,
    /// Since 31 to 90.
    pub days_31_90: i64,
    /// Since 91 to 365.
    pub days_91_365: i64,
    /// Since more.
    pub days_over_365: i64,
}

impl OwedFigures {
    fn add(&mut self, age: i64, amount: i64) {
        self.amount = self.amount.saturating_add(amount);
        let place = match AGES.iter().position(|last| age <= *last) {
            Some(0) => &mut self.days_0_30,
            Some(1) => &mut self.days_31_90,
            Some(_) => &mut self.days_91_365,
            None => &mut self.days_over_365,
        };
        *place = place.saturating_add(amount);
    }
}

/// See the contract's `LiabilityFigures`.
#[derive(Serialize)]
pub struct LiabilityRow {
    kind: Owed,
    #[serde(flatten)]
    figures: OwedFigures,
    rows_url: Option<LiabilityRowsUrl>,
}

/// The list of each age.
#[derive(Serialize)]
struct LiabilityRowsUrl {
    amount: String,
    days_0_30: String,
    days_31_90: String,
    days_91_365: String,
    days_over_365: String,
}

/// The rows, and what they come to together; at an instant.
pub fn liability(owed: &OwedDays, at: Timestamp) -> (Vec<LiabilityRow>, OwedFigures) {
    let today = day_of(at);
    let mut totals = OwedFigures::default();
    let mut rows = Vec::new();
    for kind in Owed::WORDS.iter().filter_map(|word| Owed::parse(word)) {
        let mut figures = OwedFigures::default();
        for ((day, _), amount) in owed.iter().filter(|((_, of), _)| *of == kind) {
            figures.add(today - day, *amount);
            totals.add(today - day, *amount);
        }
        rows.push(LiabilityRow { kind, figures, rows_url: rows_url(kind, today) });
    }
    (rows, totals)
}

/// The lists that show what is owed; balances of store credit stand with each customer.
fn rows_url(kind: Owed, today: i64) -> Option<LiabilityRowsUrl> {
    let list = match kind {
        Owed::PendingRewards => "/v1/rewards?waiting=true",
        Owed::Vouchers => "/v1/vouchers?owed=true",
        Owed::GiftCards => "/v1/vouchers?kind=gift_card",
        Owed::StoreCredit => return None,
    };
    let begin = |age: i64| Timestamp::from_ms((today - age) * DAY_MS);
    let from = |age: i64| format!("&created_from={}", begin(age));
    // Younger than the day behind the last one of that age.
    let to = |age: i64| format!("&created_to={}", begin(age));
    let [first, second, third] = AGES;
    Some(LiabilityRowsUrl {
        amount: list.to_owned(),
        days_0_30: format!("{list}{}", from(first)),
        days_31_90: format!("{list}{}{}", from(second), to(first)),
        days_91_365: format!("{list}{}{}", from(third), to(second)),
        days_over_365: format!("{list}{}", to(third)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_begin_and_end_with_whole_days() {
        let at = Timestamp::from_ms(20_000 * DAY_MS + 1);
        let ages = [0, 30, 31, 90, 91, 365, 366, 5_000];
        let owed = ages.iter().enumerate().map(|(n, age)| ((20_000 - age, Owed::Vouchers), 1 << n)).collect();
        let (rows, totals) = liability(&owed, at);
        let expected = OwedFigures {
            amount: 0b1111_1111,
            days_0_30: 0b0000_0011,
            days_31_90: 0b0000_1100,
            days_91_365: 0b0011_0000,
            days_over_365: 0b1100_0000,
        };
        assert_eq!(totals, expected);
        assert_eq!((rows[1].kind, rows[1].figures), (Owed::Vouchers, expected));
        assert_eq!(rows[0].figures, OwedFigures::default());
        let urls = rows[1].rows_url.as_ref().expect("lists");
        assert_eq!(urls.days_0_30, "/v1/vouchers?owed=true&created_from=2024-09-04T00:00:00.000Z");
        assert!(
            urls.days_31_90.ends_with("&created_from=2024-07-06T00:00:00.000Z&created_to=2024-09-04T00:00:00.000Z")
        );
    }
}

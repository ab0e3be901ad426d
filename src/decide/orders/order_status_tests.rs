use proptest::prelude::*;

use super::*;
use crate::records::conversion::Terms;
use crate::records::money::Currency;
use crate::records::time::DAY_MS;
use crate::records::{Id, Json};

fn day(days: i64) -> Timestamp {
    Timestamp::from_ms(days * DAY_MS)
}

/// An order of day 0 that waits 30 days.
fn order(pending_from: PendingFrom, approval: Approval) -> Conversion {
    let (id, shop) = (Id::of("cnv", &["life"]), Id::of("shp", &["life"]));
    let worth = (5000, Currency::parse("EUR").expect("a currency"));
    Conversion {
        version: 1,
        terms: Json(Some(Terms { pending_days: 30, pending_from, approval, min_order_amount: 0 })),
        ..Conversion::blank(id, shop, "A-1", worth, day(0))
    }
}

#[test]
fn what_can_be_done_in_which_state() {
    use Ruling::{Already, Go, Illegal};
    let states = [Unpaid, Pending, Review, Approved, Cancelled, Rejected, Reversed];
    let table = [
        (Act::Clear, [Already, Already, Go, Already, Illegal, Illegal, Illegal]),
        (Act::Approve, [Illegal, Go, Go, Already, Illegal, Illegal, Illegal]),
        (Act::Reject, [Go, Go, Go, Illegal, Illegal, Already, Illegal]),
        (Act::Attribute, [Go, Go, Go, Go, Illegal, Illegal, Illegal]),
        (Act::Change, [Go, Go, Go, Illegal, Illegal, Illegal, Illegal]),
    ];
    for (act, rulings) in table {
        for (status, expected) in states.into_iter().zip(rulings) {
            assert_eq!(ruling(act, status), expected, "{act:?} of what is {status}");
            let refused = permit(act, &Conversion { status, ..order(PendingFrom::Order, Approval::Auto) });
            match expected {
                Illegal => {
                    let refusal = refused.expect_err("it is refused");
                    assert_eq!(refusal.code, Code::IllegalTransition);
                    assert!(refusal.detail.contains(&format!("is {status} and")), "{}", refusal.detail);
                }
                _ => assert_eq!(refused, Ok(expected == Go)),
            }
        }
    }
}

#[test]
fn the_wait_runs_from_what_the_program_says() {
    use PendingFrom::{Delivery, Order, Payment};
    // from what, paid on, delivered on, told on: how it stands, when the wait ends
    let table = [
        (Order, None, None, 0, Unpaid, Some(30)),
        (Order, None, None, 40, Unpaid, Some(30)),
        (Order, Some(5), None, 5, Pending, Some(30)),
        (Order, Some(35), None, 35, Approved, Some(30)),
        (Payment, None, None, 40, Unpaid, None),
        (Payment, Some(5), None, 5, Pending, Some(35)),
        (Payment, Some(5), None, 35, Approved, Some(35)),
        (Payment, None, Some(3), 40, Unpaid, None),
        (Delivery, Some(5), None, 90, Pending, None),
        (Delivery, None, Some(3), 40, Unpaid, Some(33)),
        (Delivery, Some(5), Some(9), 38, Pending, Some(39)),
        (Delivery, Some(5), Some(9), 39, Approved, Some(39)),
    ];
    for (from, paid, delivered, told, status, until) in table {
        let mut order = order(from, Approval::Auto);
        (order.paid_at, order.delivered_at) = (paid.map(day), delivered.map(day));
        set_status(&mut order, day(told));
        let context = format!("{from} paid {paid:?} delivered {delivered:?} on day {told}");
        assert_eq!((order.status, order.pending_until), (status, until.map(day)), "{context}");
        assert_eq!(order.due_at.is_some(), status == Pending && until.is_some(), "{context}");
    }
}

#[test]
fn an_operator_approves_where_the_program_says_so() {
    let mut order = order(PendingFrom::Payment, Approval::Manual);
    order.paid_at = Some(day(0));
    set_status(&mut order, day(29));
    assert_eq!((order.status, order.overdue, order.due_at), (Pending, false, Some(day(30))));
    set_status(&mut order, day(30));
    assert_eq!((order.status, order.overdue, order.due_at), (Pending, true, None));
    order.approved_at = Some(day(31));
    set_status(&mut order, day(31));
    assert_eq!((order.status, order.overdue), (Approved, false));
}

#[test]
fn what_is_in_review_waits_for_an_operator() {
    let mut order = order(PendingFrom::Payment, Approval::Auto);
    (order.paid_at, order.in_review) = (Some(day(0)), true);
    set_status(&mut order, day(40));
    assert_eq!((order.status, order.due_at), (Review, None));
    order.in_review = false;
    set_status(&mut order, day(41));
    assert_eq!(order.status, Approved, "the wait was over long since");
}

#[test]
fn an_order_that_is_credited_to_nobody_waits_for_its_payment_alone() {
    let mut order = order(PendingFrom::Payment, Approval::Auto);
    order.terms = Json(None);
    set_status(&mut order, day(0));
    assert_eq!(order.status, Unpaid);
    order.paid_at = Some(day(0));
    set_status(&mut order, day(0));
    assert_eq!(order.status, Approved);
}

/// A fact is told; told again, it changes nothing.
fn tell(order: &mut Conversion, fact: usize) {
    let noted = match fact {
        0 => &mut order.paid_at,
        1 => &mut order.delivered_at,
        2 => &mut order.cancelled_at,
        _ => &mut order.returned_at,
    };
    noted.get_or_insert(day(3));
    set_status(order, day(3));
}

proptest! {
    #[test]
    fn facts_in_any_sequence_and_repetition_lead_to_the_same_end(
        facts in prop::sample::subsequence(vec![0usize, 1, 2, 3], 0..=4),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        seed in any::<prop::sample::Index>(),
        from in prop::sample::select(vec![PendingFrom::Order, PendingFrom::Payment, PendingFrom::Delivery]),
        approval in prop::sample::select(vec![Approval::Auto, Approval::Manual]),
    ) {
        let mut straight = order(from, approval);
        set_status(&mut straight, day(3));
        facts.iter().for_each(|fact| tell(&mut straight, *fact));
        let mut told: Vec<usize> = facts.clone();
        if !facts.is_empty() {
            told.rotate_left(seed.index(facts.len()));
            told.reverse();
            told.extend(again.iter().map(|index| facts[index.index(facts.len())]));
        }
        let mut crooked = order(from, approval);
        set_status(&mut crooked, day(3));
        told.iter().for_each(|fact| tell(&mut crooked, *fact));
        for order in [&mut straight, &mut crooked] {
            set_status(order, day(60));
        }
        let end = |order: &Conversion| (order.status, order.pending_until, order.due_at, order.overdue);
        prop_assert_eq!(end(&straight), end(&crooked));
    }
}

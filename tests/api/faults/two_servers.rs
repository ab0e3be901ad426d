//! Two processes on one PostgreSQL: the races once more, a process that stands still, and events that
//! are read while clocks differ.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use grapevine::engine::PATIENCE;

use crate::benefits::passes;
use crate::faults::races;
use crate::offers;
use crate::orders::{checkout, hold_races, holds};
use crate::request::idempotency;
use crate::support::database::{Backend, fresh_database};
use crate::support::process::{Process, Signal};
use crate::support::server::block_on;
use crate::support::*;

/// After so long the database ends a transaction in which nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// Orders that are reported while events are read.
const ORDERS: usize = 200;

#[test]
fn a_voucher_with_five_uses() {
    through_two_servers(races::two_hundred_clients_for_a_voucher_with_five_uses);
}

#[test]
fn a_pass_at_two_gates() {
    through_two_servers(passes::a_pass_at_many_gates_lets_in_once);
}

#[test]
fn equal_orders() {
    through_two_servers(races::sixty_four_equal_orders_make_one_conversion);
}

#[test]
fn a_budget() {
    through_two_servers(races::a_budget_is_never_passed);
}

#[test]
fn a_balance() {
    through_two_servers(races::a_balance_is_spent_once);
}

#[test]
fn redemptions_of_one_order() {
    through_two_servers(races::one_order_redeems_once);
}

#[test]
fn holds_on_five_uses() {
    through_two_servers(holds::two_hundred_checkouts_hold_five_uses);
}

#[test]
fn the_end_of_a_hold() {
    through_two_servers(holds::one_hold_ends_in_one_state);
}

#[test]
fn a_hold_and_the_redemption_of_its_order() {
    through_two_servers(hold_races::a_hold_against_the_redemption_of_its_order);
}

#[test]
fn a_hold_and_its_release() {
    through_two_servers(hold_races::a_hold_against_its_release);
}

#[test]
fn a_hold_and_the_reversal_of_its_order() {
    through_two_servers(hold_races::a_hold_against_the_reversal_of_its_order);
}

#[test]
fn a_hold_and_its_time() {
    through_two_servers(hold_races::a_hold_against_its_time);
}

#[test]
fn one_guest_for_one_discount() {
    through_two_servers(checkout::two_hundred_guests_with_one_address_are_one);
}

#[test]
fn an_order_and_its_discount() {
    through_two_servers(checkout::an_order_and_its_discount_told_at_once);
}

#[test]
fn a_capacity_of_a_hundred() {
    through_two_servers(offers::races::a_thousand_claim_a_hundred);
}

#[test]
fn one_persons_place() {
    through_two_servers(offers::races::sixty_four_tries_of_one_person_are_one_claim);
}

#[test]
fn the_places_of_a_group() {
    through_two_servers(offers::groups::the_first_of_one_share_take_it);
}

#[test]
fn equal_requests() {
    through_two_servers(idempotency::fifty_equal_requests_have_one_effect_and_one_answer);
}

/// Runs a test in a shop whose requests go to two servers in turn.
fn through_two_servers<F: Future<Output = ()>>(test: impl FnOnce(TestShop) -> F) {
    let database = fresh_database(Backend::Postgres);
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    block_on(async { test(TestShop::through(&database, &servers).await).await });
}

/// The most by which a process that stands still may delay the others: what we promise; on a machine
/// that does more beside it, until the lock is free and then as long as anybody may wait.
fn standstill() -> Duration {
    if is_soak() { Duration::from_secs(6) } else { IDLE + PATIENCE }
}

#[test]
fn a_process_that_stands_still_delays_the_others_little() {
    let database = fresh_database(Backend::Postgres);
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let rounds = if is_soak() { 5 } else { 1 };
        for round in 0..rounds {
            stand_still(&shop, &servers, round).await;
        }
        shop.books_balance().await;
    });
}

/// Under load one process stops in its transaction, which holds the shop's lock; the other goes on.
async fn stand_still(shop: &TestShop, [still, other]: &[Process; 2], round: usize) {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let load = join_all((0..16).map(|client| {
        let (client_shop, tell) = (shop.at(still.base()), tell.clone());
        async move {
            for number in 0..20 {
                let order = format!("{round}-{client}-{number}");
                let answer = client_shop.post("/v1/conversions", order_of(&order)).key(&order).attempt().await;
                // Nobody counts answers once the process has stopped.
                let _counted = tell.send(());
                answer.expect("an answer comes when the process goes on");
            }
        }
    }));
    let standstill = async {
        for _ in 0..40 {
            told.recv().await;
        }
        still.signal(Signal::STOP);
        let begun = Instant::now();
        let order = format!("{round}-other");
        while shop.at(other.base()).post("/v1/conversions", order_of(&order)).key(&order).await.status() == 503 {
            assert!(begun.elapsed() < standstill(), "still refused after {:?}", begun.elapsed());
        }
        let waited = begun.elapsed();
        still.signal(Signal::CONT);
        assert!(waited < standstill(), "answered after {waited:?}");
    };
    join(load, standstill).await;
    // Whatever became of the load, repeating it settles it.
    for client in 0..16 {
        for number in 0..20 {
            let order = format!("{round}-{client}-{number}");
            shop.at(other.base()).post("/v1/conversions", order_of(&order)).key(&order).await.created();
        }
    }
    assert_eq!(seqs(shop).await.len(), (round + 1) * 321);
}

#[test]
fn a_reader_of_events_misses_none_though_clocks_differ() {
    let database = fresh_database(Backend::Postgres);
    let behind = Process::start(&database, &[("GRAPEVINE_CLOCK_SKEW_MS", "-3000")]);
    let ahead = Process::start(&database, &[("GRAPEVINE_CLOCK_SKEW_MS", "3000")]);
    let servers = [behind, ahead];
    block_on(async {
        let shop = TestShop::through(&database, &servers).await;
        let written = Cell::new(0);
        let writers = join_all(shop.everywhere().take(16).enumerate().map(|(client, actor)| {
            let written = &written;
            async move {
                for number in (client..ORDERS).step_by(16) {
                    actor.post("/v1/conversions", order_of(&number.to_string())).await.created();
                    written.set(written.get() + 1);
                }
            }
        }));
        let reader = async {
            let (mut seen, mut readers) = (Vec::new(), shop.everywhere());
            loop {
                let was_last = written.get() == ORDERS;
                let after = seen.last().copied().unwrap_or(0);
                let reader = readers.next().expect("they take turns");
                let page = reader.get(&format!("/v1/events?after={after}&limit=7")).await.ok();
                let rows = elements(&page["data"]);
                if was_last && rows.is_empty() {
                    return seen;
                }
                seen.extend(rows.iter().map(|event| event["seq"].as_i64().expect("a number")));
            }
        };
        let ((), seen) = join(async { drop(writers.await) }, reader).await;
        assert_eq!(seen, (1..=200).collect::<Vec<i64>>());
        assert_eq!(seqs(&shop).await, seen);
    });
}

fn order_of(order: &str) -> Value {
    json!({"order_id": order, "amount": 4990, "currency": "EUR"})
}

/// The numbers of all events.
async fn seqs(shop: &TestShop) -> Vec<i64> {
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied().unwrap_or(0);
        let page = shop.get(&format!("/v1/events?after={after}&limit=200")).await.ok();
        let rows = elements(&page["data"]);
        if rows.is_empty() {
            return seen;
        }
        seen.extend(rows.iter().map(|event| event["seq"].as_i64().expect("a number")));
    }
}

//! The races once more, through two processes on one PostgreSQL.

use crate::support::database::{Backend, fresh_database};
use crate::support::process::Process;
use crate::support::server::block_on;
use crate::support::*;
use crate::{idempotency, races};

#[test]
fn a_voucher_with_five_uses() {
    through_two_servers(races::two_hundred_clients_for_a_voucher_with_five_uses);
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
fn equal_requests() {
    through_two_servers(idempotency::fifty_equal_requests_have_one_effect_and_one_answer);
}

/// Runs a test in a shop whose requests go to two servers in turn.
fn through_two_servers<F: Future<Output = ()>>(test: impl FnOnce(TestShop) -> F) {
    let database = fresh_database(Backend::Postgres);
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    block_on(async { test(TestShop::through(&database, &servers).await).await });
}

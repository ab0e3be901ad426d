//! What the database keeps from being saved: the one command that would have it is found in a few
//! attempts and answered, and the others of its batch are saved.

use futures_util::future::{join, join_all};
use grapevine::decide::Command;
use grapevine::decide::shops::update_shop::UpdateShop;
use grapevine::engine::{Engine, Failure, Given};
use grapevine::records::Id;
use grapevine::store::Statement;
use serde_json::json;

use crate::rig::{self, Start, block_on, books_balance, number, stop, submit};
use crate::support::{Fresh, on_both};

on_both!(
    a_slug_that_another_shop_took_is_refused_alone,
    what_is_there_already_is_blamed_on_those_alone_who_would_make_it,
    what_the_database_never_takes_is_blamed_on_one_alone,
);

/// Commands that come together with those that cannot be saved.
const OTHERS: usize = 60;
/// Transactions that all of them may take: they come as one batch, or as two or three, and each is tried
/// once as a whole, once anew where it is no name that is taken, and once in parts.
const ATTEMPTS: i64 = 9;

/// Submits commands at once, among many that are good, which are all saved. Answers what came of them.
fn among_others(database: &Fresh, engine: &Engine, shop: Id, commands: Vec<Command>) -> Vec<Result<Given, Failure>> {
    let known = number(database, "SELECT COUNT(*) FROM customers");
    let before = attempts(database);
    let others = (0..OTHERS).map(|number| {
        let customer = rig::customer(&format!("c-{known}-{number}"));
        async move { submit(engine, shop, customer, None).await.expect("nothing is wrong with it") }
    });
    let culprits = commands.into_iter().map(|command| submit(engine, shop, command, None));
    let (_, answers) = block_on(join(join_all(others), join_all(culprits)));
    let took = attempts(database) - before;
    assert!(took <= ATTEMPTS, "{took} attempts");
    assert_eq!(number(database, "SELECT COUNT(*) FROM customers"), known + OTHERS as i64);
    books_balance(database);
    answers
}

/// Transactions that the writers began so far.
fn attempts(database: &Fresh) -> i64 {
    number(database, "SELECT CAST(COALESCE(SUM(batch), 0) AS BIGINT) FROM engine_writers")
}

/// Asks for a slug that was free when it was looked for.
fn with_slug(slug: &str) -> Command {
    UpdateShop { if_match: 1.into(), body: rig::from(json!({ "slug": slug })), slug_is_taken: false }.into()
}

fn a_slug_that_another_shop_took_is_refused_alone(database: &Fresh) {
    let shop = rig::shop(database);
    let other = rig::found(&rig::founding("Tee"), database);
    let engine = Start::on(database).engine();
    let answers = among_others(database, &engine, shop, vec![with_slug(&other.slug)]);
    assert!(matches!(answers[..], [Err(Failure::Taken)]), "{answers:?}");
    let before = attempts(database);
    let alone = block_on(submit(&engine, shop, with_slug(&other.slug), None));
    assert!(matches!(alone, Err(Failure::Taken)), "{alone:?}");
    assert_eq!(attempts(database) - before, 2, "as a whole, and in parts");
    block_on(submit(&engine, shop, with_slug("free"), None)).expect("this one is free");
    block_on(stop(engine));
}

/// An account that no command finds, for it has another id, and whose name may be there once.
fn take_account(database: &Fresh, shop: Id, customer: &str) {
    let statement = Statement::new(
        "INSERT INTO accounts (id, shop, name, currency, balance, created_at, version)
         SELECT 'acc_' || id, shop, 'credit:' || id, 'EUR', 0, 0, 1 FROM customers WHERE shop = ? AND external_id = ?",
    );
    assert_eq!(database.connect().execute(&statement.bind(shop).bind(customer)).expect("an account"), 1);
}

fn what_is_there_already_is_blamed_on_those_alone_who_would_make_it(database: &Fresh) {
    let shop = rig::shop(database);
    let engine = Start::on(database).engine();
    for name in ["ann", "bob", "carl"] {
        block_on(submit(&engine, shop, rig::customer(name), None)).expect("a customer");
    }
    take_account(database, shop, "ann");
    take_account(database, shop, "carl");
    let grants = ["ann", "bob", "carl"].map(|name| rig::grant(name, "thanks").into());
    let answers = among_others(database, &engine, shop, grants.into());
    assert!(matches!(answers[..], [Err(Failure::Taken), Ok(_), Err(Failure::Taken)]), "{answers:?}");
    assert_eq!(number(database, "SELECT COUNT(*) FROM grants"), 1);
    block_on(stop(engine));
}

fn what_the_database_never_takes_is_blamed_on_one_alone(database: &Fresh) {
    let shop = rig::shop(database);
    let mut connection = database.connect();
    let never = if connection.is_postgres() {
        "ALTER TABLE customers ADD CONSTRAINT never CHECK (external_id <> 'never')"
    } else {
        "CREATE TRIGGER never BEFORE INSERT ON customers WHEN NEW.external_id = 'never'
         BEGIN SELECT RAISE(ABORT, 'never'); END"
    };
    connection.batch(never).expect("a rule that only the database knows");
    let engine = Start::on(database).engine();
    let answers = among_others(database, &engine, shop, vec![rig::customer("never").into()]);
    assert!(matches!(answers[..], [Err(Failure::Internal)]), "{answers:?}");
    block_on(stop(engine));
}

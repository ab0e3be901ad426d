//! The world and the database behind it, together, against a plain map: whatever is asked and
//! changed, in batches that are committed or not, both know the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use grapevine::records::message::MessageStatus;
use grapevine::records::referral::{self, ReferralStatus};
use grapevine::records::{Id, Message, Referral};
use grapevine::store::writer::{Commit, Locking, WriterConnection};
use grapevine::world::{Changes, Shelved, Stop, World};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::kinds::sample;
use crate::support::{Fresh, on_both};

on_both!(both_know_the_same,);

/// Records of each kind.
const RECORDS: u8 = 3;
/// Parents that they have.
const PARENTS: u8 = 2;

/// One thing that a command may do.
#[derive(Clone, Debug)]
enum Step {
    /// Looks at a record by its id.
    Get(u8),
    /// Looks for a referral by its key.
    Find(u8),
    /// Lists the messages of a parent.
    List(u8),
    /// Makes a referral, or changes it.
    SaveReferral(u8, ReferralStatus),
    /// Makes a message, or gives it to another parent, or to none.
    SaveMessage(u8, Option<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    let statuses = prop_oneof![Just(ReferralStatus::Open), Just(ReferralStatus::Converted)];
    prop_oneof![
        (0..RECORDS).prop_map(Step::Get),
        (0..RECORDS).prop_map(Step::Find),
        (0..PARENTS).prop_map(Step::List),
        (0..RECORDS, statuses).prop_map(|(record, status)| Step::SaveReferral(record, status)),
        (0..RECORDS, proptest::option::of(0..PARENTS)).prop_map(|(record, parent)| Step::SaveMessage(record, parent)),
    ]
}

/// The plain map: what is there, by number.
#[derive(Clone, Default)]
struct Plain {
    referrals: BTreeMap<u8, ReferralStatus>,
    messages: BTreeMap<u8, Option<u8>>,
}

fn both_know_the_same(database: &Fresh) {
    let connection = RefCell::new(WriterConnection::open(&database.target, Locking::On).expect("a connection"));
    let batch = (proptest::collection::vec(step(), 1..20), proptest::bool::weighted(0.8));
    let history = proptest::collection::vec(batch, 1..6);
    let cases = if crate::rig::is_soak() { 2_000 } else { 100 };
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let count = RefCell::new(0u32);
    let outcome = runner.run(&history, |history| {
        *count.borrow_mut() += 1;
        let shop = Id::of("shp", &[&count.borrow().to_string()]);
        let mut plain = Plain::default();
        for (steps, commits) in history {
            run_batch(&mut connection.borrow_mut(), shop, &mut plain, &steps, commits)?;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Runs steps in one transaction, each until nothing it needs is missing.
fn run_batch(
    connection: &mut WriterConnection,
    shop: Id,
    plain: &mut Plain,
    steps: &[Step],
    commits: bool,
) -> Result<(), TestCaseError> {
    let mut world = World::default();
    let mut after = plain.clone();
    // A batch that failed before left its transaction open.
    connection.rollback();
    connection.begin().expect("a transaction");
    for step in steps {
        let changes = loop {
            match take(&world, shop, &after, step) {
                Ok(changes) => break changes?,
                Err(_) => prop_assert!(connection.load(&mut world).expect("a load"), "something is wanted"),
            }
        };
        world.apply(changes);
        match step {
            Step::SaveReferral(record, status) => drop(after.referrals.insert(*record, *status)),
            Step::SaveMessage(record, parent) => drop(after.messages.insert(*record, *parent)),
            Step::Get(_) | Step::Find(_) | Step::List(_) => {}
        }
    }
    if !commits {
        connection.rollback();
        return Ok(());
    }
    connection.save(&mut world).expect("what both know can be saved");
    prop_assert!(matches!(connection.commit(), Commit::Done));
    *plain = after;
    Ok(())
}

/// Does a step in the world and holds what it sees against the map.
fn take(world: &World, shop: Id, plain: &Plain, step: &Step) -> Result<Result<Changes, TestCaseError>, Stop> {
    let mut changes = Changes::default();
    match step {
        Step::Get(record) => {
            let (referral, message) = (get::<Referral>(world, shop, *record), get::<Message>(world, shop, *record));
            let (referral, message) = (referral?, message?);
            let seen = (referral.map(|referral| referral.status), message.map(|message| message.waiting_for));
            let known = plain.messages.get(record).map(|parent| parent.map(parent_id));
            if seen != (plain.referrals.get(record).copied(), known) {
                return Ok(Err(TestCaseError::fail(format!("{step:?}: {seen:?}"))));
            }
        }
        Step::Find(record) => {
            let place = (shop, key(*record));
            let found = Referral::shelf(world).find(&Referral::BY_PAIR, &place)?;
            if found != plain.referrals.get(record).map(|_| id(shop, *record)) {
                return Ok(Err(TestCaseError::fail(format!("{step:?}: {found:?}"))));
            }
        }
        Step::List(parent) => {
            let listed = Message::shelf(world).list(&Message::WAITING_FOR, shop, parent_id(*parent))?.to_vec();
            let children: Result<Vec<_>, Stop> = listed.iter().map(|id| Message::shelf(world).get(shop, *id)).collect();
            let children = children?.into_iter().flatten();
            let mut seen: Vec<Id> = children
                .filter(|message| message.waiting_for == Some(parent_id(*parent)))
                .map(|message| message.id)
                .collect();
            seen.sort_unstable();
            let known = plain.messages.iter().filter(|(_, of)| **of == Some(*parent));
            let mut known: Vec<Id> = known.map(|(record, _)| id(shop, *record)).collect();
            known.sort_unstable();
            if seen != known {
                return Ok(Err(TestCaseError::fail(format!("{step:?}: {seen:?} and not {known:?}"))));
            }
        }
        Step::SaveReferral(record, status) => {
            let before = get::<Referral>(world, shop, *record)?;
            let mut referral = before.map_or_else(|| sample::<Referral>(0), |before| (*before).clone());
            (referral.id, referral.shop) = (id(shop, *record), shop);
            (referral.pair, referral.status) = (key(*record), *status);
            Referral::changed_mut(&mut changes).push(Rc::new(referral));
        }
        Step::SaveMessage(record, parent) => {
            let before = get::<Message>(world, shop, *record)?;
            let mut message = before.map_or_else(|| sample::<Message>(0), |before| (*before).clone());
            (message.id, message.shop) = (id(shop, *record), shop);
            (message.status, message.waiting_for) = (MessageStatus::NoAddress, parent.map(parent_id));
            Message::changed_mut(&mut changes).push(Rc::new(message));
        }
    }
    Ok(Ok(changes))
}

fn get<R: Shelved>(world: &World, shop: Id, record: u8) -> Result<Option<Rc<R>>, Stop> {
    R::shelf(world).get(shop, id(shop, record))
}

fn id(shop: Id, record: u8) -> Id {
    Id::of("rec", &[&shop.to_string(), &record.to_string()])
}

fn parent_id(parent: u8) -> Id {
    Id::of("par", &[&parent.to_string()])
}

fn key(record: u8) -> String {
    referral::pair(Id::of("prg", &["one"]), parent_id(record))
}

//! Everything that happened to a customer: the newest of each kind.

use std::collections::HashSet;

use super::records::{Filter, Part, children_of, list};
use crate::records::{
    Conversion, Customer, Grant, Hold, Id, Mention, Message, Program, Record, Redemption, Referral, Refund, Reversal,
    Reward, Share,
};
use crate::store::{Connection, StoreResult};

/// Records of each kind.
const MOST: usize = 500;

/// Redemptions of an order, holds, and refunds of a name.
const CHECKOUTS: usize = 20;

/// Accounts of one person.
const ACCOUNTS: usize = 50;

/// What happened to a customer and those who were merged into him.
#[derive(Debug, Default)]
pub struct Past {
    /// The customer first, then those who were merged into him.
    pub customers: Vec<Customer>,
    /// The shop's programs.
    pub programs: Vec<Program>,
    /// What he shared.
    pub shares: Vec<Share>,
    /// Recommendations on either side.
    pub referrals: Vec<Referral>,
    /// Orders on either side, and those for which evidence of his was brought in vain.
    pub conversions: Vec<Conversion>,
    /// What came back of those on either side, oldest first.
    pub refunds: Vec<Refund>,
    /// Rewards.
    pub rewards: Vec<Reward>,
    /// Mails.
    pub messages: Vec<Message>,
    /// What was set aside for him.
    pub holds: Vec<Hold>,
    /// What he used.
    pub redemptions: Vec<Redemption>,
    /// What of it was given back.
    pub reversals: Vec<Reversal>,
    /// What he was granted.
    pub grants: Vec<Grant>,
}

impl Past {
    /// What came back of an order, oldest first.
    pub fn refunds_of(&self, order: &Conversion) -> Vec<&Refund> {
        self.refunds.iter().filter(|refund| refund.conversion == order.id).collect()
    }
}

/// Reads the past of a customer; `family` are he and those who were merged into him.
pub fn past(connection: &mut Connection, shop: Id, family: &[Id]) -> StoreResult<Past> {
    let mut past = Past {
        customers: newest(connection, shop, "id", family)?,
        programs: list::<Program>(connection, shop, &Filter::new(), &whole())?.rows,
        shares: newest(connection, shop, "customer", family)?,
        referrals: newest(connection, shop, "friend", family)?,
        conversions: newest(connection, shop, "customer", family)?,
        refunds: Vec::new(),
        rewards: newest(connection, shop, "customer", family)?,
        messages: newest(connection, shop, "customer", family)?,
        holds: newest(connection, shop, "customer", family)?,
        redemptions: newest(connection, shop, "customer", family)?,
        reversals: Vec::new(),
        grants: newest(connection, shop, "customer", family)?,
    };
    past.customers.sort_by_key(|customer| family.iter().position(|id| *id == customer.id));
    add(&mut past.referrals, newest(connection, shop, "advocate", family)?);
    add(&mut past.conversions, newest(connection, shop, "advocate", family)?);
    let came_back = past.conversions.iter().filter(|order| order.refunded_amount > 0 || order.returned_at.is_some());
    let came_back: Vec<Id> = came_back.map(|order| order.id).collect();
    past.refunds = children_of(connection, shop, &Refund::OF_CONVERSION, &came_back)?;
    past.refunds.sort_by_key(|refund| refund.created_at);
    add(&mut past.conversions, passed_over(connection, shop, family)?);
    let reversed = past.redemptions.iter().filter(|redemption| redemption.reversed_amount > 0);
    let reversed: Vec<Id> = reversed.map(|redemption| redemption.id).collect();
    past.reversals = children_of(connection, shop, &Reversal::OF_REDEMPTION, &reversed)?;
    Ok(past)
}

/// Adds what is not there yet: a customer and one who was merged into him may be on both sides.
fn add<R: Record>(known: &mut Vec<R>, more: Vec<R>) {
    let ids: HashSet<Id> = known.iter().map(Record::id).collect();
    known.extend(more.into_iter().filter(|record| !ids.contains(&record.id())));
}

/// Orders that speak of one of these customers as of one whose evidence lost.
fn passed_over(connection: &mut Connection, shop: Id, family: &[Id]) -> StoreResult<Vec<Conversion>> {
    let mentions = newest::<Mention>(connection, shop, "customer", family)?;
    let orders: Vec<Id> = mentions.iter().map(|mention| mention.record).filter(|id| id.prefix() == "cnv").collect();
    newest(connection, shop, "id", &orders)
}

/// The accounts of a person, newest first; `persons` are his ids.
pub fn accounts(connection: &mut Connection, shop: Id, persons: &[Id]) -> StoreResult<Vec<Customer>> {
    let mut accounts = children_of(connection, shop, &Customer::OF_PERSON, persons)?;
    accounts.sort_by_key(|account| std::cmp::Reverse((account.created_at, account.id)));
    accounts.truncate(ACCOUNTS);
    Ok(accounts)
}

/// Redemptions and holds of an order, newest first.
pub fn checkouts(connection: &mut Connection, shop: Id, order_id: &str) -> StoreResult<(Vec<Redemption>, Vec<Hold>)> {
    let filter = Filter::new().equals("order_id", Some(order_id));
    let part = Part { limit: CHECKOUTS, ..Part::default() };
    let redemptions = list::<Redemption>(connection, shop, &filter, &part)?.rows;
    Ok((redemptions, list::<Hold>(connection, shop, &filter, &part)?.rows))
}

/// The refunds that have a name of the shop's, newest first.
pub fn refunds_named(connection: &mut Connection, shop: Id, refund_id: &str) -> StoreResult<Vec<Refund>> {
    let filter = Filter::new().equals("refund_id", Some(refund_id));
    Ok(list::<Refund>(connection, shop, &filter, &Part { limit: CHECKOUTS, ..Part::default() })?.rows)
}

fn newest<R: Record>(connection: &mut Connection, shop: Id, column: &'static str, ids: &[Id]) -> StoreResult<Vec<R>> {
    let filter = Filter::new().among(column, Some(ids.to_vec()));
    Ok(list::<R>(connection, shop, &filter, &whole())?.rows)
}

fn whole() -> Part {
    Part { limit: MOST, ..Part::default() }
}

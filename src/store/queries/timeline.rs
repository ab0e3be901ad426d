//! Everything that happened to a customer: the newest of each kind.

use super::records::{Filter, Part, children, list};
use crate::records::{
    Conversion, Customer, Grant, Id, Message, Program, Record, Redemption, Referral, Reversal, Reward, Share,
};
use crate::store::{Connection, StoreResult};

/// Records of each kind.
const MOST: usize = 500;

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
    /// Orders on either side.
    pub conversions: Vec<Conversion>,
    /// Rewards.
    pub rewards: Vec<Reward>,
    /// Mails.
    pub messages: Vec<Message>,
    /// What he used.
    pub redemptions: Vec<Redemption>,
    /// What of it was given back.
    pub reversals: Vec<Reversal>,
    /// What he was granted.
    pub grants: Vec<Grant>,
}

/// Reads the past of a customer; `family` are he and those who were merged into him.
pub fn past(connection: &mut Connection, shop: Id, family: &[Id]) -> StoreResult<Past> {
    let mut past = Past {
        customers: newest(connection, shop, "id", family)?,
        programs: list::<Program>(connection, shop, &Filter::new(), &whole())?.rows,
        shares: newest(connection, shop, "customer", family)?,
        referrals: newest(connection, shop, "friend", family)?,
        conversions: newest(connection, shop, "customer", family)?,
        rewards: newest(connection, shop, "customer", family)?,
        messages: newest(connection, shop, "customer", family)?,
        redemptions: newest(connection, shop, "customer", family)?,
        reversals: Vec::new(),
        grants: newest(connection, shop, "customer", family)?,
    };
    past.customers.sort_by_key(|customer| family.iter().position(|id| *id == customer.id));
    past.referrals.extend(newest::<Referral>(connection, shop, "advocate", family)?);
    past.conversions.extend(newest::<Conversion>(connection, shop, "advocate", family)?);
    for redemption in past.redemptions.iter().filter(|redemption| redemption.reversed_amount > 0) {
        past.reversals.extend(children(connection, shop, &Reversal::OF_REDEMPTION, redemption.id)?);
    }
    Ok(past)
}

/// The accounts of a person, newest first; `persons` are his ids.
pub fn accounts(connection: &mut Connection, shop: Id, persons: Vec<Id>) -> StoreResult<Vec<Customer>> {
    let filter = Filter::new().among("person", Some(persons));
    Ok(list::<Customer>(connection, shop, &filter, &Part { limit: ACCOUNTS, ..Part::default() })?.rows)
}

fn newest<R: Record>(connection: &mut Connection, shop: Id, column: &'static str, ids: &[Id]) -> StoreResult<Vec<R>> {
    let filter = Filter::new().among(column, Some(ids.to_vec()));
    Ok(list::<R>(connection, shop, &filter, &whole())?.rows)
}

fn whole() -> Part {
    Part { limit: MOST, ..Part::default() }
}

//! Orders, from the cart to what comes back.

pub mod analytics_ids;
pub mod checkout;
pub mod conversions;
pub mod facts;
pub mod hold_races;
pub mod holds;
pub mod items;
pub mod order_story;
pub mod payments;
pub mod placed_anew;
pub mod redemptions;
pub mod shoppers;

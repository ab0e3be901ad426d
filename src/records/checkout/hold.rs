//! A hold: codes and balances set aside for one checkout, and for nothing else.

use crate::records::money::Currency;
use crate::records::redemption::RedeemedLine;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `held → redeemed | released | expired`
    HoldStatus {
        Held = "held",
        Redeemed = "redeemed",
        Released = "released",
        Expired = "expired",
    }
}

record! {
    /// A hold. What it sets aside is counted with what is used, and taken from the purses that pay.
    versioned Hold in "holds" {
        /// The shop's id of the order, where it was given.
        order_id: Option<String>,
        /// The shop's id of the cart, where it was given.
        cart_id: Option<String>,
        /// Who buys.
        customer: Option<Id>,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// Currency of its amounts.
        currency: Currency,
        /// Goods, minor units.
        amount: i64,
        /// Shipping, minor units.
        shipping_amount: i64,
        /// Taken off the price, minor units.
        discount: i64,
        /// To be paid with balances, minor units.
        payment: i64,
        /// Left to pay, minor units.
        payable: i64,
        /// What each code would do.
        lines: Json<Vec<RedeemedLine>>,
        /// Its marks on what it has something of.
        marks: Json<Vec<Id>>,
        /// What lies in purses of its own while it lives, minor units.
        set_aside_amount: i64,
        /// The cart, sealed: what is redeemed by naming the hold.
        cart_box: String,
        /// Where it stands, as far as is noted; a hold whose time is over is over.
        status: HoldStatus,
        /// When what it holds was set aside.
        held_at: Timestamp,
        /// First instant too late.
        expires_at: Timestamp,
        /// The same while it lives, else nothing: what the sweep looks for.
        due_at: Option<Timestamp>,
        /// The redemption that spent what it held.
        redemption: Option<Id>,
        /// When it was made.
        created_at: Timestamp,
    }
}

impl Hold {
    /// Whether it holds anything at an instant.
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.status == HoldStatus::Held && self.expires_at > at
    }

    /// Where it stands at an instant.
    pub fn status_at(&self, at: Timestamp) -> HoldStatus {
        match self.status {
            HoldStatus::Held if self.expires_at <= at => HoldStatus::Expired,
            status => status,
        }
    }
}

/// The purse in which a hold keeps what it takes from an account.
pub fn held_account(account: &str) -> String {
    format!("held:{account}")
}

record! {
    /// Which hold an order or a cart has; named after it.
    versioned HoldSlot in "hold_slots" {
        /// The last one.
        hold: Option<Id>,
    }
}

impl HoldSlot {
    /// The id of an order's slot.
    pub fn of_order(shop: Id, order_id: &str) -> Id {
        Id::of("hsl", &[&shop.to_string(), "order", order_id])
    }

    /// The id of a cart's slot.
    pub fn of_cart(shop: Id, cart_id: &str) -> Id {
        Id::of("hsl", &[&shop.to_string(), "cart", cart_id])
    }
}

record! {
    /// That a hold has something of a voucher, an account or a count.
    versioned HoldMark in "hold_marks" {
        /// The hold.
        hold: Id,
        /// What it has something of; nothing once it is over.
        subject: Option<Id>,
        /// When the hold is over.
        due_at: Timestamp,
    }
    lists { ON = subject }
    soonest { due_at }
}

//! Carts: what codes, recommendations and store credit come to in one, what is set aside for it, and how a
//! redemption is undone. An order is credited in [`orders`](super::orders).

pub mod applicable;
pub(crate) mod assess;
pub(crate) mod cart;
pub(crate) mod cart_line;
pub mod check_cart;
pub(crate) mod checkout_discount;
pub mod create_hold;
pub mod create_reversal;
pub(crate) mod discount_rule;
pub mod expire_hold;
pub(crate) mod fault;
pub(crate) mod given_discount;
pub(crate) mod hold;
pub(crate) mod pricing;
pub mod redeem_line;
pub mod release_hold;
pub(crate) mod reversal;
pub(crate) mod scope;
pub(crate) mod set_aside;
pub(crate) mod shopper;

commands! {
    create_hold::CreateHold,
    create_reversal::CreateReversal,
    expire_hold::ExpireHold,
    release_hold::ReleaseHold,
}

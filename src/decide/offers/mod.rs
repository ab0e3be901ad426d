//! Exclusive offers: who may take one, and what becomes of it when somebody does.

pub(crate) mod backtest;
pub mod change_offer_status;
pub mod change_passes;
pub mod check_offer;
pub mod claim_offer;
pub(crate) mod claims;
pub mod create_offer;
pub mod end_offer;
pub(crate) mod eligibility;
pub(crate) mod group;
pub(crate) mod leak;
pub(crate) mod offer;
pub(crate) mod redeemed;
pub mod update_offer;

commands! {
    change_offer_status::ChangeOfferStatus,
    change_passes::ChangePasses,
    claim_offer::ClaimOffer,
    create_offer::CreateOffer,
    end_offer::EndOffer,
    update_offer::UpdateOffer,
}

//! What a customer sees of himself in his browser. Whom he won, and who won him, has no name here: no
//! id of a customer, an order or a conversion but his own, no history with the words of operators.

pub mod summary;

use serde::Serialize;

use super::Mask;
use super::View;
use super::pass::scan;
use super::reward::{GiftView, gift};
use super::share::{Face, SendUrlView};
use super::voucher::{AttendsView, attends, code as opened};
use crate::records::benefit::BenefitKind;
use crate::records::money::Currency;
use crate::records::program::{RewardOn, Side};
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::share::Counts;
use crate::records::voucher::{AppliesTo, ShownStatus, Stacking, Standing};
use crate::records::{Account, Claim, Code, Customer, Id, Referral, Reward, Share, Shop, Timestamp, Voucher};
use crate::vault::Vault;

/// See the contract's `Me`.
#[derive(Serialize)]
pub struct MeView<'a> {
    customer: Option<&'a str>,
    customer_id: Id,
    email: Option<&'a str>,
    name: Option<&'a str>,
    first_name: Option<&'a str>,
    locale: &'a str,
    shop_name: &'a str,
    currency: Currency,
}

/// Shows a customer himself.
pub fn me<'a>(customer: &'a Customer, shop: &'a Shop) -> MeView<'a> {
    MeView {
        customer: customer.external_id.as_deref(),
        customer_id: customer.id,
        email: customer.email.as_deref(),
        name: customer.name.as_deref(),
        first_name: customer.first_name.as_deref(),
        locale: customer.locale.as_deref().unwrap_or(shop.locale()),
        shop_name: shop.brand.name.as_deref().unwrap_or(&shop.name),
        currency: shop.currency,
    }
}

/// See the contract's `MyShare`.
#[derive(Serialize)]
pub struct MyShareView<'a> {
    id: Id,
    token: &'a str,
    url: String,
    text: String,
    subject: String,
    send_url: SendUrlView,
    program: Id,
    channel: &'a str,
    private: bool,
    landing_url: Option<&'a str>,
    placement: Option<&'a str>,
    locale: &'a str,
    status: &'static str,
    sent_at: Option<Timestamp>,
    counts: Counts,
    created_at: Timestamp,
}

impl View for MyShareView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a share to the sharer, without the one by which he came.
pub fn share(share: &Share, face: Face, counts: Counts) -> MyShareView<'_> {
    MyShareView {
        id: share.id,
        token: &share.token,
        url: face.url,
        text: face.text,
        subject: face.subject,
        send_url: SendUrlView { mobile: face.mobile, desktop: face.desktop },
        program: share.program,
        channel: &share.channel,
        private: share.private,
        landing_url: share.landing_url.as_deref(),
        placement: share.placement.as_deref(),
        locale: &share.locale,
        status: share.status(),
        sent_at: share.sent_at,
        counts,
        created_at: share.created_at,
    }
}

/// See the contract's `MyCode`.
#[derive(Serialize)]
pub struct MyCodeView<'a> {
    /// Not shown; by it an erasure finds the answer that shows the code.
    #[serde(skip)]
    id: Id,
    code: &'a str,
    url: String,
    program: Id,
    created_at: Timestamp,
}

impl View for MyCodeView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows an advocate her code. `links` is what the shop's links begin with, `slug` the shop's.
pub fn code<'a>(code: &'a Code, links: &str, slug: &str) -> MyCodeView<'a> {
    MyCodeView {
        id: code.id,
        code: &code.code,
        url: code.url(links, slug),
        program: code.program,
        created_at: code.created_at,
    }
}

/// See the contract's `MyReward`.
#[derive(Serialize)]
pub struct MyRewardView<'a> {
    id: Id,
    to: Option<Side>,
    on: RewardOn,
    #[serde(skip_serializing_if = "Option::is_none")]
    friends: Option<i64>,
    kind: BenefitKind,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    #[serde(flatten)]
    gift: GiftView<'a>,
    currency: Currency,
    status: RewardStatus,
    program: Option<Id>,
    voucher: Option<Id>,
    pending_until: Option<Timestamp>,
    issued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// Shows a customer his reward, without what earned it.
pub fn reward(reward: &Reward) -> MyRewardView<'_> {
    MyRewardView {
        id: reward.id,
        to: reward.to_side,
        on: reward.on_what,
        friends: reward.friends(),
        kind: reward.benefit.kind,
        amount: reward.amount,
        rate_bps: reward.benefit.rate_bps,
        max_amount: reward.benefit.max_amount.map(|max| max.0),
        gift: gift(&reward.benefit),
        currency: reward.currency,
        status: reward.status,
        program: reward.program,
        voucher: reward.voucher,
        pending_until: reward.pending_until,
        issued_at: reward.issued_at,
        expires_at: reward.expires_at,
        created_at: reward.created_at,
    }
}

/// See the contract's `MyReferral`.
#[derive(Serialize)]
pub struct MyReferralView<'a> {
    id: Id,
    program: Id,
    share: Option<Id>,
    channel: Option<&'a str>,
    status: ReferralStatus,
    created_at: Timestamp,
    expires_at: Timestamp,
}

/// Shows an advocate that she won somebody, and not whom.
pub fn referral(referral: &Referral) -> MyReferralView<'_> {
    MyReferralView {
        id: referral.id,
        program: referral.program,
        share: referral.share,
        channel: referral.channel.as_deref(),
        status: referral.status,
        created_at: referral.created_at,
        expires_at: referral.expires_at,
    }
}

/// See the contract's `MyVoucher`.
#[derive(Serialize)]
pub struct MyVoucherView<'a> {
    id: Id,
    code: String,
    status: ShownStatus,
    kind: BenefitKind,
    amount: Option<i64>,
    rate_bps: Option<i64>,
    max_amount: Option<i64>,
    currency: Currency,
    remaining_uses: Option<i64>,
    balance: Option<i64>,
    min_order_amount: i64,
    applies_to: &'a AppliesTo,
    with_shop_discounts: bool,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    stacking: &'a Stacking,
    #[serde(skip_serializing_if = "Option::is_none")]
    pass: Option<AttendsView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<String>,
    created_at: Timestamp,
}

/// Shows a customer a voucher that is bound to him, with its code.
pub fn voucher<'a>(voucher: &'a Voucher, standing: Standing, at: Timestamp, vault: &Vault) -> MyVoucherView<'a> {
    MyVoucherView {
        id: voucher.id,
        code: opened(vault, Mask::Full, &voucher.code_box, &voucher.code_hint),
        status: standing.status(voucher, at),
        kind: voucher.kind,
        amount: voucher.amount,
        rate_bps: voucher.rate_bps,
        max_amount: voucher.max_amount,
        currency: voucher.currency,
        remaining_uses: standing.remaining_uses(voucher),
        balance: standing.balance,
        min_order_amount: voucher.min_order_amount,
        applies_to: &voucher.applies_to,
        with_shop_discounts: voucher.with_shop_discounts,
        valid_from: voucher.valid_from,
        valid_until: voucher.valid_until,
        stacking: &voucher.stacking,
        pass: voucher.pass.as_ref().map(|pass| attends(pass)),
        scan: scan(voucher, vault),
        created_at: voucher.created_at,
    }
}

/// See the contract's `MyBalance`.
#[derive(Serialize)]
pub struct MyBalanceView {
    currency: Currency,
    balance: i64,
}

/// Shows a customer his store credit.
pub fn balance(credit: &Account) -> MyBalanceView {
    MyBalanceView { currency: credit.currency, balance: credit.balance }
}

/// See the contract's `MyClaim`.
#[derive(Serialize)]
pub struct MyClaimView {
    id: Id,
    offer: Id,
    reward: Id,
    voucher: Option<Id>,
    kind: BenefitKind,
    amount: Option<i64>,
    currency: Currency,
    status: RewardStatus,
    expires_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl View for MyClaimView {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

/// Shows a customer what they took, and not whose share it was.
pub fn claim(claim: &Claim, reward: &Reward) -> MyClaimView {
    MyClaimView {
        id: claim.id,
        offer: claim.offer,
        reward: claim.reward,
        voucher: reward.voucher,
        kind: reward.benefit.kind,
        amount: reward.amount,
        currency: reward.currency,
        status: reward.status,
        expires_at: reward.expires_at,
        created_at: claim.created_at,
    }
}

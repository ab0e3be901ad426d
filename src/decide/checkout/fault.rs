//! Every reason why a line of a cart does not count, with the sentence that says what to do about it.

use crate::refusal::Code;
use crate::words;

words! {
    /// Why a line does not count in a cart, as a check says it.
    Reason {
        /// Nobody knows the code.
        Unknown = "unknown",
        /// It was withdrawn.
        Void = "void",
        /// Its one use, or its balance, is spent.
        Spent = "spent",
        /// What is left is set aside for another checkout.
        Held = "held",
        /// Its uses, or this customer's, are taken.
        LimitReached = "limit_reached",
        /// Its time is over.
        Expired = "expired",
        /// Its time has not come.
        NotYetValid = "not_yet_valid",
        /// It is bound to somebody else.
        Foreign = "foreign",
        /// Who buys must be said.
        CustomerRequired = "customer_required",
        /// What is bought must be said.
        ItemsRequired = "items_required",
        /// It is worth another currency.
        CurrencyMismatch = "currency_mismatch",
        /// The cart is worth too little.
        MinOrderAmount = "min_order_amount",
        /// It does not stand beside another of the cart.
        NotCombinable = "not_combinable",
        /// More was asked of a balance than there is.
        BalanceTooLow = "balance_too_low",
        /// There is nothing for it to do.
        NotApplicable = "not_applicable",
        /// It is an advocate's, and counts as a recommendation; it takes nothing off.
        NoDiscount = "no_discount",
        /// The program does not count now.
        ProgramNotActive = "program_not_active",
        /// More than one advocate is named.
        SeveralAdvocates = "several_advocates",
        /// The advocate is who buys.
        SelfReferral = "self_referral",
        /// Who buys has ordered before.
        NotNew = "not_new",
        /// The program's budget has no room for it.
        BudgetExhausted = "budget_exhausted",
    }
}

impl Reason {
    /// With what a redemption is refused for it.
    pub fn code(self) -> Code {
        match self {
            Reason::Unknown => Code::VoucherUnknown,
            Reason::Void => Code::VoucherVoid,
            Reason::Spent => Code::VoucherSpent,
            Reason::Held => Code::VoucherHeld,
            Reason::LimitReached => Code::LimitReached,
            Reason::Expired => Code::VoucherExpired,
            Reason::NotYetValid => Code::VoucherNotYetValid,
            Reason::Foreign => Code::VoucherForeign,
            Reason::CustomerRequired => Code::CustomerRequired,
            Reason::ItemsRequired => Code::ItemsRequired,
            Reason::CurrencyMismatch => Code::CurrencyMismatch,
            Reason::MinOrderAmount => Code::NotApplicable,
            Reason::NotCombinable => Code::NotApplicable,
            Reason::BalanceTooLow => Code::BalanceTooLow,
            Reason::NotApplicable | Reason::NoDiscount => Code::NotApplicable,
            Reason::ProgramNotActive => Code::ProgramNotActive,
            Reason::SeveralAdvocates => Code::SeveralAdvocates,
            Reason::SelfReferral => Code::SelfReferral,
            Reason::NotNew => Code::NotNewCustomer,
            Reason::BudgetExhausted => Code::BudgetExhausted,
        }
    }
}

/// One reason, and a sentence about it.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// What to do about it.
    pub detail: String,
    /// What the cart must be worth, minor units, where that is why.
    pub least: Option<i64>,
}

impl Fault {
    /// The same of a cart that is worth less than this, minor units.
    pub fn least(self, least: i64) -> Self {
        Self { least: Some(least), ..self }
    }
}

/// A reason with its sentence.
pub fn fault(reason: Reason, detail: impl Into<String>) -> Fault {
    Fault { reason, detail: detail.into(), least: None }
}

/// How often something may be done, in words.
pub fn often(most: i64) -> String {
    match most {
        1 => "once".to_owned(),
        most => format!("{most} times"),
    }
}

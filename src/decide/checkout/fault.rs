//! Every reason why a line of a cart does not count, with the sentence that says what to do about it.

use crate::refusal::Code;
use crate::views::cart::UNKNOWN;

/// Why a line does not count in a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody knows the code.
    Unknown,
    /// It was withdrawn.
    Void,
    /// Its one use, or its balance, is spent.
    Spent,
    /// What is left is set aside for another checkout.
    Held,
    /// Its uses, or this customer's, are taken.
    LimitReached,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYetValid,
    /// It is bound to somebody else.
    Foreign,
    /// Who buys must be said.
    CustomerRequired,
    /// What is bought must be said.
    ItemsRequired,
    /// It is worth another currency.
    CurrencyMismatch,
    /// The cart is worth too little.
    MinOrderAmount,
    /// It does not stand beside another of the cart.
    NotCombinable,
    /// More was asked of a balance than there is.
    BalanceTooLow,
    /// There is nothing for it to do.
    NotApplicable,
    /// The program does not count now.
    ProgramNotActive,
    /// More than one advocate is named.
    SeveralAdvocates,
    /// The advocate is who buys.
    SelfReferral,
    /// Who buys has ordered before.
    NotNew,
    /// The program's budget has no room for it.
    BudgetExhausted,
}

impl Reason {
    /// Every one of them.
    #[cfg(test)]
    pub const ALL: [Reason; 20] = [
        Reason::Unknown,
        Reason::Void,
        Reason::Spent,
        Reason::Held,
        Reason::LimitReached,
        Reason::Expired,
        Reason::NotYetValid,
        Reason::Foreign,
        Reason::CustomerRequired,
        Reason::ItemsRequired,
        Reason::CurrencyMismatch,
        Reason::MinOrderAmount,
        Reason::NotCombinable,
        Reason::BalanceTooLow,
        Reason::NotApplicable,
        Reason::ProgramNotActive,
        Reason::SeveralAdvocates,
        Reason::SelfReferral,
        Reason::NotNew,
        Reason::BudgetExhausted,
    ];

    /// The word of a check's answer, and the code with which a redemption is refused.
    pub fn names(self) -> (&'static str, Code) {
        match self {
            Reason::Unknown => (UNKNOWN, Code::VoucherUnknown),
            Reason::Void => ("void", Code::VoucherVoid),
            Reason::Spent => ("spent", Code::VoucherSpent),
            Reason::Held => ("held", Code::VoucherHeld),
            Reason::LimitReached => ("limit_reached", Code::LimitReached),
            Reason::Expired => ("expired", Code::VoucherExpired),
            Reason::NotYetValid => ("not_yet_valid", Code::VoucherNotYetValid),
            Reason::Foreign => ("foreign", Code::VoucherForeign),
            Reason::CustomerRequired => ("customer_required", Code::CustomerRequired),
            Reason::ItemsRequired => ("items_required", Code::ItemsRequired),
            Reason::CurrencyMismatch => ("currency_mismatch", Code::CurrencyMismatch),
            Reason::MinOrderAmount => ("min_order_amount", Code::NotApplicable),
            Reason::NotCombinable => ("not_combinable", Code::NotApplicable),
            Reason::BalanceTooLow => ("balance_too_low", Code::BalanceTooLow),
            Reason::NotApplicable => ("not_applicable", Code::NotApplicable),
            Reason::ProgramNotActive => ("program_not_active", Code::ProgramNotActive),
            Reason::SeveralAdvocates => ("several_advocates", Code::SeveralAdvocates),
            Reason::SelfReferral => ("self_referral", Code::SelfReferral),
            Reason::NotNew => ("not_new", Code::NotNewCustomer),
            Reason::BudgetExhausted => ("budget_exhausted", Code::BudgetExhausted),
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

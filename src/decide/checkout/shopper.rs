//! Why a code does not count, as the shopper reads it beside the code field: in their language, without a word about
//! how carts are sent. Developers have the fault's own sentence.

use crate::decide::checkout::fault::Fault;
use crate::records::Customer;
use crate::records::money::{Currency, shown};
use crate::wording::{Language, find, say};

use super::cart::Cart;

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub struct Shopper {
    language: Language,
    currency: Currency,
}

/// What a shopper knows a line of their cart as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    /// A code that they typed.
    Code,
    /// A friend's link, by which they came: they have seen no code.
    Link,
    /// Their store credit.
    Credit,
}

impl Shopper {
    /// Who has a cart: their own language, as it was told or is known, else the shop's.
    pub fn of(cart: &Cart, customer: Option<&Customer>, shops: &str) -> Self {
        let told = cart.customer_details.as_ref().and_then(|details| details.locale.as_deref());
        let known = customer.and_then(|customer| customer.locale.as_deref());
        let locales = told.into_iter().chain(known).chain([shops]);
        Self { language: Language::choose(locales), currency: cart.currency }
    }

    /// A fault in a sentence for them: where what they know is no code, in one without the word.
    pub fn reads(self, brought: Brought, fault: &Fault) -> String {
        let least = fault.least.map(|least| shown(least, self.currency, self.language.code())).unwrap_or_default();
        let fields = [("amount", least.as_str())];
        let own = match brought {
            Brought::Code => None,
            Brought::Link => find(self.language, &format!("cart.link.{}", fault.reason), &fields),
            Brought::Credit => find(self.language, &format!("cart.credit.{}", fault.reason), &fields),
        };
        own.unwrap_or_else(|| say(self.language, &format!("cart.{}", fault.reason), &fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::checkout::fault::{Reason, fault};
    use crate::views::cart::UNKNOWN;
    use crate::wording::find;

    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        assert_eq!(Reason::Unknown.as_str(), UNKNOWN, "by that wrong codes are counted");
        for language in [Language::German, Language::English] {
            for word in Reason::WORDS {
                let text = find(language, &format!("cart.{word}"), &[("amount", "5")]);
                assert!(text.is_some_and(|text| text.ends_with('.') && !text.contains('{')), "{word} {language:?}");
            }
        }
    }

    /// Who followed a link, or pays with credit, has typed none.
    #[test]
    fn nobody_reads_of_a_code_who_has_none() {
        use Reason::*;
        let of_links = [
            LimitReached,
            CustomerRequired,
            ItemsRequired,
            CurrencyMismatch,
            MinOrderAmount,
            NotCombinable,
            NotApplicable,
            ProgramNotActive,
            SeveralAdvocates,
            SelfReferral,
            NotNew,
            BudgetExhausted,
        ];
        let of_credit = [CustomerRequired, CurrencyMismatch, BalanceTooLow];
        let told = of_links.map(|reason| (Brought::Link, reason)).into_iter();
        for (brought, reason) in told.chain(of_credit.map(|reason| (Brought::Credit, reason))) {
            for language in [Language::German, Language::English] {
                let shopper = Shopper { language, currency: Currency::parse("EUR").expect("a currency") };
                let read = shopper.reads(brought, &fault(reason, ""));
                assert!(!read.to_lowercase().contains("code"), "{brought:?} {reason}: {read}");
            }
        }
    }

    #[test]
    fn the_least_amount_is_said_as_money() {
        let cart: Cart = serde_json::from_value(
            serde_json::json!({"currency": "EUR", "amount": 1000, "customer_details": {"locale": "de-AT"}}),
        )
        .expect("a cart");
        let fault = fault(Reason::MinOrderAmount, "too little").least(5000);
        assert_eq!(
            Shopper::of(&cart, None, "en").reads(Brought::Code, &fault),
            "Einlösbar ab einem Einkauf von 50,00 €."
        );
        let cart = Cart { customer_details: None, ..cart };
        assert_eq!(
            Shopper::of(&cart, None, "en").reads(Brought::Link, &fault),
            "Good for purchases of €50.00 or more."
        );
    }
}

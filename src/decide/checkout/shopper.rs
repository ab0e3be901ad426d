//! Why a code does not count, as the shopper reads it beside the code field: in their language, without a word about
//! how carts are sent. Developers have the fault's own sentence.

use crate::decide::checkout::fault::Fault;
use crate::records::Customer;
use crate::records::money::{Currency, shown};
use crate::wording::{Language, say};

use super::cart::Cart;

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub struct Shopper {
    language: Language,
    currency: Currency,
}

impl Shopper {
    /// Who has a cart: their own language, as it was told or is known, else the shop's.
    pub fn of(cart: &Cart, customer: Option<&Customer>, shops: &str) -> Self {
        let told = cart.customer_details.as_ref().and_then(|details| details.locale.as_deref());
        let known = customer.and_then(|customer| customer.locale.as_deref());
        let locales = told.into_iter().chain(known).chain([shops]);
        Self { language: Language::choose(locales), currency: cart.currency }
    }

    /// A fault in a sentence for them.
    pub fn reads(self, fault: &Fault) -> String {
        let least = fault.least.map(|least| shown(least, self.currency, self.language.code())).unwrap_or_default();
        say(self.language, &format!("cart.{}", fault.reason), &[("amount", &least)])
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

    #[test]
    fn the_least_amount_is_said_as_money() {
        let cart: Cart = serde_json::from_value(
            serde_json::json!({"currency": "EUR", "amount": 1000, "customer_details": {"locale": "de-AT"}}),
        )
        .expect("a cart");
        let fault = fault(Reason::MinOrderAmount, "too little").least(5000);
        assert_eq!(Shopper::of(&cart, None, "en").reads(&fault), "Einlösbar ab einem Einkauf von 50,00 €.");
        let cart = Cart { customer_details: None, ..cart };
        assert_eq!(Shopper::of(&cart, None, "en").reads(&fault), "Good for purchases of €50.00 or more.");
    }
}

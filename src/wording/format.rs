//! Days and benefits as people write them. Amounts and rates are written by `records::money`.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::{Language, say};
use crate::records::benefit::{Benefit, BenefitKind};
use crate::records::money::{Currency, shown, shown_rate};
use crate::records::{Timestamp, Voucher};

/// How long something is good whose first instant too late is `end`: the last day; with the time
/// where it does not end with a day.
pub fn until(end: Timestamp, zone: Tz, language: Language) -> String {
    let last = end.plus_ms(-1).utc().with_timezone(&zone);
    let end = end.utc().with_timezone(&zone);
    if end.date_naive() != last.date_naive() {
        return day(last.date_naive(), language, None);
    }
    day(end.date_naive(), language, Some(&format!("{}:{:02}", end.hour(), end.minute())))
}

/// A day as people write it, with the time of day when one is given.
pub fn day(date: NaiveDate, language: Language, time: Option<&str>) -> String {
    let month = say(language, &format!("month.{}", date.month()), &[]);
    let (day, year) = (date.day().to_string(), date.year().to_string());
    let values = [("day", day.as_str()), ("month", &month), ("year", &year), ("time", time.unwrap_or_default())];
    say(language, if time.is_some() { "day_and_time" } else { "day" }, &values)
}

/// What a benefit is worth.
#[derive(Clone, Copy, Debug)]
pub struct Worth<'a> {
    /// The kind.
    pub kind: BenefitKind,
    /// A fixed amount, minor units.
    pub amount: Option<i64>,
    /// A rate of the price or of the order, hundredths of a per cent.
    pub rate_bps: Option<i64>,
    /// Never more than this, minor units.
    pub max_amount: Option<i64>,
    /// What people call what is handed over, or attended.
    pub name: Option<&'a str>,
    /// How many people a pass lets in.
    pub seats: i64,
}

impl<'a> From<&'a Benefit> for Worth<'a> {
    fn from(benefit: &'a Benefit) -> Self {
        Self {
            kind: benefit.kind,
            amount: benefit.amount.map(|amount| amount.0),
            rate_bps: benefit.rate_bps.or(benefit.of_order_bps),
            max_amount: benefit.max_amount.map(|amount| amount.0),
            name: (benefit.event.as_ref().map(|event| &*event.name))
                .or(benefit.name.as_deref())
                .or(benefit.sku.as_deref()),
            seats: benefit.seats(),
        }
    }
}

impl<'a> From<&'a Voucher> for Worth<'a> {
    fn from(voucher: &'a Voucher) -> Self {
        let (amount, rate_bps, max_amount) = (voucher.amount, voucher.rate_bps, voucher.max_amount);
        let pass = voucher.pass.as_ref();
        let (name, seats) = (pass.map(|pass| &*pass.event.name), pass.map_or(1, |pass| pass.seats));
        Self { kind: voucher.kind, amount, rate_bps, max_amount, name, seats }
    }
}

/// A benefit in a few words: `10,00 € Rabatt`, `10% off (up to €20.00)`.
pub fn benefit(worth: &Worth<'_>, currency: Currency, language: Language) -> String {
    let money =
        worth.amount.or(worth.max_amount).map(|minor| shown(minor, currency, language.code())).unwrap_or_default();
    let part = worth.rate_bps.map(|bps| shown_rate(bps, language.code())).unwrap_or_default();
    let capped = worth.max_amount.is_some();
    let key = match (worth.kind, worth.amount) {
        (BenefitKind::PercentOff, _) if capped => "benefit.percent_off_at_most",
        (BenefitKind::PercentOff, _) => "benefit.percent_off",
        (BenefitKind::AmountOff, _) => "benefit.amount_off",
        (BenefitKind::FreeShipping, _) if capped => "benefit.free_shipping_at_most",
        (BenefitKind::FreeShipping, _) => "benefit.free_shipping",
        (BenefitKind::GiftCard, Some(_)) => "benefit.gift_card",
        (BenefitKind::GiftCard, None) => "benefit.gift_card_share",
        (BenefitKind::StoreCredit, Some(_)) => "benefit.store_credit",
        (BenefitKind::StoreCredit, None) => "benefit.store_credit_share",
        (BenefitKind::FreeProduct, _) => "benefit.free_product",
        (BenefitKind::Custom, _) => "benefit.custom",
        (BenefitKind::EventPass, _) if worth.seats > 1 => "benefit.event_pass_seats",
        (BenefitKind::EventPass, _) => "benefit.event_pass",
    };
    let (name, seats) = (worth.name.unwrap_or_default(), worth.seats.to_string());
    say(language, key, &[("amount", &money), ("rate", &part), ("name", name), ("seats", &seats)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language::{English, German};

    #[test]
    fn the_last_day_is_named_and_the_time_only_where_it_matters() {
        let berlin = chrono_tz::Europe::Berlin;
        let at = |text: &str| serde_json::from_value(serde_json::Value::from(text)).expect("an instant");
        let year_end = at("2029-12-31T23:00:00.000Z");
        assert_eq!(until(year_end, berlin, German), "31. Dezember 2029");
        assert_eq!(until(year_end, berlin, English), "31 December 2029");
        assert_eq!(until(at("2026-03-05T12:30:00.000Z"), berlin, German), "5. März 2026, 13:30 Uhr");
        assert_eq!(until(at("2026-03-05T12:30:00.000Z"), berlin, English), "5 March 2026, 13:30");
    }

    #[test]
    fn each_kind_of_benefit_is_named() {
        let table = [
            (r#"{"kind":"percent_off","rate_bps":1000}"#, "10 % Rabatt", "10% off"),
            (
                r#"{"kind":"percent_off","rate_bps":1000,"max_amount":2000}"#,
                "10 % Rabatt (höchstens 20,00 €)",
                "10% off (up to €20.00)",
            ),
            (r#"{"kind":"amount_off","amount":1000}"#, "10,00 € Rabatt", "€10.00 off"),
            (r#"{"kind":"free_shipping"}"#, "kostenloser Versand", "free shipping"),
            (
                r#"{"kind":"free_shipping","max_amount":490}"#,
                "kostenloser Versand (bis 4,90 €)",
                "free shipping (up to €4.90)",
            ),
            (r#"{"kind":"gift_card","amount":2500}"#, "Geschenkkarte über 25,00 €", "€25.00 gift card"),
            (
                r#"{"kind":"gift_card","of_order_bps":500}"#,
                "Geschenkkarte über 5 % des Bestellwerts",
                "gift card worth 5% of the order",
            ),
            (r#"{"kind":"store_credit","amount":300}"#, "3,00 € Guthaben", "€3.00 store credit"),
            (
                r#"{"kind":"store_credit","of_order_bps":500}"#,
                "5 % des Bestellwerts als Guthaben",
                "5% of the order as store credit",
            ),
            (r#"{"kind":"free_product","sku":"mug-7"}"#, "gratis dazu: mug-7", "free: mug-7"),
            (r#"{"kind":"free_product","sku":"mug-7","name":"Tasse"}"#, "gratis dazu: Tasse", "free: Tasse"),
            (
                r#"{"kind":"event_pass","event":{"name":"Kino","starts_at":"2026-12-24T17:00:00.000Z","time_zone":"UTC","place":"A"}}"#,
                "Eintritt: Kino",
                "admission: Kino",
            ),
            (
                r#"{"kind":"event_pass","seats":2,"event":{"name":"Kino","starts_at":"2026-12-24T17:00:00.000Z","time_zone":"UTC","place":"A"}}"#,
                "Eintritt für 2: Kino",
                "admission for 2: Kino",
            ),
            (r#"{"kind":"custom","name":"{amount} Kekse"}"#, "{amount} Kekse", "{amount} Kekse"),
        ];
        let euro = Currency::parse("EUR").expect("a currency");
        for (json, german, english) in table {
            let of: Benefit = serde_json::from_str(json).expect("a benefit");
            let worth = Worth::from(&of);
            assert_eq!(benefit(&worth, euro, German), german);
            assert_eq!(benefit(&worth, euro, English), english);
        }
    }
}

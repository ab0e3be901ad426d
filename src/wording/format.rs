//! Amounts, rates, days and benefits as people write them.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;

use super::{Language, say};
use crate::records::benefit::{Benefit, BenefitKind};
use crate::records::money::Currency;
use crate::records::{Timestamp, Voucher};

/// Keeps a number and its unit on one line.
const NO_BREAK: char = '\u{a0}';

/// An amount of minor units: `1.234,50 €`, `€1,234.50`, `CHF 5.00`.
pub fn amount(minor: i64, currency: Currency, language: Language) -> String {
    let number = number(minor, exponent(currency), language);
    match (language, symbol(currency)) {
        (Language::German, symbol) => format!("{number}{NO_BREAK}{}", symbol.unwrap_or(currency.as_str())),
        (Language::English, Some(symbol)) => format!("{symbol}{number}"),
        (Language::English, None) => format!("{}{NO_BREAK}{number}", currency.as_str()),
    }
}

/// Digits of the minor unit; currencies without one have none.
fn exponent(currency: Currency) -> usize {
    iso_currency::Currency::from_code(currency.as_str()).and_then(|known| known.exponent()).map_or(0, usize::from)
}

/// The sign of currencies that have one which means nothing else.
fn symbol(currency: Currency) -> Option<&'static str> {
    match currency.as_str() {
        "EUR" => Some("€"),
        "USD" => Some("$"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        _ => None,
    }
}

/// Digits grouped by three, with the decimals that the currency has.
fn number(minor: i64, decimals: usize, language: Language) -> String {
    let (group, point) = match language {
        Language::German => ('.', ','),
        Language::English => (',', '.'),
    };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let mut text = String::from(if minor < 0 { "-" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if decimals > 0 {
        text.push(point);
        text.push_str(rest);
    }
    text
}

/// Hundredths of a per cent: `12,5 %`, `12.5%`.
pub fn rate(bps: i64, language: Language) -> String {
    let text = number(bps, 2, language);
    let text = text.trim_end_matches('0').trim_end_matches([',', '.']);
    match language {
        Language::German => format!("{text}{NO_BREAK}%"),
        Language::English => format!("{text}%"),
    }
}

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
pub struct Worth {
    /// The kind.
    pub kind: BenefitKind,
    /// A fixed amount, minor units.
    pub amount: Option<i64>,
    /// A rate of the price or of the order, hundredths of a per cent.
    pub rate_bps: Option<i64>,
    /// Never more than this, minor units.
    pub max_amount: Option<i64>,
}

impl From<&Benefit> for Worth {
    fn from(benefit: &Benefit) -> Self {
        Self {
            kind: benefit.kind,
            amount: benefit.amount.map(|amount| amount.0),
            rate_bps: benefit.rate_bps.or(benefit.of_order_bps),
            max_amount: benefit.max_amount.map(|amount| amount.0),
        }
    }
}

impl From<&Voucher> for Worth {
    fn from(voucher: &Voucher) -> Self {
        Self { kind: voucher.kind, amount: voucher.amount, rate_bps: voucher.rate_bps, max_amount: voucher.max_amount }
    }
}

/// A benefit in a few words: `10,00 € Rabatt`, `10% off (up to €20.00)`.
pub fn benefit(worth: &Worth, currency: Currency, language: Language) -> String {
    let money = worth.amount.or(worth.max_amount).map(|minor| amount(minor, currency, language)).unwrap_or_default();
    let part = worth.rate_bps.map(|bps| rate(bps, language)).unwrap_or_default();
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
    };
    say(language, key, &[("amount", &money), ("rate", &part)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::Language::{English, German};

    fn currency(code: &str) -> Currency {
        Currency::parse(code).expect("a currency")
    }

    fn plain(text: &str) -> String {
        text.replace(NO_BREAK, " ")
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let table = [
            (123_450, "EUR", "1.234,50 €", "€1,234.50"),
            (5, "EUR", "0,05 €", "€0.05"),
            (1_000, "JPY", "1.000 ¥", "¥1,000"),
            (1_234_567, "KWD", "1.234,567 KWD", "KWD 1,234.567"),
            (100_000_000, "CHF", "1.000.000,00 CHF", "CHF 1,000,000.00"),
            (-250, "USD", "-2,50 $", "$-2.50"),
        ];
        for (minor, code, german, english) in table {
            assert_eq!(plain(&amount(minor, currency(code), German)), german);
            assert_eq!(plain(&amount(minor, currency(code), English)), english);
        }
    }

    #[test]
    fn rates_lose_their_needless_zeros() {
        for (bps, german, english) in [(1_000, "10 %", "10%"), (1_250, "12,5 %", "12.5%"), (1, "0,01 %", "0.01%")] {
            assert_eq!((plain(&rate(bps, German)), rate(bps, English)), (german.to_owned(), english.to_owned()));
        }
    }

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
        ];
        for (json, german, english) in table {
            let worth = Worth::from(&serde_json::from_str::<Benefit>(json).expect("a benefit"));
            assert_eq!(plain(&benefit(&worth, currency("EUR"), German)), german);
            assert_eq!(plain(&benefit(&worth, currency("EUR"), English)), english);
        }
    }
}

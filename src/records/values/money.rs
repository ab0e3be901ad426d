//! Money: integers in minor units of one currency, never floating, never converted.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::records::{BadColumn, Column, Kind, Value};

/// The largest amount: 2^53 - 1 minor units, the largest integer that every JSON reader keeps exact.
pub const MAX_AMOUNT: i64 = 9_007_199_254_740_991;

/// Decimal places of most currencies.
pub const PLACES: u16 = 2;

/// What is expected where an amount stands.
pub const WHOLE_AMOUNT: &str = "a whole number of minor units (cents)";

/// An ISO 4217 currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code of a currency that people pay in, three upper-case letters: no metal, no unit of account, no code
    /// for tests.
    pub fn parse(code: &str) -> Option<Self> {
        let known = iso_currency::Currency::from_code(code).filter(|known| !known.is_special() && !known.is_fund());
        known.and_then(|_| Self::stored(code))
    }

    fn stored(code: &str) -> Option<Self> {
        iso_currency::Currency::from_code(code)?;
        Some(Self(code.as_bytes().try_into().ok()?))
    }

    /// So many of its major unit, in minor units: 50 are 5 000 cents, 50 yen, 50 000 fils.
    pub fn of_major(self, major: i64) -> i64 {
        major.saturating_mul(10i64.saturating_pow(self.places().into()))
    }

    /// Decimal places of its major unit: 2 of euros, 0 of yen, 3 of dinars.
    pub fn places(self) -> u16 {
        let known = iso_currency::Currency::from_code(self.as_str());
        known.and_then(iso_currency::Currency::exponent).unwrap_or(PLACES)
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| Error::custom("an ISO 4217 code is expected, for example EUR"))
    }
}

impl Column for Currency {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(Some(self.as_str().to_owned()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        let code = String::from_value(value)?;
        Self::stored(&code).ok_or_else(|| BadColumn(format!("not a currency: {code}")))
    }
}

/// An amount as the API takes it: a JSON integer from 0 to [`MAX_AMOUNT`], in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Amount(pub i64);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(WHOLE_AMOUNT)
    }

    fn visit_i64<E: Error>(self, amount: i64) -> Result<Amount, E> {
        if !(0..=MAX_AMOUNT).contains(&amount) {
            return Err(E::custom("an integer in minor units is expected, from 0 to 9007199254740991"));
        }
        Ok(Amount(amount))
    }

    fn visit_u64<E: Error>(self, amount: u64) -> Result<Amount, E> {
        self.visit_i64(i64::try_from(amount).unwrap_or(i64::MAX))
    }

    /// An amount for each of several currencies: who asks for that is told what there is.
    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Amount, A::Error> {
        Err(A::Error::custom("one integer in minor units is expected, in one currency; nothing has an amount for each"))
    }
}

/// What somebody wrote in the major unit, `49.90` or `49,9`, in minor units of a currency with so many decimal places.
/// `None`: that is not what they wrote, or it cannot be told. What ends with one nought behind the point may be minor
/// units already, as some languages write whole numbers.
pub fn in_minor_units(written: &str, places: u16) -> Option<i64> {
    let (whole, part) = written.split_once(['.', ','])?;
    let (digits, places) = (part.len(), usize::from(places));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || digits > places || (digits < places && part.ends_with('0')) {
        return None;
    }
    let amount: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
    (amount <= MAX_AMOUNT).then_some(amount)
}

/// `rate_bps` hundredths of a per cent of `amount`, halves rounded up.
pub fn share_of(amount: i64, rate_bps: i64) -> i64 {
    let product = i128::from(amount) * i128::from(rate_bps);
    i64::try_from((product + 5_000).div_euclid(10_000)).unwrap_or(i64::MAX)
}

/// The same, rounded down.
pub fn floor_share_of(amount: i64, rate_bps: i64) -> i64 {
    i64::try_from(i128::from(amount) * i128::from(rate_bps) / 10_000).unwrap_or(i64::MAX)
}

/// An amount as people write it in a language: `1.234,50 €` in German, `€1,234.50` in every other.
pub fn shown(amount: i64, currency: Currency, locale: &str) -> String {
    let places = usize::from(currency.places());
    let sign = symbol(currency);
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let minus = if amount < 0 { "-" } else { "" };
    let is_german = is_german(locale);
    let (group, point) = if is_german { ('.', ',') } else { (',', '.') };
    let mut number = grouped(whole, group);
    if places > 0 {
        number.push(point);
        number.push_str(part);
    }
    match sign {
        _ if is_german => format!("{minus}{number} {}", sign.unwrap_or(currency.as_str())),
        Some(sign) => format!("{minus}{sign}{number}"),
        None => format!("{minus}{currency} {number}"),
    }
}

/// A rate in hundredths of a per cent as people write it: `12,5 %` in German, `12.5%` in every other.
pub fn shown_rate(rate_bps: i64, locale: &str) -> String {
    let (whole, part) = (rate_bps / 100, rate_bps % 100);
    let number = match part {
        0 => whole.to_string(),
        part => format!("{whole}.{part:02}").trim_end_matches('0').to_owned(),
    };
    if is_german(locale) { format!("{} %", number.replace('.', ",")) } else { format!("{number}%") }
}

/// Whether texts are written in German; every other language falls back to English.
pub fn is_german(locale: &str) -> bool {
    locale == "de" || locale.starts_with("de-")
}

fn symbol(currency: Currency) -> Option<&'static str> {
    match currency.as_str() {
        "EUR" => Some("€"),
        "GBP" => Some("£"),
        "USD" => Some("$"),
        "JPY" => Some("¥"),
        _ => None,
    }
}

fn grouped(whole: &str, separator: char) -> String {
    let mut text = String::with_capacity(whole.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_up() {
        for (amount, rate_bps, expected) in
            [(4990, 1000, 499), (5, 1000, 1), (4, 1000, 0), (MAX_AMOUNT, 10_000, MAX_AMOUNT)]
        {
            assert_eq!(share_of(amount, rate_bps), expected, "{rate_bps} of {amount}");
        }
    }

    #[test]
    fn a_currency_is_one_that_people_pay_in() {
        for code in ["EUR", "USD", "XOF", "XAF", "XPF", "XCD", "BGN", "JPY"] {
            assert!(Currency::parse(code).is_some(), "{code}");
        }
        for code in ["XXX", "XTS", "XAU", "XAG", "XDR", "XBA", "BOV", "CHE", "eur", "EU", ""] {
            assert!(Currency::parse(code).is_none(), "{code}");
        }
        let kept = Currency::from_value(Value::Text(Some("XXX".to_owned()))).expect("what is stored is read");
        assert_eq!(kept.as_str(), "XXX");
    }

    #[test]
    fn amounts_are_shown_as_people_write_them() {
        let table = [
            (1000, "EUR", "de", "10,00 €"),
            (123_456_789, "EUR", "de-AT", "1.234.567,89 €"),
            (1000, "EUR", "en", "€10.00"),
            (5, "USD", "en-US", "$0.05"),
            (100_000, "CHF", "en", "CHF 1,000.00"),
            (100_000, "CHF", "de-CH", "1.000,00 CHF"),
            (1500, "JPY", "fr", "¥1,500"),
            (1500, "KWD", "en", "KWD 1.500"),
            (-1, "EUR", "en", "-€0.01"),
        ];
        for (amount, code, locale, expected) in table {
            let currency = Currency::parse(code).expect("a currency in use");
            assert_eq!(shown(amount, currency, locale), expected);
        }
    }

    #[test]
    fn what_is_written_in_the_major_unit_is_told_in_minor_ones() {
        let table = [
            ("49.90", 2, Some(4990)),
            ("49.9", 2, Some(4990)),
            ("49,90", 2, Some(4990)),
            ("49.00", 2, Some(4900)),
            ("0.05", 2, Some(5)),
            ("49.9", 3, Some(49_900)),
            ("90071992547409.91", 2, Some(MAX_AMOUNT)),
            ("90071992547409.92", 2, None),
            ("4990.0", 2, None),
            ("49.905", 2, None),
            ("1.234", 2, None),
            ("49.9", 0, None),
            ("-49.90", 2, None),
            ("49.", 2, None),
            (".9", 2, None),
            ("1.000,90", 2, None),
            ("4.99e1", 2, None),
            ("4990", 2, None),
            ("", 2, None),
        ];
        for (written, places, expected) in table {
            assert_eq!(in_minor_units(written, places), expected, "{written}");
        }
    }

    #[test]
    fn rates_are_shown_as_people_write_them() {
        for (rate_bps, german, english) in [(1000, "10 %", "10%"), (1250, "12,5 %", "12.5%"), (5, "0,05 %", "0.05%")] {
            assert_eq!((shown_rate(rate_bps, "de").as_str(), shown_rate(rate_bps, "en").as_str()), (german, english));
        }
    }

    #[test]
    fn amounts_are_integers_from_nought() {
        for bad in ["-1", "1.0", "\"5\"", "1e2", "9007199254740992", "null", "[]"] {
            assert!(serde_json::from_str::<Amount>(bad).is_err(), "{bad}");
        }
        for amount in [0, MAX_AMOUNT] {
            assert_eq!(serde_json::from_str::<Amount>(&amount.to_string()).ok(), Some(Amount(amount)));
        }
        let several = serde_json::from_str::<Amount>(r#"{"EUR":2000,"CHF":2200}"#).expect_err("one is expected");
        assert!(several.to_string().contains("in one currency"), "{several}");
    }
}

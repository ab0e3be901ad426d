//! The country of a shop, by whose plan numbers are read that tell none.

use chrono_tz::Tz;
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::records::money::Currency;
use crate::records::{BadColumn, Column, Kind, Value};

/// A country on each line, and the time zones that are its own.
const ZONES: &str = include_str!("zones.txt");

/// A country (ISO 3166-1 alpha-2) that has a numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(Region);

impl Country {
    /// Reads two upper-case letters.
    pub fn parse(code: &str) -> Result<Self, String> {
        let fault = || "a country is expected (ISO 3166-1 alpha-2), for example DE".to_owned();
        if code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Err(fault());
        }
        let region = Region::from_code(code).map_err(|_| fault())?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region).map(|_| Self(region)).ok_or_else(fault)
    }

    /// The country that a shop is likely to be in: its time zone's, else its currency's. `None`: neither tells, as
    /// with euros and UTC.
    pub fn guess(currency: Currency, zone: Tz) -> Option<Self> {
        // The first letters of a currency are its country's; EU and X… are none.
        of_zone(zone).or_else(|| Self::parse(currency.as_str().get(..2)?).ok())
    }

    /// As numbering plans name it.
    pub fn region(self) -> Region {
        self.0
    }

    /// The digits before its numbers when they are called from abroad.
    pub fn calling_code(self) -> Option<i32> {
        PHONE_NUMBER_UTIL.get_country_code_for_region(self.0)
    }
}

fn of_zone(zone: Tz) -> Option<Country> {
    let lines = ZONES.lines().filter(|line| !line.starts_with('#'));
    let line = lines
        .filter_map(|line| line.split_once(' '))
        .find(|(_, zones)| zones.split(' ').any(|each| each == zone.name()));
    line.and_then(|(code, _)| Country::parse(code).ok())
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.as_region_str())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.as_region_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).map_err(serde::de::Error::custom)
    }
}

impl Column for Country {
    const KIND: Kind = Kind::Text;
    fn to_value(&self) -> Value {
        Value::Text(Some(self.to_string()))
    }
    fn from_value(value: Value) -> Result<Self, BadColumn> {
        Self::parse(&String::from_value(value)?).map_err(BadColumn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_a_numbering_plan() {
        for code in ["DE", "IT", "US", "XK", "GB"] {
            assert_eq!(Country::parse(code).map(|country| country.to_string()), Ok(code.to_owned()));
        }
        for code in ["", "D", "de", "DEU", "EU", "XX", "UK", "49", "ÄÖ"] {
            assert!(Country::parse(code).is_err(), "{code}");
        }
    }

    #[test]
    fn the_time_zone_tells_the_country_else_the_currency() {
        let table = [
            ("EUR", "Europe/Berlin", Some("DE")),
            ("EUR", "Europe/Rome", Some("IT")),
            ("CHF", "Europe/Busingen", Some("DE")),
            ("DKK", "Europe/Copenhagen", Some("DK")),
            ("USD", "US/Eastern", Some("US")),
            ("EUR", "Europe/Kiev", Some("UA")),
            ("PLN", "UTC", Some("PL")),
            ("USD", "Etc/GMT+5", Some("US")),
            ("EUR", "UTC", None),
            ("XOF", "UTC", None),
        ];
        for (currency, zone, expected) in table {
            let guessed =
                Country::guess(Currency::parse(currency).expect("a currency"), zone.parse().expect("a time zone"));
            assert_eq!(guessed.map(|country| country.to_string()).as_deref(), expected, "{currency} {zone}");
        }
    }

    #[test]
    fn every_zone_of_the_table_is_one() {
        for (code, zones) in ZONES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
        {
            for zone in zones.split(' ') {
                assert!(zone.parse::<Tz>().is_ok(), "{code} {zone}");
            }
        }
    }
}

//! Instants: milliseconds since 1970, UTC; shown as RFC 3339 with milliseconds.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;

/// The latest instant that is accepted: the end of the year 9999, the last that RFC 3339 can write.
const LATEST_MS: i64 = 253_402_300_799_999;

/// What an instant's text looks like.
const TEXT: &str = "0000-00-00T00:00:00.000Z";

/// An instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970; outside the years 1970 to 9999 the nearest instant inside.
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(0, LATEST_MS))
    }

    /// From milliseconds since 1970 that are known to lie in range.
    pub const fn constant(ms: i64) -> Self {
        assert!(ms >= 0 && ms <= LATEST_MS);
        Self(ms)
    }

    /// Milliseconds since 1970.
    pub fn ms(self) -> i64 {
        self.0
    }

    /// This many milliseconds later (or earlier).
    pub fn plus_ms(self, ms: i64) -> Self {
        Self::from_ms(self.0.saturating_add(ms))
    }

    /// This many times 24 hours later (or earlier).
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days.saturating_mul(DAY_MS))
    }

    /// For the calendar.
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// The calendar day on which it falls in a time zone.
    pub fn day_in(self, zone: Tz) -> NaiveDate {
        self.utc().with_timezone(&zone).date_naive()
    }

    /// The first instant after `days` full calendar days of the zone: what is good to the end of
    /// the last day ends here.
    pub fn end_of_day_after(self, days: u64, zone: Tz) -> Self {
        let day = self.day_in(zone).checked_add_days(Days::new(days + 1));
        day.map_or(Self(LATEST_MS), |day| midnight(day, zone))
    }

    /// The first instant after the `years`-th end of a year from now (§§ 195, 199 BGB: three).
    pub fn end_of_year_after(self, years: i32, zone: Tz) -> Self {
        let first = NaiveDate::from_ymd_opt(self.day_in(zone).year() + years + 1, 1, 1);
        first.map_or(Self(LATEST_MS), |day| midnight(day, zone))
    }
}

/// The number of 1 January 1970 as chrono counts days.
const FIRST_DAY: i32 = 719_163;

/// Days since 1970.
pub fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce() - FIRST_DAY)
}

/// The day of a number.
pub fn day_of_number(number: i64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(number).ok()?.checked_add(FIRST_DAY)?)
}

/// The first instant of a day in a zone; where a clock change skips midnight, the first after it.
pub fn midnight(day: NaiveDate, zone: Tz) -> Timestamp {
    let start = day.and_time(NaiveTime::MIN);
    let local = zone
        .from_local_datetime(&start)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(start + chrono::Duration::hours(1))).earliest());
    Timestamp::from_ms(local.map_or(LATEST_MS, |at| at.timestamp_millis()))
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self::from_ms(at.timestamp_millis())
    }
}

impl Timestamp {
    /// Writes it as RFC 3339: an answer has many instants, and formatting each would show.
    fn write(self, text: &mut [u8; TEXT.len()]) -> &str {
        let at = self.utc();
        text.copy_from_slice(TEXT.as_bytes());
        write_number(&mut text[0..4], u32::try_from(at.year()).unwrap_or(0));
        write_number(&mut text[5..7], at.month());
        write_number(&mut text[8..10], at.day());
        write_number(&mut text[11..13], at.hour());
        write_number(&mut text[14..16], at.minute());
        write_number(&mut text[17..19], at.second());
        write_number(&mut text[20..23], at.timestamp_subsec_millis());
        std::str::from_utf8(text).unwrap_or(TEXT)
    }
}

/// Fills a place with a number's last digits.
fn write_number(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.write(&mut [0; TEXT.len()]))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.write(&mut [0; TEXT.len()]))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = DateTime::parse_from_rfc3339(&text).map_err(|_| {
            serde::de::Error::custom("an instant as RFC 3339 is expected, for example 2026-11-23T10:00:00.000Z")
        })?;
        let ms = at.timestamp_millis();
        if !(0..=LATEST_MS).contains(&ms) {
            return Err(serde::de::Error::custom("an instant between the years 1970 and 9999 is expected"));
        }
        Ok(Self(ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(serde_json::Value::from(text)).expect("an instant")
    }

    #[test]
    fn validity_ends_with_the_last_calendar_day_of_the_zone() {
        let berlin = chrono_tz::Europe::Berlin;
        let table = [
            ("2026-11-23T10:00:00.000Z", 14, "2026-12-07T23:00:00.000Z"),
            ("2026-11-23T23:30:00.000Z", 0, "2026-11-24T23:00:00.000Z"),
            ("2026-03-28T12:00:00.000Z", 1, "2026-03-29T22:00:00.000Z"),
        ];
        for (from, days, end) in table {
            assert_eq!(at(from).end_of_day_after(days, berlin).to_string(), end, "{from} + {days}");
        }
        assert_eq!(at("2026-11-23T10:00:00Z").end_of_year_after(3, berlin).to_string(), "2029-12-31T23:00:00.000Z");
    }

    #[test]
    fn days_are_numbered_from_1970() {
        let day = at("2026-11-23T23:30:00Z").day_in(chrono_tz::Europe::Berlin);
        assert_eq!(day_number(day), 20_781);
        assert_eq!(day_of_number(20_781), Some(day));
        assert_eq!(day_number(at("1970-01-01T00:00:00Z").day_in(Tz::UTC)), 0);
        assert_eq!(day_of_number(i64::MAX), None);
    }

    #[test]
    fn an_instant_is_written_as_chrono_writes_it() {
        let odd = (0..20_000).map(|n| n * 12_670_172_983 + n);
        for ms in [0, 1, 951_782_399_999, 1_709_164_800_000, LATEST_MS].into_iter().chain(odd) {
            let at = Timestamp::from_ms(ms);
            assert_eq!(at.to_string(), at.utc().to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
        }
    }
}

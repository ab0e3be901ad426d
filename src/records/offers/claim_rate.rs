//! How fast the claims of an offer come by one share: what tells a link that has got about.

use chrono::NaiveDate;

use crate::record;
use crate::records::Id;
use crate::records::time::day_number;

record! {
    /// The claims of an offer by a share, on the last day that had one and before it; made at the first.
    versioned ClaimRate in "claim_rates" {
        /// The last day, in days since 1970 of the shop's calendar.
        day: i64,
        /// Claims on it.
        today: i64,
        /// Claims before it.
        earlier: i64,
    }
}

impl ClaimRate {
    /// That of a share by which nothing was claimed.
    pub fn none(shop: Id, offer: Id, share: Id) -> Self {
        Self { id: Self::id_of(offer, share), shop, version: 0, day: 0, today: 0, earlier: 0 }
    }

    /// The id of an offer's rate by a share; it lies beside the share.
    pub fn id_of(offer: Id, share: Id) -> Id {
        Id::of("rat", &[&offer.to_string(), &share.to_string()]).beside(Some(share))
    }

    /// With one claim more, on a day of the shop.
    #[must_use]
    pub fn with_one_on(self, day: NaiveDate) -> Self {
        let day = day_number(day);
        if day == self.day {
            Self { today: self.today + 1, ..self }
        } else {
            Self { day, today: 1, earlier: self.earlier + self.today, ..self }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_apart() {
        let day = |number| NaiveDate::from_ymd_opt(2026, 11, number).expect("a day");
        let (offer, share) = (Id::of("ofr", &["1"]), Id::of("shr", &["1"]));
        let mut rate = ClaimRate::none(Id::of("shp", &["1"]), offer, share);
        for (on, expected) in [(1, (1, 0)), (1, (2, 0)), (2, (1, 2)), (9, (1, 3)), (9, (2, 3))] {
            rate = rate.with_one_on(day(on));
            assert_eq!((rate.today, rate.earlier), expected, "on day {on}");
        }
    }
}

//! How many of how many: the part, and how sure it is.

use serde::Serialize;

/// The 97.5th percentile of the normal distribution: intervals hold with 95 %.
pub(super) const Z: f64 = 1.959_963_984_540_054;
/// Basis points of a whole.
const WHOLE_BPS: f64 = 10_000.0;

/// A part, basis points, with its Wilson interval (95 %). Nothing where there is nothing to be a part of, or more than
/// all of it: then what is counted is no part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// The part.
    pub rate_bps: Option<i64>,
    /// It is hardly less than that.
    pub low_bps: Option<i64>,
    /// It is hardly more than that.
    pub high_bps: Option<i64>,
}

impl Rate {
    /// So many of so many.
    pub fn of(count: i64, all: i64) -> Self {
        if all <= 0 || count < 0 || count > all {
            return Self::default();
        }
        let (count, all) = (to_f64(count), to_f64(all));
        let part = count / all;
        let (square, width) = (Z * Z, 1.0 + Z * Z / all);
        let middle = (part + square / (2.0 * all)) / width;
        let reach = Z * (part * (1.0 - part) / all + square / (4.0 * all * all)).sqrt() / width;
        Self { rate_bps: bps(part), low_bps: bps(middle - reach), high_bps: bps(middle + reach) }
    }
}

/// Counts are far below 2^53, above which a number of its own is not told from its neighbour.
pub(super) fn to_f64(count: i64) -> f64 {
    let (high, low) = (count >> 32, count & 0xffff_ffff);
    f64::from(i32::try_from(high).unwrap_or(i32::MAX)) * 4_294_967_296.0
        + f64::from(u32::try_from(low).unwrap_or(u32::MAX))
}

/// Rounded, within nothing and all.
fn bps(part: f64) -> Option<i64> {
    let text = format!("{:.0}", (part * WHOLE_BPS).clamp(0.0, WHOLE_BPS));
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the published formula, worked out with other tools.
    #[test]
    fn intervals_are_wilsons() {
        let table = [
            (0, 10, 0, 0, 2_775),
            (1, 10, 1_000, 179, 4_042),
            (5, 10, 5_000, 2_366, 7_634),
            (10, 10, 10_000, 7_225, 10_000),
            (81, 263, 3_080, 2_553, 3_662),
            (1, 1_000_000, 0, 0, 0),
            (500_000, 1_000_000, 5_000, 4_990, 5_010),
        ];
        for (count, all, rate, low, high) in table {
            let expected = Rate { rate_bps: Some(rate), low_bps: Some(low), high_bps: Some(high) };
            assert_eq!(Rate::of(count, all), expected, "{count} of {all}");
        }
    }

    #[test]
    fn what_is_no_part_has_none() {
        for (count, all) in [(0, 0), (3, 2), (1, 0), (-1, 5)] {
            assert_eq!(Rate::of(count, all), Rate::default(), "{count} of {all}");
        }
    }

    #[test]
    fn counts_are_read_exactly() {
        for count in [0, 1, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991] {
            assert_eq!(format!("{:.0}", to_f64(count)), count.to_string());
        }
    }
}

//! What a program adds: those with an offer against those without.

use serde::Serialize;

use super::Report;
use super::rate::to_f64;
use super::rows_url::Scope;
use crate::records::month_tally::Figure;
use crate::records::trial::Trial;
use crate::records::{Id, Timestamp};
use crate::views::share::Definition;
use chrono::NaiveDate;

use super::day;

/// See the contract's `LiftReport`.
#[derive(Serialize)]
pub struct LiftReportView {
    /// The first day of the first month.
    #[serde(serialize_with = "day")]
    pub from: NaiveDate,
    /// The last day of the last month.
    #[serde(serialize_with = "day")]
    pub to: NaiveDate,
    /// The program.
    pub program: Id,
    /// A row for each trial and figure.
    pub data: Vec<LiftRow>,
    /// What each figure means.
    pub definitions: Vec<Definition>,
    /// When it was read, in the shop's time.
    pub as_of: Timestamp,
}

impl Report for LiftReportView {
    type Row = LiftRow;
    fn rows(self) -> Vec<LiftRow> {
        self.data
    }
}

/// A figure of a trial.
#[derive(Serialize)]
pub struct LiftRow {
    trial: i64,
    hold_out_percent: i64,
    began_at: Timestamp,
    ended_at: Option<Timestamp>,
    figure: Figure,
    #[serde(flatten)]
    lift: Lift,
    rows_url: LiftRowsUrl,
}

/// The lists of a row.
#[derive(Serialize)]
struct LiftRowsUrl {
    offered: String,
    held_out: String,
}

/// What parts with an offer come to, against parts without. Both intervals hold with 95 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lift {
    /// All parts with an offer together.
    pub offered: i64,
    /// All parts without.
    pub held_out: i64,
    /// How much more a part with an offer comes to than one without, basis points.
    pub lift_bps: Option<i64>,
    /// It is hardly less than that.
    pub lift_low_bps: Option<i64>,
    /// It is hardly more than that.
    pub lift_high_bps: Option<i64>,
    /// What parts with an offer come to beyond what so many without would have.
    pub added: Option<i64>,
    /// It is hardly less than that.
    pub added_low: Option<i64>,
    /// It is hardly more than that.
    pub added_high: Option<i64>,
}

impl Lift {
    /// Compares parts that are equally large by chance. An advocate is in one part with all that comes of them, so how far
    /// parts differ says how sure the difference is, however few bring however much. Of the difference: Welch's interval,
    /// with the degrees of freedom of the smaller side; of the ratio: the same of its logarithm (delta method).
    pub fn of(offered: &[i64], held_out: &[i64]) -> Self {
        let (with, without) = (Sample::of(offered), Sample::of(held_out));
        let sums = Self { offered: offered.iter().sum(), held_out: held_out.iter().sum(), ..Self::default() };
        if with.size < 2.0 || without.size < 2.0 || (sums.offered == 0 && sums.held_out == 0) {
            return sums;
        }
        let t = student(with.size.min(without.size) - 1.0);
        let added = (with.mean - without.mean) * with.size;
        let reach = t * (with.squared_error() + without.squared_error()).sqrt() * with.size;
        let ratio = with.mean / without.mean;
        let spread = (t * (with.relative() + without.relative()).sqrt()).exp();
        let bps = |ratio: f64| if ratio.is_finite() { rounded((ratio - 1.0) * 10_000.0) } else { None };
        let is_known = without.mean > 0.0 && with.mean > 0.0;
        let bounds = |bound: f64| if is_known { bps(bound) } else { None };
        Self {
            lift_bps: if without.mean > 0.0 { bps(ratio) } else { None },
            lift_low_bps: bounds(ratio / spread),
            lift_high_bps: bounds(ratio * spread),
            added: rounded(added),
            added_low: rounded(added - reach),
            added_high: rounded(added + reach),
            ..sums
        }
    }
}

/// Equally large parts.
struct Sample {
    size: f64,
    mean: f64,
    variance: f64,
}

impl Sample {
    fn of(parts: &[i64]) -> Self {
        let size = to_f64(i64::try_from(parts.len()).unwrap_or(i64::MAX));
        let mean = parts.iter().map(|part| to_f64(*part)).sum::<f64>() / size;
        let squares = parts.iter().map(|part| (to_f64(*part) - mean).powi(2)).sum::<f64>();
        Self { size, mean, variance: squares / (size - 1.0) }
    }

    /// The square of the standard error of the mean.
    fn squared_error(&self) -> f64 {
        self.variance / self.size
    }

    /// The same, of the mean as 1.
    fn relative(&self) -> f64 {
        self.squared_error() / self.mean.powi(2)
    }
}

/// The 97.5th percentile of Student's distribution (Abramowitz and Stegun, 26.7.5): from three degrees of freedom on it is
/// right to a hundredth.
fn student(degrees: f64) -> f64 {
    let z = super::rate::Z;
    let terms = [
        (z.powi(3) + z) / 4.0,
        (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
        (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
        (79.0 * z.powi(9) + 776.0 * z.powi(7) + 1_482.0 * z.powi(5) - 1_920.0 * z.powi(3) - 945.0 * z) / 92_160.0,
    ];
    terms.iter().rev().fold(0.0, |sum, term| (sum + term) / degrees) + z
}

fn rounded(number: f64) -> Option<i64> {
    format!("{number:.0}").parse().ok()
}

/// Shows what came of a trial; `parts` with an offer and without.
pub fn row(scope: &Scope, trial: &Trial, figure: Figure, (offered, held_out): (&[i64], &[i64])) -> LiftRow {
    let urls = [false, true].map(|is_held_out| url(scope, trial, figure, is_held_out));
    let [offered_url, held_out_url] = urls;
    LiftRow {
        trial: trial.number,
        hold_out_percent: trial.percent,
        began_at: trial.from,
        ended_at: trial.until,
        figure,
        lift: Lift::of(offered, held_out),
        rows_url: LiftRowsUrl { offered: offered_url, held_out: held_out_url },
    }
}

fn url(scope: &Scope, trial: &Trial, figure: Figure, is_held_out: bool) -> String {
    let number = trial.number.to_string();
    let held_out = if is_held_out { "true" } else { "false" };
    let arm = [("trial", number.as_str()), ("held_out", held_out)];
    let (path, instant, more) = match figure {
        Figure::Advocates => ("/v1/shares", "created", ("first", "true")),
        Figure::Friends => ("/v1/referrals", "created", ("counted", "true")),
        Figure::Orders | Figure::Revenue => ("/v1/conversions", "occurred", ("counted", "true")),
    };
    scope.url(path, instant, &[arm[0], arm[1], more])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the published table.
    #[test]
    fn percentiles_are_students() {
        for (degrees, expected) in
            [(3.0, 3.182), (4.0, 2.776), (9.0, 2.262), (19.0, 2.093), (39.0, 2.023), (99.0, 1.984), (1e9, 1.960)]
        {
            assert!((student(degrees) - expected).abs() < 0.006, "{degrees}: {}", student(degrees));
        }
    }

    /// Worked out with another tool (Welch's t of two samples with 4 and 3 degrees of freedom taken as 3).
    #[test]
    fn a_difference_and_its_interval_are_those_of_the_parts() {
        let lift = Lift::of(&[12, 15, 9, 14, 10], &[6, 8, 5, 9]);
        assert_eq!((lift.offered, lift.held_out), (60, 28));
        // Means 12 and 7, variances 6.5 and 10/3: 5 ± 3.18 × √(1.3 + 0.8333), of five parts.
        assert_eq!((lift.added, lift.added_low, lift.added_high), (Some(25), Some(2), Some(48)));
        // 12 / 7, and e^(3.18 × √(1.3 / 144 + 0.8333 / 49)) = 1.67 times that either way.
        let (low, high) = (lift.lift_low_bps.expect("a bound"), lift.lift_high_bps.expect("a bound"));
        assert_eq!(lift.lift_bps, Some(7_143));
        assert!((250..290).contains(&low) && (18_550..18_800).contains(&high), "{low} to {high}");
    }

    #[test]
    fn where_nothing_happened_nothing_is_claimed() {
        let nothing = Lift::of(&[0; 196], &[0; 4]);
        assert_eq!(nothing, Lift::default());
        // Nobody without an offer brought anything: how many times as much that is cannot be said, how much can.
        let alone = Lift::of(&[1; 196], &[0; 4]);
        assert_eq!((alone.lift_bps, alone.lift_low_bps, alone.added), (None, None, Some(196)));
        let worse = Lift::of(&[0; 196], &[1, 0, 0, 0]);
        assert_eq!((worse.lift_bps, worse.lift_low_bps, worse.added), (Some(-10_000), None, Some(-49)));
    }

    /// Advocates who bring nothing or very much, with an offer that does nothing: one in twenty intervals misses.
    #[test]
    fn intervals_hold_what_they_promise() {
        let mut seed = 7_u64;
        let mut draw = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(seed >> 33).unwrap_or_default()
        };
        let mut part = || (0..40).map(|_| if draw() % 10 == 0 { draw() % 30 } else { 0 }).sum::<i64>();
        let mut missed = 0;
        for _ in 0..400 {
            let (with, without): (Vec<i64>, Vec<i64>) =
                ((0..190).map(|_| part()).collect(), (0..10).map(|_| part()).collect());
            let lift = Lift::of(&with, &without);
            missed += usize::from(lift.added_low > Some(0) || lift.added_high < Some(0));
        }
        assert!((6..40).contains(&missed), "{missed} of 400");
    }
}

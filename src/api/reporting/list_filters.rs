//! The filters of lists by which reports name the rows of their figures.

use crate::api::answer::problem::Problem;
use crate::api::request::call::Call;
use crate::records::day_count::{CODE_ONLY, NONE};
use crate::records::time::DAY_MS;
use crate::records::trial::{Arm, TRIALS};
use crate::refusal::Rejection;
use crate::store::Bind;
use crate::store::queries::records::Filter;

/// How long before it happened something can have been told, milliseconds: clocks differ. So what is of a period was made
/// since then, and the list need not look further back.
const AHEAD_MS: i64 = DAY_MS;

/// Trials of one program, which end as its next one begins.
const MOST_TRIALS: i64 = TRIALS as i64;

/// Filters that several lists have.
pub(in crate::api) trait Counting: Sized {
    /// By `channel` and `placement`, as reports name them.
    fn at_place(self, call: &Call) -> Self;
    /// Of exactly the advocate whom `advocate_id` names, by an expression that ends with the column.
    fn of_advocate(self, call: &Call, column: &str) -> Self;
    /// Between `{name}_from` and `{name}_to`, by an expression of SQL.
    fn between(self, call: &Call, name: &str, expression: &str) -> Result<Self, Rejection>;
    /// Of the arms of trials that `trial` and `held_out` name.
    fn of_trial(self, call: &Call) -> Result<Self, Rejection>;
    /// Where a parameter is true, only what fits; false is no filter that anybody needs.
    fn only(self, call: &Call, name: &str, sql: &'static str) -> Result<Self, Problem>;
}

impl Counting for Filter {
    fn at_place(self, call: &Call) -> Self {
        let filter = match call.query().text("channel") {
            Some(CODE_ONLY) => self.is_empty("channel").when("program IS NOT NULL", []),
            Some(NONE) => self.is_empty("channel").is_empty("program"),
            channel => self.equals("channel", channel),
        };
        match call.query().text("placement") {
            Some(NONE) => filter.is_empty("placed"),
            placement => filter.equals("placed", placement),
        }
    }

    fn of_advocate(self, call: &Call, column: &str) -> Self {
        match call.query().text("advocate_id") {
            Some(advocate) => self.indexed(format!("{column} = ?"), [Bind::from(advocate)]),
            None => self,
        }
    }

    fn between(self, call: &Call, name: &str, expression: &str) -> Result<Self, Rejection> {
        let [from, to] = ["from", "to"].map(|end| call.query().instant(&format!("{name}_{end}")));
        let mut filter = self;
        if let Some(from) = from? {
            filter = filter.when(format!("{expression} >= ?"), [from.into()]);
            filter = filter.indexed("created_at >= ?", [from.plus_ms(-AHEAD_MS).into()]);
        }
        if let Some(to) = to? {
            filter = filter.when(format!("{expression} < ?"), [to.into()]);
        }
        Ok(filter)
    }

    fn of_trial(self, call: &Call) -> Result<Self, Rejection> {
        let trial = call.query().text("trial").map(|text| match text.parse() {
            Ok(number) if (1..=MOST_TRIALS).contains(&number) => Ok(number),
            _ => Err(Rejection::field("?trial", format!("1 to {MOST_TRIALS} is expected"))),
        });
        let (trial, held_out) = (trial.transpose()?, call.query().yes_or_no("held_out")?);
        let between = |trial: i64, is_held_out: bool| {
            let (least, most) = Arm::numbers(trial, is_held_out);
            [Bind::from(least), Bind::from(most)]
        };
        Ok(match (trial, held_out) {
            (None, None) => self,
            (None, Some(true)) => self.when("arm < 0", []),
            (None, Some(false)) => self.when("arm > 0", []),
            (Some(trial), Some(is_held_out)) => self.when("arm BETWEEN ? AND ?", between(trial, is_held_out)),
            (Some(trial), None) => {
                let both = [true, false].into_iter().flat_map(|is_held_out| between(trial, is_held_out));
                self.when("(arm BETWEEN ? AND ? OR arm BETWEEN ? AND ?)", both.collect::<Vec<_>>())
            }
        })
    }

    fn only(self, call: &Call, name: &str, sql: &'static str) -> Result<Self, Problem> {
        match call.query().yes_or_no(name)? {
            Some(true) => Ok(self.when(sql, [])),
            Some(false) => Err(Rejection::field(format!("?{name}"), "true is expected, or nothing").into()),
            None => Ok(self),
        }
    }
}

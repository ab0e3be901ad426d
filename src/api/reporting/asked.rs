//! What of a report is asked for: which days, divided how, of which program and channel.

use chrono::NaiveDate;

use super::parts::{Interval, Part, part_of, parts, period};
use crate::api::answer::format::Format;
use crate::api::answer::problem::Problem;
use crate::api::request::call::Call;
use crate::decide::programs::program;
use crate::decide::sharing::channel;
use crate::records::day_count::{CODE_ONLY, NONE};
use crate::records::money::Currency;
use crate::records::shop::Zones;
use crate::records::time::{day_number, day_of_number};
use crate::records::{Id, Timestamp};
use crate::refusal::{Code, Rejection};
use crate::store::queries::reports::{By, Days, Span, Sum, is_counted, sums};
use crate::views::report::ReportView;
use crate::views::report::definitions;
use crate::views::report::rows_url::Scope;

/// What is asked for, and what of the shop answers need.
pub(super) struct Asked {
    pub(super) format: Format,
    period: Part,
    parts: Vec<Part>,
    interval: Option<Interval>,
    pub(super) program: Option<Id>,
    channel: Option<String>,
    zones: Zones,
    currency: Currency,
    as_of: Timestamp,
}

impl Asked {
    /// Reads the parameters; refuses what names nothing.
    pub(super) async fn read(call: &Call, has: Has) -> Result<Self, Problem> {
        let (query, format) = (call.query(), call.format()?);
        let program = query.text("program").map(str::to_owned);
        let (channel, interval) = match has {
            Has::Everything => (
                query.text("channel").map(str::to_owned),
                query.word("interval", Interval::WORDS)?.and_then(Interval::parse),
            ),
            Has::ProgramsAlone => (None, None),
        };
        let ends = (day(call, "from")?, day(call, "to")?);
        query.refuse_unknown()?;
        let known = call.dry_run(move |draft| {
            let program = program.as_deref().map(|name| program::known(draft, name, "?program")).transpose()?;
            if let Some(channel) = channel.as_deref().filter(|channel| ![CODE_ONLY, NONE].contains(channel)) {
                channel::known(draft, channel, "?channel")?;
            }
            Ok((
                program.map(|program| program.id),
                channel.clone(),
                draft.shop.zones(),
                draft.shop.currency,
                draft.at(),
            ))
        });
        let (program, channel, zones, currency, as_of) = known.await?;
        let today = day_of_number(zones.day_of(as_of)).unwrap_or_default();
        let period = period(ends.0, ends.1, today)?;
        let parts = parts(period, interval)?;
        Ok(Self { format, period, parts, interval, program, channel, zones, currency, as_of })
    }

    /// The sums of each part, told apart by `by`: which part, and what it comes to.
    pub(super) async fn sums(&self, call: &Call, by: By, credited: Credited) -> Result<Vec<(usize, Sum)>, Problem> {
        let (shop, (from, to)) = (call.shop(), self.period);
        let span = Span {
            from: day_number(from),
            to: day_number(to),
            program: self.program,
            channel: self.channel.clone(),
            is_credited: credited == Credited::Only,
        };
        let days = if self.interval.is_some() { Days::Each } else { Days::Together };
        let found = call.read(move |connection| match is_counted(connection, shop)? {
            true => sums(connection, shop, &span, by, days).map(Some),
            false => Ok(None),
        });
        let Some(found) = found.await? else { return Err(not_counted().into()) };
        let mut of_parts: Vec<(usize, Sum)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for sum in found {
            let part = self.part_of(sum.day);
            let place = *places.entry((part, sum.name.clone())).or_insert_with(|| {
                of_parts.push((part, Sum { name: sum.name.clone(), ..Sum::default() }));
                of_parts.len() - 1
            });
            of_parts[place].1.add(&sum);
        }
        Ok(of_parts)
    }

    fn part_of(&self, day: i64) -> usize {
        match self.interval {
            Some(_) => part_of(&self.parts, day),
            None => 0,
        }
    }

    /// How many parts there are.
    pub(super) fn many(&self) -> usize {
        self.parts.len()
    }

    /// Of what the rows of a part are listed.
    pub(super) fn scope(&self, part: usize) -> Scope {
        let (from, to) = self.parts.get(part).copied().unwrap_or(self.period);
        Scope {
            from,
            to,
            begins: self.zones.begin_of(from),
            ends: to.succ_opt().map_or(self.as_of, |next| self.zones.begin_of(next)),
            program: self.program,
            is_credited: false,
            channel: self.channel.clone(),
            placement: None,
        }
    }

    /// The whole report.
    pub(super) fn view<R, T>(&self, data: Vec<R>, totals: T, figures: &[&str]) -> ReportView<R, T> {
        ReportView {
            from: self.period.0,
            to: self.period.1,
            interval: self.interval.map(Interval::as_str),
            currency: self.currency,
            data,
            totals,
            definitions: definitions::of(figures),
            as_of: self.as_of,
        }
    }
}

/// What a report can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Has {
    /// Programs, channels and intervals.
    Everything,
    /// Programs alone.
    ProgramsAlone,
}

/// Whether what is credited to nobody counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credited {
    /// It does not.
    Only,
    /// It does.
    OrNot,
}

/// A day that a parameter names.
pub(super) fn day(call: &Call, name: &str) -> Result<Option<NaiveDate>, Rejection> {
    let fault = || Rejection::field(format!("?{name}"), "a day is expected, for example 2026-11-30");
    let read = |text: &str| text.parse().ok().filter(|_| text.len() == "2026-11-30".len()).ok_or_else(fault);
    call.query().text(name).map(read).transpose()
}

/// What the release before stored is not in the counters yet.
pub(super) fn not_counted() -> Rejection {
    Rejection::new(
        Code::IllegalTransition,
        "What was stored by the release before is not counted yet; `grapevine migrate --finish` counts it.",
    )
}

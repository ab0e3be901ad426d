//! What is measured of the process: each metric's name, whose end is its unit, and what it says. The dashboard and the
//! alerts in `deploy/` name them; tests hold the three to each other and to the code that counts.

use metrics::Unit;

/// How something is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number that only grows; shown from the start.
    Counter,
    /// The same by a label; shown once something was counted under it.
    CounterBy(&'static str),
    /// How long something took, seconds, in [`BUCKETS`].
    Seconds,
}

/// A metric: name, kind, meaning.
pub type Measure = (&'static str, Kind, &'static str);

/// Upper ends of the classes in which times are counted, seconds: whoever asks is answered within 5, mails take longer.
pub const BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// All of them, from A to Z.
pub const MEASURES: &[Measure] = &[
    ("grapevine_batch_seconds", Kind::Seconds, "Time in which a batch of commands was decided and saved"),
    ("grapevine_batches_total", Kind::Counter, "Batches of commands that were saved"),
    ("grapevine_busy_total", Kind::Counter, "Commands that were refused with `busy`, because too many waited"),
    ("grapevine_commands_total", Kind::Counter, "Commands that were decided"),
    (
        "grapevine_commits_lost_total",
        Kind::Counter,
        "Commits whose answer was lost, so that it was looked what became of them",
    ),
    ("grapevine_conflicts_total", Kind::Counter, "Batches that were decided anew, because another process was faster"),
    ("grapevine_connections_closed_total", Kind::CounterBy("why"), "Connections that the server ended"),
    (
        "grapevine_connections_refused_total",
        Kind::CounterBy("limit"),
        "Connections that were not taken in, by the limit that they met",
    ),
    (
        "grapevine_guesses_refused_total",
        Kind::Counter,
        "Questions about codes that were not answered, for too many wrong ones came before",
    ),
    ("grapevine_guessing_total", Kind::Counter, "Times that very many wrong codes came through one key"),
    (
        "grapevine_links_opened_total",
        Kind::CounterBy("class"),
        "Openings of share links, by who opened: person, preview, scanner, unknown",
    ),
    ("grapevine_mail_seconds", Kind::Seconds, "Time in which a mail was handed over, or not"),
    ("grapevine_mails_total", Kind::CounterBy("outcome"), "Tries to hand over a mail, by what came of them"),
    ("grapevine_request_seconds", Kind::Seconds, "Time from the head of a request to its answer"),
    (
        "grapevine_requests_total",
        Kind::CounterBy("operation, status"),
        "Requests, by operation of the contract and class of status",
    ),
    ("grapevine_rounds_total", Kind::Counter, "Rounds of loading that decisions took"),
    ("grapevine_statements_total", Kind::Counter, "Statements that batches sent to the database"),
    ("grapevine_unknown_codes_total", Kind::Counter, "Codes that were asked for and do not exist"),
    (
        "grapevine_visits_dropped_total",
        Kind::Counter,
        "Openings that were not counted, because too many waited to be written",
    ),
    ("grapevine_visits_lost_total", Kind::Counter, "Openings that were counted and could not be written"),
    ("grapevine_webhook_seconds", Kind::Seconds, "Time in which an event was handed over to a receiver, or not"),
    ("grapevine_webhooks_total", Kind::CounterBy("outcome"), "Tries to hand an event over, by what came of them"),
];

/// Tells the recorder of the process what each of them says, and shows those that have no label.
pub fn describe() {
    for (name, kind, help) in MEASURES {
        match kind {
            Kind::Counter => {
                metrics::describe_counter!(*name, Unit::Count, *help);
                metrics::counter!(*name).absolute(0);
            }
            Kind::CounterBy(_) => metrics::describe_counter!(*name, Unit::Count, *help),
            Kind::Seconds => metrics::describe_histogram!(*name, Unit::Seconds, *help),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_unit_at_its_end_and_they_go_from_a_to_z() {
        assert!(MEASURES.is_sorted_by_key(|(name, ..)| *name));
        for (name, kind, help) in MEASURES {
            let end = if *kind == Kind::Seconds { "_seconds" } else { "_total" };
            assert!(name.starts_with("grapevine_") && name.ends_with(end), "{name}");
            assert!(!help.is_empty() && !help.ends_with('.'), "{name}");
        }
    }
}

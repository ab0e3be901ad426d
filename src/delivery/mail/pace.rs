//! How fast mails leave to a domain whose servers say that they come too fast (`4.7.x`): half as fast each time, and faster again
//! when they are taken. What is not its turn yet is put off, so that it stands in nobody's way.
//!
//! Each process has a pace of its own, and begins anew with none.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::decide::mail::bounce::Status;
use crate::decide::mail::finish_message::Outcome;
use crate::records::Timestamp;

/// Longest wait between two.
const LONGEST_MS: i64 = 600_000;
/// Mails that are taken in a row before they leave twice as fast.
const TAKEN: u32 = 10;
/// How far ahead turns are given, milliseconds: what comes later asks again then.
const AHEAD_MS: i64 = 3_600_000;
/// Domains with a pace of their own; the one that said so longest ago is forgotten for another.
const DOMAINS: usize = 1_000;

/// The paces of domains.
pub(super) struct Paces {
    /// Between two mails to a domain that said so once, milliseconds.
    first_ms: i64,
    of: Mutex<HashMap<String, Pace>>,
}

/// The pace of one.
struct Pace {
    /// Between two mails, milliseconds.
    every_ms: i64,
    /// When the last one left.
    last_at: Timestamp,
    /// The last turn that was given.
    given_at: Timestamp,
    /// Mails that were taken since it last changed.
    taken: u32,
    /// When it was last said that they come too fast.
    said_at: Timestamp,
}

impl Paces {
    /// None yet.
    pub(super) fn new(first_ms: u64) -> Self {
        Self { first_ms: i64::try_from(first_ms).unwrap_or(LONGEST_MS).min(LONGEST_MS), of: Mutex::default() }
    }

    /// How long a mail to an address waits for its turn, milliseconds; `None`: it is its turn.
    pub(super) fn wait_ms(&self, recipient: &str, now: Timestamp) -> Option<i64> {
        let mut paces = self.lock();
        let pace = paces.get_mut(&domain(recipient))?;
        if pace.last_at.plus_ms(pace.every_ms) <= now {
            pace.last_at = now;
            return None;
        }
        let after = pace.given_at.max(pace.last_at).plus_ms(pace.every_ms);
        let wait_ms = (after.ms() - now.ms()).clamp(1, AHEAD_MS);
        pace.given_at = now.plus_ms(wait_ms);
        Some(wait_ms)
    }

    /// Learns from what became of a mail.
    pub(super) fn learn(&self, recipient: &str, outcome: &Outcome, now: Timestamp) {
        match outcome {
            Outcome::Refused(answer) if is_too_fast(answer) => self.slow_down(domain(recipient), now),
            Outcome::Sent => self.speed_up(&domain(recipient)),
            Outcome::Refused(_) | Outcome::Rejected(_) | Outcome::Unknown(_) => {}
        }
    }

    fn slow_down(&self, domain: String, now: Timestamp) {
        let mut paces = self.lock();
        if !paces.contains_key(&domain) && paces.len() >= DOMAINS {
            let oldest = paces.iter().min_by_key(|(_, pace)| pace.said_at).map(|(domain, _)| domain.clone());
            oldest.and_then(|oldest| paces.remove(&oldest));
        }
        tracing::info!(domain, "mails come too fast for a domain; they leave half as fast");
        let pace =
            paces.entry(domain).or_insert(Pace { every_ms: 0, last_at: now, given_at: now, taken: 0, said_at: now });
        pace.every_ms = (pace.every_ms * 2).clamp(self.first_ms, LONGEST_MS);
        (pace.taken, pace.said_at, pace.last_at) = (0, now, now);
    }

    fn speed_up(&self, domain: &str) {
        let mut paces = self.lock();
        let Some(pace) = paces.get_mut(domain) else { return };
        pace.taken += 1;
        if pace.taken >= TAKEN {
            (pace.taken, pace.every_ms) = (0, pace.every_ms / 2);
        }
        if pace.every_ms < self.first_ms {
            paces.remove(domain);
        }
    }

    /// Whether no domain has a pace of its own.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Pace>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn domain(recipient: &str) -> String {
    recipient.rsplit_once('@').map_or(recipient, |(_, domain)| domain).to_lowercase()
}

/// Whether a server says that it would take the mail if it came later: policy, and for now (RFC 3463).
fn is_too_fast(answer: &str) -> bool {
    Status::in_answer(answer).is_some_and(|status| status.to_string().starts_with("4.7."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: &str = "anna@example.org";

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(1_000_000 + ms)
    }

    fn too_fast() -> Outcome {
        Outcome::Refused("transient error (421): 4.7.28 come slower".to_owned())
    }

    #[test]
    fn each_time_mails_leave_half_as_fast() {
        let paces = Paces::new(1_000);
        assert_eq!(paces.wait_ms(ANNA, at(0)), None);
        for (times, every_ms) in [(1, 1_000), (1, 2_000), (1, 4_000), (20, LONGEST_MS)] {
            (0..times).for_each(|_| paces.learn("ben@EXAMPLE.org", &too_fast(), at(0)));
            assert_eq!(paces.lock()["example.org"].every_ms, every_ms);
        }
        assert!(paces.wait_ms(ANNA, at(0)).is_some());
        assert_eq!(paces.wait_ms("anna@example.net", at(0)), None, "others are not slower");
    }

    #[test]
    fn who_waits_has_their_turn() {
        let paces = Paces::new(1_000);
        paces.learn(ANNA, &too_fast(), at(0));
        let turns: Vec<_> = (0..3).map(|_| paces.wait_ms(ANNA, at(0))).collect();
        assert_eq!(turns, [Some(1_000), Some(2_000), Some(3_000)]);
        for turn in [1_000, 2_000, 3_000] {
            assert_eq!(paces.wait_ms(ANNA, at(turn)), None, "{turn}");
            assert!(paces.wait_ms(ANNA, at(turn)).is_some(), "one at a time");
        }
        let far: Vec<_> = (0..10_000).filter_map(|_| paces.wait_ms(ANNA, at(3_000))).collect();
        assert_eq!(far.iter().max(), Some(&AHEAD_MS));
    }

    #[test]
    fn what_is_taken_makes_them_faster_again() {
        let paces = Paces::new(1_000);
        (0..2).for_each(|_| paces.learn(ANNA, &too_fast(), at(0)));
        (0..TAKEN).for_each(|_| paces.learn(ANNA, &Outcome::Sent, at(0)));
        assert_eq!(paces.lock()["example.org"].every_ms, 1_000);
        (0..TAKEN).for_each(|_| paces.learn(ANNA, &Outcome::Sent, at(0)));
        assert!(paces.is_empty());
    }

    #[test]
    fn other_refusals_slow_nobody_down() {
        let paces = Paces::new(1_000);
        for answer in ["451 4.3.0 busy", "421 come again", "450 4.2.1 greylisted", ""] {
            paces.learn(ANNA, &Outcome::Refused(answer.to_owned()), at(0));
        }
        paces.learn(ANNA, &Outcome::Rejected("550 5.7.1 no".to_owned()), at(0));
        assert!(paces.is_empty());
    }

    #[test]
    fn ever_new_domains_take_no_more_room() {
        let paces = Paces::new(1_000);
        for index in 0..DOMAINS + 10 {
            paces.learn(&format!("a@{index}.example"), &too_fast(), at(i64::try_from(index).expect("small")));
        }
        assert_eq!(paces.lock().len(), DOMAINS);
        assert!(paces.lock().contains_key("1009.example") && !paces.lock().contains_key("0.example"));
    }
}

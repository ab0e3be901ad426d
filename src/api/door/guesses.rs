//! Failed guesses of codes, counted by who guesses: a customer whom the shop names, a customer's browser, an
//! operator, a visitor of the shop's pages. For whom too many codes were asked that do not exist, there is
//! no further answer about codes for a while, right or wrong; others go on, and so does a cart without a code.
//!
//! A shop has one key for all of its visitors, so that a key is never held up. What is asked through it is
//! counted all the same, and where that is very much the shop is told, once in each window.
//!
//! In memory of this process, by keyed hashes, for an hour; never more than so many guessers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;

use crate::api::answer::problem::Problem;
use crate::api::door::callers::Caller;
use crate::api::door::crowd::{Crowd, Most, Name};
use crate::config::Rate;
use crate::decide::checkout::cart::Cart;
use crate::decide::people::customer::CustomerDetails;
use crate::records::Id;
use crate::records::audit::ActorKind;
use crate::records::spelling::caseless;
use crate::refusal::Code;

/// The long limit: so many times the short one…
const LONG_TIMES: u32 = 5;
/// …within so long.
const LONG: Duration = Duration::from_secs(3600);
/// An operator may ask for so many times as many unknown codes as a customer, and of so many through one key
/// the shop is told.
const TIMES: u32 = 10;

/// Somebody who asks for codes, as he is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Who {
    name: String,
    /// How many times the limit he may.
    times: u32,
    /// Whether he is one of those who come without being known, of whom there may be any number.
    is_visitor: bool,
}

/// Who asks for codes; nobody who is held up where only a key is known.
#[derive(Clone, Debug)]
pub struct Guesser {
    shop: Id,
    client: String,
    who: Vec<Who>,
}

impl Guesser {
    /// Who calls.
    pub fn new(caller: &Caller) -> Self {
        let times = match caller.actor.kind {
            ActorKind::Operator => Some(TIMES),
            ActorKind::Customer => Some(1),
            _ => None,
        };
        let who = times.map(|times| Who { name: format!("caller/{}", caller.id), times, is_visitor: false });
        Self { shop: caller.shop, client: caller.client.clone(), who: who.into_iter().collect() }
    }

    /// For whom a key asks: the customer whom the shop names and the visitor of its pages. An address is only
    /// what somebody typed, and could be anybody's: it counts where nothing better is known. An operator asks
    /// for himself, whomever he helps.
    pub fn on_behalf(
        caller: &Caller,
        customer: Option<&str>,
        visitor: Option<&str>,
        details: Option<&CustomerDetails>,
    ) -> Self {
        let mut guesser = Self::new(caller);
        if caller.actor.kind != ActorKind::Key {
            return guesser;
        }
        let mut count = |kind: &str, name: &str, is_visitor| {
            guesser.who.push(Who { name: format!("{kind}/{name}"), times: 1, is_visitor });
        };
        let visitor = visitor.map(str::trim).filter(|visitor| !visitor.is_empty());
        customer.into_iter().for_each(|customer| count("customer", customer, false));
        visitor.into_iter().for_each(|visitor| count("visitor", visitor, true));
        if customer.is_none() && visitor.is_none() {
            let address = details.and_then(|details| details.email.as_deref().or(details.phone.as_deref()));
            address.into_iter().for_each(|address| count("address", &caseless(address), true));
        }
        guesser
    }

    /// Who asks what a cart's codes are good for; `None`: it has none.
    pub fn of_cart(caller: &Caller, cart: &Cart) -> Option<Self> {
        let has_code =
            cart.typed().next().is_some() || cart.evidence.as_ref().is_some_and(|came| came.typed().is_some());
        let (customer, visitor) = (cart.customer.as_deref(), cart.visitor.as_deref());
        has_code.then(|| Self::on_behalf(caller, customer, visitor, cart.customer_details.as_ref()))
    }
}

/// That many unknown codes were asked for through one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flood {
    /// How many.
    pub unknown: u32,
    /// Within how many seconds.
    pub seconds: u64,
}

/// Unknown codes by guesser.
pub struct Guesses {
    most: Option<Most>,
    key: hmac::Key,
    crowds: Mutex<Crowds>,
}

/// Those who are known, of whom there are few, and those who come by: of these there may be so many that
/// some are forgotten, and then it is not the others who are.
#[derive(Default)]
struct Crowds {
    known: Crowd,
    visitors: Crowd,
    keys: Crowd,
}

impl Crowds {
    fn of(&mut self, who: &Who) -> &mut Crowd {
        if who.is_visitor { &mut self.visitors } else { &mut self.known }
    }
}

impl Guesses {
    /// The short limit of a customer; `None`: none. The long one is five times as many within an hour. The
    /// key of the hashes is drawn by who calls, and known to nobody else.
    pub fn new(rate: Option<Rate>, key: &[u8; 32]) -> Self {
        let most = rate.map(|rate| Most {
            short: (rate.requests.max(1), Duration::from_secs(u64::from(rate.seconds))),
            long: (rate.requests.max(1).saturating_mul(LONG_TIMES), LONG),
        });
        Self { most, key: hmac::Key::new(hmac::HMAC_SHA256, key), crowds: Mutex::default() }
    }

    /// Whether somebody may ask about codes; refuses when too many of his were unknown. `None` asks for none.
    pub fn check(&self, guesser: Option<&Guesser>) -> Result<(), Problem> {
        self.check_at(guesser, Instant::now())
    }

    fn check_at(&self, guesser: Option<&Guesser>, now: Instant) -> Result<(), Problem> {
        let (Some(most), Some(guesser)) = (self.most, guesser) else { return Ok(()) };
        let mut crowds = self.lock();
        let waits = guesser
            .who
            .iter()
            .filter_map(|who| crowds.of(who).wait(self.name(guesser, &who.name), most.times(who.times), now));
        match waits.max() {
            Some(wait) => {
                metrics::counter!("grapevine_guesses_refused_total").increment(1);
                Err(too_many(wait))
            }
            None => Ok(()),
        }
    }

    /// Notes that so many codes that somebody asked for were unknown; answers when the shop is to be told.
    pub(in crate::api) fn note_at(&self, guesser: &Guesser, unknown: u32, now: Instant) -> Option<Flood> {
        let most = self.most?;
        metrics::counter!("grapevine_unknown_codes_total").increment(u64::from(unknown));
        let mut crowds = self.lock();
        for who in &guesser.who {
            crowds.of(who).add(self.name(guesser, &who.name), unknown, most.times(who.times), now);
        }
        let name = self.name(guesser, &format!("key/{}", guesser.client));
        let (unknown, span) = crowds.keys.add(name, unknown, most.times(TIMES), now)?;
        Some(Flood { unknown, seconds: span.as_secs() })
    }

    fn name(&self, guesser: &Guesser, name: &str) -> Name {
        let tag = hmac::sign(&self.key, format!("{}/{name}", guesser.shop).as_bytes());
        let mut short = Name::default();
        short.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        short
    }

    fn lock(&self) -> MutexGuard<'_, Crowds> {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    let detail =
        format!("Too many unknown codes were asked for. Come again in {seconds} s, with codes as they are printed.");
    Problem { retry_after: Some(seconds), ..Problem::new(Code::RateLimited, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn guesses() -> (Guesses, Instant) {
        (Guesses::new(Some(Rate { requests: 10, seconds: 60 }), &[7; 32]), Instant::now())
    }

    fn guesser(client: &str, who: &[(&str, bool)]) -> Guesser {
        let shop = Id::of("shp", &["one"]);
        let who =
            who.iter().map(|(name, is_visitor)| Who { name: (*name).to_owned(), times: 1, is_visitor: *is_visitor });
        Guesser { shop, client: client.to_owned(), who: who.collect() }
    }

    fn customer(name: &str) -> Guesser {
        guesser("key", &[(name, false)])
    }

    fn visitor(name: &str) -> Guesser {
        guesser("key", &[(name, true)])
    }

    fn refused(guesses: &Guesses, guesser: &Guesser, at: Instant) -> Option<u64> {
        guesses.check_at(Some(guesser), at).err().and_then(|problem| problem.retry_after)
    }

    #[test]
    fn ten_in_a_minute_are_enough_for_who_guesses_alone() {
        for anna in [customer("anna"), visitor("anna"), guesser("key", &[("c-7", false), ("anna", true)])] {
            let (guesses, start) = guesses();
            for second in 0..10 {
                assert_eq!(refused(&guesses, &anna, start + seconds(second)), None);
                guesses.note_at(&anna, 1, start + seconds(second));
            }
            assert_eq!(refused(&guesses, &anna, start + seconds(9)), Some(52));
            for other in [customer("ben"), visitor("ben"), guesser("key", &[])] {
                assert_eq!(refused(&guesses, &other, start + seconds(9)), None, "{other:?}");
            }
            assert!(guesses.check_at(None, start + seconds(9)).is_ok(), "who asks for no code guesses none");
            assert_eq!(refused(&guesses, &anna, start + seconds(60)), None);
        }
    }

    #[test]
    fn a_key_is_never_held_up_and_the_shop_is_told_once_in_each_window() {
        let (guesses, start) = guesses();
        let key = guesser("key", &[]);
        let told: Vec<_> = (0..300).filter_map(|_| guesses.note_at(&key, 1, start)).collect();
        assert_eq!(told, [Flood { unknown: 100, seconds: 60 }]);
        for one in [customer("anna"), visitor("anna"), key.clone()] {
            assert_eq!(refused(&guesses, &one, start), None, "{one:?}");
        }
        let told: Vec<_> = (0..300).filter_map(|_| guesses.note_at(&key, 1, start + seconds(60))).collect();
        assert_eq!(told, [Flood { unknown: 100, seconds: 60 }, Flood { unknown: 500, seconds: 3600 }]);
        let others: Vec<_> = (0..99).filter_map(|_| guesses.note_at(&guesser("other", &[]), 1, start)).collect();
        assert_eq!(others, []);
    }

    #[test]
    fn fifty_in_an_hour_are_enough() {
        let (guesses, start) = guesses();
        let anna = customer("anna");
        for number in 0..50 {
            guesses.note_at(&anna, 1, start + seconds(number * 60));
        }
        assert_eq!(refused(&guesses, &anna, start + seconds(3060)), Some(541));
        assert_eq!(refused(&guesses, &anna, start + seconds(3600)), None);
    }

    #[test]
    fn several_in_one_cart_count_each() {
        let (guesses, start) = guesses();
        guesses.note_at(&customer("anna"), 10, start);
        assert!(refused(&guesses, &customer("anna"), start).is_some());
    }

    #[test]
    fn who_changes_his_session_all_the_time_frees_no_customer() {
        let (guesses, start) = guesses();
        guesses.note_at(&customer("anna"), 10, start);
        for number in 0..60_000 {
            guesses.note_at(&visitor(&number.to_string()), 1, start);
        }
        assert!(refused(&guesses, &customer("anna"), start).is_some());
    }

    #[test]
    fn without_a_limit_anything_goes() {
        let guesses = Guesses::new(None, &[7; 32]);
        assert_eq!(guesses.note_at(&customer("anna"), 1_000, Instant::now()), None);
        assert!(guesses.check(Some(&customer("anna"))).is_ok());
    }
}

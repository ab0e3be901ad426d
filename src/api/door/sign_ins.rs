//! Failed sign-ins, counted by who tries what: by address and account, by address, and by account; operators and
//! keys apart. Each is a name of its own, so that nothing that somebody types is ever another's address.
//!
//! - From one address one account may be tried so often in vain; several accounts, three times as often.
//! - An account that is tried in vain from many addresses is slowed, never locked: each address that did not sign in
//!   to it lately has one try in a window. Where its operators work they sign in as always.
//! - A key's secret cannot be guessed: who has one that is known is never refused, whoever fails beside them.
//!
//! In memory of this process, by keyed hashes; never more than so many.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;

use crate::api::answer::problem::Problem;
use crate::api::door::crowd::{Crowd, Most, Name};
use crate::config::Rate;
use crate::refusal::Code;

/// The long limit: so many times the short one…
const LONG_TIMES: u32 = 5;
/// …within so long.
const LONG: Duration = Duration::from_secs(3600);
/// What one address may try in vain of all accounts, in times of what it may of one.
const ADDRESS_TIMES: u32 = 3;
/// After so many times as many tries in vain, from wherever, an account is slowed.
const ACCOUNT_TIMES: u32 = 3;
/// Where somebody signed in is remembered for so long.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 3600);

/// What is counted.
pub struct SignIns {
    most: Option<Most>,
    key: hmac::Key,
    crowds: Mutex<Crowds>,
}

#[derive(Default)]
struct Crowds {
    pairs: Crowd,
    addresses: Crowd,
    accounts: Crowd,
    known: Crowd,
    exchanges: Crowd,
}

/// A try to sign in that was let through. It counts as one in vain until it is said to be none.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    pair: Name,
    address: Name,
    account: Name,
}

impl SignIns {
    /// So many tries in vain; `None`: no limit. `key` hashes the names.
    pub fn new(rate: Option<Rate>, key: &[u8]) -> Self {
        let most = rate.map(|rate| Most {
            short: (rate.requests, Duration::from_secs(rate.seconds.into())),
            long: (rate.requests.saturating_mul(LONG_TIMES), LONG),
        });
        Self { most, key: hmac::Key::new(hmac::HMAC_SHA256, key), crowds: Mutex::default() }
    }

    /// Lets an operator try to sign in, or says how long they must wait.
    pub fn begin(&self, address: IpAddr, email: &str, now: Instant) -> Result<Option<Try>, Problem> {
        let Some(most) = self.most else { return Ok(None) };
        let email = email.to_lowercase();
        let tried = Try {
            pair: self.name(&["pair", &address.to_string(), &email]),
            address: self.name(&["address", &address.to_string()]),
            account: self.name(&["account", &email]),
        };
        let mut crowds = self.lock();
        let is_known = crowds.known.wait(tried.pair, remembered(), now).is_some();
        let is_slowed = crowds.accounts.wait(tried.account, most.times(ACCOUNT_TIMES), now).is_some();
        let own = if is_slowed && !is_known { one_in(most) } else { most };
        if let Some(wait) = crowds.pairs.wait(tried.pair, own, now) {
            return Err(too_many("Too many failed sign-ins to this account from this address", wait));
        }
        let all = crowds.addresses.wait(tried.address, most.times(ADDRESS_TIMES), now);
        if let Some(wait) = all.filter(|_| !is_known) {
            return Err(too_many("Too many failed sign-ins from this address", wait));
        }
        crowds.pairs.add(tried.pair, 1, most, now);
        crowds.addresses.add(tried.address, 1, most.times(ADDRESS_TIMES), now);
        crowds.accounts.add(tried.account, 1, most.times(ACCOUNT_TIMES), now);
        Ok(Some(tried))
    }

    /// The operator signed in: they are known there.
    pub fn succeeded(&self, tried: Option<Try>, now: Instant) {
        self.excuse(tried);
        if let Some(tried) = tried {
            self.lock().known.add(tried.pair, 1, remembered(), now);
        }
    }

    /// It was no try in vain: the password was not looked at.
    pub fn excuse(&self, tried: Option<Try>) {
        let Some(tried) = tried else { return };
        let mut crowds = self.lock();
        crowds.pairs.take_back(tried.pair);
        crowds.addresses.take_back(tried.address);
        crowds.accounts.take_back(tried.account);
    }

    /// Counts a secret that is no key's; refuses when there were too many from this address.
    pub fn note_unknown_key(&self, address: IpAddr, now: Instant) -> Result<(), Problem> {
        let Some(most) = self.most else { return Ok(()) };
        let name = self.name(&["exchange", &address.to_string()]);
        let mut crowds = self.lock();
        if let Some(wait) = crowds.exchanges.wait(name, most, now) {
            return Err(too_many("Too many token requests from this address with secrets that are no key's", wait));
        }
        crowds.exchanges.add(name, 1, most, now);
        Ok(())
    }

    /// Whether too many secrets that are no key's came from this address.
    pub fn has_many_unknown_keys(&self, address: IpAddr, now: Instant) -> bool {
        let Some(most) = self.most else { return false };
        let name = self.name(&["exchange", &address.to_string()]);
        self.lock().exchanges.wait(name, most, now).is_some()
    }

    fn name(&self, parts: &[&str]) -> Name {
        let tag = hmac::sign(&self.key, parts.join("\0").as_bytes());
        let mut short = Name::default();
        short.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        short
    }

    fn lock(&self) -> MutexGuard<'_, Crowds> {
        self.crowds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try in a window, and as many windows as there are.
fn one_in(most: Most) -> Most {
    Most { short: (1, most.short.1), ..most }
}

/// Once is enough to be known.
fn remembered() -> Most {
    Most { short: (1, KNOWN), long: (1, KNOWN) }
}

fn too_many(what: &str, wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(Code::RateLimited, format!("{what}. Come again in {seconds} s."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign_ins() -> (SignIns, Instant) {
        (SignIns::new(Some(Rate { requests: 10, seconds: 60 }), &[7; 32]), Instant::now())
    }

    fn address(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    /// How many tries in vain are let through.
    fn fail(sign_ins: &SignIns, from: u32, email: &str, times: u32, now: Instant) -> u32 {
        (0..times).map(|_| u32::from(sign_ins.begin(address(from), email, now).is_ok())).sum()
    }

    fn succeed(sign_ins: &SignIns, from: u32, email: &str, now: Instant) -> bool {
        let tried = sign_ins.begin(address(from), email, now);
        tried.is_ok_and(|tried| {
            sign_ins.succeeded(tried, now);
            true
        })
    }

    #[test]
    fn who_fails_is_stopped_and_nobody_else() {
        let (sign_ins, now) = sign_ins();
        assert_eq!(fail(&sign_ins, 1, "Mia@shop.example", 30, now), 10);
        assert!(!succeed(&sign_ins, 1, "mia@shop.example", now));
        assert!(succeed(&sign_ins, 2, "mia@shop.example", now), "from elsewhere");
        assert!(succeed(&sign_ins, 1, "ann@shop.example", now), "somebody else from there");
        assert!(succeed(&sign_ins, 1, "mia@shop.example", now + Duration::from_secs(60)));
    }

    #[test]
    fn what_is_typed_is_nobodys_address() {
        let (sign_ins, now) = sign_ins();
        for typed in ["0.0.0.9", "address\u{0}0.0.0.9", "0.0.0.9\u{0}mia@shop.example"] {
            fail(&sign_ins, 1, typed, 30, now);
        }
        assert!(sign_ins.note_unknown_key(address(9), now).is_ok());
        assert!(succeed(&sign_ins, 9, "mia@shop.example", now));
    }

    #[test]
    fn an_address_fails_for_three_accounts_and_then_only_who_is_known_there_goes_on() {
        let (sign_ins, now) = sign_ins();
        assert!(succeed(&sign_ins, 1, "mia@shop.example", now));
        for account in 0..10 {
            fail(&sign_ins, 1, &account.to_string(), 10, now);
        }
        assert!(!succeed(&sign_ins, 1, "ann@shop.example", now));
        assert!(succeed(&sign_ins, 1, "mia@shop.example", now));
    }

    #[test]
    fn an_account_that_is_tried_from_everywhere_is_slowed_and_never_locked() {
        let (sign_ins, now) = sign_ins();
        assert!(succeed(&sign_ins, 1, "mia@shop.example", now));
        for from in 100..200 {
            fail(&sign_ins, from, "mia@shop.example", 1, now);
        }
        assert_eq!(fail(&sign_ins, 300, "mia@shop.example", 5, now), 1, "one try each");
        assert!(succeed(&sign_ins, 2, "mia@shop.example", now), "from a new place, at the first try");
        assert_eq!(fail(&sign_ins, 1, "mia@shop.example", 5, now), 5, "where she works she may mistype");
        assert!(succeed(&sign_ins, 1, "mia@shop.example", now));
    }

    #[test]
    fn who_signs_in_or_was_not_looked_at_has_not_failed() {
        let (sign_ins, now) = sign_ins();
        assert!((0..1_000).all(|_| succeed(&sign_ins, 1, "mia@shop.example", now)));
        for _ in 0..1_000 {
            let tried = sign_ins.begin(address(3), "mia@shop.example", now).expect("it counts for nothing");
            sign_ins.excuse(tried);
        }
    }

    #[test]
    fn without_a_limit_anything_goes() {
        let sign_ins = SignIns::new(None, &[7; 32]);
        assert_eq!(fail(&sign_ins, 1, "mia@shop.example", 1_000, Instant::now()), 1_000);
        assert!((0..1_000).all(|_| sign_ins.note_unknown_key(address(1), Instant::now()).is_ok()));
    }
}

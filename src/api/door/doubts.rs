//! Why a credential is not taken, in words that tell its holder what to mend. What is said follows from the credential
//! alone, or from what only its holder can have: who guesses learns that they guessed wrong.

use crate::api::answer::problem::Problem;
use crate::api::door::tokens::Unfit;
use crate::records::api_key::is_secret;
use crate::refusal::Code;

/// What is sent in a place, and where it is to be had.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What is good there.
    wanted: &'static str,
    /// Whoever has what is good elsewhere only.
    misplaced: &'static str,
    /// How a new token is made.
    anew: &'static str,
    /// What ended a token before its time.
    ended: &'static str,
}

/// Every operation but those for browsers.
pub const CLIENTS: Place = Place {
    wanted: "a key's secret (gvk_…) or an access token",
    misplaced: "This token is a customer's browser's: it is good for /v1/me alone",
    anew: "POST /v1/token, or for operators POST /v1/operators/token, gives a new one",
    ended: "its key was revoked or its operator shut out, or may do less since",
};

/// What a customer's browser may do.
pub const BROWSERS: Place = Place {
    wanted: "a token of POST /v1/customers/{id}/tokens",
    misplaced: "A key's secret or access token does not belong into a browser, and is not taken here",
    anew: "POST /v1/customers/{id}/tokens gives a new one",
    ended: "nobody is known any more by the customer's id that it names",
};

/// What is wrong with a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// There is none.
    NoCredential,
    /// It is neither a secret nor a token.
    Shapeless,
    /// It begins as a secret does, and is none.
    TornSecret,
    /// It is good in another place.
    Misplaced,
    /// No key has this secret.
    UnknownSecret,
    /// It is a token that was not issued here.
    Foreign,
    /// Its time is over.
    Expired,
    /// Whose it was may do less now.
    Ended,
}

impl Doubt {
    /// About a secret that is no key's.
    pub fn of_secret(secret: &str) -> Self {
        if is_secret(secret) { Doubt::UnknownSecret } else { Doubt::TornSecret }
    }

    /// What its holder is told.
    pub fn told(self, place: Place) -> String {
        let Place { wanted, misplaced, anew, ended } = place;
        match self {
            Doubt::NoCredential => format!("There is no credential: send `Authorization: Bearer …` with {wanted}."),
            Doubt::Shapeless => format!(
                "What came as bearer is neither a key's secret nor a token; it may be cut off. Send {wanted}."
            ),
            Doubt::TornSecret => {
                "This has not the form of a key's secret, gvk_test_ or gvk_live_ and 43 characters: it may be cut off, or \
                 have quotes around it."
                    .to_owned()
            }
            Doubt::Misplaced => format!("{misplaced}. Send {wanted}."),
            Doubt::UnknownSecret => {
                "No key here has this secret: it is a key of another installation, or one that was revoked.".to_owned()
            }
            Doubt::Foreign => {
                format!("This token is of another installation, or was altered, or is months old; {anew}.")
            }
            Doubt::Expired => format!("This token has expired; {anew}."),
            Doubt::Ended => format!("This token has ended: {ended}; {anew}."),
        }
    }

    /// The refusal.
    pub fn problem(self, place: Place) -> Problem {
        Problem::new(Code::Unauthenticated, self.told(place))
    }
}

impl From<Unfit> for Doubt {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Shapeless => Doubt::Shapeless,
            Unfit::Misplaced => Doubt::Misplaced,
            Unfit::Foreign => Doubt::Foreign,
            Unfit::Expired => Doubt::Expired,
        }
    }
}

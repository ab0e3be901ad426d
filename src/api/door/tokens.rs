//! Access tokens: JWTs (RFC 9068: `typ: at+jwt`) signed with EdDSA, keys published as JWKS.
//!
//! The keys of a period are derived from the installation's secret, so that every process signs and
//! verifies alike. Three periods are published: the one before, the present, the next; so a rotation
//! surprises nobody. The algorithm is ours, never the token's (RFC 8725).

use std::sync::Arc;

use aws_lc_rs::signature::KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};

use crate::decide::draft::Installation;
use crate::records::operator::Role;
use crate::records::{Id, Timestamp};
use crate::vault::Vault;

/// Clocks may differ by this much, seconds.
const LEEWAY: u64 = 60;
/// What a proof says that it is: no token.
const PROOF: &str = "proof+jwt";
/// The scope of a browser's token.
pub const ME: &str = "me";

/// For whom a token was made. Each kind has a `typ` and an audience of its own, so that none passes for
/// another (RFC 8725, 3.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// A key or an operator: every operation that its scopes name.
    Client,
    /// A customer's browser: `/v1/me` and nothing else.
    Browser,
}

impl Holder {
    const ALL: [Holder; 2] = [Holder::Client, Holder::Browser];

    fn kind(self) -> &'static str {
        match self {
            Holder::Client => "at+jwt",
            Holder::Browser => "me+jwt",
        }
    }

    fn audience(self, public_url: &str) -> String {
        match self {
            Holder::Client => public_url.to_owned(),
            Holder::Browser => format!("{public_url}/v1/me"),
        }
    }
}

/// Why a token is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It has not the form of a token.
    Shapeless,
    /// It was made for another kind of holder, as it says itself.
    Misplaced,
    /// It was not issued here, or so long ago that its key is published no more.
    Foreign,
    /// It was issued here, and its time is over.
    Expired,
}

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: the server's public URL.
    pub iss: String,
    /// For whom: the same, or its part for browsers.
    pub aud: String,
    /// Whose it is: a key, an operator or a customer.
    pub sub: Id,
    /// First second too late.
    pub exp: i64,
    /// When it was issued, seconds.
    pub iat: i64,
    /// Its own name.
    pub jti: String,
    /// The shop.
    pub shop: Id,
    /// What it may do, with blanks between.
    pub scope: String,
    /// The generation of the key or operator: a later one ends it. Of a browser it is none.
    #[serde(default)]
    pub generation: i64,
    /// The operator's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A key or an operator, for whom a token is made.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// Its id.
    pub id: Id,
    /// Its shop.
    pub shop: Id,
    /// Its generation.
    pub generation: i64,
    /// The operator's role.
    pub role: Option<Role>,
}

/// Signs and verifies.
pub struct Tokens {
    installation: Arc<Installation>,
    seconds: i64,
    pairs: Cache<i64, Arc<Pair>>,
}

struct Pair {
    signing: EncodingKey,
    verifying: DecodingKey,
    public: String,
}

/// A published key (RFC 8037).
#[derive(Serialize)]
pub struct PublicKey {
    kty: &'static str,
    crv: &'static str,
    r#use: &'static str,
    alg: &'static str,
    kid: String,
    x: String,
}

/// The published keys.
#[derive(Serialize)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

impl KeySet {
    /// One key of Ed25519, under a name; `public` is written as RFC 8037 has it.
    pub fn of_one(kid: String, public: String) -> Self {
        Self { keys: vec![PublicKey::new(kid, public)] }
    }
}

impl PublicKey {
    fn new(kid: String, x: String) -> Self {
        Self { kty: "OKP", crv: "Ed25519", r#use: "sig", alg: "EdDSA", kid, x }
    }
}

impl Tokens {
    /// Tokens that are good for so many seconds.
    pub fn new(installation: Arc<Installation>, seconds: i64) -> Self {
        Self { installation, seconds, pairs: Cache::new(8) }
    }

    /// How long a token is good, seconds.
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Issues a token for a key or an operator.
    pub fn issue(&self, now: Timestamp, client: Client, scope: String) -> Option<String> {
        let Client { id, shop, generation, role } = client;
        let claims = self.claims(Holder::Client, now, self.seconds, id, shop);
        self.sign(Holder::Client, now, &Claims { scope, generation, role, ..claims })
    }

    /// Issues a token for a customer's browser, good for so many seconds.
    pub fn issue_for_browser(&self, now: Timestamp, customer: Id, shop: Id, seconds: i64) -> Option<String> {
        self.sign(Holder::Browser, now, &self.claims(Holder::Browser, now, seconds, customer, shop))
    }

    fn claims(&self, holder: Holder, now: Timestamp, seconds: i64, sub: Id, shop: Id) -> Claims {
        let iat = now.ms() / 1000;
        let mut random = [0u8; 10];
        rand::Rng::fill_bytes(&mut rand::rng(), &mut random);
        Claims {
            iss: self.installation.public_url.clone(),
            aud: holder.audience(&self.installation.public_url),
            sub,
            exp: iat + seconds,
            iat,
            jti: Id::new("tok", now.ms(), random).to_string(),
            shop,
            scope: ME.to_owned(),
            generation: 0,
            role: None,
        }
    }

    fn sign(&self, holder: Holder, now: Timestamp, claims: &Claims) -> Option<String> {
        let period = Vault::signing_period(now.ms());
        let header =
            Header { typ: Some(holder.kind().to_owned()), kid: Some(kid(period)), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &self.pair(period)?.signing).ok()
    }

    /// Signs what is to be proved to others, as a JWS that its key's set verifies; it is good for no operation.
    pub fn sign_proof(&self, now: Timestamp, proof: &impl Serialize) -> Option<String> {
        let period = Vault::signing_period(now.ms());
        let header = Header { typ: Some(PROOF.to_owned()), kid: Some(kid(period)), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, proof, &self.pair(period)?.signing).ok()
    }

    /// Reads the token of a key or an operator.
    pub fn verify(&self, now: Timestamp, token: &str) -> Result<Claims, Unfit> {
        self.read(Holder::Client, now, token)
    }

    /// Reads the token of a customer's browser.
    pub fn verify_browser(&self, now: Timestamp, token: &str) -> Result<Claims, Unfit> {
        self.read(Holder::Browser, now, token)
    }

    fn read(&self, holder: Holder, now: Timestamp, token: &str) -> Result<Claims, Unfit> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Unfit::Shapeless)?;
        if Holder::ALL.iter().any(|other| *other != holder && header.typ.as_deref() == Some(other.kind())) {
            return Err(Unfit::Misplaced);
        }
        let claims = self.signed(holder, now, token, &header).ok_or(Unfit::Foreign)?;
        let seconds = now.ms() / 1000;
        let leeway = i64::try_from(LEEWAY).unwrap_or(0);
        if claims.iat > seconds + leeway || claims.exp > claims.iat + 86_400 {
            return Err(Unfit::Foreign);
        }
        if claims.exp > seconds - leeway { Ok(claims) } else { Err(Unfit::Expired) }
    }

    /// What a token says that was signed here for such a holder, whenever that was.
    fn signed(&self, holder: Holder, now: Timestamp, token: &str, header: &Header) -> Option<Claims> {
        let plain = header.typ.as_deref() == Some(holder.kind())
            && header.alg == Algorithm::EdDSA
            && header.jku.is_none()
            && header.jwk.is_none()
            && header.x5u.is_none()
            && header.x5c.is_none()
            && !names_critical(token);
        let present = Vault::signing_period(now.ms());
        let period = published(present).find(|period| header.kid.as_deref() == Some(&kid(*period)))?;
        if !plain {
            return None;
        }
        let read = jsonwebtoken::decode::<Claims>(token, &self.pair(period)?.verifying, &self.validation(holder));
        read.ok().map(|data| data.claims)
    }

    /// The keys by which tokens can be verified.
    pub fn key_set(&self, now: Timestamp) -> KeySet {
        let periods = published(Vault::signing_period(now.ms()));
        let keys = periods.filter_map(|period| Some(PublicKey::new(kid(period), self.pair(period)?.public.clone())));
        KeySet { keys: keys.collect() }
    }

    fn validation(&self, holder: Holder) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.installation.public_url]);
        validation.set_audience(&[holder.audience(&self.installation.public_url)]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY;
        // The time is told by the server's clock, below; the crate would ask the machine's.
        validation.validate_exp = false;
        validation
    }

    fn pair(&self, period: i64) -> Option<Arc<Pair>> {
        if let Some(pair) = self.pairs.get(&period) {
            return Some(pair);
        }
        let pair = self.installation.vault.signing_pair(period);
        let public = URL_SAFE_NO_PAD.encode(pair.public_key());
        let document = pair.to_pkcs8().ok()?;
        let made = Arc::new(Pair {
            signing: EncodingKey::from_ed_der(document.as_ref()),
            verifying: DecodingKey::from_ed_components(&public).ok()?,
            public,
        });
        self.pairs.insert(period, made.clone());
        Some(made)
    }
}

fn published(present: i64) -> impl Iterator<Item = i64> {
    present - 1..=present + 1
}

fn kid(period: i64) -> String {
    format!("gv-{period}")
}

/// Whether the header has `crit` (RFC 7515, 4.1.11): we understand no extension, so it is refused.
fn names_critical(token: &str) -> bool {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let header = header.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    header.is_none_or(|header| header.get("crit").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::time::DAY_MS;

    const NOW: Timestamp = Timestamp::constant(1_795_430_463_123);

    fn tokens(secret: &[u8], url: &str) -> Tokens {
        let installation =
            Installation { vault: Vault::new(secret), public_url: url.to_owned(), answer_days: 30, visit_days: 90 };
        Tokens::new(Arc::new(installation), 900)
    }

    fn issue(tokens: &Tokens, at: Timestamp) -> String {
        let (id, shop) = (Id::new("key", 1, [1; 10]), Id::new("shp", 1, [2; 10]));
        let client = Client { id, shop, generation: 3, role: None };
        tokens.issue(at, client, "shop:read".to_owned()).expect("a token")
    }

    #[test]
    fn a_token_is_good_for_its_time_and_place() {
        let ours = tokens(b"one", "https://go.example");
        let token = issue(&ours, NOW);
        let claims = ours.verify(NOW, &token).expect("it is good");
        assert_eq!((claims.scope.as_str(), claims.generation), ("shop:read", 3));
        assert!(ours.verify(NOW.plus_ms(899_000), &token).is_ok());
        assert!(ours.verify(NOW.plus_ms(900_000 + 61_000), &token).err() == Some(Unfit::Expired));
        assert!(ours.verify(NOW.plus_ms(-120_000), &token).is_err(), "issued in the future");
        assert!(tokens(b"two", "https://go.example").verify(NOW, &token).is_err(), "another secret");
        assert!(tokens(b"one", "https://other.example").verify(NOW, &token).is_err(), "another server");
    }

    #[test]
    fn a_browsers_token_and_a_clients_do_not_pass_for_each_other() {
        let ours = tokens(b"one", "https://go.example");
        let (customer, shop) = (Id::new("cus", 1, [1; 10]), Id::new("shp", 1, [2; 10]));
        let (client, browser) = (issue(&ours, NOW), ours.issue_for_browser(NOW, customer, shop, 60).expect("a token"));
        assert_eq!(ours.verify_browser(NOW, &browser).map(|claims| claims.sub), Ok(customer));
        assert_eq!(ours.verify(NOW, &browser).err(), Some(Unfit::Misplaced));
        assert_eq!(ours.verify_browser(NOW, &client).err(), Some(Unfit::Misplaced));
        assert_eq!(ours.verify_browser(NOW.plus_ms(60_000 + 61_000), &browser).err(), Some(Unfit::Expired));
    }

    #[test]
    fn a_rotation_surprises_nobody() {
        let ours = tokens(b"one", "https://go.example");
        let period_ms = 30 * DAY_MS;
        let last_second = Timestamp::from_ms((NOW.ms() / period_ms + 1) * period_ms - 1_000);
        let token = issue(&ours, last_second);
        assert!(ours.verify(last_second.plus_ms(2_000), &token).is_ok());
        assert_eq!(ours.key_set(NOW).keys.len(), 3);
    }

    #[test]
    fn forged_tokens_are_refused() {
        let ours = tokens(b"one", "https://go.example");
        let token = issue(&ours, NOW);
        let parts: Vec<&str> = token.split('.').collect();
        let header = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let kid = kid(Vault::signing_period(NOW.ms()));
        let with = |head: String| format!("{head}.{}.{}", parts[1], parts[2]);
        let table = [
            with(header(r#"{"alg":"none","typ":"at+jwt"}"#)),
            with(header(&format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#))),
            with(header(&format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{kid}"}}"#))),
            with(header(&format!(r#"{{"alg":"EdDSA","typ":"at+jwt","kid":"{kid}","crit":["x"]}}"#))),
            with(header(r#"{"alg":"EdDSA","typ":"at+jwt","kid":"gv-1"}"#)),
            with(header(r#"{"alg":"EdDSA","typ":"at+jwt"}"#)),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode("{}"), parts[2]),
            format!("{token}x"),
            String::new(),
            "a.b.c".to_owned(),
        ];
        for forged in table {
            assert!(ours.verify(NOW, &forged).is_err(), "{forged}");
        }
    }
}

//! The keys by which mails are signed (DKIM, RFC 6376 and RFC 8463).

use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Bytes of the shortest RSA key that receivers take (RFC 8301), 2048 bits.
const RSA_BYTES: usize = 256;
/// Keys that there may be: each of a mail's domain signs it.
const KEYS: usize = 50;
/// Largest file, bytes.
const FILE: usize = 16 * 1024;

/// A key, and where its other half is found.
#[derive(Clone)]
pub struct DkimKey {
    /// `s=`: its name.
    pub selector: String,
    /// `d=`: whose it is, as it is in the DNS.
    pub domain: String,
    pair: Arc<Pair>,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl std::fmt::Debug for DkimKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{} ({})", self.selector, self.domain, self.algorithm())
    }
}

impl DkimKey {
    /// Reads a key in PEM: PKCS#8, or PKCS#1 as `openssl genrsa -traditional` writes it.
    pub fn new(selector: &str, domain: &str, pem: &str) -> Result<Self, String> {
        let domain = idna::domain_to_ascii_strict(domain).ok().filter(|domain| domain.contains('.'));
        let domain = domain.ok_or("a domain is expected behind the @")?;
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        if selector.len() > 63 || !selector.split('.').all(is_label) {
            return Err("a selector of letters, digits and hyphens is expected before the @".to_owned());
        }
        let pair = Arc::new(Pair::read(pem)?);
        Ok(Self { selector: selector.to_ascii_lowercase(), domain: domain.to_ascii_lowercase(), pair })
    }

    /// Whether it signs mails from a domain: its own, and those below it.
    pub fn signs_for(&self, domain: &str) -> bool {
        let domain = domain.to_ascii_lowercase();
        domain == self.domain || domain.strip_suffix(&self.domain).is_some_and(|rest| rest.ends_with('.'))
    }

    /// `a=`: how it signs.
    pub fn algorithm(&self) -> &'static str {
        match *self.pair {
            Pair::Rsa(_) => "rsa-sha256",
            Pair::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// Signs; `None`: the key cannot.
    pub fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        match &*self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature).ok()?;
                Some(signature)
            }
            // RFC 8463: the hash is signed.
            Pair::Ed25519(pair) => {
                let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text);
                Some(pair.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }

    /// The name in the DNS under which receivers look for its other half.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }

    /// What stands there.
    pub fn record(&self) -> String {
        let (kind, public) = match &*self.pair {
            Pair::Rsa(pair) => {
                let der = pair.public_key().as_der();
                ("rsa", der.map(|der| STANDARD.encode(der.as_ref())).unwrap_or_default())
            }
            Pair::Ed25519(pair) => ("ed25519", STANDARD.encode(pair.public_key().as_ref())),
        };
        format!("v=DKIM1; k={kind}; p={public}")
    }
}

impl Pair {
    fn read(pem: &str) -> Result<Self, String> {
        const WRONG: &str = "a private key in PEM is expected, RSA of 2048 bits or more, or Ed25519";
        let der = |kind: &str| {
            let (_, rest) = pem.split_once(&format!("-----BEGIN {kind}-----"))?;
            let (text, _) = rest.split_once(&format!("-----END {kind}-----"))?;
            STANDARD.decode(text.split_whitespace().collect::<String>()).ok()
        };
        let pkcs8 = der("PRIVATE KEY");
        if let Some(pair) = pkcs8.as_deref().and_then(|der| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok()) {
            return Ok(Self::Ed25519(pair));
        }
        let rsa = pkcs8.and_then(|der| RsaKeyPair::from_pkcs8(&der).ok());
        let rsa = rsa.or_else(|| RsaKeyPair::from_der(&der("RSA PRIVATE KEY")?).ok());
        rsa.filter(|pair| pair.public_modulus_len() >= RSA_BYTES).map(Self::Rsa).ok_or_else(|| WRONG.to_owned())
    }
}

/// `SELECTOR@DOMAIN=FILE`, with commas between.
pub(super) fn parse_keys(text: &str) -> Result<Vec<DkimKey>, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > KEYS {
        return Err(format!("at most {KEYS} keys are expected"));
    }
    parts.into_iter().map(read_key).collect()
}

fn read_key(part: &str) -> Result<DkimKey, String> {
    let named = part.split_once('=').and_then(|(name, file)| Some((name.split_once('@')?, file)));
    let Some(((selector, domain), file)) = named else {
        return Err("SELECTOR@DOMAIN=FILE is expected, for example gv1@shop.example=/etc/grapevine/dkim.pem".to_owned());
    };
    let text = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let text = String::from_utf8(text).ok().filter(|text| text.len() <= FILE);
    let text = text.ok_or_else(|| format!("{file}: it is no private key in PEM"))?;
    DkimKey::new(selector, domain, &text).map_err(|fault| format!("{part}: {fault}"))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rsa::KeySize;

    use super::*;

    fn pem(kind: &str, der: &[u8]) -> String {
        format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
    }

    fn ed25519() -> String {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        pem("PRIVATE KEY", der.as_ref())
    }

    #[test]
    fn a_key_signs_for_its_domain_and_those_below_it() {
        let key = DkimKey::new("GV1", "Shop.Example", &ed25519()).expect("a key");
        assert_eq!(key.record_name(), "gv1._domainkey.shop.example");
        assert!(key.record().starts_with("v=DKIM1; k=ed25519; p="), "{}", key.record());
        for (domain, signs) in [
            ("shop.example", true),
            ("SHOP.example", true),
            ("mail.shop.example", true),
            ("other.example", false),
            ("myshop.example", false),
            ("example", false),
            ("", false),
        ] {
            assert_eq!(key.signs_for(domain), signs, "{domain}");
        }
    }

    #[test]
    fn a_key_of_rsa_is_long_enough() {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'static>>::as_der(&pair).expect("it is written");
        let key = DkimKey::new("gv1", "shop.example", &pem("PRIVATE KEY", der.as_ref())).expect("a key");
        assert_eq!((key.algorithm(), key.sign(b"x").map(|signature| signature.len())), ("rsa-sha256", Some(256)));
        assert!(format!("{key:?}").starts_with("gv1@shop.example"), "{key:?}");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let good = ed25519();
        for (selector, domain, pem) in [
            ("gv1", "shop.example", ""),
            ("gv1", "shop.example", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
            ("gv 1", "shop.example", &good),
            ("", "shop.example", &good),
            ("gv1", "localhost", &good),
            ("gv1", "", &good),
        ] {
            assert!(DkimKey::new(selector, domain, pem).is_err(), "{selector}@{domain}");
        }
        for text in ["gv1", "gv1@shop.example", "gv1=x", "gv1@shop.example=/nowhere/at/all"] {
            assert!(parse_keys(text).is_err(), "{text}");
        }
        assert_eq!(parse_keys("").map(|keys| keys.len()), Ok(0));
    }
}

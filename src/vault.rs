//! The keys that everything secret is made with, all derived from one: `GRAPEVINE_SECRET`.
//!
//! Pure computation: what is random is handed in. Key purposes never overlap, for each is derived
//! under its own label (HKDF, RFC 5869).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use aws_lc_rs::{constant_time, digest, hkdf, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::records::Id;

/// How long one key signs tokens; a token is accepted while its key is the current or the one before.
const SIGNING_PERIOD_MS: i64 = 30 * crate::records::time::DAY_MS;

/// Bytes of the mark behind an id that strangers are given: to guess one takes more tries than mails could be sent.
const MARK_BYTES: usize = 8;

/// Derived keys.
pub struct Vault {
    codes: hmac::Key,
    identities: hmac::Key,
    visits: hmac::Key,
    cursors: hmac::Key,
    boxes: LessSafeKey,
    root: hkdf::Prk,
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive(root: &hkdf::Prk, label: &str) -> [u8; 32] {
    let info = [label.as_bytes()];
    let mut key = [0u8; 32];
    root.expand(&info, Length(32)).and_then(|okm| okm.fill(&mut key)).expect("32 bytes are within what HKDF can give");
    key
}

impl Vault {
    /// Derives every key from the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"grapevine").extract(secret);
        let sealing = UnboundKey::new(&AES_256_GCM, &derive(&root, "boxes")).expect("the key has 32 bytes");
        let hmac_key = |label| hmac::Key::new(hmac::HMAC_SHA256, &derive(&root, label));
        Self {
            codes: hmac_key("codes"),
            identities: hmac_key("identities"),
            visits: hmac_key("visits"),
            cursors: hmac_key("cursors"),
            boxes: LessSafeKey::new(sealing),
            root,
        }
    }

    /// By what the secret is told from another, without telling anything of it.
    pub fn mark(&self) -> String {
        hex(&derive(&self.root, "mark")[..8])
    }

    /// The keyed hash by which a voucher's code is found, without storing the code.
    pub fn code_key(&self, shop: Id, plain_code: &str) -> String {
        let mut context = hmac::Context::with_key(&self.codes);
        context.update(shop.to_string().as_bytes());
        context.update(plain_code.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign())
    }

    /// The key in whose order a batch's codes come: who knows some of them cannot tell the next.
    pub fn batch_key(&self, batch: Id) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &derive(&self.root, &format!("batch/{batch}")))
    }

    /// The keyed hash of a canonical address, by which a person of a shop is known again.
    pub fn identity_hash(&self, shop: Id, canonical: &str) -> String {
        let mut context = hmac::Context::with_key(&self.identities);
        context.update(shop.to_string().as_bytes());
        context.update(canonical.as_bytes());
        URL_SAFE_NO_PAD.encode(context.sign())
    }

    /// Seals a text (AES-256-GCM). `nonce` must be random and new.
    pub fn seal(&self, text: &str, nonce: [u8; 12]) -> String {
        let mut sealed = text.as_bytes().to_vec();
        self.boxes
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .expect("texts are far below the limit of AES-GCM");
        let mut out = nonce.to_vec();
        out.append(&mut sealed);
        STANDARD_NO_PAD.encode(out)
    }

    /// Opens what was sealed; `None` when it was sealed under another secret, or changed.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, content) = bytes.split_first_chunk::<12>()?;
        let mut content = content.to_vec();
        let opened = self.boxes.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut content);
        String::from_utf8(opened.ok()?.to_vec()).ok()
    }

    /// The key of the marks that visits put on links.
    pub fn visits(&self) -> &hmac::Key {
        &self.visits
    }

    /// The key that makes list cursors tamper-evident.
    pub fn cursors(&self) -> &hmac::Key {
        &self.cursors
    }

    /// Which period an instant (milliseconds since 1970) lies in.
    pub fn signing_period(at_ms: i64) -> i64 {
        at_ms.div_euclid(SIGNING_PERIOD_MS)
    }

    /// The pair that signs tokens in a period.
    pub fn signing_pair(&self, period: i64) -> Ed25519KeyPair {
        let seed = derive(&self.root, &format!("jwt/{period}"));
        Ed25519KeyPair::from_seed_unchecked(&seed).expect("every 32 bytes are a seed")
    }

    /// The public key by which the passes of a shop are told from others without asking anybody.
    pub fn pass_key(&self, shop: Id) -> Vec<u8> {
        self.pass_pair(shop).public_key().as_ref().to_vec()
    }

    /// What the QR code of a pass says: its id, its day and a signature over both, with dots between.
    pub fn pass_text(&self, shop: Id, pass: Id, day: &str) -> String {
        let said = format!("{pass}.{day}");
        let signature = URL_SAFE_NO_PAD.encode(self.pass_pair(shop).sign(said.as_bytes()));
        format!("{said}.{signature}")
    }

    /// The pass that such a text names; `None`: it is none, or another shop's, or somebody else wrote it.
    pub fn read_pass(&self, shop: Id, text: &str) -> Option<Id> {
        let (said, signature) = text.trim().rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let (pass, _) = said.split_once('.')?;
        let key = UnparsedPublicKey::new(&ED25519, self.pass_key(shop));
        key.verify(said.as_bytes(), &signature).ok()?;
        Id::parse("vch", pass)
    }

    /// An id as strangers are given it for one purpose: nobody can make it of another. 42 letters and digits, good in
    /// any case.
    pub fn marked(&self, purpose: &str, id: Id) -> String {
        let text = id.text();
        let (_, name) = text.split_at(id.prefix().len() + 1);
        format!("{name}{}", hex(&self.mark_of(purpose, id)))
    }

    /// The id that such a text names; `None`: it is none, or somebody made it up.
    pub fn read_marked(&self, purpose: &str, prefix: &'static str, text: &str) -> Option<Id> {
        let text = text.to_ascii_lowercase();
        let (name, mark) = text.split_at_checked(text.len().checked_sub(MARK_BYTES * 2)?)?;
        let id = Id::parse(prefix, &format!("{prefix}_{name}"))?;
        let expected = hex(&self.mark_of(purpose, id));
        constant_time::verify_slices_are_equal(mark.as_bytes(), expected.as_bytes()).ok()?;
        Some(id)
    }

    fn mark_of(&self, purpose: &str, id: Id) -> [u8; MARK_BYTES] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &derive(&self.root, &format!("marked/{purpose}")));
        let mut mark = [0; MARK_BYTES];
        mark.copy_from_slice(&hmac::sign(&key, id.text().as_bytes()).as_ref()[..MARK_BYTES]);
        mark
    }

    /// The pair that signs webhooks beside a secret, which stands here sealed: the receiver, who knows the secret, does not
    /// come to it, and a new secret has a new pair.
    pub fn webhook_pair(&self, sealed_secret: &str) -> Ed25519KeyPair {
        let seed = derive(&self.root, &format!("webhook/{sealed_secret}"));
        Ed25519KeyPair::from_seed_unchecked(&seed).expect("every 32 bytes are a seed")
    }

    fn pass_pair(&self, shop: Id) -> Ed25519KeyPair {
        let seed = derive(&self.root, &format!("pass/{shop}"));
        Ed25519KeyPair::from_seed_unchecked(&seed).expect("every 32 bytes are a seed")
    }

    /// The seed of that pair.
    pub fn signing_seed(&self, period: i64) -> [u8; 32] {
        derive(&self.root, &format!("jwt/{period}"))
    }
}

/// SHA-256, hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Bytes as hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_under_the_same_secret_alone() {
        let (vault, other) = (Vault::new(b"one"), Vault::new(b"two"));
        let sealed = vault.seal("K7QM-3F9X-T2WD", [1; 12]);
        assert_eq!(vault.open(&sealed).as_deref(), Some("K7QM-3F9X-T2WD"));
        assert_eq!(other.open(&sealed), None);
        assert_eq!(vault.open(&sealed.replace('A', "B")).is_some(), !sealed.contains('A'));
        assert!(!sealed.contains("K7QM"));
    }

    #[test]
    fn a_pass_is_read_by_its_own_shop_and_as_it_was_written() {
        let (vault, other) = (Vault::new(b"one"), Vault::new(b"two"));
        let [shop, another] = ["a", "b"].map(|name| Id::of("shp", &[name]));
        let pass = Id::of("vch", &["pass"]);
        let text = vault.pass_text(shop, pass, "20261224");
        assert!(text.starts_with(&format!("{pass}.20261224.")) && text.len() < 128, "{text}");
        assert_eq!(vault.read_pass(shop, &format!(" {text}\n")), Some(pass));
        assert_eq!(vault.read_pass(another, &text), None);
        assert_eq!(other.read_pass(shop, &text), None);
        let forged = Id::of("vch", &["other"]).to_string();
        let changed = [text.replace("20261224", "20261225"), text.replace(&pass.to_string(), &forged)];
        for wrong in changed.into_iter().chain([format!("{text}."), String::new(), "a.b".to_owned(), "..".to_owned()]) {
            assert_eq!(vault.read_pass(shop, &wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_marked_id_is_read_for_its_purpose_and_as_it_was_written() {
        let (vault, other) = (Vault::new(b"one"), Vault::new(b"two"));
        let (id, another) = (Id::new("msg", 1, [1; 10]), Id::new("msg", 1, [2; 10]));
        let text = vault.marked("return path", id);
        assert_eq!(text.len(), crate::decide::mail::bounce::TAG_LENGTH);
        assert_eq!(vault.read_marked("return path", "msg", &text), Some(id));
        assert_eq!(vault.read_marked("return path", "msg", &text.to_ascii_uppercase()), Some(id));
        assert_eq!(vault.read_marked("unsubscribe", "msg", &text), None);
        assert_eq!(other.read_marked("return path", "msg", &text), None);
        let (name, mark) = text.split_at(26);
        let swapped = format!("{}{mark}", &vault.marked("return path", another)[..26]);
        for wrong in [&swapped, name, mark, "", "x", &format!("{text}0"), &"ä".repeat(21)] {
            assert_eq!(vault.read_marked("return path", "msg", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_is_found_by_its_shop_and_itself() {
        let vault = Vault::new(b"one");
        let (a, b) = (Id::new("shp", 1, [1; 10]), Id::new("shp", 1, [2; 10]));
        assert_eq!(vault.code_key(a, "X"), vault.code_key(a, "X"));
        assert_ne!(vault.code_key(a, "X"), vault.code_key(b, "X"));
    }
}

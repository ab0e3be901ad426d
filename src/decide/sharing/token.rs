//! The token in a link's address, and the key by which the same share is found again.

use crate::decide::draft::Draft;
use crate::records::Id;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Characters of a token: 65 bits, so that nobody finds one by trying.
const TOKEN_CHARS: usize = 11;

/// A new token.
pub fn token(draft: &Draft<'_>) -> String {
    let mut number = u128::from_be_bytes(draft.random());
    let mut token = String::with_capacity(TOKEN_CHARS);
    for _ in 0..TOKEN_CHARS {
        let place = usize::try_from(number % 62).unwrap_or(0);
        token.push(char::from(BASE62[place]));
        number /= 62;
    }
    token
}

/// What makes it the same share: the same customer, channel, landing page and placement.
pub fn share_key(
    program: Id,
    customer: Id,
    channel: &str,
    landing_url: Option<&str>,
    placement: Option<&str>,
) -> String {
    let (program, customer) = (program.to_string(), customer.to_string());
    let parts = [&program, &customer, channel, landing_url.unwrap_or_default(), placement.unwrap_or_default()];
    Id::of("spt", &parts).to_string()
}

/// The same of the share whose link is a code's: no placement that a shop gives leads to it.
pub fn share_key_of_code(program: Id, customer: Id) -> String {
    Id::of("spt", &[&program.to_string(), &customer.to_string(), "code"]).to_string()
}

//! Which channel a key names: the shop's own comes before the built-in one.

use crate::decide::draft::Draft;
use crate::records::channel::{ChannelSpec, built_in};
use crate::records::{Id, OwnChannel};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The channel with this key, if there is one.
pub fn named(draft: &Draft<'_>, key: &str) -> Result<Option<ChannelSpec>, Stop> {
    let own = draft.get::<OwnChannel>(id_of(draft, key))?;
    Ok(own.map(|own| own.spec.0.clone()).or_else(|| built_in(key).cloned()))
}

/// The same; refuses when there is none.
pub fn known(draft: &Draft<'_>, key: &str, pointer: &str) -> Result<ChannelSpec, Stop> {
    named(draft, key)?.ok_or_else(|| {
        let detail =
            format!("There is no channel {key}; GET /v1/channels lists them, PUT /v1/channels/{{key}} adds one.");
        Rejection::at(Code::ChannelUnknown, pointer, detail).into()
    })
}

/// The id of the shop's channel with this key.
pub fn id_of(draft: &Draft<'_>, key: &str) -> Id {
    OwnChannel::id_of(draft.shop.id, key)
}

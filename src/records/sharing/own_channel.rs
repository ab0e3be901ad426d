//! A channel that a shop added to the built-in ones, or changed.

use crate::record;
use crate::records::channel::ChannelSpec;
use crate::records::{Id, Json, Timestamp};

record! {
    /// A shop's own channel, named after its key.
    versioned OwnChannel in "channels" {
        /// Its key.
        name: String,
        /// What it is.
        spec: Json<ChannelSpec>,
        /// When it was made.
        created_at: Timestamp,
    }
}

impl OwnChannel {
    /// The id of a shop's channel.
    pub fn id_of(shop: Id, key: &str) -> Id {
        Id::of("chn", &[&shop.to_string(), key])
    }
}

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChannelSpec {
    pub key: Cow<'static, str>,
}

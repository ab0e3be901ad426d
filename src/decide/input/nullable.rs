//! A field of a change that may be left out, or be emptied with `null`.

use serde::{Deserialize, Deserializer};

/// Tells a field that is `null` from one that was left out.
pub(crate) fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

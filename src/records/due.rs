//! What comes due: the column in which rows say when.

use super::RecordKind;

/// Rows that come due by themselves, each at the instant in a column of its own.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Their kind.
    pub kind: RecordKind,
    /// The column with the instant; a row without one never comes due.
    pub at: &'static str,
    /// States in which they do; empty: in any. The index that finds them is limited to the same.
    pub states: &'static [&'static str],
}

//! Why a connection is closed by us, and what is said then.

/// What is said to one whose request was never known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastWord {
    /// The head did not come in time.
    TooSlow,
    /// It is too large.
    TooLarge,
    /// It is none.
    Malformed,
    /// There are too many connections.
    NoRoom,
}

/// Why a connection is closed by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its head came too slowly.
    SlowHead,
    /// Its head is too large.
    LargeHead,
    /// Its head is none.
    BadHead,
    /// The rest of a body that nobody wanted came too slowly.
    SlowBody,
    /// It does not take its answer.
    SlowReader,
    /// It asked for nothing any more.
    Idle,
    /// There were too many, and it kept us waiting.
    Crowded,
    /// It was told why, and did not go.
    Parted,
}

impl End {
    /// Its word in the metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::SlowHead => "slow_head",
            Self::LargeHead => "large_head",
            Self::BadHead => "bad_head",
            Self::SlowBody => "slow_body",
            Self::SlowReader => "slow_reader",
            Self::Idle => "idle",
            Self::Crowded => "crowded",
            Self::Parted => "parted",
        }
    }

    /// What it is told before, where it waits for an answer.
    pub fn last_word(self) -> Option<LastWord> {
        match self {
            Self::SlowHead => Some(LastWord::TooSlow),
            Self::LargeHead => Some(LastWord::TooLarge),
            Self::BadHead => Some(LastWord::Malformed),
            Self::SlowBody | Self::SlowReader | Self::Idle | Self::Crowded | Self::Parted => None,
        }
    }
}

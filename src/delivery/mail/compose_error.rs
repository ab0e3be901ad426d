//! Why a mail cannot be made, and whether another try can do better.

/// Why a mail cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The recipient's address is none that a mail can be sent to.
    #[error("no mail can be sent to this address")]
    Recipient,
    /// The shop's sender is none that a mail can be sent from; the shop can mend it.
    #[error("no mail can be sent from the shop's sender; change it with PATCH /v1/shop")]
    Sender,
    /// The code does not open: the secret is another one than when it was sealed.
    #[error("the voucher's code cannot be opened with this secret")]
    Sealed,
    /// The message has no address or its reward has nothing to show.
    #[error("the message lacks {0}")]
    Lacks(&'static str),
    /// A fault of ours.
    #[error("the mail cannot be written: {0}")]
    Broken(String),
}

impl ComposeError {
    /// Whether another try can do better.
    pub fn is_passing(&self) -> bool {
        matches!(self, ComposeError::Sealed | ComposeError::Sender | ComposeError::Broken(_))
    }
}

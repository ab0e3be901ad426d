//! Who did what.

use serde::{Deserialize, Serialize};

use crate::records::{Json, Timestamp};
use crate::{record, words};

words! {
    /// What kind of hand it was.
    ActorKind {
        Operator = "operator",
        Key = "key",
        Customer = "customer",
        System = "system",
    }
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Operator, key, a customer's browser or the system itself.
    #[serde(rename = "type")]
    pub kind: ActorKind,
    /// The operator's, key's or customer's id.
    pub id: Option<crate::records::Id>,
    /// A name to read.
    pub name: String,
}

impl Actor {
    /// The system itself: due work and the command line.
    pub fn system() -> Self {
        Self { kind: ActorKind::System, id: None, name: "grapevine".to_owned() }
    }
}

record! {
    /// One line of the audit log.
    append AuditRow in "audit_log" {
        /// When.
        created_at: Timestamp,
        /// Who.
        actor: Json<Actor>,
        /// The operation, for example `void_voucher`.
        action: String,
        /// Kind of what it was done to.
        subject_type: String,
        /// Its id.
        subject_id: String,
        /// Why, where the operation asks.
        reason: Option<String>,
        /// The request that did it.
        request_id: Option<String>,
    }
}

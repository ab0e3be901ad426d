//! A grant: an operator gives a reward by hand, with a reason.

use crate::records::audit::Actor;
use crate::records::benefit::Benefit;
use crate::records::money::Currency;
use crate::records::{Id, Json, Timestamp};
use crate::{record, words};

words! {
    /// `pending_approval → given | rejected`
    GrantStatus {
        PendingApproval = "pending_approval",
        Given = "given",
        Rejected = "rejected",
    }
}

words! {
    /// What it is for.
    Purpose {
        Goodwill = "goodwill",
        Compensation = "compensation",
        Promotion = "promotion",
    }
}

record! {
    /// A grant.
    versioned Grant in "grants" {
        /// Where it stands.
        status: GrantStatus,
        /// Who gets it.
        customer: Id,
        /// His id at the shop.
        customer_ref: Option<String>,
        /// What.
        benefit: Json<Benefit>,
        /// Currency of its amounts.
        currency: Currency,
        /// What it costs, minor units.
        cost_amount: i64,
        /// Why.
        reason: String,
        /// What it is for, where that was said.
        purpose: Option<Purpose>,
        /// The shop's own id of it; unique in the shop.
        reference: Option<String>,
        /// Whether a mail tells the customer.
        notify: bool,
        /// The reward, once given.
        reward: Option<Id>,
        /// Who asked for it.
        by_actor: Json<Actor>,
        /// The first of two operators who approve what no operator asked for.
        approved_by: Json<Option<Actor>>,
        /// Who decided.
        decided_by: Json<Option<Actor>>,
        /// When it was asked for.
        created_at: Timestamp,
        /// When it was decided.
        decided_at: Option<Timestamp>,
    }
    keys { BY_REFERENCE = reference }
}

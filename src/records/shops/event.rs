//! An event: a fact that leaves the house. What happens is told by one of a closed list of kinds, and each kind
//! carries one thing.

use crate::records::{Id, Timestamp};
use crate::{record, words};

words! {
    /// What happened. To add one: its word here, what it carries in [`EventKind::data`], and in `openapi.yaml` its word
    /// in the lists of `EventKind` and its place under `webhooks`.
    EventKind {
        ProgramEnded = "program.ended",
        BudgetWarning = "budget.warning",
        BudgetExhausted = "budget.exhausted",
        CodeCreated = "code.created",
        ReferralCreated = "referral.created",
        ReferralChanged = "referral.changed",
        ReferralExpired = "referral.expired",
        ConversionRecorded = "conversion.recorded",
        ConversionReview = "conversion.review",
        ConversionApproved = "conversion.approved",
        ConversionCancelled = "conversion.cancelled",
        ConversionRejected = "conversion.rejected",
        ConversionReversed = "conversion.reversed",
        ConversionRefunded = "conversion.refunded",
        RedemptionCreated = "redemption.created",
        RedemptionReversed = "redemption.reversed",
        HoldExpired = "hold.expired",
        OfferClaimed = "offer.claimed",
        OfferExhausted = "offer.exhausted",
        OfferLeaking = "offer.leaking",
        VoucherIssued = "voucher.issued",
        VoucherVoided = "voucher.voided",
        VoucherExpired = "voucher.expired",
        PassAdmitted = "pass.admitted",
        RewardPending = "reward.pending",
        RewardDue = "reward.due",
        RewardIssued = "reward.issued",
        RewardReduced = "reward.reduced",
        RewardVoided = "reward.voided",
        RewardSpent = "reward.spent",
        RewardExpired = "reward.expired",
        GrantPending = "grant.pending",
        GrantGiven = "grant.given",
        GrantRejected = "grant.rejected",
        MessageFailed = "message.failed",
        ShareSent = "share.sent",
        CustomerMerged = "customer.merged",
        CustomerErased = "customer.erased",
        ImportFinished = "import.finished",
        BatchFinished = "batch.finished",
        BatchVoided = "batch.voided",
        AnnouncementFinished = "announcement.finished",
        EndpointDisabled = "endpoint.disabled",
        AnalyticsDisabled = "analytics.disabled",
        Guessing = "guessing",
    }
}

words! {
    /// What an event carries, by the name of the contract's schema.
    EventData {
        Program = "Program",
        Budget = "BudgetUsed",
        AdvocateCode = "AdvocateCode",
        Referral = "Referral",
        Conversion = "Conversion",
        RefundedConversion = "RefundedConversion",
        Redemption = "Redemption",
        Reversal = "Reversal",
        Hold = "Hold",
        Offer = "Offer",
        Claim = "Claim",
        Leak = "Leak",
        Voucher = "Voucher",
        Pass = "Pass",
        Reward = "Reward",
        Grant = "Grant",
        Message = "Message",
        Share = "Share",
        Merged = "MergedCustomer",
        Erased = "ErasedCustomer",
        Job = "Job",
        VoucherBatch = "VoucherBatch",
        Announcement = "Announcement",
        Endpoint = "WebhookEndpoint",
        AnalyticsAccount = "AnalyticsAccount",
        Guessing = "Guessing",
    }
}

impl EventKind {
    /// What events of the kind carry.
    pub fn data(self) -> EventData {
        match self {
            Self::ProgramEnded => EventData::Program,
            Self::OfferClaimed => EventData::Claim,
            Self::OfferExhausted => EventData::Offer,
            Self::OfferLeaking => EventData::Leak,
            Self::BudgetWarning | Self::BudgetExhausted => EventData::Budget,
            Self::CodeCreated => EventData::AdvocateCode,
            Self::ReferralCreated | Self::ReferralChanged | Self::ReferralExpired => EventData::Referral,
            Self::ConversionRecorded
            | Self::ConversionReview
            | Self::ConversionApproved
            | Self::ConversionCancelled
            | Self::ConversionRejected
            | Self::ConversionReversed => EventData::Conversion,
            Self::ConversionRefunded => EventData::RefundedConversion,
            Self::RedemptionCreated => EventData::Redemption,
            Self::RedemptionReversed => EventData::Reversal,
            Self::HoldExpired => EventData::Hold,
            Self::VoucherIssued | Self::VoucherVoided | Self::VoucherExpired => EventData::Voucher,
            Self::PassAdmitted => EventData::Pass,
            Self::RewardPending
            | Self::RewardDue
            | Self::RewardIssued
            | Self::RewardReduced
            | Self::RewardVoided
            | Self::RewardSpent
            | Self::RewardExpired => EventData::Reward,
            Self::GrantPending | Self::GrantGiven | Self::GrantRejected => EventData::Grant,
            Self::MessageFailed => EventData::Message,
            Self::ShareSent => EventData::Share,
            Self::CustomerMerged => EventData::Merged,
            Self::CustomerErased => EventData::Erased,
            Self::ImportFinished => EventData::Job,
            Self::BatchFinished | Self::BatchVoided => EventData::VoucherBatch,
            Self::AnnouncementFinished => EventData::Announcement,
            Self::EndpointDisabled => EventData::Endpoint,
            Self::AnalyticsDisabled => EventData::AnalyticsAccount,
            Self::Guessing => EventData::Guessing,
        }
    }
}

record! {
    /// An event, numbered in the order of commits, without gaps.
    append Event in "events" {
        /// Its number in its shop, from 1.
        seq: i64,
        /// What happened.
        kind: EventKind,
        /// What it is about, where that has an id.
        subject: Option<Id>,
        /// The resource as the API shows it, JSON.
        data: String,
        /// When.
        created_at: Timestamp,
    }
}

impl Event {
    /// What is left of the data of an event whose subject is erased.
    pub fn erased_data(subject: Id) -> String {
        format!(r#"{{"id":"{subject}","erased":true}}"#)
    }

    /// Whether that is all that is left.
    pub fn is_erased(&self) -> bool {
        self.subject.is_some_and(|subject| self.data == Self::erased_data(subject))
    }
}

impl AsRef<Event> for Event {
    fn as_ref(&self) -> &Event {
        self
    }
}

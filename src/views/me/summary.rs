//! What a customer sees of a program at a glance: what both sides get, how to share it, what came of it.

use serde::Serialize;

use crate::records::money::Currency;
use crate::records::reward::RewardStatus;
use crate::records::{Id, Timestamp};

/// See the contract's `MySummary`.
#[derive(Serialize)]
pub struct SummaryView {
    /// The program.
    pub program: ProgramView,
    /// What they get for a friend, in words.
    pub my_reward: Option<String>,
    /// What their friend gets, in words.
    pub friend_reward: Option<String>,
    /// Their code; none yet: `POST /v1/me/code` makes one.
    pub code: Option<String>,
    /// The link of their code.
    pub url: Option<String>,
    /// The same as a QR code: an SVG picture.
    pub qr_svg: Option<String>,
    /// Addresses that open a channel with the words and that link.
    pub send_urls: Vec<WayView>,
    /// What came of what they shared.
    pub progress: ProgressView,
    /// What they get for so many friends, and how far they are.
    pub milestones: Vec<MilestoneView>,
    /// What they earned.
    pub totals: TotalsView,
    /// Their newest rewards.
    pub rewards: Vec<EarnedView>,
}

/// The program, in their language.
#[derive(Serialize)]
pub struct ProgramView {
    /// Its id.
    pub id: Id,
    /// Its slug.
    pub slug: String,
    /// Its title, else its name.
    pub title: String,
    /// Whether it counts now.
    pub open: bool,
    /// Conditions beside the benefit.
    pub conditions: Option<String>,
    /// The terms.
    pub terms_url: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
}

/// A channel, and what opens it.
#[derive(Serialize)]
pub struct WayView {
    /// Its key.
    pub channel: String,
    /// What it is called.
    pub name: String,
    /// Whether nobody else sees what is sent there.
    pub private: bool,
    /// On a phone.
    pub mobile: Option<String>,
    /// On a computer.
    pub desktop: Option<String>,
}

/// What came of what they shared, of the newest thousand of each kind.
#[derive(Serialize)]
pub struct ProgressView {
    /// Links.
    pub shares: i64,
    /// Visitors, each once a day.
    pub visitors: i64,
    /// Friends who came and have not ordered yet.
    pub friends_open: i64,
    /// Friends who ordered.
    pub friends_won: i64,
}

/// What they get for so many friends.
#[derive(Serialize)]
pub struct MilestoneView {
    /// What, in words.
    pub reward: String,
    /// Friends of whom an order was approved and is kept.
    pub friends: i64,
    /// The next number at which it is given; none: they have passed all.
    pub next: Option<i64>,
    /// The same in words.
    pub text: String,
}

/// What they earned in the program, of the newest thousand rewards; minor units.
#[derive(Serialize)]
pub struct TotalsView {
    /// Of these amounts.
    pub currency: Currency,
    /// Rewards that wait, or are to be handed over.
    pub pending: SumView,
    /// Rewards that are theirs.
    pub issued: SumView,
    /// Rewards that they used.
    pub spent: SumView,
    /// Their store credit, whatever it is from.
    pub balance: i64,
}

/// So many rewards, and what they are worth where that is an amount.
#[derive(Clone, Copy, Default, Serialize)]
pub struct SumView {
    /// How many.
    pub count: i64,
    /// Minor units.
    pub amount: i64,
}

/// A reward in words.
#[derive(Serialize)]
pub struct EarnedView {
    /// Its id.
    pub id: Id,
    /// What it is.
    pub text: String,
    /// Where it stands.
    pub status: RewardStatus,
    /// The same in words, with the day where there is one.
    pub status_text: String,
    /// When it was earned.
    pub created_at: Timestamp,
}

//! A discount that was given in an order: the strongest evidence of who recommended.

use crate::decide::draft::Draft;
use crate::decide::people::person;
use crate::decide::referrals::evidence::{self, Candidate, EvidenceFindings, Lost};
use crate::records::benefit::Effect;
use crate::records::referral::Method;
use crate::records::{Claim, Customer, Id, OrderSlot, Program, Redemption, Share, Why};
use crate::world::Stop;

/// A discount that was given in an order: the strongest evidence.
#[derive(Clone)]
pub struct GivenDiscount {
    /// Who redeemed it.
    friend: Option<Id>,
    /// By what it was come by: a code that was typed, or a link.
    method: Method,
    /// What it took off the goods, minor units.
    pub discount: i64,
    /// Whether it was a voucher that an offer gave.
    pub is_claimed: bool,
    /// Who gave it.
    pub candidate: Candidate,
}

/// The discount that was given in an order; `None`: there was none, or it was undone.
pub fn of_order(draft: &Draft<'_>, order_id: &str) -> Result<Option<GivenDiscount>, Stop> {
    let Some(slot) = draft.get::<OrderSlot>(OrderSlot::id_of(draft.shop.id, order_id))? else { return Ok(None) };
    let Some(live) = slot.redemption else { return Ok(None) };
    of_redemption(draft, &*draft.expect::<Redemption>(live)?)
}

/// The discount that a redemption gave, by a recommendation or by a voucher that was claimed through one; `None`: it gave
/// none.
pub fn of_redemption(draft: &Draft<'_>, redemption: &Redemption) -> Result<Option<GivenDiscount>, Stop> {
    let Some(noted) = redemption.recommendation() else { return of_claim(draft, redemption) };
    let program = draft.expect::<Program>(noted.program);
    let share = noted.share.map(|share| draft.get::<Share>(share)).transpose();
    let (program, share) = (program?, share?.flatten());
    let candidate = Candidate {
        method: Method::Voucher,
        redeemed_by: Some(noted.method),
        program,
        advocate: noted.advocate,
        advocate_ref: noted.advocate_ref.clone(),
        began: share.as_ref().and_then(|share| share.began()),
        share,
        seen_at: Some(redemption.created_at),
        age_from: None,
        naked: noted.naked,
    };
    let discount = redemption.recommended_discount();
    Ok(Some(GivenDiscount {
        friend: redemption.customer,
        method: noted.method,
        discount,
        is_claimed: false,
        candidate,
    }))
}

/// What was claimed by somebody's share or code speaks for them when it is redeemed.
fn of_claim(draft: &Draft<'_>, redemption: &Redemption) -> Result<Option<GivenDiscount>, Stop> {
    let Some((line, claim)) = redemption.claimed() else { return Ok(None) };
    let claim = draft.expect::<Claim>(claim)?;
    let Some(advocate) = claim.advocate else { return Ok(None) };
    let program = draft.expect::<Program>(claim.program);
    let share = claim.share.map(|share| draft.get::<Share>(share)).transpose();
    let (program, share) = (program?, share?.flatten());
    let candidate = Candidate {
        method: Method::Voucher,
        redeemed_by: None,
        program,
        advocate,
        advocate_ref: claim.advocate_ref.clone(),
        began: share.as_ref().and_then(|share| share.began()),
        share,
        seen_at: Some(redemption.created_at),
        age_from: None,
        naked: None,
    };
    let method = if claim.share.is_some() { Method::Token } else { Method::Code };
    let discount = if line.kind.effect() == Effect::OffGoods { line.discount } else { 0 };
    Ok(Some(GivenDiscount { friend: redemption.customer, method, discount, is_claimed: true, candidate }))
}

impl GivenDiscount {
    /// Whether that is who redeemed it.
    pub fn is_by(&self, draft: &Draft<'_>, friend: &Customer) -> Result<bool, Stop> {
        person::is_same_as(draft, self.friend, Some(friend))
    }

    /// Who recommended, by what was typed or followed.
    pub fn recommendation(&self) -> Candidate {
        Candidate { method: self.method, ..self.candidate.clone() }
    }

    /// Puts it before the other findings. What another person redeemed speaks for nobody.
    pub fn put_first(
        self,
        draft: &Draft<'_>,
        friend: Option<&Customer>,
        findings: &mut EvidenceFindings,
    ) -> Result<(), Stop> {
        let Candidate { program, advocate_ref, .. } = &self.candidate;
        if friend.is_none() || person::is_same_as(draft, self.friend, friend)? {
            findings.found.insert(0, self.candidate);
            return evidence::note_visits(draft, &mut findings.found);
        }
        let (program, advocate) = (Some(program.id), advocate_ref.clone());
        findings.lost.push(Lost { method: Method::Voucher, program, advocate, outcome: Why::Foreign });
        Ok(())
    }
}

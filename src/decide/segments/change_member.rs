//! Puts a customer on a segment's list, or takes them off it.

use std::rc::Rc;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::records::{Customer, Member, Segment};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The segment, the customer, and whether they are to be in it.
#[derive(Clone, Debug)]
pub struct ChangeMember {
    /// The segment's key.
    pub segment: String,
    /// Who: `external_id` or `cus_…`.
    pub customer: String,
    /// In, or out.
    pub is_in: bool,
}

/// Decides it. Asked for again it is as it was.
pub fn decide(draft: &mut Draft<'_>, command: &ChangeMember) -> Result<Answer, Stop> {
    let (segment, customer) =
        (draft.find(&Segment::BY_KEY, &command.segment), customer_lookup::named(draft, &command.customer));
    let segment = segment?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such segment."))?;
    let customer = customer?.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such customer."))?;
    let customer = customer_lookup::living(customer_lookup::merged(draft, customer)?, "/customer")?;
    let (member, is_new) = put(draft, &segment, &customer, command.is_in)?;
    match member {
        Some(member) if command.is_in => {
            let view = views::segment::member(&member, &segment.key);
            Ok(Answer { status: if is_new { 201 } else { 200 }, ..Answer::ok(&view) })
        }
        _ => Ok(Answer::no_content()),
    }
}

/// Notes whether a customer is on a segment's list, under whichever of their ids they were put there; answers their place, and
/// whether that is news.
pub fn put(
    draft: &mut Draft<'_>,
    segment: &Segment,
    customer: &Customer,
    is_in: bool,
) -> Result<(Option<Rc<Member>>, bool), Stop> {
    let merged = draft.list(&Customer::MERGED_INTO, customer.id)?;
    let ids = std::iter::once(customer.id).chain(merged.iter().map(|merged| merged.id));
    let places: Vec<_> = ids.map(|id| draft.get::<Member>(Member::id_of(segment.id, id))).collect();
    let places: Vec<Option<Rc<Member>>> = places.into_iter().collect::<Result<_, _>>()?;
    let held: Vec<Rc<Member>> = places.iter().flatten().filter(|place| place.is_in).cloned().collect();
    if is_in != held.is_empty() {
        return Ok((held.into_iter().next(), false));
    }
    if !is_in {
        held.iter().for_each(|place| drop(draft.save(Member { is_in: false, ..(**place).clone() })));
        return Ok((None, true));
    }
    let own = places.into_iter().next().flatten();
    let member = Member {
        id: Member::id_of(segment.id, customer.id),
        shop: draft.shop.id,
        version: own.map_or(0, |own| own.version),
        segment: segment.id,
        customer: customer.id,
        customer_ref: customer.external_id.clone(),
        is_in,
        created_at: draft.at(),
    };
    Ok((Some(draft.save(member)), true))
}

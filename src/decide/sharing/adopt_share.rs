//! Gives a share that nobody owns to the customer who turned out to have made it. Nobody becomes a child of themselves
//! by it: who shared on by their own link while they were not logged in has that link already.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::people::{customer, person};
use crate::decide::sharing::{advocate, share};
use crate::records::text::Reference;
use crate::records::{Customer, Id, Program, Share};
use crate::refusal::{Code, Rejection};
use crate::world::Stop;

/// The share and who made it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptShare {
    /// The share, from the path.
    #[serde(skip)]
    pub share: Option<Id>,
    /// Who made it: `external_id` or `cus_…`.
    pub customer: Reference,
}

/// Decides it. What was credited before stays as it was.
pub fn decide(draft: &mut Draft<'_>, command: &AdoptShare) -> Result<Answer, Stop> {
    let share = command.share.map(|id| draft.get::<Share>(id)).transpose();
    let customer = customer::find(draft, Some(&command.customer), None, "/customer");
    let share = share?.flatten().ok_or_else(|| Rejection::new(Code::NotFound, "There is no such share."))?;
    let customer = customer?.ok_or_else(|| customer_lookup::unknown(&command.customer, "/customer"))?;
    let customer = customer::keep(draft, customer)?;
    let owner = share.customer.map(|owner| customer_lookup::current(draft, owner)).transpose()?;
    match owner.map(|owner| owner.id) {
        Some(owner) if owner == customer.id => Ok(Answer::ok(&share::show(draft, &share)?)),
        Some(_) => {
            let detail = "The share belongs to another customer; only a share that nobody owns can be adopted.";
            Err(Rejection::new(Code::IllegalTransition, detail).into())
        }
        None => {
            check_parent(draft, &share, &customer)?;
            let mut adopted = (*share).clone();
            adopted.customer = Some(customer.id);
            adopted.customer_ref = customer.external_id.clone();
            let program = draft.expect::<Program>(adopted.program)?;
            advocate::note(draft, &mut adopted, program.trial())?;
            let adopted = draft.save(adopted);
            Ok(Answer::ok(&share::show(draft, &adopted)?))
        }
    }
}

fn check_parent(draft: &Draft<'_>, share: &Share, customer: &Customer) -> Result<(), Stop> {
    let parent = share.parent.map(|parent| draft.get::<Share>(parent)).transpose()?.flatten();
    let Some(owner) = parent.and_then(|parent| parent.customer) else { return Ok(()) };
    if person::is_same_as(draft, Some(owner), Some(customer))? {
        let detail = "The share came about by this customer's own link, and nobody is a child of themselves in a \
                      tree. Their own link earns for them as it is; POST /v1/shares gives them further ones.";
        return Err(Rejection::new(Code::IllegalTransition, detail).into());
    }
    Ok(())
}

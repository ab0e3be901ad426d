//! The passes of an offer follow its event, some at a time.

use super::{Jobs, LEASE_MS, Step, step_of};
use crate::decide::offers::change_passes::{ChangePasses, Rest};
use crate::engine::{PATIENCE, Request};
use crate::records::{Id, Job};
use crate::store::queries::claims::of_offer;
use crate::store::queries::records::get;
use crate::store::{StoreError, StoreResult};

impl Jobs {
    /// Has the next passes follow.
    pub(super) async fn change_passes(&self, shop: Id, id: Id) -> StoreResult<Step> {
        let most = self.state().pace.lines();
        let offer = Job::offer_of(id);
        let found = self.reader.run(move |connection| {
            let Some(job) = get::<Job>(connection, shop, id)?.filter(|job| !job.is_over()) else { return Ok(None) };
            let claims = of_offer(connection, shop, offer, job.passed, most)?;
            Ok::<_, StoreError>(Some((job, claims)))
        });
        let Some((job, claims)) = found.await? else { return Ok(Step::Over) };
        let rest = if claims.len() < most { Rest::Nothing } else { Rest::More };
        let command = ChangePasses {
            offer,
            job: id,
            version: job.version,
            claims: claims.iter().map(|claim| claim.id).collect(),
            rest,
            lease_ms: LEASE_MS,
        };
        let outcome = self.engine.submit(Request::system(shop, command)).await;
        let took = outcome.as_ref().map_or(PATIENCE, |given| given.took);
        self.state().pace.note(claims.len().max(1), took);
        let step = step_of(&job, outcome);
        Ok(if step == Step::Went && rest == Rest::Nothing { Step::Over } else { step })
    }
}

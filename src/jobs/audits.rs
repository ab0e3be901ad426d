//! Audits: proving a shop's books takes as long as they are large.

use super::inquiries::{Inquiry, Note};
use crate::records::Id;
use crate::store::connection::Use;
use crate::store::verify::{Progress, Report, verify_with};
use crate::store::{StoreResult, Target};

/// Where the books are.
pub struct Audits {
    /// The database.
    pub target: Target,
}

impl Inquiry for Audits {
    const NAME: &'static str = "audits";
    type Question = Id;
    type Progress = Progress;
    type Report = Report;

    fn key(shop: &Id) -> String {
        shop.to_string()
    }

    fn work_out(&self, shop: &Id, note: Note<'_, Progress>) -> StoreResult<Report> {
        let mut connection = self.target.connect(Use::Read)?;
        verify_with(&mut connection, Some(*shop), note)
    }
}

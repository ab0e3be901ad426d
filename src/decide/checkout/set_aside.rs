//! What was set aside for the very order or cart that is looked at.

use crate::records::Id;
use crate::records::redemption::RedeemedLine;

/// What was set aside for the very order or cart that is looked at: it is as good as when it was set
/// aside.
#[derive(Clone, Debug, Default)]
pub struct SetAside {
    /// With what it was to pay with each, minor units.
    vouchers: Vec<(Id, i64)>,
    programs: Vec<Id>,
}

impl SetAside {
    /// What it was to pay with a voucher, minor units: nothing with a discount; `None`: it was not set aside.
    pub fn of_voucher(&self, voucher: Id) -> Option<i64> {
        let payments = self.vouchers.iter().filter(|(id, _)| *id == voucher).map(|(_, payment)| *payment);
        payments.reduce(|sum, payment| sum + payment)
    }

    /// Whether a discount of a program was.
    pub fn has_program(&self, program: Id) -> bool {
        self.programs.contains(&program)
    }

    /// Adds what the lines of a hold had set aside.
    pub fn add(&mut self, lines: &[RedeemedLine]) {
        self.vouchers.extend(lines.iter().filter_map(|line| Some((line.voucher?, line.payment))));
        self.programs.extend(lines.iter().filter_map(|line| line.recommendation.as_ref()).map(|noted| noted.program));
    }
}

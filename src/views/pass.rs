//! A pass, as the API shows it.

use serde::Serialize;

use super::Mask;
use super::View;
use super::event::Payload;
use super::voucher::code;
use crate::records::admission::Entrance;
use crate::records::audit::Actor;
use crate::records::event::EventData;
use crate::records::pass::EventDetails;
use crate::records::voucher::{ShownStatus, Standing, VoucherSource};
use crate::records::{Admission, Id, Timestamp, Voucher};
use crate::vault::Vault;

/// See the contract's `Pass`.
#[derive(Serialize)]
pub struct PassView<'a> {
    id: Id,
    code: String,
    /// Not in lists: who shows the pass lets people in by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<String>,
    status: ShownStatus,
    event: Option<&'a EventDetails>,
    seats: i64,
    sequence: u32,
    customer: Option<&'a str>,
    customer_id: Option<Id>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    admitted: Option<EntranceView<'a>>,
    conflicts: Vec<EntranceView<'a>>,
    source: VoucherSource,
    source_id: Option<Id>,
    created_at: Timestamp,
}

impl View for PassView<'_> {
    fn subject(&self) -> Option<Id> {
        Some(self.id)
    }
}

impl Payload for PassView<'_> {
    const DATA: EventData = EventData::Pass;
}

/// See the contract's `Entrance`.
#[derive(Serialize)]
pub struct EntranceView<'a> {
    at: Timestamp,
    gate: &'a str,
    by: &'a Actor,
    told_at: Timestamp,
}

/// Shows one time that people were let in.
pub fn entrance(entrance: &Entrance) -> EntranceView<'_> {
    let Entrance { at, gate, by, told_at } = entrance;
    EntranceView { at: *at, gate, by, told_at: *told_at }
}

/// Shows a pass as it stands at an instant. In events the code is masked.
pub fn pass<'a>(
    voucher: &'a Voucher,
    standing: Standing,
    admission: Option<&'a Admission>,
    at: Timestamp,
    vault: &Vault,
    mask: Mask,
) -> PassView<'a> {
    let pass = voucher.pass.as_ref();
    PassView {
        id: voucher.id,
        code: code(vault, mask, &voucher.code_box, &voucher.code_hint),
        scan: None,
        status: standing.status(voucher, at),
        event: pass.map(|pass| &pass.event),
        seats: pass.map_or(1, |pass| pass.seats),
        sequence: pass.map_or(0, |pass| pass.sequence),
        customer: voucher.customer_ref.as_deref(),
        customer_id: voucher.customer,
        valid_from: voucher.valid_from,
        valid_until: voucher.valid_until,
        admitted: admission.map(|admission| entrance(&admission.first)),
        conflicts: admission.iter().flat_map(|admission| admission.others.iter()).map(entrance).collect(),
        source: voucher.source,
        source_id: voucher.source_id,
        created_at: voucher.created_at,
    }
}

impl PassView<'_> {
    /// The same with what its QR code says.
    #[must_use]
    pub fn with_scan(self, scan: Option<String>) -> Self {
        Self { scan, ..self }
    }
}

/// What the QR code of a pass says; nothing where it is none.
pub fn scan(voucher: &Voucher, vault: &Vault) -> Option<String> {
    let pass = voucher.pass.as_ref()?;
    Some(vault.pass_text(voucher.shop, voucher.id, &pass.event.day()))
}

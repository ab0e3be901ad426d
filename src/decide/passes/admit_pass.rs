//! People are let in by a pass, once. A door that could not ask anybody reports it afterwards; what it let in that
//! another had let in already is noted beside it.

use std::rc::Rc;

use crate::decide::answer::{Answer, Keep};
use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::vouchers::approve_voucher::needs_approval;
use crate::decide::vouchers::balance::{release, standing};
use crate::decide::vouchers::revive::revive;
use crate::decide::vouchers::reward_of::{Follow, follow};
use crate::records::account::REDEEMED;
use crate::records::admission::{CONFLICTS, Entrance, Noted};
use crate::records::entry::EntryKind;
use crate::records::pass::{Pass, event_key};
use crate::records::reward::RewardStatus;
use crate::records::text::{Name, Reference};
use crate::records::voucher::VoucherStatus;
use crate::records::{Admission, EventKind, Id, Json, Reward, Timestamp, Voucher, VoucherUse};
use crate::refusal::{Code, Rejection};
use crate::views::Mask;
use crate::views::pass::{PassView, pass as view};
use crate::world::Stop;

/// A pass at a door.
#[derive(Clone, Debug)]
pub struct AdmitPass {
    /// The pass; none: it is named by its code alone.
    pub id: Option<Id>,
    /// Its code, or what its QR code says.
    pub code: Option<String>,
    /// Which door it is.
    pub gate: Name,
    /// What is attended there: the event's reference or its name; none: whatever the pass is for.
    pub event: Option<Reference>,
    /// When they were let in, where the door could not ask; none: they are let in now.
    pub admitted_at: Option<Timestamp>,
    /// How much of the code the caller may see.
    pub mask: Mask,
}

/// Decides it. What was reported is answered as it is; one that is shown again is refused.
pub fn decide(draft: &mut Draft<'_>, command: &AdmitPass) -> Result<Answer, Stop> {
    let voucher = find(draft, command)?;
    let Some(pass) = voucher.pass.clone() else { return Err(no_pass().into()) };
    let known = draft.get::<Admission>(Admission::id_of(voucher.id))?;
    let at = time(draft, command)?;
    check_event(&pass, command)?;
    if let (Some(known), None) = (&known, command.admitted_at) {
        return Err(already(known).into());
    }
    check_state(&voucher)?;
    check_time(&pass, at)?;
    let by = draft.context.actor.clone();
    let entrance = Entrance { at, gate: command.gate.to_string(), by, told_at: draft.at() };
    let noted = match known {
        Some(known) => once_more(&known, entrance)?,
        None => {
            let_in(draft, &voucher)?;
            Some(first(draft, voucher.id, entrance))
        }
    };
    let voucher = draft.expect::<Voucher>(voucher.id)?;
    if let Some(noted) = noted {
        let admission = draft.save(noted);
        let told = shown(draft, &voucher, Some(&admission), Mask::Hint)?;
        draft.event(EventKind::PassAdmitted, &told)?;
    }
    let admission = draft.expect::<Admission>(Admission::id_of(voucher.id))?;
    let shown = shown(draft, &voucher, Some(&admission), command.mask)?;
    Ok(Answer::ok(&shown).keep(Keep::Sealed))
}

/// The pass that is shown. Where both are given, the code is that of the pass.
fn find(draft: &Draft<'_>, command: &AdmitPass) -> Result<Rc<Voucher>, Stop> {
    let named = command.id.map(|id| draft.get::<Voucher>(id)).transpose();
    let coded = command.code.as_deref().map(|code| by_code(draft, code)).transpose();
    let (named, coded) = (named?, coded?);
    if let Some(named) = named {
        let named = named.filter(|named| named.pass.is_some());
        let named = named.ok_or_else(|| Rejection::new(Code::NotFound, "There is no such pass."))?;
        return match coded {
            Some(coded) if coded.as_ref().is_none_or(|coded| coded.id != named.id) => {
                let detail = "This is not the code of the pass; mind that it was read in full.";
                Err(Rejection::at(Code::VoucherUnknown, "/code", detail).into())
            }
            _ => Ok(named),
        };
    }
    let detail = "There is no pass with this code; mind that it was read in full.";
    let coded = coded.flatten().ok_or_else(|| Rejection::at(Code::VoucherUnknown, "/code", detail))?;
    Ok(coded)
}

/// What was read off a QR code names its pass; anything else is a code.
fn by_code(draft: &Draft<'_>, code: &str) -> Result<Option<Rc<Voucher>>, Stop> {
    match draft.installation.vault.read_pass(draft.shop.id, code) {
        Some(pass) => draft.get::<Voucher>(pass),
        None => typed_code::voucher(draft, code),
    }
}

fn no_pass() -> Rejection {
    let detail = "The code is a voucher's and not a pass's: it is redeemed at the checkout.";
    Rejection::at(Code::NotApplicable, "/code", detail)
}

fn time(draft: &Draft<'_>, command: &AdmitPass) -> Result<Timestamp, Rejection> {
    let now = draft.at();
    match command.admitted_at {
        Some(at) if at > now => {
            Err(Rejection::field("/admitted_at", format!("an instant that is not ahead is expected; it is {now}")))
        }
        at => Ok(at.unwrap_or(now)),
    }
}

fn check_event(pass: &Pass, command: &AdmitPass) -> Result<(), Rejection> {
    let is_other = command.event.as_deref().is_some_and(|event| event_key(event) != pass.event.key());
    if !is_other {
        return Ok(());
    }
    let (name, begins) = (pass.event.name.to_string(), pass.event.starts_at);
    let detail = format!("The pass is for {name}, which begins at {begins}.");
    Err(Rejection::at(Code::WrongEvent, "/event", detail))
}

fn already(admission: &Admission) -> Rejection {
    let Entrance { at, gate, .. } = &admission.first.0;
    Rejection::new(Code::AlreadyAdmitted, format!("The pass was admitted at {at}, at the gate {gate}."))
}

/// Only what is somebody's lets them in.
fn check_state(voucher: &Voucher) -> Result<(), Rejection> {
    match (voucher.status, voucher.replaced_by) {
        (VoucherStatus::Void, Some(_)) => {
            Err(Rejection::new(Code::VoucherVoid, "The pass was replaced by another one; let that be shown."))
        }
        (VoucherStatus::Void, None) => Err(Rejection::new(Code::VoucherVoid, "The pass was withdrawn.")),
        (VoucherStatus::Active, _) if voucher.needs_approval() => Err(needs_approval()),
        (VoucherStatus::Active, _) => Ok(()),
    }
}

fn check_time(pass: &Pass, at: Timestamp) -> Result<(), Rejection> {
    let (doors, over) = (pass.event.doors_at(), pass.event.over_at());
    if at < doors {
        let detail = format!("The event begins at {}; people are let in from {doors}.", pass.event.starts_at);
        return Err(Rejection::new(Code::VoucherNotYetValid, detail));
    }
    if at >= over {
        return Err(Rejection::new(Code::VoucherExpired, format!("The event was over at {over}.")));
    }
    Ok(())
}

/// A pass that had let people in has let others in, where nobody could know; nothing where that was told before.
fn once_more(known: &Admission, entrance: Entrance) -> Result<Option<Admission>, Rejection> {
    let mut noted = known.clone();
    match noted.note(entrance) {
        Noted::Known => Ok(None),
        Noted::New => Ok(Some(noted)),
        Noted::Full => {
            let detail = format!("The pass was admitted more than {CONFLICTS} times; no more of that is kept.");
            Err(Rejection::new(Code::LimitReached, detail))
        }
    }
}

fn first(draft: &Draft<'_>, pass: Id, entrance: Entrance) -> Admission {
    Admission {
        id: Admission::id_of(pass),
        shop: draft.shop.id,
        version: 0,
        voucher: pass,
        first: Json(entrance),
        others: Json::default(),
        created_at: draft.at(),
    }
}

/// They are let in: the pass is used, what it costs is spent, and its reward.
fn let_in(draft: &mut Draft<'_>, voucher: &Rc<Voucher>) -> Result<(), Stop> {
    let mut voucher = voucher.clone();
    if voucher.lapsed_amount > 0 {
        // It was over before the door could report it.
        let mut revived = (*voucher).clone();
        revive(draft, &mut revived)?;
        voucher = draft.save(revived);
    }
    let uses = draft.get::<VoucherUse>(VoucherUse::id_of(voucher.id))?;
    let mut uses = uses.map_or_else(|| VoucherUse::none(draft.shop.id, voucher.id), |uses| (*uses).clone());
    uses.used += 1;
    uses.cap = voucher.max_redemptions;
    draft.save(uses);
    release(draft, &voucher, voucher.face_amount, EntryKind::Spent, REDEEMED)?;
    let spent = Follow {
        from: &[RewardStatus::Issued, RewardStatus::Expired],
        to: RewardStatus::Spent,
        why: None,
        event: Some(EventKind::RewardSpent),
    };
    if let Some(reward) = follow(draft, &voucher, &spent)? {
        draft.save(Reward { redeemed_amount: voucher.face_amount, ..(*reward).clone() });
    }
    Ok(())
}

/// Shows a pass as it is now.
pub fn shown<'a>(
    draft: &Draft<'_>,
    voucher: &'a Voucher,
    admission: Option<&'a Admission>,
    mask: Mask,
) -> Result<PassView<'a>, Stop> {
    let standing = standing(draft, voucher)?;
    Ok(view(voucher, standing, admission, draft.at(), &draft.installation.vault, mask))
}

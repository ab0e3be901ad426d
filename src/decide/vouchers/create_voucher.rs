//! Makes a voucher that the shop gives away or sells itself. One that an operator makes and that is worth
//! more than one person gives alone is good when a second operator has approved it.

use std::rc::Rc;

use serde::Deserialize;

use crate::decide::access::four_eyes::{Gift, gives_alone, hand};
use crate::decide::answer::{Answer, Keep};
use crate::decide::customer_lookup;
use crate::decide::draft::Draft;
use crate::decide::input::again::same_content;
use crate::decide::input::nullable::nullable;
use crate::decide::input::range::within;
use crate::decide::input::{own_name, products, typed_code};
use crate::decide::people::person::is_same_customer;
use crate::decide::vouchers::balance::standing;
use crate::decide::vouchers::voucher::{NewVoucher, make, shown};
use crate::records::account::SHOP;
use crate::records::benefit::{Benefit, BenefitKind};
use crate::records::code::Typed;
use crate::records::entry::EntryKind;
use crate::records::money::{Amount, Currency, MAX_AMOUNT};
use crate::records::text::Reference;
use crate::records::voucher::{AppliesTo, LegalKind, Stacking, TaxKind};
use crate::records::voucher_terms::VoucherTerms;
use crate::records::{Customer, Timestamp, Voucher};
use crate::refusal::{Code, Rejection};
use crate::vault::sha256_hex;
use crate::views::Mask;
use crate::world::Stop;

/// Most uses of one voucher.
pub(crate) const USES: i64 = 1_000_000_000;

/// The voucher's fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateVoucher {
    /// What it is; store credit is granted, not a voucher.
    pub kind: BenefitKind,
    /// Minor units: `amount_off`, `gift_card`.
    pub amount: Option<Amount>,
    /// Hundredths of a per cent, 1 to 10 000: `percent_off`.
    pub rate_bps: Option<i64>,
    /// Never more than this, minor units: `percent_off`, `free_shipping`.
    pub max_amount: Option<Amount>,
    /// The shop's currency; may be left out.
    pub currency: Option<Currency>,
    /// Uses in all, 1 to 10⁹; left out: 1; `null`: no limit. Not for gift cards.
    #[serde(default, deserialize_with = "nullable")]
    pub max_redemptions: Option<Option<i64>>,
    /// Uses by one customer, 1 to 10⁹; left out: no limit.
    pub per_customer: Option<i64>,
    /// The cart must be worth this much, minor units.
    pub min_order_amount: Option<Amount>,
    /// Whose it is: `external_id` or `cus_…`; left out: whoever has the code.
    pub customer: Option<Reference>,
    /// Good from here.
    pub valid_from: Option<Timestamp>,
    /// First instant too late; left out: good for ever.
    pub valid_until: Option<Timestamp>,
    /// What it may be combined with.
    pub stacking: Option<Stacking>,
    /// What the law calls it; left out: `paid` for gift cards, else `promotional`.
    pub legal_kind: Option<LegalKind>,
    /// How VAT treats it; left out: `mpv` for gift cards, else `discount`.
    pub tax_kind: Option<TaxKind>,
    /// A code that the shop chooses, 4 to 32 letters and digits, hyphens between; left out: one is drawn.
    pub code: Option<Typed>,
    /// The shop's own id of it; unique.
    pub reference: Option<Reference>,
    /// Which items it is for; left out: all.
    pub applies_to: Option<AppliesTo>,
    /// Whether it counts beside a `shop_discount` of the cart; left out: it does.
    pub with_shop_discounts: Option<bool>,
    /// How much the caller may see of a code that was made before; not from the body.
    #[serde(skip)]
    pub mask: Mask,
}

/// Decides it. A reference that is known already is answered with its voucher as it is now.
pub fn decide(draft: &mut Draft<'_>, command: &CreateVoucher) -> Result<Answer, Stop> {
    let earlier = command.reference.as_deref().map(|text| draft.find(&Voucher::BY_REFERENCE, text)).transpose();
    let customer = command.customer.as_deref().map(|text| customer_lookup::known(draft, text, "/customer")).transpose();
    let taken = command.code.as_deref().map(|code| typed_code::is_taken(draft, code)).transpose();
    if let Some(earlier) = earlier?.flatten() {
        check_again(draft, command, &earlier, customer, Code::ReferenceDiffers)?;
        let standing = standing(draft, &earlier)?;
        return Ok(answer(Answer::ok(&shown(draft, &earlier, standing, command.mask)), earlier.version));
    }
    let (customer, taken) = (customer?, taken?);
    own_name::check(command.reference.as_deref().unwrap_or_default(), &["vch"], "/reference")?;
    check_benefit(draft, command)?;
    check_code(command)?;
    if taken == Some(true) {
        return Err(Rejection::at(Code::CodeTaken, "/code", "This code is taken; choose another one.").into());
    }
    let mut new = new(draft, command, customer.as_deref())?;
    let gift = Gift { worth: new.terms.worth(), to: customer.map(|customer| customer.id) };
    if let Some(by) = hand(draft)?
        && !gives_alone(draft, &gift)?
    {
        new.asked_by = Some(by);
    }
    let (made, _) = make(draft, new, SHOP, EntryKind::Issued)?;
    draft.audit("create_voucher", made.id, None);
    let standing = standing(draft, &made)?;
    let view = shown(draft, &made, standing, Mask::Full);
    Ok(answer(Answer::created(&view, format!("/v1/vouchers/{}", made.id)), 1))
}

/// Refuses a voucher that is told otherwise than the one that has its reference or code; `code` is the
/// refusal.
pub(crate) fn check_again(
    draft: &Draft<'_>,
    command: &CreateVoucher,
    earlier: &Voucher,
    customer: Result<Option<Rc<Customer>>, Stop>,
    code: Code,
) -> Result<(), Stop> {
    let what = match &earlier.reference {
        Some(reference) => format!("The voucher {reference}"),
        None => format!("The voucher {}", earlier.id),
    };
    let is_theirs = is_same_customer(draft, earlier.customer, customer)?;
    let amounts = |amount: Option<Amount>| amount.map(|amount| amount.0);
    let mut parts = vec![
        ("/customer", is_theirs),
        ("/kind", earlier.kind == command.kind),
        ("/amount", earlier.amount == amounts(command.amount)),
        ("/rate_bps", earlier.rate_bps == command.rate_bps),
        ("/max_amount", earlier.max_amount == amounts(command.max_amount)),
    ];
    // What can be edited is compared as it was asked for, not as it is now.
    let is_same = earlier.content.is_none() || earlier.content == Some(content(draft, command)?);
    if parts.iter().all(|(_, is_same)| *is_same) {
        parts.push(("", is_same));
    }
    Ok(same_content(code, &what, &parts)?)
}

/// Tells what is asked for from anything else, whoever it is for. What an unused code is worth cannot be
/// found out of it.
fn content(draft: &Draft<'_>, command: &CreateVoucher) -> Result<String, Rejection> {
    let terms = terms(command)?;
    let value = (terms.kind, terms.amount, terms.rate_bps, terms.max_amount, terms.min_order_amount);
    let limits = (terms.max_redemptions, terms.per_customer, terms.valid_from, terms.valid_until);
    let scope = (&terms.applies_to, terms.with_shop_discounts, &terms.stacking, terms.legal_kind, terms.tax_kind);
    let names = (&command.reference, chosen(command)?.map(|code| typed_code::key(draft, &code)));
    let text = serde_json::to_string(&(value, limits, scope, names));
    Ok(sha256_hex(text.expect("plain data always serializes").as_bytes()))
}

/// It shows the code, and is stored sealed.
fn answer(answer: Answer, version: i64) -> Answer {
    answer.version(version).keep(Keep::Sealed)
}

impl CreateVoucher {
    /// Whether all of its uses together are limited. What a gift card pays with is its balance.
    pub(crate) fn is_capped(&self) -> bool {
        self.kind != BenefitKind::GiftCard && self.max_redemptions.is_some_and(|max| max.is_some())
    }
}

/// Refuses a voucher that is worth nothing, or never good.
pub(crate) fn check_benefit(draft: &Draft<'_>, command: &CreateVoucher) -> Result<(), Rejection> {
    if command.kind == BenefitKind::StoreCredit {
        return Err(Rejection::field("/kind", "store credit has no code; give it with POST /v1/grants"));
    }
    if command.kind.is_handed_over() {
        let detail = "the shop hands this over itself, and it has no code; give it with POST /v1/grants";
        return Err(Rejection::field("/kind", detail));
    }
    if command.kind == BenefitKind::EventPass {
        return Err(Rejection::field("/kind", "a pass is somebody's; give it with POST /v1/grants"));
    }
    if command.currency.is_some_and(|currency| currency != draft.shop.currency) {
        let detail = format!("The shop's vouchers are in {}.", draft.shop.currency);
        return Err(Rejection::at(Code::CurrencyMismatch, "/currency", detail));
    }
    if let Some((field, fault)) = benefit(command).fault() {
        return Err(Rejection::field(format!("/{field}"), fault));
    }
    if command.kind == BenefitKind::GiftCard && command.max_amount.is_some() {
        return Err(Rejection::field("/max_amount", "a gift card is worth its amount; leave max_amount out"));
    }
    check_times(draft.at(), command.valid_from, command.valid_until)?;
    check_scope(command.kind, command.applies_to.as_ref(), command.with_shop_discounts)
}

fn benefit(command: &CreateVoucher) -> Benefit {
    Benefit {
        kind: command.kind,
        amount: command.amount,
        rate_bps: command.rate_bps,
        of_order_bps: None,
        max_amount: command.max_amount,
        cost_amount: None,
        valid: None,
        min_order_amount: command.min_order_amount,
        sku: None,
        name: None,
        description: None,
        event: None,
        seats: None,
    }
}

/// A voucher is good after it begins, and not over already.
pub(crate) fn check_times(at: Timestamp, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<(), Rejection> {
    let Some(until) = until else { return Ok(()) };
    if from.is_some_and(|from| until <= from) {
        return Err(Rejection::field("/valid_until", "a voucher ends after it begins"));
    }
    if until <= at {
        return Err(Rejection::field("/valid_until", format!("an instant in the future is expected; it is {at}")));
    }
    Ok(())
}

/// A balance pays for everything; a discount may be for some items alone.
pub(crate) fn check_scope(
    kind: BenefitKind,
    applies_to: Option<&AppliesTo>,
    with_shop_discounts: Option<bool>,
) -> Result<(), Rejection> {
    let is_card = kind == BenefitKind::GiftCard;
    if is_card && applies_to.is_some_and(AppliesTo::is_scoped) {
        return Err(Rejection::field("/applies_to", "a gift card pays for everything; leave this out"));
    }
    if is_card && with_shop_discounts == Some(false) {
        return Err(Rejection::field("/with_shop_discounts", "a gift card pays in every cart; leave this out"));
    }
    for (field, list) in applies_to.map(AppliesTo::lists).into_iter().flatten() {
        products::products(list, &format!("/applies_to/{field}"))?;
    }
    Ok(())
}

/// A code that people can guess must be bound to one of them, or worth little in all.
fn check_code(command: &CreateVoucher) -> Result<(), Rejection> {
    let Some(code) = &command.code else { return Ok(()) };
    typed_code::chosen(code)?;
    if command.customer.is_none() && !command.is_capped() {
        let detail = "a code that you choose can be guessed: bind the voucher to a customer or give max_redemptions; a gift card must be bound";
        return Err(Rejection::field("/code", detail));
    }
    Ok(())
}

/// The voucher that is to be made.
pub(crate) fn new(
    draft: &Draft<'_>,
    command: &CreateVoucher,
    customer: Option<&Customer>,
) -> Result<NewVoucher, Rejection> {
    let customer = customer.map(|customer| (customer.id, customer.external_id.clone()));
    Ok(NewVoucher {
        customer,
        reference: command.reference.as_ref().map(|reference| reference.to_string()),
        content: Some(content(draft, command)?),
        code: chosen(command)?,
        ..NewVoucher::of_shop(terms(command)?)
    })
}

fn chosen(command: &CreateVoucher) -> Result<Option<String>, Rejection> {
    command.code.as_deref().map(typed_code::chosen).transpose()
}

/// What it is to be, whosever.
pub(crate) fn terms(command: &CreateVoucher) -> Result<VoucherTerms, Rejection> {
    let is_card = command.kind == BenefitKind::GiftCard;
    let max_redemptions = uses(command)?;
    let face_amount = command.amount.or(command.max_amount).map_or(0, |face| face.0);
    if face_amount.saturating_mul(max_redemptions.unwrap_or(1)) > MAX_AMOUNT {
        return Err(Rejection::field("/max_redemptions", format!("all uses together are worth at most {MAX_AMOUNT}")));
    }
    let per_customer = command.per_customer.map(|uses| within(uses, 1, USES, "/per_customer")).transpose()?;
    Ok(VoucherTerms {
        kind: command.kind,
        amount: command.amount.map(|amount| amount.0),
        rate_bps: command.rate_bps,
        max_amount: command.max_amount.map(|max| max.0),
        face_amount,
        min_order_amount: command.min_order_amount.map_or(0, |least| least.0),
        max_redemptions,
        per_customer,
        valid_from: command.valid_from,
        valid_until: command.valid_until,
        applies_to: command.applies_to.clone().unwrap_or_default(),
        with_shop_discounts: command.with_shop_discounts.unwrap_or(true),
        stacking: command.stacking.clone().unwrap_or_default(),
        legal_kind: command.legal_kind.unwrap_or(if is_card { LegalKind::Paid } else { LegalKind::Promotional }),
        tax_kind: command.tax_kind.unwrap_or(if is_card { TaxKind::Mpv } else { TaxKind::Discount }),
    })
}

fn uses(command: &CreateVoucher) -> Result<Option<i64>, Rejection> {
    if command.kind != BenefitKind::GiftCard {
        return match command.max_redemptions {
            None => Ok(Some(1)),
            Some(None) => Ok(None),
            Some(Some(uses)) => within(uses, 1, USES, "/max_redemptions").map(Some),
        };
    }
    match command.max_redemptions.flatten() {
        None => Ok(None),
        Some(_) => {
            Err(Rejection::field("/max_redemptions", "a gift card is good as long as it has a balance; leave this out"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::decide::testing::till::{Till, day, id};
    use crate::records::Voucher;
    use crate::records::account::{ISSUED, SHOP};
    use crate::records::voucher::voucher_account;
    use crate::refusal::Code;

    #[test]
    fn its_whole_worth_is_issued_at_once() {
        let table = [
            (json!({"kind": "amount_off", "amount": 500}), 500),
            (json!({"kind": "amount_off", "amount": 500, "max_redemptions": 4}), 2000),
            (json!({"kind": "amount_off", "amount": 500, "max_redemptions": null}), 0),
            (json!({"kind": "percent_off", "rate_bps": 1000, "max_amount": 300}), 300),
            (json!({"kind": "percent_off", "rate_bps": 1000}), 0),
            (json!({"kind": "free_shipping"}), 0),
        ];
        for (fields, worth) in table {
            let mut till = Till::new();
            till.voucher(fields.clone());
            assert_eq!((till.balance(ISSUED), till.balance(SHOP)), (worth, -worth), "{fields}");
        }
        let mut till = Till::new();
        let (card, _) = till.voucher(json!({"kind": "gift_card", "amount": 500}));
        assert_eq!((till.balance(&voucher_account(card)), till.balance(ISSUED)), (500, 0));
    }

    #[test]
    fn what_no_voucher_can_be_is_refused_with_its_place() {
        let mut till = Till::new();
        till.voucher(json!({"kind": "amount_off", "amount": 5, "code": "ANNA-2026", "customer": "anna"}));
        let (now, later) = (day(&till, 0), day(&till, 9));
        let table = [
            (json!({"kind": "store_credit", "amount": 5}), "invalid_field", "/kind"),
            (json!({"kind": "amount_off"}), "invalid_field", "/amount"),
            (json!({"kind": "amount_off", "amount": 0}), "invalid_field", "/amount"),
            (json!({"kind": "amount_off", "amount": 5, "rate_bps": 5}), "invalid_field", "/rate_bps"),
            (json!({"kind": "percent_off", "rate_bps": 10_001}), "invalid_field", "/rate_bps"),
            (json!({"kind": "gift_card", "amount": 5, "max_amount": 5}), "invalid_field", "/max_amount"),
            (json!({"kind": "gift_card", "amount": 5, "max_redemptions": 1}), "invalid_field", "/max_redemptions"),
            (json!({"kind": "amount_off", "amount": 5, "max_redemptions": 0}), "invalid_field", "/max_redemptions"),
            (json!({"kind": "amount_off", "amount": 5, "per_customer": 0}), "invalid_field", "/per_customer"),
            (json!({"kind": "amount_off", "amount": 5, "currency": "CHF"}), "currency_mismatch", "/currency"),
            (json!({"kind": "amount_off", "amount": 5, "customer": "nobody"}), "customer_unknown", "/customer"),
            (json!({"kind": "amount_off", "amount": 5, "valid_until": now}), "invalid_field", "/valid_until"),
            (
                json!({"kind": "amount_off", "amount": 5, "valid_from": later, "valid_until": later}),
                "invalid_field",
                "/valid_until",
            ),
            (json!({"kind": "amount_off", "amount": 5, "code": "SUMMER"}), "invalid_field", "/code"),
            (
                json!({"kind": "amount_off", "amount": 5, "code": "SOM MER", "max_redemptions": 9}),
                "invalid_field",
                "/code",
            ),
            (json!({"kind": "gift_card", "amount": 5, "code": "SUMMER"}), "invalid_field", "/code"),
            (
                json!({"kind": "amount_off", "amount": 5, "code": "anna2o26", "max_redemptions": 9}),
                "code_taken",
                "/code",
            ),
        ];
        for (fields, code, place) in table {
            let refused = till.try_voucher(fields.clone()).expect_err(place);
            assert_eq!((refused.code.as_str(), refused.errors[0].pointer.as_str()), (code, place), "{fields}");
        }
        assert_eq!(till.bench.all::<Voucher>().len(), 1);
    }

    #[test]
    fn a_code_of_ones_own_is_found_as_people_type_it() {
        let mut till = Till::new();
        let (_, code) =
            till.voucher(json!({"kind": "amount_off", "amount": 5, "code": "Sommer-2026", "max_redemptions": 9}));
        assert_eq!(code, "SOMMER-2026");
        let checked = till.check(json!({"codes": ["s0mmer 2O26"]})).expect("a check answers");
        assert_eq!(checked["valid"], true);
    }

    #[test]
    fn what_was_edited_since_is_answered_to_the_same_request() {
        let mut till = Till::new();
        let fields = json!({"kind": "amount_off", "amount": 5, "max_redemptions": 2, "reference": "V/1"});
        let made = till.try_voucher(fields.clone()).expect("it is made").1;
        till.update(id(&made), json!({"max_redemptions": 7})).expect("it may");
        let (status, again) = till.try_voucher(fields.clone()).expect("the same request");
        assert_eq!((status, &again["max_redemptions"]), (200, &json!(7)));
        let mut as_it_is = fields;
        as_it_is["max_redemptions"] = json!(7);
        assert_eq!(till.try_voucher(as_it_is).expect_err("another request").code, Code::ReferenceDiffers);
    }

    #[test]
    fn a_reference_names_one_voucher() {
        let mut till = Till::new();
        let fields = |amount: i64| -> Value { json!({"kind": "amount_off", "amount": amount, "reference": "V/1"}) };
        let mut first = till.try_voucher(fields(5)).expect("it is made");
        let again = till.try_voucher(fields(5)).expect("it is shown");
        assert_eq!((first.0, again.0), (201, 200));
        let code = first.1["code"].as_str().expect("its code").to_owned();
        first.1["code"] = json!(format!("****{}", &code[code.len() - 4..]));
        assert_eq!(first.1, again.1, "the code was shown to who made it");
        let others = [
            (json!({"amount": 6}), "/amount"),
            (json!({"kind": "gift_card"}), "/kind"),
            (json!({"customer": "anna"}), "/customer"),
            (json!({"max_redemptions": 2}), ""),
            (json!({"code": "SOMMER-27", "max_redemptions": 1}), ""),
            (json!({"valid_until": day(&till, 3)}), ""),
        ];
        for (changes, pointer) in others {
            let mut other = fields(5);
            other.as_object_mut().expect("fields").extend(changes.as_object().expect("fields").clone());
            let refused = till.try_voucher(other).expect_err(pointer);
            assert_eq!(refused.code, Code::ReferenceDiffers, "{changes}");
            assert_eq!(refused.errors[0].pointer, pointer, "{changes}");
        }
    }
}

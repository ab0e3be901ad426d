//! What a mail says: drawn from the records, in the customer's language, never with the name of
//! anybody but himself.

use minijinja::{Value, context};

use super::compose_error::ComposeError;
use super::withdrawn;
use crate::records::Voucher;
use crate::records::benefit::BenefitKind;
use crate::records::message::MessageKind;
use crate::records::money::shown;
use crate::records::program::{self, RewardOn, Side};
use crate::store::queries::messages::Letter;
use crate::vault::Vault;
use crate::wording::{self, Language, Worth, say};

/// The colour of a shop that has none.
const COLOR: &str = "#1f6f54";

/// The values that the templates show.
pub(super) struct Content {
    pub(super) language: Language,
    /// The shop's name, as customers know it.
    pub(super) shop: String,
    pub(super) greeting: String,
    pub(super) because: String,
    pub(super) thanks_key: &'static str,
    pub(super) subject_key: &'static str,
    /// What it is worth, in words.
    pub(super) benefit: String,
    /// Its amount of money; empty where it is a rate or the shipping.
    pub(super) amount: String,
    /// The voucher's code, in full.
    pub(super) code: Option<String>,
    /// `Content-ID` of the QR code, without brackets.
    pub(super) qr: String,
    /// What else is to be said of what was taken, a paragraph each.
    pub(super) notes: Vec<String>,
    pub(super) conditions: Vec<String>,
    /// Conditions in the program's own words.
    pub(super) prose: Option<String>,
    pub(super) terms_url: Option<String>,
    /// Why the customer gets the mail.
    pub(super) automatic_key: &'static str,
    pub(super) home_url: Option<String>,
    pub(super) imprint: Option<String>,
    pub(super) color: String,
    /// The colour of what is written on `color`.
    pub(super) ink: &'static str,
}

impl Content {
    /// Draws it from the records.
    pub(super) fn of(letter: &Letter, vault: &Vault) -> Result<Self, ComposeError> {
        let language = Language::choose([letter.message.locale.as_str(), letter.shop.locale()]);
        let shop = letter.shop.brand.name.clone().unwrap_or_else(|| letter.shop.name.clone());
        let withdrawal = letter.message.withdrawal.as_ref();
        let voucher = letter.voucher.as_ref().filter(|_| withdrawal.is_none());
        let code = voucher.map(|voucher| vault.open(&voucher.code_box).ok_or(ComposeError::Sealed)).transpose()?;
        if letter.message.kind == MessageKind::VoucherIssued && code.is_none() {
            return Err(ComposeError::Lacks("its voucher"));
        }
        let words = words_of_program(letter, language);
        let prose = words.and_then(|words| words.conditions.as_deref()).filter(|text| !text.is_empty());
        let color = letter.shop.brand.color.clone().filter(|color| is_color(color)).unwrap_or_else(|| COLOR.to_owned());
        Ok(Self {
            language,
            greeting: greeting(letter, language),
            because: match withdrawal {
                Some(withdrawal) => withdrawn::because(withdrawal, &letter.reward, language, &shop),
                None => because(letter, language, &shop),
            },
            thanks_key: withdrawal.map_or_else(|| thanks_key(letter), withdrawn::so_key),
            subject_key: subject_key(letter),
            benefit: benefit(letter, language),
            amount: amount(letter, language),
            code,
            qr: format!("qr.{}", letter.message.message_id),
            notes: withdrawal.map(|taken| withdrawn::notes(taken, letter, language, &shop)).unwrap_or_default(),
            conditions: if withdrawal.is_some() { Vec::new() } else { conditions(letter, language) },
            prose: prose.filter(|_| withdrawal.is_none()).map(str::to_owned),
            automatic_key: if withdrawal.is_some() { "mail.automatic_withdrawn" } else { "mail.automatic" },
            terms_url: words.and_then(|words| words.terms_url.as_deref()).filter(|url| is_web(url)).map(str::to_owned),
            home_url: letter.shop.home_url.clone().filter(|url| is_web(url)),
            imprint: letter.shop.brand.imprint.clone(),
            ink: ink(&color),
            color,
            shop,
        })
    }

    /// The values by the names that the templates know them by.
    pub(super) fn values(&self) -> Value {
        context! {
            language => self.language.code(),
            shop => self.shop.clone(),
            greeting => self.greeting.clone(),
            because => self.because.clone(),
            thanks_key => self.thanks_key,
            subject_key => self.subject_key,
            benefit => self.benefit.clone(),
            amount => self.amount.clone(),
            code => self.code.clone(),
            qr => self.qr.clone(),
            notes => self.notes.clone(),
            conditions => self.conditions.clone(),
            automatic_key => self.automatic_key,
            prose => self.prose.clone(),
            terms_url => self.terms_url.clone(),
            home_url => self.home_url.clone(),
            imprint => self.imprint.clone(),
            color => self.color.clone(),
            ink => self.ink,
        }
    }
}

fn greeting(letter: &Letter, language: Language) -> String {
    match letter.customer.name.as_deref().or(letter.customer.first_name.as_deref()) {
        Some(name) => say(language, "mail.greeting_name", &[("name", name)]),
        None => say(language, "mail.greeting", &[]),
    }
}

/// Whether the mail is about the code that came instead of an earlier one.
fn is_replaced(letter: &Letter) -> bool {
    letter.voucher.as_ref().is_some_and(|voucher| voucher.replaces.is_some())
}

fn because(letter: &Letter, language: Language, shop: &str) -> String {
    let reward = &letter.reward;
    let key = match (reward.on_what, reward.to_side) {
        _ if is_replaced(letter) && reward.benefit.kind == BenefitKind::GiftCard => "mail.because.replaced_gift_card",
        _ if is_replaced(letter) => "mail.because.replaced",
        (RewardOn::Grant, _) => "mail.because.grant",
        (_, Some(Side::Advocate)) => "mail.because.advocate",
        (RewardOn::Referral | RewardOn::Checkout, _) => "mail.because.welcome",
        (RewardOn::Conversion, _) => "mail.because.friend",
    };
    say(language, key, &[("shop", shop)])
}

fn thanks_key(letter: &Letter) -> &'static str {
    if is_replaced(letter) {
        return "mail.voucher.replaces";
    }
    let is_grant = letter.reward.on_what == RewardOn::Grant;
    match (letter.reward.benefit.kind, is_grant) {
        (BenefitKind::StoreCredit, false) => "mail.credit.thanks",
        (BenefitKind::StoreCredit, true) => "mail.credit.thanks_grant",
        (BenefitKind::GiftCard, false) => "mail.voucher.thanks_gift_card",
        (BenefitKind::GiftCard, true) => "mail.voucher.thanks_grant_gift_card",
        (_, false) => "mail.voucher.thanks",
        (_, true) => "mail.voucher.thanks_grant",
    }
}

fn subject_key(letter: &Letter) -> &'static str {
    match (letter.reward.benefit.kind, is_replaced(letter)) {
        (BenefitKind::GiftCard, false) => "mail.voucher.subject_gift_card",
        (BenefitKind::GiftCard, true) => "mail.voucher.subject_replaced_gift_card",
        (_, false) => "mail.voucher.subject",
        (_, true) => "mail.voucher.subject_replaced",
    }
}

fn benefit(letter: &Letter, language: Language) -> String {
    let worth = match (letter.message.withdrawal.as_ref(), &letter.voucher) {
        (Some(taken), _) => {
            Worth { amount: taken.taken.or(letter.reward.amount), ..Worth::from(&letter.reward.benefit.0) }
        }
        (None, Some(voucher)) => Worth::from(voucher),
        (None, None) => Worth { amount: letter.reward.amount, ..Worth::from(&letter.reward.benefit.0) },
    };
    wording::benefit(&worth, letter.reward.currency, language)
}

fn amount(letter: &Letter, language: Language) -> String {
    let amount = letter.voucher.as_ref().map_or(letter.reward.amount, |voucher| voucher.amount);
    amount.map(|minor| shown(minor, letter.reward.currency, language.code())).unwrap_or_default()
}

/// The conditions beside the benefit, a sentence each.
fn conditions(letter: &Letter, language: Language) -> Vec<String> {
    let Some(voucher) = &letter.voucher else { return vec![say(language, "mail.credit.no_end", &[])] };
    let until = voucher.valid_until.map(|end| wording::until(end, letter.shop.zone(), language));
    let until = match &until {
        Some(until) => say(language, "mail.voucher.until", &[("until", until)]),
        None => say(language, "mail.voucher.no_end", &[]),
    };
    let mut conditions = vec![until];
    if voucher.min_order_amount > 0 {
        let least = shown(voucher.min_order_amount, voucher.currency, language.code());
        conditions.push(say(language, "mail.voucher.min_order", &[("amount", &least)]));
    }
    conditions.extend(uses(voucher, language));
    if voucher.customer.is_some() {
        conditions.push(say(language, "mail.voucher.bound", &[]));
    }
    if voucher.stacking.exclusive {
        conditions.push(say(language, "mail.voucher.exclusive", &[]));
    }
    conditions
}

fn uses(voucher: &Voucher, language: Language) -> Option<String> {
    match voucher.max_redemptions {
        _ if voucher.is_balance() => Some(say(language, "mail.voucher.balance", &[])),
        Some(1) => Some(say(language, "mail.voucher.once", &[])),
        Some(count) => Some(say(language, "mail.voucher.several", &[("count", &count.to_string())])),
        None => None,
    }
}

/// The program's words in the mail's language: the very locale first, then the language.
fn words_of_program(letter: &Letter, language: Language) -> Option<&program::Content> {
    let content = &letter.program.as_ref()?.content;
    content.get(&letter.message.locale).or_else(|| content.get(language.code()))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn is_color(text: &str) -> bool {
    text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Black on light colours, white on dark ones (relative luminance, roughly as WCAG has it).
fn ink(color: &str) -> &'static str {
    let part = |from: usize| color.get(from..from + 2).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let brightness = 299 * part(1) + 587 * part(3) + 114 * part(5);
    if brightness > 150_000 { "#111827" } else { "#ffffff" }
}

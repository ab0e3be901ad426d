//! Letters for the tests of what mails say, and whole mails to hold them against.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::compose::compose;
use super::facts::Topic;
use super::kinds::attendance::Attendance;
use super::kinds::gift::Gift;
use super::letter::Letter;
use crate::records::benefit::Benefit;
use crate::records::message::{MessageKind, MessageStatus};
use crate::records::money::Currency;
use crate::records::program::{
    Approval, Attribution, Content, Model, PendingFrom, ProgramStatus, Qualifying, RewardOn, Rules, Side,
};
use crate::records::reward::RewardStatus;
use crate::records::shop::{Brand, Mode, Sender};
use crate::records::text::Text;
use crate::records::voucher::{LegalKind, TaxKind, VoucherSource, VoucherStatus};
use crate::records::*;
use crate::vault::Vault;

/// The secret under which the samples' codes are sealed.
pub(super) fn vault() -> Vault {
    Vault::new(b"samples")
}

/// 24 November 2026, 11:00 in Berlin.
pub(super) fn now() -> Timestamp {
    Timestamp::from_ms(1_795_514_400_000)
}

fn id(prefix: &'static str) -> Id {
    Id::new(prefix, now().ms(), [7; 10])
}

fn euro() -> Currency {
    Currency::parse("EUR").expect("a currency")
}

pub(super) const VOUCHER: &str = r#"{"kind":"percent_off","rate_bps":1250,"max_amount":2000,"min_order_amount":4000}"#;
pub(super) const CARD: &str = r#"{"kind":"gift_card","amount":123450}"#;
pub(super) const PASS: &str = r#"{"kind":"event_pass","seats":2,"event":{"name":"Verkostung <spät>","starts_at":"2026-12-24T17:00:00.000Z","ends_at":"2026-12-24T20:00:00.000Z","time_zone":"Europe/Berlin","place":"Keller","address":"Lindenstraße 5, 10969 Berlin","url":"https://shop.example/e?a=1&b=2"}}"#;
pub(super) const CREDIT: &str = r#"{"kind":"store_credit","of_order_bps":500}"#;

/// Anna's mail of a kind, in a language.
pub(super) fn letter(locale: &str, kind: MessageKind, topic: Box<dyn Topic>) -> Letter {
    let public_url = "https://grapevine.example".to_owned();
    Letter {
        message: message(locale, kind),
        shop: shop(),
        customer: customer(),
        public_url,
        is_marketing: false,
        own: None,
        topic,
    }
}

/// An advocate's reward in a program; `benefit` as the API has it.
pub(super) fn gift(benefit: &str) -> Gift {
    let benefit: Benefit = serde_json::from_str(benefit).expect("a benefit");
    let is_credit = benefit.kind == benefit::BenefitKind::StoreCredit;
    let voucher = (!is_credit && !benefit.kind.is_handed_over()).then(|| voucher(&benefit));
    Gift { voucher, reward: reward(benefit), program: Some(program()), offer: None }
}

/// A word to many.
pub(super) fn announcement(kind: announcement::AnnouncementKind) -> Announcement {
    use announcement::Words;
    let words = |subject: &str, text: &str| Words {
        subject: Text::parse(subject).expect("a subject"),
        text: Text::parse(text).expect("a text"),
    };
    let (de, en) = match kind.is_urgent() {
        true => (
            words(
                "Rückruf: Becher „Nord“",
                "der Henkel des Bechers „Nord“ (mug-7) kann abbrechen. Benutzen Sie ihn nicht weiter.\n\nWir erstatten den Kaufpreis. Wie das geht, steht unter https://example.org/rueckruf?becher=7, oder rufen Sie an: 030 1234567.",
            ),
            words(
                "Recall: mug “North”",
                "The handle of the mug “North” (mug-7) may break off. Stop using it.\n\nWe refund what you paid. How, says https://example.org/recall?mug=7, or call us: +49 30 1234567.",
            ),
        ),
        false => (
            words("Frisch geröstet", "der neue Jahrgang ist da.\n\nMehr unter https://example.org/neu"),
            words("Freshly roasted", "This year's harvest is here.\n\nMore at https://example.org/new"),
        ),
    };
    let content = Json(BTreeMap::from([("de".to_owned(), de), ("en".to_owned(), en)]));
    Announcement { content, ..Announcement::blank(id("ann"), id("shp"), kind, now()) }
}

/// An advocate's pass for two, from a program.
pub(super) fn attendance() -> Attendance {
    let gift = gift(PASS);
    Attendance { voucher: gift.voucher.clone(), gift: Some(gift) }
}

/// The whole mail.
pub(super) fn written(letter: &Letter) -> String {
    let mail = compose(letter, &vault(), now()).expect("a mail");
    String::from_utf8(mail.formatted()).expect("mails are ASCII")
}

/// Holds a whole mail against the sample that is kept, to the letter. `BLESS_MAILS=1` keeps what is written now.
pub(super) fn check(name: &str, letter: &Letter) {
    let path = folder(letter.message.kind.as_str()).join(format!("{name}.{}.eml", letter.message.locale));
    let actual = written(letter);
    if std::env::var_os("BLESS_MAILS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for samples");
        std::fs::write(&path, &actual).expect("the sample can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(actual, expected, "{name}");
}

/// Where the samples of a kind are.
pub(super) fn folder(kind: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "templates/mail/samples", kind].iter().collect()
}

fn message(locale: &str, kind: MessageKind) -> Message {
    Message {
        id: id("msg"),
        shop: id("shp"),
        version: 1,
        kind,
        customer: id("cus"),
        customer_ref: Some("c-7".to_owned()),
        recipient: Some("anna@example.org".to_owned()),
        locale: locale.to_owned(),
        status: MessageStatus::Sending,
        reason: None,
        tries: 1,
        next_at: None,
        sent_at: None,
        message_id: format!("{}@grapevine.example", id("msg")),
        resend_of: None,
        was_told: false,
        repeated: false,
        waiting_for: None,
        subject: id("rwd"),
        withdrawal: Json(None),
        created_at: now(),
    }
}

fn shop() -> Shop {
    Shop {
        id: id("shp"),
        shop: id("shp"),
        version: 1,
        mode: Mode::Live,
        name: "Kaffeehaus".to_owned(),
        currency: euro(),
        time_zone: "Europe/Berlin".to_owned(),
        country: None,
        locales: Json(vec!["de".to_owned(), "en".to_owned()]),
        slug: "kaffee".to_owned(),
        link_base_url: None,
        home_url: Some("https://shop.example/?a=1&b=2".to_owned()),
        landing_hosts: Json::default(),
        mark_parameters: None,
        typed_pages: None,
        placements: None,
        sender: Json(Sender {
            name: Some("Kaffeehaus Grün".to_owned()), email: Some("hallo@shop.example".to_owned())
        }),
        brand: Json(Brand {
            name: Some("Kaffeehaus Grün & Söhne".to_owned()),
            color: Some("#ffcc00".to_owned()),
            imprint: Some("Kaffeehaus Grün GmbH\nLindenstraße 5, 10969 Berlin\nHRB 12345 B".to_owned()),
            ..Brand::default()
        }),
        browser_origins: Json::default(),
        mail: Json::default(),
        grant_approval_above: None,
        grant_limit_raise: Json(None),
        test_recipients: Json::default(),
        never_discounted: Json::default(),
        past_zones: Json::default(),
        created_at: now(),
    }
}

fn customer() -> Customer {
    Customer {
        version: 1,
        email: Some("anna@example.org".to_owned()),
        name: Some("Anna Müller".to_owned()),
        first_name: Some("Anna".to_owned()),
        ..Customer::blank(id("cus"), id("shp"), Some("c-7".to_owned()), now())
    }
}

fn reward(benefit: Benefit) -> Reward {
    Reward {
        id: id("rwd"),
        shop: id("shp"),
        version: 1,
        to_side: Some(Side::Advocate),
        on_what: RewardOn::Conversion,
        customer: id("cus"),
        customer_ref: Some("c-7".to_owned()),
        program: Some(id("prg")),
        conversion: Some(id("cnv")),
        referral: None,
        grant_id: None,
        channel: None,
        placed: None,
        counted_at: None,
        once: "once".to_owned(),
        amount: benefit.amount_for(8_000),
        currency: euro(),
        cost_amount: 1_000,
        benefit: Json(benefit),
        redeemed_amount: 0,
        forgiven_amount: 0,
        owed_by: None,
        place: None,
        counted_by: Json::default(),
        status: RewardStatus::Issued,
        pending_until: None,
        voucher: Some(id("vch")),
        reference: None,
        message: Some(id("msg")),
        issued_at: Some(now()),
        expires_at: None,
        history: Json::default(),
        created_at: now(),
    }
}

fn voucher(benefit: &Benefit) -> Voucher {
    let is_card = benefit.kind == benefit::BenefitKind::GiftCard;
    Voucher {
        id: id("vch"),
        shop: id("shp"),
        version: 1,
        code_key: String::new(),
        code_box: vault().seal("K7QM-3F9X-T2WD", [1; 12]),
        code_hint: "T2WD".to_owned(),
        kind: benefit.kind,
        amount: benefit.amount_for(8_000),
        rate_bps: benefit.rate_bps,
        max_amount: benefit.max_amount.map(|max| max.0),
        face_amount: 1_000,
        currency: euro(),
        min_order_amount: benefit.min_order_amount.map_or(0, |least| least.0),
        max_redemptions: (!is_card).then_some(1),
        per_customer: None,
        customer: Some(id("cus")),
        customer_ref: Some("c-7".to_owned()),
        valid_from: None,
        valid_until: Some(benefit::EARNED.until(now(), chrono_tz::Europe::Berlin)),
        due_at: None,
        remind_at: None,
        lapsed_amount: 0,
        applies_to: Json::default(),
        with_shop_discounts: true,
        stacking: Json::default(),
        legal_kind: LegalKind::Earned,
        tax_kind: TaxKind::Discount,
        reference: None,
        content: None,
        asked_by: Json(None),
        event: benefit.event.as_ref().map(pass::EventDetails::key),
        pass: benefit
            .event
            .clone()
            .map(|event| Json(pass::Pass { event, seats: benefit.seats(), sequence: 0, is_own: false })),
        source: VoucherSource::Reward,
        source_id: Some(id("rwd")),
        source_account: String::new(),
        counted_as: id("vch"),
        replaces: None,
        replaced_by: None,
        batch: None,
        heir: None,
        status: VoucherStatus::Active,
        created_at: now(),
    }
}

fn program() -> Program {
    let words = |conditions: &str, terms: &str| Content {
        conditions: Text::parse(conditions).ok(),
        terms_url: Text::parse(terms).ok(),
        ..Content::default()
    };
    let content = BTreeMap::from([
        ("de".to_owned(), words("Nicht für Bücher.\nNicht für Geschenkkarten.", "https://shop.example/agb")),
        ("en".to_owned(), words("Not for books.\nNot for gift cards.", "https://shop.example/terms")),
    ]);
    Program {
        id: id("prg"),
        shop: id("shp"),
        version: 1,
        slug: "weitersagen".to_owned(),
        name: "Weitersagen".to_owned(),
        status: ProgramStatus::Active,
        priority: 0,
        landing_url: "https://shop.example/welcome".to_owned(),
        rules: Json(Rules {
            attribution: Attribution { window_days: 90, credit_window_days: 90, model: Model::First },
            qualifying: Qualifying { min_order_amount: 0, new_customers_only: true },
            pending_days: 30,
            pending_from: PendingFrom::Order,
            approval: Approval::Auto,
            rewards: Vec::new(),
            former: Vec::new(),
            budget_amount: None,
        }),
        content: Json(content),
        starts_at: None,
        ends_at: None,
        created_at: now(),
        activated_at: Some(now()),
        ended_at: None,
        pauses: Json::default(),
        trials: Json::default(),
        notice: Json::default(),
    }
}

/// The share that stands in the place of one whose link got about.
pub(super) fn share() -> Share {
    let id = Id::of("shr", &["fresh"]);
    Share {
        id,
        shop: shop().id,
        version: 1,
        program: program().id,
        customer: Some(customer().id),
        customer_ref: None,
        channel: "whatsapp".to_owned(),
        private: true,
        channel_inferred: None,
        token: "4fT9bQx2LmZ".to_owned(),
        spot: None,
        landing_url: None,
        preview: Json(None),
        placement: None,
        placed: None,
        first_of: None,
        advocate_since: None,
        arm: None,
        locale: "de".to_owned(),
        parent: None,
        after_ms: None,
        root: id,
        depth: 1,
        sent_at: None,
        leaked_at: None,
        fresh: None,
        created_at: now(),
    }
}

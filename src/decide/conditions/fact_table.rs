//! Every fact that a condition may ask for: a row each, with its type, its words, what it means and where it comes
//! from. To add one is to add its row; the language, its errors, its sentences and its documentation follow.
//!
//! Words: `of` names the fact. `they` are what is said of somebody, without a subject, and `you` what is said to them,
//! each as it is and as it is not; `said` of a number, of whom and to whom. `{}` stands for what it is compared with.
//! A number of which nothing is said is spoken of by its name.

use serde::Serialize;

use super::fact::{Fact, Kind, Past, Range, Shown, Spelling, Words};
use super::load;

use crate::views::Sentence;

const FROM_0: Range = Range { least: 0, most: i64::MAX };
const COUNT: Kind = Kind::Number(FROM_0, Shown::Things);

/// What the shop itself noted about a customer: as many facts as it has keys.
pub const ATTRIBUTE: Fact = Fact {
    name: "customer.attributes.<key>",
    kind: Kind::Attribute,
    meaning: "What the shop noted about the customer under this key",
    example: "customer.attributes.tier == \"gold\"",
    source: "The customer's record",
    load: load::unknown,
    past: Past::Today,
    english: Words::of("the attribute {}")
        .they("the attribute {} is true", "the attribute {} is false")
        .you("the attribute {} is true", "the attribute {} is false"),
    german: Words::of("das Merkmal {}")
        .they("das Merkmal {} trifft zu", "das Merkmal {} trifft nicht zu")
        .you("das Merkmal {} trifft zu", "das Merkmal {} trifft nicht zu"),
};

/// All others, in the order of the documentation.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "arrival.private",
        kind: Kind::Flag,
        meaning: "Whether they arrived by a share on a private channel",
        example: "arrival.private",
        source: "The visit that the caller's evidence names",
        load: load::arrival_private,
        past: Past::Then,
        english: Words::of("whether the arrival was private")
            .they("arrived by a private share", "did not arrive by a private share")
            .you("you came by a private share", "you did not come by a private share"),
        german: Words::of("ob die Ankunft privat war")
            .they("kam über eine private Empfehlung", "kam nicht über eine private Empfehlung")
            .you(
                "Sie sind über eine private Empfehlung gekommen",
                "Sie sind nicht über eine private Empfehlung gekommen",
            ),
    },
    Fact {
        name: "arrival.channel",
        kind: Kind::Text(Spelling::Key),
        meaning: "The key of the channel by which they arrived",
        example: "arrival.channel in [\"whatsapp\", \"signal\"]",
        source: "The visit that the caller's evidence names",
        load: load::arrival_channel,
        past: Past::Then,
        english: Words::of("the channel of the arrival")
            .they("arrived by the channel {}", "did not arrive by the channel {}")
            .you("you came by the channel {}", "you did not come by the channel {}"),
        german: Words::of("der Kanal der Ankunft")
            .they("kam über den Kanal {}", "kam nicht über den Kanal {}")
            .you("Sie sind über den Kanal {} gekommen", "Sie sind nicht über den Kanal {} gekommen"),
    },
    Fact {
        name: "arrival.depth",
        kind: Kind::Number(Range { least: 1, most: i64::MAX }, Shown::Things),
        meaning: "Through how many hands the share went; a first share is 1",
        example: "arrival.depth >= 2",
        source: "The visit that the caller's evidence names",
        load: load::arrival_depth,
        past: Past::Then,
        english: Words::of("the number of hands that the share went through")
            .counted("hand", "hands")
            .said("arrived through {}", "you came through {}"),
        german: Words::of("die Zahl der Stationen der Empfehlung")
            .counted("Station", "Stationen")
            .said("kam über {}", "Sie sind über {} gekommen"),
    },
    Fact {
        name: "arrival.age_hours",
        kind: Kind::Number(FROM_0, Shown::Measure),
        meaning: "Full hours since they arrived",
        example: "arrival.age_hours < 48",
        source: "The visit that the caller's evidence names",
        load: load::arrival_age_hours,
        past: Past::Then,
        english: Words::of("the age of the arrival in hours")
            .counted("hour", "hours")
            .said("arrived {} ago", "you came {} ago"),
        german: Words::of("das Alter der Ankunft in Stunden")
            .counted("Stunde", "Stunden")
            .said("kam vor {}", "Sie sind vor {} gekommen"),
    },
    Fact {
        name: "arrival.placement",
        kind: Kind::Text(Spelling::Exact),
        meaning: "Where in the shop the button was by which it was shared",
        example: "arrival.placement == \"order_confirmation\"",
        source: "The visit that the caller's evidence names",
        load: load::arrival_placement,
        past: Past::Then,
        english: Words::of("the placement of the share")
            .they("arrived by a share made at the placement {}", "did not arrive by a share made at the placement {}")
            .you(
                "you came by a share made at the placement {}",
                "you did not come by a share made at the placement {}",
            ),
        german: Words::of("die Platzierung der Empfehlung")
            .they(
                "kam über eine Empfehlung von der Platzierung {}",
                "kam nicht über eine Empfehlung von der Platzierung {}",
            )
            .you(
                "Sie sind über eine Empfehlung von der Platzierung {} gekommen",
                "Sie sind nicht über eine Empfehlung von der Platzierung {} gekommen",
            ),
    },
    Fact {
        name: "customer.is_new",
        kind: Kind::Flag,
        meaning: "Whether the person has no earlier order that counts",
        example: "customer.is_new",
        source: "Every order that the shop reported of the person",
        load: load::customer_is_new,
        past: Past::Then,
        english: Words::of("whether the customer is new")
            .they("is new to the shop", "is not new to the shop")
            .you("you are new to the shop", "you are not new to the shop"),
        german: Words::of("ob es der erste Einkauf ist")
            .they("kauft zum ersten Mal", "kauft nicht zum ersten Mal")
            .you("Sie kaufen zum ersten Mal", "Sie kaufen nicht zum ersten Mal"),
    },
    Fact {
        name: "customer.orders",
        kind: COUNT,
        meaning: "How many orders of the person count",
        example: "customer.orders >= 2",
        source: "Every order that the shop reported of the person",
        load: load::customer_orders,
        past: Past::Then,
        english: Words::of("the number of orders placed").counted("order", "orders").said("placed {}", "you placed {}"),
        german: Words::of("die Zahl der aufgegebenen Bestellungen")
            .counted("Bestellung", "Bestellungen")
            .said("hat {} aufgegeben", "Sie haben {} aufgegeben"),
    },
    Fact {
        name: "customer.segments",
        kind: Kind::List(Spelling::Exact),
        meaning: "The keys of the segments to which they belong",
        example: "\"vip\" in customer.segments",
        source: "The segments of the shop",
        load: load::customer_segments,
        past: Past::Today,
        english: Words::of("the segments of the customer")
            .sized("the number of segments of the customer")
            .they("belongs to the segment {}", "does not belong to the segment {}")
            .you("you belong to the segment {}", "you do not belong to the segment {}"),
        german: Words::of("die eigenen Segmente")
            .sized("die Zahl der eigenen Segmente")
            .they("gehört zum Segment {}", "gehört nicht zum Segment {}")
            .you("Sie gehören zum Segment {}", "Sie gehören nicht zum Segment {}"),
    },
    Fact {
        name: "customer.locale",
        kind: Kind::Text(Spelling::Exact),
        meaning: "Their language, with a country perhaps: de, de-AT",
        example: "customer.locale.startsWith(\"de\")",
        source: "The customer's record",
        load: load::customer_locale,
        past: Past::Today,
        english: Words::of("the language")
            .they("has the language {}", "does not have the language {}")
            .you("your language is {}", "your language is not {}"),
        german: Words::of("die Sprache")
            .they("hat die Sprache {}", "hat nicht die Sprache {}")
            .you("Ihre Sprache ist {}", "Ihre Sprache ist nicht {}"),
    },
    Fact {
        name: "sharer.sent_private",
        kind: COUNT,
        meaning: "How many private shares of theirs were sent: another person or a preview robot opened the link",
        example: "sharer.sent_private >= 1",
        source: "Their own shares and referrals, as a sharer",
        load: load::sharer_sent_private,
        past: Past::Today,
        english: Words::of("the number of private shares sent")
            .counted("private share", "private shares")
            .said("sent {}", "you sent {}"),
        german: Words::of("die Zahl der verschickten privaten Empfehlungen")
            .counted("private Empfehlung", "private Empfehlungen")
            .said("hat {} verschickt", "Sie haben {} verschickt"),
    },
    Fact {
        name: "sharer.visits_private",
        kind: COUNT,
        meaning: "How many visits the private shares of theirs brought",
        example: "sharer.visits_private >= 5",
        source: "Their own shares and referrals, as a sharer",
        load: load::sharer_visits_private,
        past: Past::Today,
        english: Words::of("the number of visits brought by private shares")
            .counted("visit", "visits")
            .said("brought {} by private shares", "you brought {} by private shares"),
        german: Words::of("die Zahl der über private Empfehlungen gebrachten Besuche")
            .counted("Besuch", "Besuche")
            .said("hat über private Empfehlungen {} gebracht", "Sie haben über private Empfehlungen {} gebracht"),
    },
    Fact {
        name: "sharer.friends",
        kind: COUNT,
        meaning: "How many different friends they themselves won",
        example: "sharer.friends >= 3",
        source: "Their own shares and referrals, as a sharer",
        load: load::sharer_friends,
        past: Past::Then,
        english: Words::of("the number of friends won").counted("friend", "friends").said("won {}", "you won {}"),
        german: Words::of("die Zahl der gewonnenen Freunde")
            .counted("Freund", "Freunde")
            .said("hat {} gewonnen", "Sie haben {} gewonnen"),
    },
    Fact {
        name: "sharer.conversions",
        kind: COUNT,
        meaning: "How many orders are credited to them",
        example: "sharer.conversions >= 2",
        source: "Their own shares and referrals, as a sharer",
        load: load::sharer_conversions,
        past: Past::Then,
        english: Words::of("the number of orders brought")
            .counted("order", "orders")
            .said("brought {}", "you brought {}"),
        german: Words::of("die Zahl der vermittelten Bestellungen")
            .counted("Bestellung", "Bestellungen")
            .said("hat {} vermittelt", "Sie haben {} vermittelt"),
    },
    Fact {
        name: "sharer.conversions_30d",
        kind: COUNT,
        meaning: "The same, of the last 30 days",
        example: "sharer.conversions_30d >= 1",
        source: "Their own shares and referrals, as a sharer",
        load: load::sharer_conversions_30d,
        past: Past::Then,
        english: Words::of("the number of orders brought in the last 30 days")
            .counted("order", "orders")
            .said("brought {} in the last 30 days", "you brought {} in the last 30 days"),
        german: Words::of("die Zahl der in den letzten 30 Tagen vermittelten Bestellungen")
            .counted("Bestellung", "Bestellungen")
            .said("hat in den letzten 30 Tagen {} vermittelt", "Sie haben in den letzten 30 Tagen {} vermittelt"),
    },
    Fact {
        name: "advocate.sent_private",
        kind: COUNT,
        meaning: "How many private shares of the advocate were sent: another person or a preview robot opened the link",
        example: "advocate.sent_private >= 1",
        source: "The shares and referrals of whoever shared what they arrived by",
        load: load::advocate_sent_private,
        past: Past::Today,
        english: Words::of("the advocate's number of private shares sent")
            .counted("private share", "private shares")
            .said("came from somebody who sent {}", "you came from somebody who sent {}"),
        german: Words::of("bei der empfehlenden Person die Zahl der verschickten privaten Empfehlungen")
            .counted("verschickten privaten Empfehlung", "verschickten privaten Empfehlungen")
            .said("kam von jemandem mit {}", "Sie sind von jemandem mit {} gekommen"),
    },
    Fact {
        name: "advocate.visits_private",
        kind: COUNT,
        meaning: "How many visits the private shares of the advocate brought",
        example: "advocate.visits_private >= 5",
        source: "The shares and referrals of whoever shared what they arrived by",
        load: load::advocate_visits_private,
        past: Past::Today,
        english: Words::of("the advocate's number of visits brought by private shares")
            .counted("visit", "visits")
            .said(
                "came from somebody who brought {} by private shares",
                "you came from somebody who brought {} by private shares",
            ),
        german: Words::of("bei der empfehlenden Person die Zahl der über private Empfehlungen gebrachten Besuche")
            .counted("über private Empfehlungen gebrachten Besuch", "über private Empfehlungen gebrachten Besuchen")
            .said("kam von jemandem mit {}", "Sie sind von jemandem mit {} gekommen"),
    },
    Fact {
        name: "advocate.friends",
        kind: COUNT,
        meaning: "How many different friends the advocate won",
        example: "advocate.friends >= 3",
        source: "The shares and referrals of whoever shared what they arrived by",
        load: load::advocate_friends,
        past: Past::Then,
        english: Words::of("the advocate's number of friends won")
            .counted("friend", "friends")
            .said("came from somebody who won {}", "you came from somebody who won {}"),
        german: Words::of("bei der empfehlenden Person die Zahl der gewonnenen Freunde")
            .counted("gewonnenen Freund", "gewonnenen Freunden")
            .said("kam von jemandem mit {}", "Sie sind von jemandem mit {} gekommen"),
    },
    Fact {
        name: "advocate.conversions",
        kind: COUNT,
        meaning: "How many orders are credited to the advocate",
        example: "advocate.conversions >= 2",
        source: "The shares and referrals of whoever shared what they arrived by",
        load: load::advocate_conversions,
        past: Past::Then,
        english: Words::of("the advocate's number of orders brought")
            .counted("order", "orders")
            .said("came from somebody who brought {}", "you came from somebody who brought {}"),
        german: Words::of("bei der empfehlenden Person die Zahl der vermittelten Bestellungen")
            .counted("vermittelten Bestellung", "vermittelten Bestellungen")
            .said("kam von jemandem mit {}", "Sie sind von jemandem mit {} gekommen"),
    },
    Fact {
        name: "advocate.conversions_30d",
        kind: COUNT,
        meaning: "The same, of the last 30 days",
        example: "advocate.conversions_30d >= 1",
        source: "The shares and referrals of whoever shared what they arrived by",
        load: load::advocate_conversions_30d,
        past: Past::Then,
        english: Words::of("the advocate's number of orders brought in the last 30 days")
            .counted("order", "orders")
            .said(
                "came from somebody who brought {} in the last 30 days",
                "you came from somebody who brought {} in the last 30 days",
            ),
        german: Words::of("bei der empfehlenden Person die Zahl der in den letzten 30 Tagen vermittelten Bestellungen")
            .counted(
                "in den letzten 30 Tagen vermittelten Bestellung",
                "in den letzten 30 Tagen vermittelten Bestellungen",
            )
            .said("kam von jemandem mit {}", "Sie sind von jemandem mit {} gekommen"),
    },
    Fact {
        name: "order.amount",
        kind: Kind::Number(FROM_0, Shown::Money),
        meaning: "What the goods of the order cost, in minor units of the shop's currency: 50.00 is 5000",
        example: "order.amount >= 5000",
        source: "The order that the caller tells of",
        load: load::order_amount,
        past: Past::Nothing,
        english: Words::of("the amount of the order")
            .counted("minor unit", "minor units")
            .said("orders for {}", "your order comes to {}"),
        german: Words::of("der Wert der Bestellung")
            .counted("kleinste Währungseinheit", "kleinste Währungseinheiten")
            .said("bestellt für {}", "Ihre Bestellung beträgt {}"),
    },
    Fact {
        name: "order.currency",
        kind: Kind::Text(Spelling::Currency),
        meaning: "The currency of the order (ISO 4217)",
        example: "order.currency == \"EUR\"",
        source: "The order that the caller tells of",
        load: load::order_currency,
        past: Past::Nothing,
        english: Words::of("the currency of the order")
            .they("orders in the currency {}", "does not order in the currency {}")
            .you("your order is in the currency {}", "your order is not in the currency {}"),
        german: Words::of("die Währung der Bestellung")
            .they("bestellt in der Währung {}", "bestellt nicht in der Währung {}")
            .you("Ihre Bestellung ist in der Währung {}", "Ihre Bestellung ist nicht in der Währung {}"),
    },
    Fact {
        name: "order.skus",
        kind: Kind::List(Spelling::Product),
        meaning: "The products of the order, compared without case",
        example: "\"mug\" in order.skus",
        source: "The order that the caller tells of",
        load: load::order_skus,
        past: Past::Nothing,
        english: Words::of("the products of the order")
            .sized("the number of products ordered")
            .they("orders the product {}", "does not order the product {}")
            .you("your order has the product {}", "your order does not have the product {}"),
        german: Words::of("die Produkte der Bestellung")
            .sized("die Zahl der bestellten Produkte")
            .they("bestellt das Produkt {}", "bestellt das Produkt {} nicht")
            .you("Ihre Bestellung enthält das Produkt {}", "Ihre Bestellung enthält das Produkt {} nicht"),
    },
    Fact {
        name: "order.categories",
        kind: Kind::List(Spelling::Product),
        meaning: "The categories of its products, compared without case",
        example: "\"coffee\" in order.categories",
        source: "The order that the caller tells of",
        load: load::order_categories,
        past: Past::Nothing,
        english: Words::of("the categories of the order")
            .sized("the number of categories ordered from")
            .they("orders something of the category {}", "orders nothing of the category {}")
            .you("your order has something of the category {}", "your order has nothing of the category {}"),
        german: Words::of("die Kategorien der Bestellung")
            .sized("die Zahl der Kategorien der Bestellung")
            .they("bestellt etwas aus der Kategorie {}", "bestellt nichts aus der Kategorie {}")
            .you(
                "Ihre Bestellung enthält etwas aus der Kategorie {}",
                "Ihre Bestellung enthält nichts aus der Kategorie {}",
            ),
    },
    Fact {
        name: "now",
        kind: Kind::Instant,
        meaning: "The instant at which it is decided",
        example: "now < timestamp(\"2026-12-24T18:00:00Z\")",
        source: "The shop's clock",
        load: load::now,
        past: Past::Then,
        english: Words::of("the time").said("it is {}", "it is {}"),
        german: Words::of("die Zeit").said("es ist {}", "es ist {}"),
    },
    Fact {
        name: "today.weekday",
        kind: Kind::Number(Range { least: 1, most: 7 }, Shown::Weekday),
        meaning: "The day of the week: 1 is Monday, 7 is Sunday",
        example: "today.weekday in [6, 7]",
        source: "The shop's clock, in its time zone",
        load: load::today_weekday,
        past: Past::Then,
        english: Words::of("the weekday"),
        german: Words::of("der Wochentag"),
    },
    Fact {
        name: "today.hour",
        kind: Kind::Number(Range { least: 0, most: 23 }, Shown::Bare),
        meaning: "The hour of the day, 0 to 23",
        example: "today.hour >= 18",
        source: "The shop's clock, in its time zone",
        load: load::today_hour,
        past: Past::Then,
        english: Words::of("the hour of the day"),
        german: Words::of("die Stunde des Tages"),
    },
    Fact {
        name: "today.month",
        kind: Kind::Number(Range { least: 1, most: 12 }, Shown::Month),
        meaning: "The month, 1 to 12",
        example: "today.month == 12",
        source: "The shop's clock, in its time zone",
        load: load::today_month,
        past: Past::Then,
        english: Words::of("the month"),
        german: Words::of("der Monat"),
    },
    Fact {
        name: "today.day",
        kind: Kind::Number(Range { least: 1, most: 31 }, Shown::Bare),
        meaning: "The day of the month, 1 to 31",
        example: "today.day <= 7",
        source: "The shop's clock, in its time zone",
        load: load::today_day,
        past: Past::Then,
        english: Words::of("the day of the month"),
        german: Words::of("der Tag des Monats"),
    },
];

/// A fact as the API shows it.
#[derive(Serialize)]
pub struct FactView {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    meaning: &'static str,
    example: &'static str,
    source: &'static str,
    words: Sentence,
}

/// Every fact as the API shows it.
pub fn views() -> impl Iterator<Item = FactView> {
    FACTS.iter().chain([&ATTRIBUTE]).map(|fact| FactView {
        name: fact.name,
        kind: fact.kind.word(),
        meaning: fact.meaning,
        example: fact.example,
        source: fact.source,
        words: Sentence { de: fact.german.noun.to_owned(), en: fact.english.noun.to_owned() },
    })
}

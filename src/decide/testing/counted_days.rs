//! On which day and for what an order counts, whatever becomes of it and of the shop's time zone.

use crate::decide::testing::bench::shop_record;
use crate::records::conversion::ConversionStatus;
use crate::records::day_count::{Countable, Figure};
use crate::records::money::Currency;
use crate::records::time::day_number;
use crate::records::{Conversion, Id, Shop, Timestamp};

fn order() -> (Shop, Conversion) {
    let at = Timestamp::from_ms(1_795_521_600_000);
    let shop = shop_record(Id::new("shp", 0, [0; 10]), at);
    let euro = Currency::parse("EUR").expect("a currency");
    let order = Conversion::blank(Id::new("cnv", 0, [1; 10]), shop.id, "A-1", (5_000, euro), at);
    (shop, order)
}

fn told(shop: &Shop, order: &Conversion) -> String {
    let Some((key, counts)) = order.counts_for(shop) else { return "nothing".to_owned() };
    let figures = Figure::WORDS.iter().zip(counts.0).filter(|(_, many)| *many != 0);
    let figures: Vec<String> = figures.map(|(word, many)| format!("{word} {many}")).collect();
    format!("{}{}: {}", key.channel, key.place, figures.join(", "))
}

#[test]
fn an_order_counts_for_what_it_is() {
    let (shop, mut order) = order();
    assert_eq!(told(&shop, &order), "(none): orders 1, revenue 5000");
    order.program = Some(Id::new("prg", 0, [2; 10]));
    assert_eq!(told(&shop, &order), "(code): orders 1, revenue 5000");
    (order.channel, order.placed) = (Some("whatsapp".to_owned()), Some(" at the footer".to_owned()));
    (order.approved_at, order.status) = (Some(order.created_at), ConversionStatus::Approved);
    (order.is_credited, order.naked_share) = (true, Some(Id::new("shr", 0, [3; 10])));
    assert_eq!(
        told(&shop, &order),
        "whatsapp at the footer: orders 1, naked_orders 1, approved 1, kept 1, revenue 5000"
    );
    order.refunded_amount = 2_000;
    assert_eq!(
        told(&shop, &order),
        "whatsapp at the footer: orders 1, naked_orders 1, approved 1, kept 1, revenue 5000, refunded 2000"
    );
    (order.refunded_amount, order.returned_at, order.status) =
        (5_000, Some(order.created_at), ConversionStatus::Reversed);
    assert_eq!(
        told(&shop, &order),
        "whatsapp at the footer: orders 1, naked_orders 1, approved 1, revenue 5000, refunded 5000"
    );
    order.cancelled_at = Some(order.created_at);
    assert_eq!(told(&shop, &order), "nothing");
}

#[test]
fn an_order_in_another_currency_counts_with_what_the_shop_says_it_is_worth() {
    let (shop, mut order) = order();
    order.currency = Currency::parse("CHF").expect("a currency");
    assert_eq!(told(&shop, &order), "(none): orders 1");
    order.base_amount = Some(4_800);
    order.refunded_amount = 2_500;
    assert_eq!(told(&shop, &order), "(none): orders 1, revenue 4800, refunded 2400");
}

#[test]
fn what_was_counted_on_a_day_stays_on_it_whichever_zone_comes() {
    let at = Timestamp::from_ms(1_795_521_600_000);
    let mut shop = shop_record(Id::new("shp", 0, [0; 10]), at);
    let instants: Vec<Timestamp> = (-90..=1).map(|hours| at.plus_ms(hours * 3_600_000)).collect();
    let days = |shop: &Shop| instants.iter().map(|at| shop.day_of(*at)).collect::<Vec<_>>();
    let before = days(&shop);
    shop.take_zone("Pacific/Auckland".to_owned(), at);
    shop.take_zone("America/Los_Angeles".to_owned(), at.plus_ms(1));
    assert_eq!(days(&shop), before);
    assert_eq!(shop.past_zones.len(), 2);
    let later = at.plus_days(3);
    assert_eq!(shop.day_of(later), day_number(later.day_in(chrono_tz::America::Los_Angeles)));
    shop.take_zone("America/Los_Angeles".to_owned(), later);
    assert_eq!(shop.past_zones.len(), 2, "the same zone is no change");
}

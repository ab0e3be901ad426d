//! How long visits are kept: so many days in their shop's time, removed page by page; what was counted of them stays.

use grapevine::records::{Id, Timestamp};
use grapevine::store::{Statement, visits};

use crate::rig::{self, number};
use crate::support::{Fresh, on_both};

on_both!(visits_are_kept_for_their_days_in_their_shops_time);

/// When it is looked.
const NOW: i64 = 1_800_000_000_000;
const DAY: i64 = 86_400_000;

fn visits_are_kept_for_their_days_in_their_shops_time(database: &Fresh) {
    let (shop, ahead) = (rig::shop(database), rig::shop(database));
    let mut connection = database.connect();
    let moved = Statement::new("UPDATE shop_heads SET clock_offset_ms = ? WHERE id = ?").bind(30 * DAY).bind(ahead);
    connection.execute(&moved).expect("a clock is moved");
    let share = Id::new("shr", 0, [0; 10]);
    let mut visit = |shop: Id, at: i64| {
        let sql = "INSERT INTO visits (shop, share, at, class, device, count) VALUES (?, ?, ?, 'person', 'phone', 1)";
        connection.execute(&Statement::new(sql).bind(shop).bind(share).bind(at)).expect("a visit");
    };
    for _ in 0..1_001 {
        visit(shop, NOW - 91 * DAY);
    }
    for _ in 0..3 {
        visit(shop, NOW - 89 * DAY);
        visit(ahead, NOW + 30 * DAY - 91 * DAY);
        visit(ahead, NOW + 30 * DAY - 89 * DAY);
    }
    let counted = "INSERT INTO share_counts (id, shop, previews, visits, unique_visits) VALUES (?, ?, 0, 1004, 1)";
    connection.execute(&Statement::new(counted).bind(share).bind(shop)).expect("a count");
    let (before, mut pages) = (Timestamp::from_ms(NOW).plus_days(-90), 1);
    while visits::forget_before(&mut connection, before).expect("they are removed") {
        pages += 1;
    }
    assert_eq!(pages, 3, "a page is no longer than the writer has time for");
    let left = |shop: Id| number(database, &format!("SELECT COUNT(*) FROM visits WHERE shop = '{shop}'"));
    assert_eq!((left(shop), left(ahead)), (3, 3));
    assert_eq!(number(database, "SELECT CAST(SUM(visits) AS BIGINT) FROM share_counts"), 1_004);
}

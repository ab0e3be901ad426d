//! Lists: pages, cursors, CSV.

use crate::support::*;

on_both!(
    pages_show_each_once_and_newest_first,
    a_list_as_csv,
    cells_that_begin_a_formula_are_quoted,
    lists_narrow_by_time,
    a_filter_that_a_list_does_not_have_is_refused,
    orders_are_found_by_what_they_are,
);

async fn orders(shop: &TestShop, count: usize) -> Vec<Value> {
    let mut made = Vec::with_capacity(count);
    for number in 0..count {
        let order = json!({"order_id": number.to_string(), "amount": 100 + number, "currency": "EUR"});
        made.push(shop.post("/v1/conversions", order).await.created());
    }
    made
}

/// Their ids as a list shows them; of the same millisecond the larger id is the newer.
fn newest_first(made: &[Value]) -> Vec<String> {
    let mut rows: Vec<_> = made.iter().map(|row| (text(&row["created_at"]), text(&row["id"]))).collect();
    rows.sort_unstable_by(|one, other| other.cmp(one));
    rows.into_iter().map(|(_, id)| id).collect()
}

async fn pages_show_each_once_and_newest_first(shop: TestShop) {
    let made = orders(&shop, 7).await;
    let (mut seen, mut path) = (Vec::new(), "/v1/conversions?limit=3".to_owned());
    loop {
        let page = shop.get(&path).await.ok();
        let rows = elements(&page["data"]);
        seen.extend(rows.iter().map(|row| text(&row["id"])));
        // What is recorded meanwhile is newer than the cursor and shifts nothing.
        let late = json!({"order_id": format!("late-{}", seen.len()), "amount": 1, "currency": "EUR"});
        shop.post("/v1/conversions", late).await.created();
        let Some(next) = page["next"].as_str() else { break };
        assert_eq!(rows.len(), 3);
        path = format!("/v1/conversions?limit=3&after={next}");
    }
    assert_eq!(seen, newest_first(&made));
}

async fn a_list_as_csv(shop: TestShop) {
    let made = orders(&shop, 3).await;
    let answer = shop.get("/v1/conversions").header("accept", "text/csv").await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let mut reader = csv::Reader::from_reader(answer.bytes());
    let columns = reader.headers().expect("a head").clone();
    let place = columns.iter().position(|column| column == "id").expect("a column of ids");
    let ids: Vec<String> = reader.records().map(|row| row.expect("a row")[place].to_owned()).collect();
    assert_eq!(ids, newest_first(&made));
}

async fn cells_that_begin_a_formula_are_quoted(shop: TestShop) {
    for (number, name) in ["=1+1", "+49", "-1", "@x", "plain"].into_iter().enumerate() {
        shop.put(&format!("/v1/customers/{number}"), json!({"first_name": name})).await.created();
    }
    let answer = shop.get("/v1/customers").header("accept", "text/csv").await;
    let mut reader = csv::Reader::from_reader(answer.bytes());
    let cells: Vec<String> =
        reader.records().flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(cells.iter().any(|cell| cell == "'=1+1") && cells.iter().any(|cell| cell == "plain"), "{cells:?}");
    assert!(!cells.iter().any(|cell| cell.starts_with(['=', '+', '-', '@', '\t'])), "{cells:?}");
}

async fn lists_narrow_by_time(shop: TestShop) {
    let made = orders(&shop, 1).await;
    shop.advance(2).await;
    let order = json!({"order_id": "later", "amount": 100, "currency": "EUR"});
    let later = shop.post("/v1/conversions", order).await.created();
    let at = later["created_at"].as_str().expect("an instant");
    let ids = |rows: Vec<Value>| rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(shop.list(&format!("/v1/conversions?created_from={at}")).await), [later["id"].clone()]);
    assert_eq!(ids(shop.list(&format!("/v1/conversions?created_to={at}")).await), [made[0]["id"].clone()]);
}

async fn a_filter_that_a_list_does_not_have_is_refused(shop: TestShop) {
    orders(&shop, 1).await;
    let long = format!("/v1/conversions?order_id={}", "x".repeat(255));
    let table = [
        ("/v1/conversions?colour=red", "?colour"),
        ("/v1/events?status=x", "?status"),
        ("/v1/conversions?status=pendig", "?status"),
        ("/v1/vouchers?status=gone", "?status"),
        (&*long, "?order_id"),
    ];
    for (path, name) in table {
        let problem = shop.get(path).await.refused(422, "invalid_field");
        assert_eq!(problem["errors"][0]["pointer"], name);
    }
}

async fn orders_are_found_by_what_they_are(shop: TestShop) {
    let program = shop.program(json!({})).await;
    let share = shop.share(&program, "anna").await;
    shop.customer("ben").await;
    let order = json!({"order_id": "A/1", "customer": "ben", "amount": 5000, "currency": "EUR", "evidence": {"token": share["token"]}});
    let order = shop.post("/v1/conversions", order).await.created();
    shop.post("/v1/conversions", json!({"order_id": "B", "amount": 1, "currency": "EUR"})).await.created();
    let (slug, id) = (program["slug"].as_str().expect("a slug"), share["id"].as_str().expect("an id"));
    let wanted =
        ["customer=ben", "external_id=ben", "advocate=anna", "order_id=A%2F1", "status=pending"].map(str::to_owned);
    for filter in wanted.into_iter().chain([format!("program={slug}"), format!("share={id}")]) {
        let found = shop.list(&format!("/v1/conversions?{filter}")).await;
        assert_eq!(found, std::slice::from_ref(&order), "{filter}");
    }
    assert!(shop.list("/v1/conversions?customer=nobody").await.is_empty());
}

//! Trees: what a share grew into, from hand to hand, and who stands where in it.

use crate::support::*;

on_both!(
    a_tree_is_told_with_its_figures,
    orders_are_counted_by_their_depth,
    what_is_shown_is_bounded_and_paged,
    roots_and_children_are_listed,
    who_is_not_logged_in_shares_on_and_is_adopted_later,
    a_parent_of_another_program_is_refused,
    no_tree_closes_on_itself,
    a_deep_chain_is_told_and_a_part_of_it_shown,
    of_a_tree_that_is_too_large_the_nearest_are_read_and_that_is_said,
);

struct Town {
    shop: TestShop,
    program: Value,
}

async fn town(shop: TestShop) -> Town {
    let program = shop.program(json!({"pending_days": 0})).await;
    Town { shop, program }
}

impl Town {
    /// A share, of somebody or nobody, by whoever came by another.
    async fn share(&self, who: Option<&str>, parent: Option<&Value>) -> Value {
        if let Some(who) = who.filter(|who| !who.is_empty()) {
            self.shop.put(&format!("/v1/customers/{who}"), json!({})).await;
        }
        let token = parent.map(|parent| parent["token"].clone());
        let share = json!({"program": self.program["id"], "customer": who, "channel": "signal", "parent_token": token});
        self.shop.post("/v1/shares", share).await.created()
    }

    async fn tree(&self, share: &Value, query: &str) -> Value {
        let mark = if query.is_empty() { "" } else { "?" };
        self.shop.get(&format!("{}/tree{mark}{query}", path("/v1/shares", &share["id"]))).await.ok()
    }

    async fn order(&self, friend: &str, share: &Value) -> Value {
        let order = json!({"order_id": friend, "customer": friend, "amount": 4990, "currency": "EUR", "evidence": {"token": share["token"]}});
        self.shop.post("/v1/conversions", order).await.created()
    }
}

fn ids(nodes: &Value) -> Vec<Value> {
    elements(nodes).into_iter().map(|node| node["share"]["id"].clone()).collect()
}

async fn a_tree_is_told_with_its_figures(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let alone = town.tree(&root, "").await;
    assert_eq!((&alone["size"], &alone["depth"], &alone["virality"]), (&json!(1), &json!(1), &json!(null)));
    assert_eq!((&alone["largest_branch"], &alone["first_child_seconds"]), (&json!(null), &json!(null)));
    town.shop.advance(2).await;
    let (ben, carl) = (town.share(Some("ben"), Some(&root)).await, town.share(Some("carl"), Some(&root)).await);
    let dora = town.share(Some("dora"), Some(&carl)).await;
    let tree = town.tree(&root, "").await;
    assert_eq!((&tree["size"], &tree["depth"], &tree["cut"]), (&json!(4), &json!(3), &json!(false)));
    // The six distances are 1, 1, 2, 2, 1 and 3.
    assert_eq!(tree["virality"], 1.6667, "{tree}");
    assert_eq!(tree["largest_branch"], json!({"share": carl["id"], "size": 2}));
    let waited = tree["first_child_seconds"].as_i64().expect("a child");
    assert!((172_800..172_900).contains(&waited), "{waited}");
    assert_eq!(ids(&tree["children"]), [ben["id"].clone(), carl["id"].clone()]);
    let node = &tree["children"][1];
    assert_eq!((&node["size"], &node["depth"], &node["more"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!(ids(&node["children"]), [dora["id"].clone()]);
    let virality =
        elements(&tree["definitions"]).into_iter().find(|told| told["figure"] == "virality").expect("it is told");
    assert!(text(&virality["means"]).contains("Goel"), "{virality}");
    // A branch is told like a tree, and says where it hangs.
    let branch = town.tree(&carl, "").await;
    assert_eq!((&branch["size"], &branch["depth"], &branch["root"]), (&json!(2), &json!(2), &root["id"]));
    assert_eq!((&branch["share"]["depth"], &branch["virality"]), (&json!(2), &json!(1.0)));
}

async fn orders_are_counted_by_their_depth(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let ben = town.share(Some("ben"), Some(&root)).await;
    let carl = town.share(Some("carl"), Some(&ben)).await;
    for (friend, share) in [("x", &root), ("y", &carl), ("z", &carl)] {
        assert_eq!(town.order(friend, share).await["attribution"]["depth"], share["depth"]);
    }
    let level = |depth: i64, conversions: i64| json!({"depth": depth, "shares": 1, "conversions": conversions});
    assert_eq!(town.tree(&root, "").await["depths"], json!([level(1, 1), level(2, 0), level(3, 2)]));
    assert_eq!(town.tree(&ben, "").await["depths"], json!([level(1, 0), level(2, 2)]));
    // What no longer counts is no longer counted.
    let undo = json!({"advocate": "ben", "program": town.program["id"], "reason": "it was his talk"});
    town.shop.post("/v1/conversions/z/attribute", undo).await.ok();
    assert_eq!(town.tree(&root, "").await["depths"][2], level(3, 1));
}

async fn what_is_shown_is_bounded_and_paged(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let mut children = Vec::new();
    for _ in 0..5 {
        children.push(town.share(None, Some(&root)).await);
    }
    town.share(None, Some(&children[0])).await;
    let all: Vec<Value> = ids(&town.tree(&root, "limit=100").await["children"]);
    assert_eq!(all.len(), 5);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = town.tree(&root, &format!("limit=2&levels=1{after}")).await;
        assert_eq!((&page["size"], &page["depth"]), (&json!(7), &json!(3)), "figures are of all of it");
        assert!(elements(&page["children"]).iter().all(|node| elements(&node["children"]).is_empty()));
        seen.extend(ids(&page["children"]));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, all);
    let shown = town.tree(&root, "levels=1").await;
    let more = elements(&shown["children"]).into_iter().filter(|node| node["more"] == 1).count();
    assert_eq!(more, 1, "{shown}");
    let place = format!("{}/tree", path("/v1/shares", &root["id"]));
    for bad in ["levels=0", "levels=21", "limit=0", "limit=101", "limit=x", "after=x", "depth=3"] {
        town.shop.get(&format!("{place}?{bad}")).await.refused(422, "invalid_field");
    }
}

async fn roots_and_children_are_listed(shop: TestShop) {
    let town = town(shop).await;
    let (root, other) = (town.share(Some("anna"), None).await, town.share(Some("zoe"), None).await);
    let child = town.share(Some("ben"), Some(&root)).await;
    let listed = async |query: &str| -> Vec<Value> {
        let mut ids: Vec<Value> =
            town.shop.list(&format!("/v1/shares?{query}")).await.iter().map(|share| share["id"].clone()).collect();
        ids.sort_by_key(Value::to_string);
        ids
    };
    let mut roots = [root["id"].clone(), other["id"].clone()];
    roots.sort_by_key(Value::to_string);
    assert_eq!(listed("is_root=true").await, roots);
    assert_eq!(listed("is_root=false").await, [child["id"].clone()]);
    assert_eq!(listed(&format!("parent={}", text(&root["id"]))).await, [child["id"].clone()]);
    assert!(listed("parent=shr_nothing").await.is_empty());
    town.shop.get("/v1/shares?is_root=perhaps").await.refused(422, "invalid_field");
}

async fn who_is_not_logged_in_shares_on_and_is_adopted_later(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    // Somebody came by Anna's link and shares on without an account; so does who came by theirs.
    let second = town.share(None, Some(&root)).await;
    let third = town.share(None, Some(&second)).await;
    assert_eq!((&third["parent"], &third["root"], &third["depth"]), (&second["id"], &root["id"], &json!(3)));
    let early = town.order("early", &third).await;
    assert_eq!(early["attribution"]["method"], "none", "nobody is there to be credited: {early}");
    town.shop.customer("carl").await;
    let adopt = format!("{}/adopt", path("/v1/shares", &third["id"]));
    let adopted = town.shop.post(&adopt, json!({"customer": "carl"})).await.ok();
    assert_eq!(
        (&adopted["customer"], &adopted["parent"], &adopted["depth"]),
        (&json!("carl"), &second["id"], &json!(3))
    );
    let late = town.order("late", &third).await;
    assert_eq!((&late["attribution"]["advocate"], &late["attribution"]["depth"]), (&json!("carl"), &json!(3)));
    let tree = town.tree(&root, "").await;
    assert_eq!((&tree["size"], &tree["depths"][2]["conversions"]), (&json!(3), &json!(1)));
    let strangers = town.shop.another().await;
    strangers.customer("carl").await;
    strangers.post(&adopt, json!({"customer": "carl"})).await.refused(404, "not_found");
    strangers.get(&format!("{}/tree", path("/v1/shares", &root["id"]))).await.refused(404, "not_found");
}

async fn a_parent_of_another_program_is_refused(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let other = town.shop.program(json!({"name": "Second"})).await;
    let child = json!({"program": other["id"], "channel": "sms", "parent_token": root["token"]});
    let refused = town.shop.post("/v1/shares", child).await;
    refused.refused(422, "share_unknown");
    assert_eq!(town.shop.list("/v1/shares").await.len(), 1);
    let strangers = town.shop.another().await;
    let program = strangers.program(json!({})).await;
    let child = json!({"program": program["id"], "channel": "sms", "parent_token": root["token"]});
    strangers.post("/v1/shares", child).await.refused(422, "share_unknown");
}

async fn no_tree_closes_on_itself(shop: TestShop) {
    let town = town(shop).await;
    let ben = town.share(Some("ben"), None).await;
    let carl = town.share(Some("carl"), Some(&ben)).await;
    // Ben came by Carl's link, which came by his own, and shares where he has shared: his share stays where it is.
    let again =
        json!({"program": town.program["id"], "customer": "ben", "channel": "signal", "parent_token": carl["token"]});
    let again = town.shop.post("/v1/shares", again).await.ok();
    assert_eq!((&again["id"], &again["parent"], &again["depth"]), (&ben["id"], &json!(null), &json!(1)));
    // A further one of his stands below Carl's.
    let further =
        json!({"program": town.program["id"], "customer": "ben", "channel": "sms", "parent_token": carl["token"]});
    let further = town.shop.post("/v1/shares", further).await.created();
    assert_eq!((&further["parent"], &further["depth"]), (&carl["id"], &json!(3)));
    // Whoever shared on by Ben's link without an account was Ben himself: nobody is a child of themselves.
    let nobodys = town.share(None, Some(&ben)).await;
    let adopt = format!("{}/adopt", path("/v1/shares", &nobodys["id"]));
    town.shop.post(&adopt, json!({"customer": "ben"})).await.refused(409, "illegal_transition");
    let merged = json!({"from": "benny", "reason": "one person"});
    town.shop.customer("benny").await;
    town.shop.post("/v1/customers/ben/merge", merged).await.ok();
    town.shop.post(&adopt, json!({"customer": "benny"})).await.refused(409, "illegal_transition");
    town.shop.customer("dora").await;
    town.shop.post(&adopt, json!({"customer": "dora"})).await.ok();
    let tree = town.tree(&ben, "").await;
    assert_eq!((&tree["size"], &tree["depth"]), (&json!(4), &json!(3)));
}

async fn a_deep_chain_is_told_and_a_part_of_it_shown(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let mut last = root.clone();
    for _ in 0..29 {
        last = town.share(None, Some(&last)).await;
    }
    let tree = town.tree(&root, "levels=20").await;
    // A chain of n: (n + 1) / 3.
    assert_eq!((&tree["size"], &tree["depth"], &tree["virality"]), (&json!(30), &json!(30), &json!(10.3333)));
    let (mut node, mut shown) = (&tree["children"][0], 1);
    while !node["children"][0].is_null() {
        (node, shown) = (&node["children"][0], shown + 1);
    }
    assert_eq!((shown, &node["more"]), (20, &json!(1)));
    let rest = town.tree(&node["share"], "").await;
    assert_eq!((&rest["size"], &rest["root"]), (&json!(10), &root["id"]));
}

async fn of_a_tree_that_is_too_large_the_nearest_are_read_and_that_is_said(shop: TestShop) {
    let town = town(shop).await;
    let root = town.share(Some("anna"), None).await;
    let fifty = json!({"program": town.program["id"], "channels": vec!["sms"; 50], "parent_token": root["token"]});
    let calls = (0..201).map(|_| town.shop.post("/v1/shares", fifty.clone()).into_future());
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status() == 201));
    let tree = town.tree(&root, "limit=100").await;
    assert_eq!((&tree["cut"], &tree["size"], &tree["depth"]), (&json!(true), &json!(10_000), &json!(2)));
    assert_eq!((&tree["depths"][1]["shares"], &tree["virality"]), (&json!(9_999), &json!(1.9998)));
    assert_eq!(elements(&tree["children"]).len(), 100);
}

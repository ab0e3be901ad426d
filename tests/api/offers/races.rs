//! Many for what there is little of: n of n, never n + 1. Run against one server on either database, and by
//! `two_servers` through two processes on PostgreSQL.

use futures_util::future::join_all;

use super::Town;
use crate::support::*;

on_both!(a_thousand_claim_a_hundred, sixty_four_tries_of_one_person_are_one_claim,);

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}

pub async fn a_thousand_claim_a_hundred(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({"capacity": 100})).await;
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    let ask = |(number, client): (usize, Actor)| {
        let details = json!({"email": format!("friend-{number}@mail.example")});
        let ask = json!({"customer_details": details, "evidence": {"token": town.private["token"]}});
        client.post(&claims, ask).into_future()
    };
    let (mut answers, mut claimers) = (Vec::new(), town.shop.everywhere().take(1000).enumerate().peekable());
    while claimers.peek().is_some() {
        answers.extend(join_all(claimers.by_ref().take(250).map(ask)).await);
    }
    assert_eq!((count(&answers, 201), count(&answers, 409)), (100, 900));
    for answer in answers.iter().filter(|answer| answer.status() == 409) {
        answer.refused(409, "offer_exhausted");
    }
    let after = town.shop.get(&path("/v1/offers", &offer["id"])).await.ok();
    assert_eq!((&after["claimed"], &after["remaining"]), (&json!(100), &json!(0)));
    assert_eq!(town.shop.list("/v1/claims").await.len(), 100);
    town.shop.books_balance().await;
}

pub async fn sixty_four_tries_of_one_person_are_one_claim(shop: TestShop) {
    let town = Town::new(shop).await;
    let offer = town.offer(json!({})).await;
    let claims = format!("{}/claims", path("/v1/offers", &offer["id"]));
    let spellings = ["ben.berg@gmail.com", "BenBerg@gmail.com", "benberg+x@gmail.com", "ben.berg@googlemail.com"];
    let asks = town.shop.everywhere().zip(spellings.iter().cycle()).take(64).map(|(client, email)| {
        let ask = json!({"customer_details": {"email": email}, "evidence": {"token": town.private["token"]}});
        client.post(&claims, ask).into_future()
    });
    let answers = join_all(asks).await;
    assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 63));
    assert_eq!(town.shop.list("/v1/claims").await.len(), 1);
    assert_eq!(town.shop.list("/v1/vouchers").await.len(), 1);
}

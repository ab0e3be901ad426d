//! In each random history of offers, people and clocks a claim does what the check before it said, and nobody is given
//! more than an offer has.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::decide::input::if_match::IfMatch;
use crate::decide::offers::change_offer_status::ChangeOfferStatus;
use crate::decide::offers::check_offer::check;
use crate::decide::offers::claim_offer::ClaimOffer;
use crate::decide::offers::claims::Ask;
use crate::decide::offers::offer::Checked;
use crate::decide::offers::update_offer::UpdateOffer;
use crate::decide::people::merge_customers::MergeCustomers;
use crate::decide::segments::change_member::ChangeMember;
use crate::decide::segments::upsert_segment::UpsertSegment;
use crate::decide::sharing::create_shares::CreateShares;
use crate::decide::testing::till::{Till, id};
use crate::records::offer::OfferStatus;
use crate::records::text::Slug;
use crate::records::{Claim, Customer, History, Id, Offer, Share};
use crate::views::Viewer;

/// Those whom the shop knows; the first two share.
const PEOPLE: [&str; 5] = ["anna", "bert", "carl", "dora", "emil"];
/// Those who only type an address; the first two are one.
const GUESTS: [&str; 3] = ["gast@example.org", "Gast@Example.org", "emil@example.org"];
const CONDITIONS: [&str; 8] = [
    "advocate.friends >= 3",
    "arrival.channel == \"whatsapp\"",
    "arrival.age_hours < 48",
    "customer.is_new",
    "sharer.sent_private > 0 || advocate.conversions > 2",
    "\"choir\" in customer.segments",
    "order.amount >= 5000",
    "now < timestamp(\"2026-11-28T00:00:00Z\")",
];

/// Who asks: a customer, a guest by what they type, or both.
#[derive(Clone, Copy, Debug)]
enum Who {
    Customer(usize),
    Guest(usize),
}

/// What they bring: a share's link, an advocate's code, or nothing.
#[derive(Clone, Copy, Debug)]
enum By {
    Share(usize),
    Code,
    Nothing,
}

#[derive(Clone, Debug)]
enum Step {
    Claim { offer: Index, who: Who, by: By, amount: Option<i64> },
    Status(Index, OfferStatus),
    Change(Index, Value),
    Days(i64),
    Merge(usize, usize),
    Member(usize, bool),
    Order(usize, usize),
}

fn terms() -> impl Strategy<Value = Value> {
    let conditions = prop::sample::subsequence(CONDITIONS.to_vec(), 0..3);
    let capacity = prop::option::of(2..5i64);
    let audience = select(vec!["arrive", "arrive", "share", "both"]);
    let segments = select(vec![json!([]), json!([]), json!(["choir"])]);
    (conditions, capacity, audience, segments, 1..3i64, any::<bool>(), prop::option::of(1..9i64)).prop_map(
        |(conditions, capacity, audience, segments, per_customer, is_group, days)| {
            let named = |(number, text): (usize, &&str)| json!({"code": format!("c{number}"), "expression": text});
            let conditions: Vec<Value> = conditions.iter().enumerate().map(named).collect();
            let mut terms = json!({
                "conditions": conditions, "capacity": capacity, "audience": audience, "per_customer": per_customer,
                "targeting": {"segments": segments}, "leak": if is_group { "warn" } else { "throttle" },
                "days": days,
            });
            if is_group {
                terms["kind"] = json!("group");
                terms["audience"] = json!("arrive");
                terms["per_customer"] = json!(1);
                terms["group"] = json!({"places": 2});
            }
            terms
        },
    )
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        3 => (0..PEOPLE.len()).prop_map(Who::Customer),
        1 => (0..GUESTS.len()).prop_map(Who::Guest),
    ]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![6 => (0..3usize).prop_map(By::Share), 1 => Just(By::Code), 1 => Just(By::Nothing)]
}

fn step() -> impl Strategy<Value = Step> {
    let statuses = select(vec![OfferStatus::Active, OfferStatus::Paused, OfferStatus::Active, OfferStatus::Ended]);
    let changes = select(vec![json!({"capacity": 3}), json!({"per_customer": 1}), json!({"conditions": []})]);
    let amount = prop::option::of(select(vec![100, 9000i64]));
    let person = || 0..PEOPLE.len();
    prop_oneof![
        30 => (any::<Index>(), who(), by(), amount)
            .prop_map(|(offer, who, by, amount)| Step::Claim { offer, who, by, amount }),
        2 => (any::<Index>(), statuses).prop_map(|(offer, to)| Step::Status(offer, to)),
        2 => (any::<Index>(), changes).prop_map(|(offer, changes)| Step::Change(offer, changes)),
        3 => (1..4i64).prop_map(Step::Days),
        2 => (person(), person()).prop_map(|(from, into)| Step::Merge(from, into)),
        2 => (person(), any::<bool>()).prop_map(|(who, is_in)| Step::Member(who, is_in)),
        2 => (person(), 0..3usize).prop_map(|(who, share)| Step::Order(who, share)),
    ]
}

struct Town {
    till: Till,
    offers: Vec<Id>,
    tokens: Vec<String>,
    code: String,
    orders: usize,
}

impl Town {
    fn open(offers: Vec<Value>) -> Self {
        let mut till = Till::new();
        PEOPLE.into_iter().for_each(|name| till.know(name));
        let program = till.program(json!({"slug": "tell"}));
        let choir = serde_json::from_value(json!({"name": "Choir"})).expect("a segment");
        let choir = UpsertSegment::of(Slug::parse("choir").expect("a key"), choir).expect("it has no condition");
        till.bench.decide(choir).expect("it is made");
        for (name, friends) in [("anna", 3), ("bert", 0)] {
            let history = history(&till, name, friends);
            till.bench.put(history);
        }
        let mut tokens = Vec::new();
        for (name, channel) in [("anna", "whatsapp"), ("anna", "facebook"), ("bert", "signal")] {
            let share = json!({"program": program.to_string(), "customer": name, "channel": channel});
            let share: CreateShares = serde_json::from_value(share).expect("a share");
            let made = till.bench.decide(share).expect("it is made");
            let made: Value = serde_json::from_str(&made.body).expect("JSON");
            tokens.push(made["token"].as_str().expect("a token").to_owned());
        }
        let code = till.code(program, "anna");
        let mut town = Self { till, offers: Vec::new(), tokens, code, orders: 0 };
        for terms in offers {
            let made = town.make(program, terms);
            town.offers.push(made);
        }
        town
    }

    fn make(&mut self, program: Id, mut terms: Value) -> Id {
        let days = terms["days"].take().as_i64();
        terms.as_object_mut().expect("terms").remove("days");
        let ends_at = days.map(|days| self.till.bench.at.plus_days(days).to_string());
        let mut offer = json!({
            "name": "Only here", "status": "active", "program": program.to_string(), "ends_at": ends_at,
            "reward": {"kind": "amount_off", "amount": 500},
        });
        for (name, value) in terms.as_object().expect("terms") {
            offer[name] = value.clone();
        }
        let offer = Checked::of(serde_json::from_value(offer).expect("an offer")).expect("its conditions");
        let made = self.till.bench.decide(offer).expect("it is made");
        id(&serde_json::from_str(&made.body).expect("JSON"))
    }

    fn ask(&self, who: Who, by: By, amount: Option<i64>) -> Ask {
        let evidence = match by {
            By::Share(share) => json!({"token": self.tokens[share]}),
            By::Code => json!({"code": self.code}),
            By::Nothing => json!({}),
        };
        let mut ask = match who {
            Who::Customer(who) => json!({"customer": PEOPLE[who], "evidence": evidence}),
            Who::Guest(who) => json!({"customer_details": {"email": GUESTS[who]}, "evidence": evidence}),
        };
        if let Some(amount) = amount {
            ask["order"] = json!({"amount": amount});
        }
        serde_json::from_value(ask).expect("an ask")
    }

    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Claim { offer, who, by, amount } => {
                let offer = *offer.get(&self.offers);
                let ask = self.ask(who, by, amount);
                self.claim(offer, ask)?;
            }
            // What cannot be done changes nothing.
            Step::Status(offer, to) => {
                let id = *offer.get(&self.offers);
                let _maybe = self.till.bench.decide(ChangeOfferStatus { id, to });
            }
            Step::Change(offer, changes) => {
                let id = *offer.get(&self.offers);
                let given = Checked::of(serde_json::from_value(changes).expect("changes")).expect("no conditions");
                let _maybe = self.till.bench.decide(UpdateOffer { id, if_match: IfMatch::Any, given });
            }
            Step::Days(days) => self.till.advance(days),
            Step::Merge(from, into) => {
                let merge = json!({"from": PEOPLE[from], "reason": "they are one"});
                let merge: MergeCustomers = serde_json::from_value(merge).expect("a merge");
                let _maybe = self.till.bench.decide(MergeCustomers { into: PEOPLE[into].to_owned(), ..merge });
            }
            Step::Member(who, is_in) => {
                let member = ChangeMember { segment: "choir".to_owned(), customer: PEOPLE[who].to_owned(), is_in };
                let _maybe = self.till.bench.decide(member);
            }
            Step::Order(who, share) => {
                self.orders += 1;
                let order = json!({"order_id": format!("B-{}", self.orders), "customer": PEOPLE[who],
                                   "evidence": {"token": self.tokens[share]}});
                self.till.order(order).expect("an order is always taken");
            }
        }
        self.assert_limits()
    }

    fn claim(&mut self, offer: Id, ask: Ask) -> Result<(), TestCaseError> {
        let said = self.till.bench.dry_run(|draft| check(draft, offer, &ask));
        let before = self.claimed(offer);
        let done = self.till.bench.decide(ClaimOffer { offer, ask, viewer: Viewer::Shop });
        self.till.assert_books();
        let said = match said {
            Ok(said) => serde_json::to_value(said).expect("a check"),
            Err(refused) => {
                prop_assert_eq!(done.err().map(|refused| refused.code), Some(refused.code), "what cannot be asked");
                return Ok(());
            }
        };
        let capacity = self.till.bench.get::<Offer>(offer).capacity;
        prop_assert_eq!(said["remaining"].as_i64(), capacity.map(|capacity| capacity - before), "what is left");
        let conditions = said["conditions"].as_array().expect("conditions");
        let unmet: Vec<&str> =
            conditions.iter().filter(|one| one["met"] == false).filter_map(|one| one["code"].as_str()).collect();
        prop_assert_eq!(said["eligible"].as_bool(), Some(unmet.is_empty()));
        let near_miss = if let [one] = unmet.as_slice() { json!(one) } else { json!(null) };
        prop_assert_eq!(&said["near_miss"], &near_miss);
        match done {
            Ok(done) => {
                let is_new = done.status == 201;
                prop_assert_eq!(is_new, unmet.is_empty(), "{} after {}", done.body, said);
                prop_assert!(is_new || unmet.contains(&"per_customer"), "an old claim is shown without need: {said}");
                prop_assert_eq!(self.claimed(offer), before + i64::from(is_new));
            }
            Err(refused) => {
                let named: Vec<&str> =
                    refused.errors.iter().filter_map(|fault| fault.pointer.strip_prefix("/conditions/")).collect();
                prop_assert!(!unmet.is_empty(), "what was allowed is refused: {refused:?} after {said}");
                prop_assert_eq!(named, unmet, "{:?} after {}", refused, said);
                prop_assert_eq!(self.claimed(offer), before);
            }
        }
        Ok(())
    }

    fn claimed(&self, offer: Id) -> i64 {
        let all = self.till.bench.all::<Claim>();
        i64::try_from(all.iter().filter(|claim| claim.offer == offer).count()).expect("few")
    }

    fn assert_limits(&mut self) -> Result<(), TestCaseError> {
        let claims = self.till.bench.all::<Claim>();
        for offer in self.till.bench.all::<Offer>() {
            let own: Vec<_> = claims.iter().filter(|claim| claim.offer == offer.id).collect();
            let capacity = offer.capacity.unwrap_or(i64::MAX);
            prop_assert!(i64::try_from(own.len()).is_ok_and(|taken| taken <= capacity), "more than there were");
            let places = offer.group_terms.as_ref().map_or(i64::MAX, |terms| terms.places);
            for share in self.till.bench.all::<Share>() {
                let taken = own.iter().filter(|claim| claim.share == Some(share.id)).count();
                prop_assert!(i64::try_from(taken).is_ok_and(|taken| taken <= places), "a group has no more places");
            }
        }
        Ok(())
    }
}

fn history(till: &Till, name: &str, friends: i64) -> History {
    let id =
        till.bench.all::<Customer>().iter().find(|one| one.external_id.as_deref() == Some(name)).expect("known").id;
    History {
        id,
        shop: till.bench.shop,
        version: 0,
        sent_private: friends,
        visits_private: friends,
        friends,
        conversions: friends,
        won_times: String::new(),
        order_times: String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_claim_does_what_the_check_said(
        offers in prop::collection::vec(terms(), 1..3),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let mut town = Town::open(offers);
        for step in steps {
            town.take(step)?;
        }
    }
}

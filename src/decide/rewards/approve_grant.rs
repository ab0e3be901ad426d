//! An operator approves a large grant. It is given when two persons have had a say: the one who asked for it
//! and this one, or two who approve where no operator asked.

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::decide::rewards::grant;
use crate::records::grant::GrantStatus;
use crate::records::text::Reason;
use crate::records::{Id, Json};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// The grant.
#[derive(Clone, Debug)]
pub struct ApproveGrant {
    /// The grant.
    pub id: Id,
    /// Why, for the audit log.
    pub reason: Option<Reason>,
}

/// Decides it. What is given already is answered as it is.
pub fn decide(draft: &mut Draft<'_>, command: &ApproveGrant) -> Result<Answer, Stop> {
    let (asked, _) = grant::to_decide(draft, command.id)?;
    match asked.status {
        GrantStatus::PendingApproval => {}
        GrantStatus::Given => return Ok(Answer::ok(&views::grant::grant(&asked))),
        GrantStatus::Rejected => {
            return Err(Rejection::new(Code::IllegalTransition, "It was rejected; make a new grant.").into());
        }
    }
    let mut approved = (*asked).clone();
    draft.audit("approve_grant", approved.id, command.reason.as_deref());
    if grant::seen_by(&asked).is_empty() {
        approved.approved_by = Json(Some(draft.context.actor.clone()));
        let approved = draft.save(approved);
        return Ok(Answer::ok(&views::grant::grant(&approved)));
    }
    approved.decided_by = Json(Some(draft.context.actor.clone()));
    let given = grant::give(draft, approved)?;
    Ok(Answer::ok(&views::grant::grant(&given)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::rewards::create_grant::CreateGrant;
    use crate::decide::testing::bench::{Bench, customer};
    use crate::records::account::GRANTS;
    use crate::records::audit::{Actor, ActorKind};
    use crate::records::operator::Role;
    use crate::records::{Account, AuditRow, Event, Grant, Operator, Reward, Shop};

    fn operator(bench: &mut Bench, name: &str, role: Role) -> Actor {
        let id = Id::of("opr", &[name]);
        bench.put(Operator {
            id,
            shop: bench.shop,
            version: 0,
            email: format!("{name}@shop.example"),
            name: name.to_owned(),
            role,
            password_hash: String::new(),
            disabled: false,
            let_in_by: None,
            let_in_at: None,
            generation: 0,
            created_at: bench.at,
        });
        Actor { kind: ActorKind::Operator, id: Some(id), name: name.to_owned() }
    }

    fn key() -> Actor {
        Actor { kind: ActorKind::Key, id: Some(Id::of("key", &["backend"])), name: "backend".to_owned() }
    }

    /// A shop in which grants above 50.00 need a second operator.
    fn bench() -> Bench {
        let mut bench = Bench::new();
        bench.change::<Shop>(bench.shop, |shop| shop.grant_approval_above = Some(5000));
        let ann = customer(&bench, "ann", "ann@example.org");
        bench.put(ann);
        bench
    }

    fn ask(bench: &mut Bench, amount: i64, reference: &str) -> Id {
        let body = format!(
            r#"{{"customer":"ann","reward":{{"kind":"gift_card","amount":{amount}}},"reason":"late","reference":"{reference}"}}"#
        );
        let command: CreateGrant = serde_json::from_str(&body).expect("a grant");
        let answer = bench.decide(command).expect("it is taken");
        let view: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        view["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
    }

    fn granted(bench: &mut Bench) -> i64 {
        let currency = crate::records::money::Currency::parse("EUR").expect("a currency");
        let id = Account::id_of(bench.shop, GRANTS, currency);
        bench.run(|draft| draft.get::<Account>(id)).expect("no refusal").map_or(0, |account| -account.balance)
    }

    #[test]
    fn a_small_grant_is_given_at_once_and_once_for_each_reference() {
        let mut bench = bench();
        let first = ask(&mut bench, 5000, "T-1");
        assert_eq!(bench.get::<Grant>(first).status, GrantStatus::Given);
        assert_eq!(ask(&mut bench, 5000, "T-1"), first);
        assert_eq!(granted(&mut bench), 5000);
        assert_eq!(bench.all::<Reward>().len(), 1);
    }

    #[test]
    fn a_large_grant_waits_for_somebody_else() {
        let mut bench = bench();
        let (anton, berta) = (operator(&mut bench, "anton", Role::Owner), operator(&mut bench, "berta", Role::Manager));
        let carl = operator(&mut bench, "carl", Role::Support);
        bench.actor = anton.clone();
        let id = ask(&mut bench, 5001, "T-1");
        assert_eq!((bench.get::<Grant>(id).status, granted(&mut bench)), (GrantStatus::PendingApproval, 0));
        for (actor, code) in [(anton, Code::FourEyesRequired), (key(), Code::FourEyesRequired), (carl, Code::Forbidden)]
        {
            bench.actor = actor.clone();
            let refusal = bench.decide(ApproveGrant { id, reason: None }).expect_err("not by them");
            assert_eq!(refusal.code, code, "{}", actor.name);
            assert_eq!(granted(&mut bench), 0);
        }
        bench.actor = berta.clone();
        for _ in 0..2 {
            bench.decide(ApproveGrant { id, reason: None }).expect("by her");
            assert_eq!(granted(&mut bench), 5001, "given once");
        }
        let grant = bench.get::<Grant>(id);
        assert_eq!((grant.status, grant.decided_by.as_ref()), (GrantStatus::Given, Some(&berta)));
        let mut events = bench.all::<Event>();
        events.sort_by_key(|event| event.seq);
        let events: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(events, ["grant.pending", "voucher.issued", "reward.issued", "grant.given"]);
        let actions: Vec<String> = bench.all::<AuditRow>().iter().map(|row| row.action.clone()).collect();
        assert!(actions.contains(&"create_grant".to_owned()) && actions.contains(&"approve_grant".to_owned()));
    }

    #[test]
    fn what_a_key_asks_for_two_operators_decide() {
        let mut bench = bench();
        let (anton, berta) = (operator(&mut bench, "anton", Role::Owner), operator(&mut bench, "berta", Role::Manager));
        bench.actor = key();
        let id = ask(&mut bench, 9000, "T-1");
        bench.actor = berta.clone();
        bench.decide(ApproveGrant { id, reason: None }).expect("by her, first");
        let waits = bench.get::<Grant>(id);
        assert_eq!((waits.status, waits.approved_by.as_ref()), (GrantStatus::PendingApproval, Some(&berta)));
        assert_eq!(bench.decide(ApproveGrant { id, reason: None }).expect_err("twice").code, Code::FourEyesRequired);
        assert_eq!(granted(&mut bench), 0);
        bench.actor = anton;
        bench.decide(ApproveGrant { id, reason: None }).expect("by him, too");
        assert_eq!(granted(&mut bench), 9000);
    }

    #[test]
    fn many_small_ones_are_one_large_one() {
        let mut bench = bench();
        let carl = operator(&mut bench, "carl", Role::Support);
        let by = |actor: &Actor, days: i64| (actor.clone(), days);
        let (given, waits) = (GrantStatus::Given, GrantStatus::PendingApproval);
        let table = [
            (by(&carl, 0), 2000, given),
            (by(&carl, 0), 3000, given),
            (by(&carl, 0), 1, waits),
            (by(&key(), 0), 5000, given),
            (by(&carl, 1), 5000, given),
            (by(&key(), 0), 5000, given),
            (by(&carl, 0), 1, waits),
        ];
        for (number, ((actor, days), amount, status)) in table.into_iter().enumerate() {
            bench.at = bench.at.plus_days(days);
            bench.actor = actor;
            let id = ask(&mut bench, amount, &number.to_string());
            assert_eq!(bench.get::<Grant>(id).status, status, "{number}");
        }
        for number in 0..9 {
            bench.actor = key();
            let id = ask(&mut bench, 5000, &format!("key {number}"));
            assert_eq!(bench.get::<Grant>(id).status, if number < 8 { given } else { waits }, "{number}");
        }
    }

    #[test]
    fn a_rejected_grant_stays_rejected() {
        use crate::decide::rewards::reject_grant::RejectGrant;
        let mut bench = bench();
        let (anton, berta) = (operator(&mut bench, "anton", Role::Owner), operator(&mut bench, "berta", Role::Manager));
        bench.actor = anton;
        let id = ask(&mut bench, 9000, "T-1");
        bench.actor = berta;
        let reject = RejectGrant { id, reason: serde_json::from_str("\"too much\"").expect("a reason") };
        for _ in 0..2 {
            bench.decide(reject.clone()).expect("by her");
        }
        assert_eq!(
            bench.decide(ApproveGrant { id, reason: None }).expect_err("too late").code,
            Code::IllegalTransition
        );
        assert_eq!((bench.get::<Grant>(id).status, granted(&mut bench)), (GrantStatus::Rejected, 0));
    }
}

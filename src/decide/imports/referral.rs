//! A referral of an import: who recommended whom, before.

use serde::Deserialize;

use crate::decide::customer_lookup::current;
use crate::decide::draft::Draft;
use crate::decide::imports::taken::{Taken, anybody, the_program};
use crate::decide::input::typed_code;
use crate::decide::orders::record_conversion::check_time;
use crate::decide::people::customer::{CustomerDetails, Found, find, keep};
use crate::decide::people::person::{self, orders_subject};
use crate::decide::programs::usage_limits::count_friend_usage;
use crate::decide::referrals::referral;
use crate::records::code::Typed;
use crate::records::referral::{Method, ReferralStatus, pair};
use crate::records::text::{Email, Locale, Phone, Reference, Text};
use crate::records::typed::typed;
use crate::records::{Customer, Id, Json, Program, Referral, Timestamp};
use crate::refusal::{Code as Refusal, Rejection};
use crate::world::Stop;

/// A referral.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferralLine {
    /// Who came: `external_id` or `cus_…`; left out: a guest, with an address.
    pub friend: Option<Reference>,
    /// His address for mails.
    #[serde(default, deserialize_with = "typed")]
    pub email: Option<Email>,
    /// His phone number.
    #[serde(default, deserialize_with = "typed")]
    pub phone: Option<Phone>,
    /// His full name.
    #[serde(default, deserialize_with = "typed")]
    pub name: Option<Text<1, 200>>,
    /// His language.
    #[serde(default, deserialize_with = "typed")]
    pub locale: Option<Locale>,
    /// Who recommended: `external_id` or `cus_…`. This, or her code.
    pub advocate: Option<Reference>,
    /// Her code.
    pub code: Option<Typed>,
    /// The program, by id or slug; may be left out where there is only one, or with a code.
    pub program: Option<Reference>,
    /// When he came.
    pub created_at: Timestamp,
    /// Whether he has ordered since, and she was paid for it: that counts for his limits, and he is not new.
    #[serde(default)]
    pub converted: bool,
}

/// Who recommended, and in which program.
struct Recommended {
    advocate: Found,
    program: std::rc::Rc<Program>,
    method: Method,
}

impl ReferralLine {
    /// Decides the line.
    pub fn take(&self, draft: &mut Draft<'_>) -> Result<Taken, Stop> {
        self.check(draft)?;
        let recommended = self.recommended(draft);
        let friend = find(draft, self.friend.as_deref(), Some(&self.details()), "/friend");
        let (recommended, friend) = (recommended?, friend?);
        let Some(friend) = friend else { return Ok(Taken::Known) };
        let (hers, person) = (recommended.advocate.person(draft), friend.person(draft));
        let (hers, person) = (hers?, person?);
        if person.is(hers.id) {
            return Err(self_referral().into());
        }
        if let Some(known) = referral::find(draft, recommended.program.id, &person, draft.at())? {
            return self.again(draft, &known, &recommended.advocate);
        }
        let advocate = keep(draft, recommended.advocate)?;
        let friend = keep(draft, friend)?;
        let referral = self.referral(draft, &recommended.program, recommended.method, (&friend, person.id), &advocate);
        draft.save(referral);
        if self.converted {
            count_friend_usage(draft, &recommended.program, &person)?;
            person::add(draft, &person, orders_subject, None)?;
        }
        Ok(Taken::News)
    }

    fn check(&self, draft: &Draft<'_>) -> Result<(), Rejection> {
        if self.advocate.is_some() == self.code.is_some() {
            return Err(Rejection::field("/advocate", "either the advocate or her code is expected"));
        }
        if self.friend.is_some() && self.friend == self.advocate {
            return Err(self_referral());
        }
        if self.friend.is_none() && self.email.is_none() && self.phone.is_none() {
            return Err(Rejection::field("/friend", "a friend, or a guest's email or phone, is expected"));
        }
        check_time(draft, Some(self.created_at), "/created_at")
    }

    fn details(&self) -> CustomerDetails {
        CustomerDetails {
            email: self.email.clone(),
            phone: self.phone.clone(),
            name: self.name.clone(),
            locale: self.locale.clone(),
        }
    }

    fn recommended(&self, draft: &Draft<'_>) -> Result<Recommended, Stop> {
        if let Some(text) = &self.code {
            let code = typed_code::advocate(draft, text)?.ok_or_else(|| {
                let detail = format!("There is no advocate code {}; import the codes first.", &**text);
                Rejection::at(Refusal::CodeUnknown, "/code", detail)
            })?;
            let (program, advocate) = (draft.expect::<Program>(code.program), current(draft, code.customer));
            return Ok(Recommended { program: program?, advocate: Found::known(advocate?), method: Method::Code });
        }
        let program = the_program(draft, self.program.as_deref());
        let advocate = anybody(draft, self.advocate.as_deref().unwrap_or_default(), "/advocate");
        Ok(Recommended { program: program?, advocate: advocate?, method: Method::Operator })
    }

    fn again(&self, draft: &Draft<'_>, known: &Referral, advocate: &Found) -> Result<Taken, Stop> {
        let earlier = current(draft, known.advocate)?;
        if person::is_same(draft, &earlier, &advocate.customer)? {
            return Ok(Taken::Known);
        }
        let detail = "Another advocate is known to have recommended this friend in the program; nothing was changed.";
        Err(Rejection::at(Refusal::NotEligible, "/advocate", detail).into())
    }

    fn referral(
        &self,
        draft: &Draft<'_>,
        program: &Program,
        method: Method,
        (friend, person): (&Customer, Id),
        advocate: &Customer,
    ) -> Referral {
        let expires_at = self.created_at.plus_days(program.rules.attribution.credit_window_days);
        let status = match self.converted {
            true => ReferralStatus::Converted,
            false if expires_at <= draft.at() => ReferralStatus::Expired,
            false => ReferralStatus::Open,
        };
        Referral {
            id: draft.new_id("ref"),
            shop: draft.shop.id,
            version: 0,
            program: program.id,
            friend: friend.id,
            friend_ref: friend.external_id.clone(),
            person,
            advocate: advocate.id,
            advocate_ref: advocate.external_id.clone(),
            share: None,
            channel: None,
            placed: None,
            advocate_since: None,
            arm: None,
            method,
            status,
            conversions: i64::from(self.converted),
            refused_rewards: Json::default(),
            pair: pair(program.id, person),
            created_at: self.created_at,
            expires_at,
        }
    }
}

fn self_referral() -> Rejection {
    Rejection::at(Refusal::SelfReferral, "/advocate", "The friend and the advocate are the same person.")
}

//! A program at a glance, for the customer who is logged in: one call for a whole page of the shop's.

use std::rc::Rc;

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::people::me::selves;
use crate::api::request::call::Call;
use crate::decide::draft::Draft;
use crate::decide::ledger::account;
use crate::decide::people::person;
use crate::decide::programs::program;
use crate::decide::rewards::milestone;
use crate::decide::sharing::share_words::{self, Pitch};
use crate::decide::sharing::{advocate, code, share};
use crate::qr;
use crate::records::account::credit_account;
use crate::records::channel::{ChannelSpec, with_built_in};
use crate::records::program::RewardRule;
use crate::records::referral::ReferralStatus;
use crate::records::reward::RewardStatus;
use crate::records::trial::is_held_out;
use crate::records::{Customer, Id, Program, Reward};
use crate::refusal::Rejection;
use crate::store::queries::own_totals::{OwnTotals, own_programs, own_totals};
use crate::store::queries::records::{Filter, Part, list};
use crate::store::queries::shares::own_channels;
use crate::views::me::summary::{
    EarnedView, MilestoneView, ProgramView, ProgressView, SumView, SummaryView, TotalsView, WayView,
};
use crate::wording::{Language, Worth, benefit, say, until};
use crate::world::Stop;

/// Rewards that are shown.
const REWARDS: usize = 20;
/// Programs that are named where one must be chosen.
const NAMED: usize = 20;

pub(in crate::api) async fn get_my_summary(call: Call) -> Result<Reply, Problem> {
    let name = call.query().text("program").map(str::to_owned);
    call.query().refuse_unknown()?;
    let (shop, selves) = (call.shop(), selves(&call).await?);
    let program = match name {
        Some(name) => {
            let found = call.dry_run(move |draft| Ok(program::named(draft, &name)?.map(|program| program.id)));
            found.await?.ok_or_else(Problem::not_found)?
        }
        None => only_program(&call, selves.clone()).await?,
    };
    let own = selves.clone();
    let filter = Filter::new().among("customer", Some(selves.clone())).equals_id("program", Some(program));
    let (totals, channels, rewards) = call
        .read(move |connection| {
            let totals = own_totals(connection, shop, program, &own)?;
            let channels = own_channels(connection, shop)?;
            let part = Part { limit: REWARDS, ..Part::default() };
            Ok((totals, channels, list::<Reward>(connection, shop, &filter, &part)?.rows))
        })
        .await?;
    let channels = with_built_in(channels.into_iter().map(|channel| channel.spec.0).collect());
    let read = Read { program, me: call.caller.id, selves, totals, channels, rewards };
    Ok(Reply::json(&call.dry_run(move |draft| read.told(draft)).await?))
}

/// The program that is meant where none is named.
async fn only_program(call: &Call, selves: Vec<Id>) -> Result<Id, Problem> {
    let shop = call.shop();
    let shared = call.read(move |connection| own_programs(connection, shop, &selves)).await?;
    let choices = call.dry_run(move |draft| {
        let (programs, at) = (draft.list(&Program::OF_SHOP, draft.shop.id)?, draft.at());
        let choice = |program: &Rc<Program>| Choice {
            id: program.id,
            slug: program.slug.clone(),
            is_open: program.is_open(at),
            is_shared: shared.contains(&program.id),
        };
        Ok(programs.iter().map(choice).collect::<Vec<_>>())
    });
    Ok(only(&choices.await?)?)
}

/// A program that could be meant.
struct Choice {
    id: Id,
    slug: String,
    is_open: bool,
    /// Whether the customer has a link of it.
    is_shared: bool,
}

/// The only one of the programs that come first: those that are open and shared, else those that are open, else those that
/// were shared.
fn only(choices: &[Choice]) -> Result<Id, Rejection> {
    let ranks: [fn(&Choice) -> bool; 3] =
        [|choice| choice.is_open && choice.is_shared, |choice| choice.is_open, |choice| choice.is_shared];
    let of_rank = |rank: fn(&Choice) -> bool| choices.iter().filter(|choice| rank(choice)).collect::<Vec<_>>();
    let first = ranks.into_iter().map(of_rank).find(|found| !found.is_empty()).unwrap_or_default();
    let detail = match first.as_slice() {
        [] => "this parameter is required: no program is open".to_owned(),
        [one] => return Ok(one.id),
        several => {
            let mut slugs: Vec<&str> = several.iter().map(|choice| choice.slug.as_str()).collect();
            slugs.sort_unstable();
            let more = if slugs.len() > NAMED { ", …" } else { "" };
            slugs.truncate(NAMED);
            format!("one of {}{more} is expected, for more than one could be meant", slugs.join(", "))
        }
    };
    Err(Rejection::field("?program", detail))
}

/// What was read of somebody's part in a program.
struct Read {
    program: Id,
    me: Id,
    selves: Vec<Id>,
    totals: OwnTotals,
    channels: Vec<ChannelSpec>,
    rewards: Vec<Reward>,
}

impl Read {
    fn told(&self, draft: &Draft<'_>) -> Result<SummaryView, Stop> {
        let program = draft.expect::<Program>(self.program);
        let customer = draft.expect::<Customer>(self.me);
        let held: Vec<_> = self.selves.iter().map(|me| code::held(draft, self.program, *me)).collect();
        let person = person::of_id(draft, self.me);
        let credit = account(draft, &credit_account(self.me), draft.shop.currency);
        let (program, customer, credit) = (program?, customer?, credit?);
        let held: Vec<_> = held.into_iter().collect::<Result<_, _>>()?;
        let code = held.into_iter().flatten().next();
        let began: Vec<_> = self.selves.iter().map(|me| advocate::began(draft, self.program, *me)).collect();
        let began: Vec<_> = began.into_iter().collect::<Result<_, _>>()?;
        let is_held_out = is_held_out(match began.into_iter().flatten().next() {
            Some(began) => began.arm,
            // Who has not begun yet is told what they will get when they do.
            None => program.trial().map(|trial| trial.arm(program.id, self.me)),
        });
        let friends = milestone::friends(draft, self.program, &person?)?;
        let locale = customer.locale.as_deref().unwrap_or(draft.shop.locale());
        let url = code.as_deref().map(|code| code.url(share::links(draft), &draft.shop.slug));
        let facts = share_words::Facts {
            link: url.as_deref().unwrap_or_default(),
            code: code.as_deref().map_or("", |code| &code.code),
            first_name: customer.first_name.as_deref().unwrap_or_default(),
            shop_name: draft.shop.brand.name.as_deref().unwrap_or(&draft.shop.name),
            currency: draft.shop.currency,
            locale,
            shop_locale: draft.shop.locale(),
            is_held_out,
        };
        let pitch = share_words::pitch(&program, &facts);
        let language = Language::choose([locale, draft.shop.locale()]);
        Ok(SummaryView {
            qr_svg: url.as_deref().and_then(picture),
            send_urls: if url.is_some() { self.ways(&program, &facts) } else { Vec::new() },
            my_reward: pitch.advocate_reward.clone(),
            friend_reward: pitch.friend_reward.clone(),
            program: shown(draft, &program, pitch),
            code: code.map(|code| code.code.clone()),
            url,
            progress: self.progress(),
            milestones: if is_held_out { Vec::new() } else { milestones(draft, &program, friends, language) },
            totals: self.totals(draft, credit.balance),
            rewards: self.rewards.iter().map(|reward| earned(draft, reward, language)).collect(),
        })
    }

    fn ways(&self, program: &Program, facts: &share_words::Facts<'_>) -> Vec<WayView> {
        let way = |channel: &ChannelSpec| {
            let face = share_words::face(program, channel, facts);
            let (mobile, desktop) = (face.mobile, face.desktop);
            let (channel, name, private) = (channel.key.to_string(), channel.name.to_string(), channel.private);
            (mobile.is_some() || desktop.is_some()).then_some(WayView { channel, name, private, mobile, desktop })
        };
        self.channels.iter().filter_map(way).collect()
    }

    fn progress(&self) -> ProgressView {
        let friends = |status: ReferralStatus| {
            let found = self.totals.referrals.iter().find(|(word, _)| word == status.as_str());
            found.map_or(0, |(_, count)| *count)
        };
        ProgressView {
            shares: self.totals.shares,
            visitors: self.totals.visitors,
            friends_open: friends(ReferralStatus::Open),
            friends_won: friends(ReferralStatus::Converted),
        }
    }

    fn totals(&self, draft: &Draft<'_>, balance: i64) -> TotalsView {
        let sum = |statuses: &[RewardStatus]| {
            let is_one = |word: &str| statuses.iter().any(|status| status.as_str() == word);
            let rows = self.totals.rewards.iter().filter(|(word, ..)| is_one(word));
            rows.fold(SumView::default(), |sum, (_, count, amount)| SumView {
                count: sum.count + count,
                amount: sum.amount + amount,
            })
        };
        TotalsView {
            currency: draft.shop.currency,
            pending: sum(&[RewardStatus::Pending, RewardStatus::Due]),
            issued: sum(&[RewardStatus::Issued]),
            spent: sum(&[RewardStatus::Spent]),
            balance,
        }
    }
}

/// A link as a QR code, to be put into a page as it is.
fn picture(url: &str) -> Option<String> {
    let file = qr::svg(url).ok()?;
    file.find("<svg").map(|begin| file[begin..].to_owned())
}

fn shown(draft: &Draft<'_>, program: &Program, pitch: Pitch) -> ProgramView {
    ProgramView {
        id: program.id,
        slug: program.slug.clone(),
        title: pitch.title.unwrap_or_else(|| program.name.clone()),
        open: program.is_open(draft.at()),
        conditions: pitch.conditions,
        terms_url: pitch.terms_url,
        image_url: pitch.image_url,
    }
}

/// What is given for so many friends, and how far somebody is.
fn milestones(draft: &Draft<'_>, program: &Program, friends: i64, language: Language) -> Vec<MilestoneView> {
    let shown = |rule: &RewardRule| {
        let next = rule.next_milestone(friends);
        let (word, of) = if next.is_some() { ("next", next.unwrap_or_default()) } else { ("passed", friends) };
        let numbers = [("friends", friends.to_string()), ("next", of.to_string())];
        let numbers: Vec<_> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
        MilestoneView {
            reward: benefit(&Worth::from(&rule.benefit), draft.shop.currency, language),
            friends,
            next,
            text: say(language, &format!("milestone.{word}"), &numbers),
        }
    };
    program.rules.milestones().map(shown).collect()
}

/// A reward, and where it stands, in words.
fn earned(draft: &Draft<'_>, reward: &Reward, language: Language) -> EarnedView {
    let worth = Worth { amount: reward.amount, ..Worth::from(&*reward.benefit) };
    let day = match reward.status {
        RewardStatus::Pending => reward.pending_until,
        RewardStatus::Issued => reward.expires_at,
        _ => None,
    };
    let day = day.map(|day| until(day, draft.shop.zone(), language));
    let dated = if day.is_some() { "_until" } else { "" };
    EarnedView {
        id: reward.id,
        text: benefit(&worth, reward.currency, language),
        status: reward.status,
        status_text: say(
            language,
            &format!("reward.{}{dated}", reward.status.as_str()),
            &[("day", &day.unwrap_or_default())],
        ),
        created_at: reward.created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `open shared` of each program, and which is meant.
    type Row<'a> = (&'a [(bool, bool)], Result<usize, &'a str>);

    #[test]
    fn the_only_program_that_can_be_meant_is() {
        let table: [Row<'_>; 8] = [
            (&[], Err("no program is open")),
            (&[(false, false)], Err("no program is open")),
            (&[(true, false)], Ok(0)),
            (&[(false, true), (true, false)], Ok(1)),
            (&[(true, false), (true, true), (false, true)], Ok(1)),
            (&[(false, true), (false, false)], Ok(0)),
            (&[(true, true), (true, true), (true, false)], Err("one of p0, p1 is expected")),
            (&[(true, false), (true, false), (false, true)], Err("one of p0, p1 is expected")),
        ];
        for (programs, expected) in table {
            let id = |index: usize| Id::of("prg", &[&index.to_string()]);
            let choice = |(index, (is_open, is_shared)): (usize, &(bool, bool))| Choice {
                id: id(index),
                slug: format!("p{index}"),
                is_open: *is_open,
                is_shared: *is_shared,
            };
            let found = only(&programs.iter().enumerate().map(choice).collect::<Vec<_>>());
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, id(expected), "{programs:?}"),
                (Err(refused), Err(expected)) => assert!(refused.detail.contains(expected), "{refused}"),
                (found, expected) => panic!("{programs:?}: {found:?}, not {expected:?}"),
            }
        }
    }

    #[test]
    fn of_very_many_programs_few_are_named() {
        let many = (0..1_000).map(|index: i32| Choice {
            id: Id::of("prg", &[&index.to_string()]),
            slug: format!("p{index}"),
            is_open: true,
            is_shared: false,
        });
        let refused = only(&many.collect::<Vec<_>>()).expect_err("one must be chosen");
        assert!(refused.detail.len() < 300 && refused.detail.contains(", …"), "{refused}");
    }
}

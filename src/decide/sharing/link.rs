//! Where a link leads. No command: it changes nothing, and is asked when a link is opened that
//! is not in memory.

use std::collections::BTreeMap;

use crate::decide::draft::Draft;
use crate::decide::input::{typed_code, url};
use crate::decide::sharing::{channel, share, share_words};
use crate::records::channel::{ChannelSpec, is_unnamed};
use crate::records::day_count::DayKey;
use crate::records::program::ProgramStatus;
use crate::records::shop::Zones;
use crate::records::{Id, Program, Share};
use crate::views::share::PreviewWords;
use crate::world::Stop;

/// A link, and all that its opening needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The shop.
    pub shop: Id,
    /// The share.
    pub share: Id,
    /// Its token.
    pub token: String,
    /// Where a person is sent.
    pub leads: Leads,
    /// What a preview shows.
    pub preview: PreviewWords,
    /// How far the shop's time is ahead of the real one, milliseconds.
    pub ahead_ms: i64,
    /// Whether it was opened before.
    pub sent: bool,
    /// Whether the next preview tells its channel.
    pub unnamed: bool,
    /// Where its openings are counted.
    pub counted: CountedAt,
}

/// Where the openings of a link are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedAt {
    /// By which the shop's days are told.
    pub zones: Zones,
    /// The program.
    pub program: Id,
    /// The channel's key.
    pub channel: String,
    /// The placement at which the share is counted.
    pub placed: Option<String>,
}

impl CountedAt {
    /// The counter of a day.
    pub fn key(&self, day: i64) -> DayKey {
        DayKey {
            day,
            program: self.program.text(),
            channel: self.channel.clone(),
            place: self.placed.clone().unwrap_or_default(),
        }
    }
}

/// Where a person is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To a landing page.
    Landing {
        /// Its address.
        url: String,
        /// Which of its parameters carry the mark.
        marks: Vec<String>,
        /// What analytics is told, in order.
        utm: Vec<(&'static str, String)>,
    },
    /// The program does not count now: to the shop's home, where it has one.
    Home(Option<String>),
    /// It rests with an announcement: nowhere, and why is said, by locale.
    Notice(BTreeMap<String, String>),
}

/// The link with this token.
pub fn of_token(draft: &Draft<'_>, token: &str) -> Result<Option<Link>, Stop> {
    match draft.find(&Share::BY_TOKEN, token)? {
        Some(share) => link(draft, &share).map(Some),
        None => Ok(None),
    }
}

/// The link of a typed code.
pub fn of_code(draft: &Draft<'_>, typed: &str) -> Result<Option<Link>, Stop> {
    match typed_code::advocate(draft, typed)? {
        Some(code) => link(draft, &*draft.expect::<Share>(code.share)?).map(Some),
        None => Ok(None),
    }
}

fn link(draft: &Draft<'_>, share: &Share) -> Result<Link, Stop> {
    let (program, channel) =
        (draft.expect::<Program>(share.program), channel::known(draft, &share.channel, "/channel"));
    let (program, channel) = (program?, channel?);
    let leads = match landing(draft, share, &program).filter(|_| program.is_open(draft.at())) {
        Some(url) => {
            let marks = draft.shop.mark_parameters().map(str::to_owned).collect();
            Leads::Landing { url: url.clone(), marks, utm: utm(share, &program, &channel) }
        }
        None if program.status == ProgramStatus::Paused && !program.notice.is_empty() => {
            Leads::Notice(program.notice.0.clone())
        }
        None => Leads::Home(draft.shop.home_url.clone()),
    };
    Ok(Link {
        shop: draft.shop.id,
        share: share.id,
        token: share.token.clone(),
        leads,
        preview: share_words::preview(&program, share, &draft.shop, share::link(draft, share)),
        ahead_ms: draft.at().ms() - draft.context.real_at.ms(),
        sent: share.sent_at.is_some(),
        unnamed: is_unnamed(&share.channel) && share.channel_inferred.is_none(),
        counted: CountedAt {
            zones: draft.shop.zones(),
            program: share.program,
            channel: share.channel.clone(),
            placed: share.placed.clone(),
        },
    })
}

/// The share's own page, else the program's. A host that the shop has taken from its list since may be
/// anybody's by now, and no link leads there any more.
fn landing<'a>(draft: &Draft<'_>, share: &'a Share, program: &'a Program) -> Option<&'a String> {
    let pages = share.landing_url.iter().chain([&program.landing_url]);
    pages.into_iter().find(|page| url::leads_to(page, &draft.shop.landing_hosts))
}

fn utm(share: &Share, program: &Program, channel: &ChannelSpec) -> Vec<(&'static str, String)> {
    let mut utm = vec![("utm_source", channel.utm.source.to_string()), ("utm_medium", channel.utm.medium.to_string())];
    utm.extend(channel.utm.source_platform.as_ref().map(|platform| ("utm_source_platform", platform.to_string())));
    utm.push(("utm_campaign", campaign(&program.slug)));
    utm.push(("utm_id", program.id.to_string()));
    utm.extend(share.placement.as_ref().map(|placement| ("utm_content", placement.clone())));
    utm
}

/// A program's slug as analytics takes it for no other channel: Google files every campaign as shopping that has
/// `shopping` in it, or `shop` behind no letter or an `e`, and as cross-network what says so.
fn campaign(slug: &str) -> String {
    let is_filed = |(at, _): (usize, &str)| {
        let before = slug[..at].bytes().last();
        slug[at..].starts_with("shopping") || before.is_none_or(|byte| !byte.is_ascii_lowercase() || byte == b'e')
    };
    let slug = slug.replace("cross-network", "cross_network");
    if slug.match_indices("shop").any(is_filed) { slug.replace("shop", "sh-op") } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::programs::create_program::CreateProgram;
    use crate::decide::sharing::create_shares::CreateShares;
    use crate::decide::sharing::mark_share_sent::MarkShareSent;
    use crate::decide::testing::bench::{Bench, customer};
    use crate::records::program::ProgramStatus;
    use crate::records::time::DAY_MS;

    fn command<T: serde::de::DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).expect("a command")
    }

    /// A shop with an active program, and the token of a share by Anna in a channel.
    fn shared(channel: &str) -> (Bench, String) {
        let mut bench = Bench::new();
        bench.put(customer(&bench, "anna", "anna@mail.example"));
        let program =
            r#"{"name":"Weitersagen","status":"active","landing_url":"https://shop.example/welcome","rewards":[]}"#;
        bench.decide(command::<CreateProgram>(program)).expect("a program");
        let share =
            format!(r#"{{"program":"weitersagen","customer":"anna","channel":"{channel}","placement":"footer"}}"#);
        bench.decide(command::<CreateShares>(&share)).expect("a share");
        let token = bench.all::<Share>()[0].token.clone();
        (bench, token)
    }

    fn opened(bench: &mut Bench, token: &str) -> Link {
        bench.run(|draft| of_token(draft, token)).expect("no refusal").expect("a link")
    }

    #[test]
    fn a_link_leads_to_the_landing_page_and_tells_analytics_where_from() {
        let (mut bench, token) = shared("whatsapp");
        let Leads::Landing { url, marks, utm } = opened(&mut bench, &token).leads else { panic!("the program counts") };
        assert_eq!((url.as_str(), marks), ("https://shop.example/welcome", vec!["gv".to_owned()]));
        let program = bench.all::<Program>()[0].id.to_string();
        let expected = [
            ("utm_source", "whatsapp"),
            ("utm_medium", "social"),
            ("utm_source_platform", "dark_social"),
            ("utm_campaign", "weitersagen"),
            ("utm_id", program.as_str()),
            ("utm_content", "footer"),
        ];
        assert_eq!(utm, expected.map(|(name, value)| (name, value.to_owned())));
        assert!(bench.run(|draft| of_token(draft, "00000000000")).is_ok_and(|link| link.is_none()));
    }

    /// The channel group of Google Analytics, as far as our values come near its rules; the first that fits counts.
    fn channel_group(source: &str, medium: &str, campaign: &str) -> &'static str {
        const SOCIAL: &[&str] = &["whatsapp", "messenger", "line", "facebook", "linkedin"];
        let is_shop = regex(campaign);
        let one_of = |words: &[&str], word: &str| words.contains(&word);
        match medium {
            _ if campaign.contains("cross-network") => "Cross-network",
            "ppc" | "retargeting" => "Paid Other",
            _ if medium.starts_with("paid") || medium.contains("cp") => "Paid Other",
            "display" | "banner" | "expandable" | "interstitial" => "Display",
            _ if is_shop => "Organic Shopping",
            _ if one_of(SOCIAL, source) => "Organic Social",
            "social" | "social-network" | "social-media" | "sm" | "social network" | "social media" => "Organic Social",
            _ if medium.contains("video") => "Organic Video",
            "organic" => "Organic Search",
            "referral" | "app" | "link" => "Referral",
            "email" | "e-mail" | "e_mail" | "e mail" => "Email",
            _ if source == "email" => "Email",
            "affiliate" => "Affiliates",
            "audio" => "Audio",
            "sms" => "SMS",
            _ if source == "sms" => "SMS",
            _ if medium.ends_with("push") || medium.contains("mobile") => "Mobile Push",
            _ => "Unassigned",
        }
    }

    /// `^(.*(([^a-df-z]|^)shop|shopping).*)$`
    fn regex(campaign: &str) -> bool {
        let begins = |at: usize| at == 0 || !matches!(campaign.as_bytes()[at - 1], b'a'..=b'd' | b'f'..=b'z');
        campaign.contains("shopping") || campaign.match_indices("shop").any(|(at, _)| begins(at))
    }

    #[test]
    fn google_files_every_channel_where_it_belongs_whatever_the_program_is_called() {
        let slugs = ["weitersagen", "shop-10", "mein-shop", "eshop", "workshop", "shopping-tage", "x-cross-network-y"];
        for slug in slugs {
            for channel in crate::records::channel::BUILT_IN {
                let group = channel_group(&channel.utm.source, &channel.utm.medium, &campaign(slug));
                let expected = match &*channel.key {
                    "email" => "Email",
                    "sms" => "SMS",
                    "public_web" => "Referral",
                    // Google has no group for it; `utm_source_platform` tells it.
                    "qr" => "Unassigned",
                    _ => "Organic Social",
                };
                assert_eq!(group, expected, "{} in {slug}", channel.key);
            }
        }
        let told = slugs.map(campaign);
        assert_eq!(told[..3], ["weitersagen", "sh-op-10", "mein-sh-op"]);
        assert_eq!(told[3..5], ["esh-op", "workshop"]);
        assert_eq!(channel_group("whatsapp", "social", "mein-shop"), "Organic Shopping", "as it would be");
    }

    #[test]
    fn a_program_that_does_not_count_leads_home() {
        let (mut bench, token) = shared("whatsapp");
        let program = bench.all::<Program>()[0].id;
        let end = bench.at.plus_ms(DAY_MS);
        bench.change::<Program>(program, |program| program.ends_at = Some(end));
        assert!(matches!(opened(&mut bench, &token).leads, Leads::Landing { .. }));
        bench.at = end;
        let home = Leads::Home(Some("https://shop.example".to_owned()));
        assert_eq!(opened(&mut bench, &token).leads, home);
        bench.change::<Program>(program, |program| {
            program.ends_at = None;
            program.take(ProgramStatus::Paused, end);
        });
        assert_eq!(opened(&mut bench, &token).leads, home);
    }

    #[test]
    fn a_program_that_rests_with_an_announcement_says_why() {
        let (mut bench, token) = shared("whatsapp");
        let (program, at) = (bench.all::<Program>()[0].id, bench.at);
        let notice = BTreeMap::from([("de".to_owned(), "Wir rufen eine Tasse zurück.".to_owned())]);
        bench.change::<Program>(program, |program| {
            program.take(ProgramStatus::Paused, at);
            program.notice.0 = notice.clone();
        });
        assert_eq!(opened(&mut bench, &token).leads, Leads::Notice(notice));
        bench.at = at.plus_ms(1);
        let at = bench.at;
        bench.change::<Program>(program, |program| program.take(ProgramStatus::Active, at));
        assert!(bench.get::<Program>(program).notice.is_empty(), "what goes on has nothing to explain");
        assert!(matches!(opened(&mut bench, &token).leads, Leads::Landing { .. }));
    }

    #[test]
    fn no_link_leads_to_a_host_that_was_taken_from_the_list() {
        let (mut bench, token) = shared("whatsapp");
        let (shop, share) = (bench.shop, bench.all::<Share>()[0].id);
        bench.change::<Share>(share, |share| share.landing_url = Some("https://old.example/mug".to_owned()));
        let mut with = |hosts: &[&str]| {
            let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
            bench.change::<crate::records::Shop>(shop, |shop| shop.landing_hosts.0 = hosts);
            match opened(&mut bench, &token).leads {
                Leads::Landing { url, .. } => url,
                Leads::Home(home) => home.expect("a home"),
                Leads::Notice(notice) => panic!("{notice:?}"),
            }
        };
        assert_eq!(with(&["shop.example", "old.example"]), "https://old.example/mug");
        assert_eq!(with(&["shop.example"]), "https://shop.example/welcome");
        assert_eq!(with(&["new.example"]), "https://shop.example");
    }

    #[test]
    fn a_preview_names_nobody() {
        let (mut bench, token) = shared("whatsapp");
        let anna = bench.all::<crate::records::Customer>()[0].id;
        let program = bench.all::<Program>()[0].id;
        bench.change::<crate::records::Customer>(anna, |anna| anna.first_name = Some("Anna".to_owned()));
        bench.change::<Program>(program, |program| {
            let words = command(r#"{"title":"{first_name} empfiehlt {shop}"}"#);
            program.content.0.insert("de".to_owned(), words);
        });
        let preview = opened(&mut bench, &token).preview;
        assert_eq!((preview.title.trim(), preview.locale.as_str()), ("empfiehlt Kaffeehaus", "de"));
        assert!(!preview.description.contains("Anna"), "{}", preview.description);
    }

    #[test]
    fn the_next_preview_tells_the_channel_where_the_share_says_nothing() {
        let (mut bench, token) = shared("copy");
        assert!(opened(&mut bench, &token).unnamed);
        let share = bench.all::<Share>()[0].id;
        let sent = MarkShareSent { share, channel: Some("signal") };
        bench.decide(sent).expect("no refusal");
        let link = opened(&mut bench, &token);
        assert_eq!((link.sent, link.unnamed), (true, false));
        let (mut bench, token) = shared("telegram");
        assert!(!opened(&mut bench, &token).unnamed);
    }
}

//! The table of visitors: every user agent here was seen in the wild.

use proptest::prelude::*;

use super::*;

const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
const WINDOWS: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

fn of(user_agent: &str) -> Visitor {
    tell(&Request { user_agent: Some(user_agent), ..Request::default() })
}

fn channel_of(user_agent: &str) -> Option<&'static str> {
    match of(user_agent) {
        Visitor::Preview(preview) => preview.robot.channel,
        other => panic!("{user_agent} is a {}", other.as_str()),
    }
}

#[test]
fn browsers_are_persons() {
    for agent in [
        IPHONE,
        ANDROID,
        WINDOWS,
        MAC,
        FIREFOX,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
        "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 11; CUBOT X50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3417; U; en) Presto/2.8.119 Version/11.10",
        "Lynx/2.9.0 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.8.3",
    ] {
        assert_eq!(of(agent), Visitor::Person, "{agent}");
    }
}

#[test]
fn browsers_inside_apps_are_persons() {
    for app in [
        "[FBAN/FBIOS;FBAV/468.0.0.40.104;FBBV/605000000;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBID/phone;FBLC/de_DE;FBOP/5]",
        "[FB_IAB/FB4A;FBAV/468.0.0.39.104;]",
        "MetaIAB Facebook",
        "Instagram 337.0.3.23.54 (iPhone15,2; iOS 17_5; de_DE; de; scale=3.00; 1179x2556; 608000000)",
        "Safari Line/14.9.0",
        "MicroMessenger/8.0.49.2600 NetType/WIFI Language/de",
        "KAKAOTALK/10.8.2 (INAPP)",
        "Snapchat/12.93.0.38 (like Safari/604.1)",
        "Telegram-Android/10.14.5 (Google Pixel 8; Android 14; SDK 34; HIGH)",
        "Viber/21.0.0.0",
        "[LinkedInApp]/9.29.5679",
        "[Pinterest/iOS]",
        "musical_ly_34.9.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/de",
        "GSA/322.0.641482307",
    ] {
        for browser in [IPHONE, ANDROID] {
            let agent = format!("{browser} {app}");
            assert_eq!(of(&agent), Visitor::Person, "{agent}");
        }
    }
}

#[test]
fn preview_robots_prove_their_channel() {
    let table = [
        ("WhatsApp/2.23.20.0 A", Some("whatsapp")),
        ("WhatsApp/2.23.20.0 i", Some("whatsapp")),
        ("WhatsApp/2.23.20.0 W", Some("whatsapp")),
        ("WhatsApp/2.2413.51 N", Some("whatsapp")),
        ("WhatsApp", Some("signal")),
        ("WhatsApp/2", Some("signal")),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            Some("imessage"),
        ),
        ("TelegramBot (like TwitterBot)", Some("telegram")),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", None),
        ("facebookexternalhit/1.1;line-poker/1.0", Some("line")),
        ("Facebot", None),
        ("meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", None),
        ("meta-externalfetcher/1.1", None),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", Some("slack")),
        ("Slackbot 1.0 (+https://api.slack.com/robots)", Some("slack")),
        ("Slack-ImgProxy (+https://api.slack.com/robots)", Some("slack")),
        ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", Some("discord")),
        ("Twitterbot/1.0", Some("x")),
        ("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", Some("linkedin")),
        ("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", Some("teams")),
        ("Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)", Some("teams")),
        ("Viber", Some("viber")),
        ("Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots", None),
        ("Mozilla/5.0 (compatible; SnapURLPreview/1.0)", None),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)",
            None,
        ),
        ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", Some("email")),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", Some("email")),
        ("FastmailUA/1.0", Some("email")),
        ("Synapse (bot; +https://github.com/matrix-org/synapse)", None),
        (
            "Mozilla/5.0 (Windows; U; Windows NT 10.0; en-US; Valve Steam Client/default/0; ) Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)",
            None,
        ),
        ("KeybaseBot (+https://keybase.io)", None),
        ("http.rb/5.1.1 (Mastodon/4.2.8; +https://mastodon.example/) Bot", None),
        ("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", None),
    ];
    for (agent, channel) in table {
        assert_eq!(channel_of(agent), channel, "{agent}");
    }
}

#[test]
fn every_channel_that_a_robot_proves_is_one_that_shops_have() {
    let named = NAMES.iter().filter_map(|(_, sign)| match sign {
        Sign::Preview(robot) => robot.channel,
        Sign::Browser | Sign::Scanner => None,
    });
    let whole = WHOLE.iter().chain(WHOLE_BEGINNINGS).filter_map(|(_, robot)| robot.channel);
    for key in named.chain(whole) {
        assert!(crate::records::channel::built_in(key).is_some(), "{key}");
    }
}

#[test]
fn tools_scanners_and_the_nameless_are_no_visit() {
    for agent in [
        "",
        "curl/8.5.0",
        "Wget/1.21.4",
        "python-requests/2.31.0",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Java/17.0.9",
        "Apache-HttpClient/4.5.14 (Java/17.0.9)",
        "axios/1.6.8",
        "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP1A.240505.005)",
        "BarracudaCentral",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        "Mozilla/5.0 (compatible; SomethingNewCrawler/0.1)",
    ] {
        assert_eq!(of(agent), Visitor::Scanner, "{agent:?}");
    }
    assert_eq!(tell(&Request::default()), Visitor::Scanner);
}

#[test]
fn whoever_only_looks_is_answered_and_not_counted() {
    let browser = Request { user_agent: Some(ANDROID), ..Request::default() };
    let looks = [
        Request { method: Method::Head, ..browser },
        Request { sec_purpose: Some("prefetch;prerender"), ..browser },
        Request { purpose: Some("prefetch"), ..browser },
        Request { x_moz: Some("prefetch"), ..browser },
        Request { sec_fetch_dest: Some("image"), ..browser },
        Request { sec_fetch_dest: Some("iframe"), sec_fetch_mode: Some("navigate"), ..browser },
        Request { sec_fetch_mode: Some("no-cors"), ..browser },
        Request { referer: Some("https://eur01.safelinks.protection.outlook.com/?url=x"), ..browser },
        Request { referer: Some("https://urldefense.com/v3/__https://x__"), ..browser },
        Request { referer: Some("https://protect-de.mimecast.com/s/x"), ..browser },
    ];
    for request in looks {
        assert_eq!(tell(&request), Visitor::Scanner, "{request:?}");
    }
    let opened = Request { sec_fetch_mode: Some("navigate"), sec_fetch_dest: Some("document"), ..browser };
    assert_eq!(tell(&opened), Visitor::Person);
    let passed_on = Request { referer: Some("https://eur01.safelinks.protection.outlook.com/?url=x"), ..opened };
    assert_eq!(tell(&passed_on), Visitor::Person);
    let from_elsewhere = Request { referer: Some("https://notmimecast.com/"), ..browser };
    assert_eq!(tell(&from_elsewhere), Visitor::Person);
}

#[test]
fn a_robot_that_only_looks_gets_its_page_and_is_not_counted() {
    let robot = Request { user_agent: Some("WhatsApp/2.23.20.0 A"), ..Request::default() };
    let counts = |request: &Request<'_>| matches!(tell(request), Visitor::Preview(Preview { counts: true, .. }));
    assert!(counts(&robot));
    assert!(!counts(&Request { method: Method::Head, ..robot }));
    assert!(!counts(&Request { sec_purpose: Some("prefetch"), ..robot }));
}

#[test]
fn devices_are_told_apart() {
    let table = [
        (IPHONE, Device::Phone),
        (ANDROID, Device::Phone),
        (WINDOWS, Device::Desktop),
        (MAC, Device::Desktop),
        (FIREFOX, Device::Desktop),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            Device::Tablet,
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            Device::Tablet,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
            Device::Desktop,
        ),
        (
            "Mozilla/5.0 (PlayStation; PlayStation 5/5.02) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15",
            Device::Other,
        ),
        ("", Device::Other),
    ];
    for (agent, expected) in table {
        assert_eq!(device(agent), expected, "{agent}");
    }
}

proptest! {
    #[test]
    fn any_header_can_be_judged(agent: String, referer: String, purpose: String) {
        let request = Request {
            user_agent: Some(&agent),
            referer: Some(&referer),
            purpose: Some(&purpose),
            ..Request::default()
        };
        let _any = (tell(&request), device(&agent));
    }

    #[test]
    fn blanks_around_an_agent_change_nothing(before in " {0,3}", after in " {0,3}", place in 0usize..5) {
        let agent = [IPHONE, "WhatsApp/2.23.20.0 A", "WhatsApp", "curl/8.5.0", "TelegramBot (like TwitterBot)"][place];
        prop_assert_eq!(of(&format!("{before}{agent}{after}")), of(agent));
    }
}

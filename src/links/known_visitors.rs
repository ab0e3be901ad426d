//! What is known of user agents: in-app browsers of persons, preview robots, scanners and tools.
//!
//! One table, curated by hand; the tests beside `visitor` hold it against the agents seen in the
//! wild. How it is searched stands in `visitor`.

/// A preview robot, and what it proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Robot {
    /// The app or service that shows the preview.
    pub app: &'static str,
    /// The channel that its coming proves; `None` when the robot serves several or none of them.
    pub channel: Option<&'static str>,
}

/// What a name in a user agent says of the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A browser, perhaps inside an app: a person.
    Browser,
    /// A robot that fetches a preview.
    Preview(Robot),
    /// A mail scanner, a search engine, a tool.
    Scanner,
}

use Sign::{Browser, Scanner};

const fn channel(key: &'static str) -> Sign {
    Sign::Preview(Robot { app: key, channel: Some(key) })
}

const fn of_app(app: &'static str, key: &'static str) -> Sign {
    Sign::Preview(Robot { app, channel: Some(key) })
}

const fn app(app: &'static str) -> Sign {
    Sign::Preview(Robot { app, channel: None })
}

/// Names that a preview robot sends as its whole user agent. Signal borrows WhatsApp's name without
/// a full version, so that these come before [`WHOLE_BEGINNINGS`].
pub const WHOLE: &[(&str, Robot)] = &[("whatsapp", SIGNAL), ("whatsapp/2", SIGNAL)];

const SIGNAL: Robot = Robot { app: "signal", channel: Some("signal") };

/// How the whole user agent of a preview robot begins. Inside a browser's agent the same name is
/// an in-app browser: a person.
pub const WHOLE_BEGINNINGS: &[(&str, Robot)] = &[
    ("whatsapp/", Robot { app: "whatsapp", channel: Some("whatsapp") }),
    ("viber", Robot { app: "viber", channel: Some("viber") }),
];

/// Names looked for at the beginnings of words, in lower case, each beginning with a letter. Where
/// several fit, the first of the table counts; so persons' apps come first.
pub const NAMES: &[(&str, Sign)] = &[
    // In-app browsers.
    ("fban/", Browser),
    ("fbav/", Browser),
    ("fb_iab", Browser),
    ("metaiab", Browser),
    ("instagram", Browser),
    ("line/", Browser),
    ("viber/", Browser),
    ("micromessenger", Browser),
    ("kakaotalk/", Browser),
    ("kakaotalk ", Browser),
    ("snapchat/", Browser),
    ("telegram-android", Browser),
    ("linkedinapp]", Browser),
    ("pinterest/ios", Browser),
    ("pinterest/android", Browser),
    ("musical_ly", Browser),
    ("gsa/", Browser),
    // Browsers that do not call themselves Mozilla.
    ("lynx/", Browser),
    ("w3m/", Browser),
    ("elinks/", Browser),
    // Preview robots; those that borrow another's name come before its owner.
    ("facebot twitterbot", channel("imessage")),
    ("telegrambot", channel("telegram")),
    ("line-poker", channel("line")),
    ("kakaotalk-scrap", app("kakaotalk")),
    ("facebookexternalhit", app("meta")),
    ("facebot", app("meta")),
    ("meta-externalagent", app("meta")),
    ("meta-externalfetcher", app("meta")),
    ("slackbot", channel("slack")),
    ("slack-imgproxy", channel("slack")),
    ("discordbot", channel("discord")),
    ("twitterbot", channel("x")),
    ("linkedinbot", channel("linkedin")),
    ("redditbot", channel("reddit")),
    ("skypeuripreview", channel("teams")),
    ("microsoftpreview", channel("teams")),
    ("snap url preview", app("snapchat")),
    ("snapurlpreview", app("snapchat")),
    ("google-pagerenderer", app("google")),
    ("googleimageproxy", of_app("gmail", "email")),
    ("yahoomailproxy", of_app("yahoo_mail", "email")),
    ("fastmailua", of_app("fastmail", "email")),
    ("synapse", app("matrix")),
    ("valve/steam", app("steam")),
    ("steamchaturllookup", app("steam")),
    ("keybasebot", app("keybase")),
    ("mastodon/", app("mastodon")),
    ("bluesky cardyb", app("bluesky")),
    ("pinterestbot", app("pinterest")),
    ("mattermost-bot", app("mattermost")),
    ("zulipurlpreview", app("zulip")),
    ("iframely", app("iframely")),
    ("embedly", app("embedly")),
    ("vkshare", app("vk")),
    ("xing-contenttabreceiver", app("xing")),
    // Scanners of mail and pages, search engines, browsers without a person.
    ("barracuda", Scanner),
    ("mimecast", Scanner),
    ("proofpoint", Scanner),
    ("ms-office", Scanner),
    ("microsoft office", Scanner),
    ("bingpreview", Scanner),
    ("slurp", Scanner),
    ("google-safety", Scanner),
    ("google-inspectiontool", Scanner),
    ("headlesschrome", Scanner),
    ("phantomjs", Scanner),
    ("lighthouse", Scanner),
    ("urlscan", Scanner),
    ("virustotal", Scanner),
    ("zgrab", Scanner),
    // Tools, where they stand beside a browser's name.
    ("curl", Scanner),
    ("wget", Scanner),
    ("python", Scanner),
    ("go-http", Scanner),
    ("okhttp", Scanner),
    ("reqwest", Scanner),
    ("java/", Scanner),
    ("libwww", Scanner),
    ("httpclient", Scanner),
    ("axios", Scanner),
    ("node-fetch", Scanner),
    // A browser names no address; robots do, so that one can complain.
    ("http://", Scanner),
    ("https://", Scanner),
];

/// How words end that robots call themselves by.
pub const ROBOT_ENDINGS: &[&str] = &["bot", "crawler", "spider", "scraper", "fetcher", "scanner"];

/// Words with such an ending that are no robots: Cubot makes telephones.
pub const NOT_ROBOTS: &[&str] = &["cubot"];

/// Hosts of services that rewrite the links of mails and open them first; `.` begins a suffix.
pub const REWRITING_HOSTS: &[&str] = &[
    ".safelinks.protection.outlook.com",
    "urldefense.proofpoint.com",
    "urldefense.com",
    "linkprotect.cudasvc.com",
    ".mimecast.com",
    "secure-web.cisco.com",
];

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
    ("bluesky/", Robot { app: "bluesky", channel: None }),
    ("discourse forum onebox", Robot { app: "discourse", channel: None }),
    ("friendica", Robot { app: "friendica", channel: None }),
    ("github-camo", Robot { app: "github", channel: None }),
    ("hatena", Robot { app: "hatena", channel: None }),
    ("lemmy/", Robot { app: "lemmy", channel: None }),
    ("ning/", Robot { app: "ning", channel: None }),
    ("notion/", Robot { app: "notion", channel: None }),
    ("tumblr/", Robot { app: "tumblr", channel: None }),
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
    ("meta-externalhit", app("meta")),
    ("meta-webindexer", app("meta")),
    ("google web preview", app("google")),
    ("yahoo link preview", of_app("yahoo_mail", "email")),
    ("linespider", app("line")),
    ("vkrobot", app("vk")),
    ("odklbot", app("odnoklassniki")),
    ("groupmebot", app("groupme")),
    ("tiktokspider", app("tiktok")),
    ("bluesky-domain", app("bluesky")),
    ("blueskypreviewbot", app("bluesky")),
    ("dazzle bluesky bot", app("bluesky")),
    ("flipboardproxy", app("flipboard")),
    ("summalybot", app("misskey")),
    ("goodreads", app("goodreads")),
    ("dingtalkbot", app("dingtalk")),
    ("chatwork linkpreview", app("chatwork")),
    ("clickuplinkunfurler", app("clickup")),
    ("bufferlinkpreviewbot", app("buffer")),
    ("evernoterichlinkbot", app("evernote")),
    ("arenaunfurlbot", app("arena")),
    ("lmarenaunfurlbot", app("arena")),
    ("mediumbot", app("medium")),
    ("quora-bot", app("quora")),
    ("codabot", app("coda")),
    ("xing bot", app("xing")),
    ("gg peekbot", app("gadu_gadu")),
    ("loomlybot", app("loomly")),
    ("opengraph.io", app("opengraph_io")),
    ("orlo-linkpreview", app("orlo")),
    ("shortwave image fetcher", app("shortwave")),
    ("twilioproxy", app("twilio")),
    ("listgembot", app("listgem")),
    ("addthis", app("addthis")),
    ("tweetmemebot", app("tweetmeme")),
    ("jetslide", app("jetslide")),
    ("newsharecounts", app("newsharecounts")),
    ("everyonesocialbot", app("everyonesocial")),
    ("pinterest/0", app("pinterest")),
    ("aasa-bot", app("apple")),
    ("supabase paired crawler", app("supabase")),
    ("dbot)", app("dbot")),
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
    // What looks after sites, and stands beside a browser's name.
    ("adbeat", Scanner),
    ("appinsights", Scanner),
    ("brokenlinkcheck", Scanner),
    ("collapsify", Scanner),
    ("cookiehub", Scanner),
    ("criticalcss", Scanner),
    ("dareboost", Scanner),
    ("datadogsynthetics", Scanner),
    ("datanyze", Scanner),
    ("dlc/", Scanner),
    ("dotcom-monitor", Scanner),
    ("feeder.co", Scanner),
    ("foregenix", Scanner),
    ("ghost inspector", Scanner),
    ("google favicon", Scanner),
    ("google-ads", Scanner),
    ("google-agent", Scanner),
    ("google-physicalweb", Scanner),
    ("gotsitemonitor", Scanner),
    ("hardenize", Scanner),
    ("hotjar", Scanner),
    ("httrack", Scanner),
    ("hubspot", Scanner),
    ("indy library", Scanner),
    ("infegy", Scanner),
    ("ips-agent", Scanner),
    ("keydrop", Scanner),
    ("linktiger", Scanner),
    ("luminator", Scanner),
    ("manus-user", Scanner),
    ("marketgoo", Scanner),
    ("monitorss", Scanner),
    ("netcraft", Scanner),
    ("netshelter", Scanner),
    ("newrelicsynthetics", Scanner),
    ("newsai", Scanner),
    ("newsnow", Scanner),
    ("nikto", Scanner),
    ("nitro-optimizer", Scanner),
    ("openvas", Scanner),
    ("outbrain", Scanner),
    ("pingdom", Scanner),
    ("playstore-google", Scanner),
    ("playwright", Scanner),
    ("printfriendly", Scanner),
    ("pro-sitemaps", Scanner),
    ("ptst/", Scanner),
    ("pwabuilder", Scanner),
    ("readable/", Scanner),
    ("rigor)", Scanner),
    ("scope3", Scanner),
    ("securityheaders", Scanner),
    ("selenium", Scanner),
    ("silktide", Scanner),
    ("sindup", Scanner),
    ("siteimprove", Scanner),
    ("splash version", Scanner),
    ("sqwatcher", Scanner),
    ("sucuri", Scanner),
    ("testlocally", Scanner),
    ("thousandeyes", Scanner),
    ("uptimedoctor", Scanner),
    ("watchtowr", Scanner),
    ("webcapture", Scanner),
    ("zoterotranslation", Scanner),
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
pub const ROBOT_ENDINGS: &[&str] =
    &["bot", "crawler", "crawl", "spider", "scraper", "scraping", "fetcher", "scanner", "agent", "auditor", "unfurler"];

/// What names a robot among browsers that call themselves so: `compatible` was said by the first browsers of one maker
/// and one other, and is by robots since.
pub const COMPATIBLE: &str = "compatible";

/// Browsers that say so.
pub const OLD_BROWSERS: &[&str] = &["msie", "konqueror"];

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

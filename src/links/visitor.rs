//! Who opens a share link: a person, a preview robot, or something that is neither.
//!
//! Only headers are judged; no address, cookie or fingerprint is looked at. It runs on each opening,
//! so it allocates nothing and reads the user agent once. What is known stands in `known_visitors`;
//! what follows for the link stands with the handlers.

use super::known_visitors::{
    COMPATIBLE, NAMES, NOT_ROBOTS, OLD_BROWSERS, REWRITING_HOSTS, ROBOT_ENDINGS, Robot, Sign, WHOLE, WHOLE_BEGINNINGS,
};

/// User agents are judged by this many bytes; in-app browsers stay far below.
const USER_AGENT_MAX_BYTES: usize = 2048;

/// How the link was asked for. Other methods never get here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// The page is wanted.
    #[default]
    Get,
    /// Only the headers are wanted: answered, never counted.
    Head,
}

/// The headers that tell visitors apart; `None` where one is absent or not text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// GET or HEAD.
    pub method: Method,
    /// `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// `Sec-Purpose`.
    pub sec_purpose: Option<&'a str>,
    /// `Purpose`.
    pub purpose: Option<&'a str>,
    /// `X-Moz`.
    pub x_moz: Option<&'a str>,
    /// `Referer`.
    pub referer: Option<&'a str>,
    /// `Sec-Fetch-Mode`.
    pub sec_fetch_mode: Option<&'a str>,
    /// `Sec-Fetch-Dest`.
    pub sec_fetch_dest: Option<&'a str>,
}

/// Who opened the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// A person with a browser: sent on, the visit is counted.
    Person,
    /// A robot that fetches a preview: gets a page.
    Preview(Preview),
    /// A mail scanner, a prefetch, a tool, a HEAD: answered like a person, never counted.
    Scanner,
}

/// A preview robot's opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The app, and the channel that it proves.
    pub robot: Robot,
    /// False for a HEAD or a prefetch: the page is answered, the preview is not counted.
    pub counts: bool,
}

/// The class of a person's device, for reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// A telephone.
    Phone,
    /// A tablet that says so; an iPad calls itself a Macintosh unless it is asked for mobile pages.
    Tablet,
    /// A computer.
    Desktop,
    /// A television, a console, something unknown.
    Other,
}

impl Visitor {
    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Visitor::Person => "person",
            Visitor::Preview(_) => "preview",
            Visitor::Scanner => "scanner",
        }
    }
}

impl Device {
    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Device::Phone => "phone",
            Device::Tablet => "tablet",
            Device::Desktop => "desktop",
            Device::Other => "other",
        }
    }
}

/// Tells who opens a link.
pub fn tell(request: &Request<'_>) -> Visitor {
    let only_looking = request.method == Method::Head || is_prefetch(request);
    match sign_of(request.user_agent.unwrap_or_default()) {
        Sign::Preview(robot) => Visitor::Preview(Preview { robot, counts: !only_looking }),
        Sign::Scanner => Visitor::Scanner,
        Sign::Browser if only_looking || !opens_a_page(request) || comes_from_rewriter(request) => Visitor::Scanner,
        Sign::Browser => Visitor::Person,
    }
}

/// The class of the device that a user agent names.
pub fn device(user_agent: &str) -> Device {
    let (mut android, mut mobile, mut desktop) = (false, false, false);
    let agent = judged_part(user_agent);
    for (from, to) in words(agent) {
        let is = |names: &[&str]| names.iter().any(|name| agent[from..to].eq_ignore_ascii_case(name.as_bytes()));
        if is(&["iphone", "ipod"]) {
            return Device::Phone;
        }
        if is(&["ipad", "tablet", "kindle", "silk", "playbook"]) {
            return Device::Tablet;
        }
        if is(&["tv", "smarttv", "googletv", "appletv", "crkey", "playstation", "xbox", "nintendo"]) {
            return Device::Other;
        }
        android |= is(&["android"]);
        mobile |= is(&["mobile"]);
        desktop |= is(&["windows", "macintosh", "x11", "cros"]);
    }
    match (mobile, android, desktop) {
        (true, _, _) => Device::Phone,
        (false, true, _) => Device::Tablet,
        (false, false, true) => Device::Desktop,
        (false, false, false) => Device::Other,
    }
}

/// Browsers fetch ahead what may never be looked at, and say so.
fn is_prefetch(request: &Request<'_>) -> bool {
    let purposes = [request.sec_purpose, request.purpose, request.x_moz];
    purposes.into_iter().flatten().any(|purpose| {
        ["prefetch", "prerender", "preview"].iter().any(|word| contains(purpose.as_bytes(), word.as_bytes()))
    })
}

/// A person opens a link as a page of its own, not as a picture or in a hidden frame. Browsers that
/// do not send these headers are believed.
fn opens_a_page(request: &Request<'_>) -> bool {
    request.sec_fetch_mode.is_none_or(|mode| mode.eq_ignore_ascii_case("navigate"))
        && request.sec_fetch_dest.is_none_or(|dest| dest.eq_ignore_ascii_case("document"))
}

/// A service that checks a mail's links, unless a browser says that it navigates: then a person has
/// passed the service's own page.
fn comes_from_rewriter(request: &Request<'_>) -> bool {
    let Some(referer) = request.referer.filter(|_| request.sec_fetch_mode.is_none()) else {
        return false;
    };
    let after_scheme = referer.split_once("://").map_or(referer, |(_, rest)| rest);
    let host = after_scheme.split(['/', '?', '#', ':']).next().unwrap_or_default().as_bytes();
    REWRITING_HOSTS.iter().any(|known| match known.strip_prefix('.') {
        Some(_) => ends_with(host, known.as_bytes()),
        None => host.eq_ignore_ascii_case(known.as_bytes()),
    })
}

fn sign_of(user_agent: &str) -> Sign {
    let agent = judged_part(user_agent.trim());
    if let Some(robot) = by_whole(agent) {
        return Sign::Preview(robot);
    }
    let mut best = None;
    let (mut robot_word, mut compatible, mut old) = (has_address(agent), false, false);
    for (from, to) in words(agent) {
        let word = &agent[from..to];
        if let Some(found) = name_at(&agent[from..]) {
            best = Some(best.map_or(found, |earlier: usize| earlier.min(found)));
        }
        robot_word |= is_robot_word(word);
        compatible |= word.eq_ignore_ascii_case(COMPATIBLE.as_bytes());
        old |= OLD_BROWSERS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
    }
    robot_word |= compatible && !old;
    match best.map(|at| NAMES[at].1) {
        Some(sign) => sign,
        None if robot_word || !calls_itself_a_browser(agent) => Sign::Scanner,
        None => Sign::Browser,
    }
}

fn judged_part(user_agent: &str) -> &[u8] {
    let bytes = user_agent.as_bytes();
    &bytes[..bytes.len().min(USER_AGENT_MAX_BYTES)]
}

fn by_whole(agent: &[u8]) -> Option<Robot> {
    let whole = WHOLE.iter().find(|(name, _)| agent.eq_ignore_ascii_case(name.as_bytes()));
    let found = whole.or_else(|| WHOLE_BEGINNINGS.iter().find(|(name, _)| begins_with(agent, name.as_bytes())));
    found.map(|(_, robot)| *robot)
}

/// Since 1994 every browser has called itself Mozilla, a few Opera; tools rarely do.
fn calls_itself_a_browser(agent: &[u8]) -> bool {
    begins_with(agent, b"mozilla/") || begins_with(agent, b"opera/")
}

/// Whether it names somebody's mail address, so that one can complain: an `@` before a letter. Browsers have versions
/// behind it.
fn has_address(agent: &[u8]) -> bool {
    agent.windows(2).any(|two| two[0] == b'@' && two[1].is_ascii_alphabetic())
}

fn is_robot_word(word: &[u8]) -> bool {
    ROBOT_ENDINGS.iter().any(|ending| ends_with(word, ending.as_bytes()))
        && !NOT_ROBOTS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

/// The beginnings and ends of the runs of letters and digits.
fn words(agent: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + agent[at..].iter().position(u8::is_ascii_alphanumeric)?;
        let length = agent[from..].iter().position(|byte| !byte.is_ascii_alphanumeric());
        at = length.map_or(agent.len(), |length| from + length);
        Some((from, at))
    })
}

/// The first row of [`NAMES`] that `rest` begins with.
fn name_at(rest: &[u8]) -> Option<usize> {
    let letter = rest.first()?.to_ascii_lowercase().checked_sub(b'a')?;
    let mut row = *CHAINS.first.get(usize::from(letter))?;
    while let Some(at) = row {
        let at = usize::from(at);
        if begins_with(rest, NAMES[at].0.as_bytes()) {
            return Some(at);
        }
        row = CHAINS.next[at];
    }
    None
}

/// The rows of [`NAMES`] by their first letter, in the table's order, so that a word is held against
/// a handful of names and not against all. Worked out at compile time.
struct Chains {
    first: [Option<u8>; 26],
    next: [Option<u8>; NAMES.len()],
}

static CHAINS: Chains = chains();

const fn chains() -> Chains {
    assert!(NAMES.len() <= u8::MAX as usize);
    let mut chains = Chains { first: [None; 26], next: [None; NAMES.len()] };
    let mut row = NAMES.len();
    while row > 0 {
        row -= 1;
        let letter = NAMES[row].0.as_bytes()[0] - b'a';
        chains.next[row] = chains.first[letter as usize];
        chains.first[letter as usize] = Some(row as u8);
    }
    chains
}

fn begins_with(text: &[u8], beginning: &[u8]) -> bool {
    text.get(..beginning.len()).is_some_and(|head| head.eq_ignore_ascii_case(beginning))
}

fn ends_with(text: &[u8], ending: &[u8]) -> bool {
    let from = text.len().checked_sub(ending.len());
    from.is_some_and(|from| text[from..].eq_ignore_ascii_case(ending))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
#[path = "visitor_tests.rs"]
mod tests;

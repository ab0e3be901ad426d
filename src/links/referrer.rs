//! Where a link was followed from, as far as a browser says: whether a page that everybody can read led to it. Messengers
//! and mail programs say nothing; so what is private says nothing, and nothing is concluded from that.

/// Sites whose pages everybody can read: public networks, searches, and collections of coupons. With all that is below
/// them.
const PUBLIC: &[&str] = &[
    "bing.com",
    "couponfollow.com",
    "coupons.com",
    "coupons.de",
    "dealabs.com",
    "dealdoktor.de",
    "duckduckgo.com",
    "ecosia.org",
    "facebook.com",
    "gutschein.de",
    "gutscheine.de",
    "gutscheinpony.de",
    "honey.com",
    "hotukdeals.com",
    "instagram.com",
    "iamstudent.de",
    "linkedin.com",
    "lnkd.in",
    "mastodon.social",
    "mein-deal.com",
    "mydealz.de",
    "pepper.com",
    "pinterest.com",
    "pinterest.de",
    "preispiraten.de",
    "quora.com",
    "reddit.com",
    "retailmenot.com",
    "savings.com",
    "slickdeals.net",
    "sparwelt.de",
    "startpage.com",
    "t.co",
    "threads.net",
    "tiktok.com",
    "twitter.com",
    "vouchercloud.com",
    "vouchercodes.co.uk",
    "wikipedia.org",
    "x.com",
    "yahoo.com",
    "youtube.com",
];

/// Whether a `Referer` names a page that everybody can read. What is no web address names nothing.
pub fn is_public(referer: Option<&str>) -> bool {
    let Some(host) =
        referer.and_then(|text| url::Url::parse(text).ok()).and_then(|url| url.host_str().map(str::to_owned))
    else {
        return false;
    };
    let host = host.trim_end_matches('.');
    if is_shim(host) {
        return false;
    }
    is_google(host) || PUBLIC.iter().any(|site| host == *site || host.ends_with(&format!(".{site}")))
}

/// What Facebook and Instagram put before every link, those of private messages too: it tells nothing.
fn is_shim(host: &str) -> bool {
    matches!(host, "l.facebook.com" | "lm.facebook.com" | "l.instagram.com" | "l.messenger.com")
}

/// `google.com`, `www.google.de`, `google.co.uk`; not its mail.
fn is_google(host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.strip_prefix("google.").is_some_and(|country| country.len() <= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_everybody_reads_are_told_from_others() {
        for public in [
            "https://www.mydealz.de/deals/kaffee",
            "https://x.com/",
            "https://www.facebook.com/groups/deals",
            "https://www.google.de/",
            "https://google.co.uk/search",
            "https://old.reddit.com./r/deals",
        ] {
            assert!(is_public(Some(public)), "{public}");
        }
        for private in [
            "https://mail.google.com/mail/u/0",
            "https://web.whatsapp.com/",
            "https://l.facebook.com/l.php?u=x",
            "https://l.instagram.com/?u=x",
            "https://web.telegram.org/",
            "https://netflix.com/",
            "https://notx.com/",
            "https://shop.example/",
            "android-app://com.slack/",
            "x.com",
            "",
        ] {
            assert!(!is_public(Some(private)), "{private}");
        }
        assert!(!is_public(None));
    }
}

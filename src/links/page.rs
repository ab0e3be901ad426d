//! The pages of links: what a preview robot gets, and what a person sees where no link is.
//!
//! Previews follow what messengers read (Open Graph): tags in the head, attributes quoted, absolute
//! addresses. They are written once when a link is loaded.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::web::Bytes;
use minijinja::{Environment, context};

use super::style::STYLE;
use crate::records::text::language_of;
use crate::views::share::PreviewWords;
use crate::wording::{Language, say};

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = Environment::new();
    for (name, source) in [
        ("preview.html", include_str!("../../templates/link/preview.html")),
        ("notice.html", include_str!("../../templates/link/notice.html")),
    ] {
        pages.add_template(name, source).expect("the embedded templates are well-formed; a test writes them");
    }
    pages
});

/// The page of a preview. `continue_url` is where a person goes on whom we took for a robot.
pub fn preview(words: &PreviewWords, continue_url: Option<&str>) -> Bytes {
    let language = Language::choose([words.locale.as_str()]);
    write(
        "preview.html",
        context! {
            language => &words.locale,
            og_locale => og_locale(&words.locale),
            title => &words.title,
            description => &words.description,
            url => &words.url,
            image_url => &words.image_url,
            shop => &words.shop_name,
            continue_url,
            continue_words => say(language, "link.continue", &[("shop", &words.shop_name)]),
        },
    )
}

/// What a person sees whose link's program is over, where the shop has no home to send them to. Each of
/// these pages is in the first of the languages that the person reads and that is written out.
pub fn over(languages: Vec<String>, over: &Over) -> Bytes {
    notice(languages, &over.locale, "link.over", &over.shop_name)
}

/// What a person sees who opens a link that never was.
pub fn unknown(languages: Vec<String>) -> Bytes {
    notice(languages, "", "link.unknown", "")
}

/// What a person sees whose link cannot be looked up at present.
pub fn unavailable(languages: Vec<String>) -> Bytes {
    notice(languages, "", "link.unavailable", "")
}

/// What a person sees who opens the host of links itself.
pub fn installation(languages: Vec<String>) -> Bytes {
    notice(languages, "", "link.house", "")
}

/// What a person sees who is about to press the button of a mail; `words` are what it is about, `says` what it sends.
pub fn button(languages: Vec<String>, words: &str, says: (&str, &str), shop: &str) -> Bytes {
    let language = Language::choose(languages.iter().map(String::as_str));
    write(
        "notice.html",
        context! {
            language => language.code(),
            title => say(language, words, &[]),
            text => say(language, &format!("{words}_why"), &[("shop", shop)]),
            button => say(language, &format!("{words}_button"), &[]),
            name => says.0,
            value => says.1,
            style => STYLE,
        },
    )
}

/// What a person sees who has pressed it.
pub fn pressed(languages: Vec<String>, words: &str, shop: &str) -> Bytes {
    notice(languages, "", &format!("{words}d"), shop)
}

/// What a person sees who presses one that is no longer good.
pub fn over_button(languages: Vec<String>, shop: &str) -> Bytes {
    notice(languages, "", "link.button_over", shop)
}

/// What a person sees whose link's program rests with an announcement: the shop's own words, in the first of the languages
/// that the person reads, else in that of the share, else in any.
pub fn resting(languages: &[String], notice: &Notice) -> Bytes {
    let said = |wanted: &String| {
        let same = |locale: &&String| locale.eq_ignore_ascii_case(wanted);
        let locales = || notice.words.keys();
        locales()
            .find(same)
            .or_else(|| locales().find(|locale| language_of(locale).eq_ignore_ascii_case(language_of(wanted))))
    };
    let locale = languages.iter().chain([&notice.locale]).find_map(said).or_else(|| notice.words.keys().next());
    let text = locale.and_then(|locale| notice.words.get(locale));
    write("notice.html", context! { language => locale, title => &notice.shop_name, text, style => STYLE })
}

/// What the page of a link says whose program rests with an announcement.
#[derive(Debug)]
pub struct Notice {
    /// The shop's own words, by locale.
    pub words: BTreeMap<String, String>,
    /// The shop's name.
    pub shop_name: String,
    /// The share's language, for who reads none of theirs.
    pub locale: String,
}

/// What the page of a link says whose program is over.
#[derive(Debug)]
pub struct Over {
    /// The shop's name.
    pub shop_name: String,
    /// The share's language, for who reads none that is written out.
    pub locale: String,
}

fn notice(languages: Vec<String>, otherwise: &str, title: &str, shop: &str) -> Bytes {
    let language = Language::choose(languages.iter().map(String::as_str).chain([otherwise]));
    write(
        "notice.html",
        context! {
            language => language.code(),
            title => say(language, title, &[]),
            text => say(language, &format!("{title}_why"), &[("shop", shop)]),
            style => STYLE,
        },
    )
}

fn write(template: &str, values: minijinja::Value) -> Bytes {
    let page = PAGES.get_template(template).and_then(|page| page.render(values));
    Bytes::from(page.expect("the embedded templates name only what is given; a test writes them"))
}

/// A locale as Open Graph writes it; languages without a region get the usual one.
fn og_locale(locale: &str) -> String {
    match locale {
        "en" => "en_GB".to_owned(),
        language if language.contains('-') => language.replace('-', "_"),
        language => format!("{language}_{}", language.to_ascii_uppercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(locale: &str) -> PreviewWords {
        PreviewWords {
            url: "https://g.example/s/a1B2c3D4e5F".to_owned(),
            title: "Kaffee & \"Kuchen\" <3".to_owned(),
            description: "Für dich: 5,00 €".to_owned(),
            image_url: Some("https://shop.example/bild.jpg".to_owned()),
            shop_name: "Kaffee".to_owned(),
            locale: locale.to_owned(),
        }
    }

    fn text(page: &Bytes) -> &str {
        std::str::from_utf8(page).expect("UTF-8")
    }

    #[test]
    fn a_preview_says_what_messengers_read() {
        let page = preview(&words("de"), Some("https://shop.example/?gv=T"));
        let page = text(&page);
        for tag in [
            "<html lang=\"de\">",
            "<meta property=\"og:title\" content=\"Kaffee &amp; &quot;Kuchen&quot; &lt;3\">",
            "<meta property=\"og:description\" content=\"Für dich: 5,00 €\">",
            "<meta property=\"og:url\" content=\"https:&#x2f;&#x2f;g.example&#x2f;s&#x2f;a1B2c3D4e5F\">",
            "<meta property=\"og:locale\" content=\"de_DE\">",
            "og:image\" content=\"https:&#x2f;&#x2f;shop.example&#x2f;bild.jpg\">",
        ] {
            assert!(page.contains(tag), "{tag} in {page}");
        }
        assert!(page.len() < 300 * 1024);
    }

    #[test]
    fn a_notice_is_read_in_ones_own_language() {
        let words =
            [("de", "Rückruf\n<b>"), ("en", "Recall")].map(|(locale, text)| (locale.to_owned(), text.to_owned()));
        let notice = Notice { words: words.into(), shop_name: "Kaffee".to_owned(), locale: "de-AT".to_owned() };
        for (reads, expected) in [("de-ch", "Rückruf"), ("en-US", "Recall"), ("fr", "Rückruf"), ("EN", "Recall")] {
            let page = resting(&[reads.to_owned()], &notice);
            assert!(text(&page).contains(expected) && !text(&page).contains("<b>"), "{reads}: {}", text(&page));
        }
    }

    #[test]
    fn locales_are_written_as_open_graph_wants() {
        for (locale, expected) in [("de", "de_DE"), ("en", "en_GB"), ("de-AT", "de_AT"), ("fr", "fr_FR")] {
            assert_eq!(og_locale(locale), expected);
        }
    }

    #[test]
    fn who_finds_nothing_is_told_in_their_language() {
        let reads = |languages: &[&str]| languages.iter().map(|each| (*each).to_owned()).collect::<Vec<_>>();
        for (languages, german) in
            [(&["de-at", "en"][..], true), (&["fr", "de"], true), (&["en", "de"], false), (&[], false)]
        {
            let pages = [unknown(reads(languages)), unavailable(reads(languages)), installation(reads(languages))];
            let words = if german {
                ["gibt es nicht", "gerade nicht", "Empfehlungen"]
            } else {
                ["no such", "cannot", "recommendations"]
            };
            for (page, word) in pages.iter().zip(words) {
                assert!(text(page).contains(word), "{word} in {}", text(page));
            }
        }
        let ended = Over { shop_name: "Kaffee".to_owned(), locale: "de".to_owned() };
        assert!(text(&over(reads(&["fr"]), &ended)).contains("vorbei"));
        assert!(text(&over(reads(&["en"]), &ended)).contains("is over"));
    }
}

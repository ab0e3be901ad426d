//! What strangers send, and what holds of it whatever it is: a function for each parser, which panics where its
//! promise is broken.
//!
//! The fuzzer calls them (`fuzz/`), and `tests/corpora.rs` with what it found. Nothing of the program does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, LazyLock};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::api::door::tokens::{Client, Tokens};
use crate::api::request::upload::columns::columns;
use crate::api::request::upload::{CutLine, Cutter};
use crate::api::{answer::formula, answer::sheet, request::page};
use crate::config::{Network, forwarded};
use crate::decide::conditions::compile::{NODES, compile};
use crate::decide::conditions::evaluate::{Outcome, evaluate};
use crate::decide::conditions::facts::Facts;
use crate::decide::conditions::near_miss::near_miss;
use crate::decide::conditions::print::print;
use crate::decide::conditions::reason::reason;
use crate::decide::conditions::sentence::sentence;
use crate::decide::conditions::value::Value as Known;
use crate::decide::draft::Installation;
use crate::decide::input::if_match::IfMatch;
use crate::decide::mail::bounce::{self, Status};
use crate::decide::people::canonical;
use crate::links::address;
use crate::records::code::{Typed, folded, plain};
use crate::records::country::Country;
use crate::records::email::Email;
use crate::records::expression::FactName;
use crate::records::job::JobKind;
use crate::records::text::Phone;
use crate::records::{Id, Timestamp};
use crate::vault::Vault;
use crate::visit_mark::{Mark, VisitMark};
use crate::wording::Language;

/// A parser, and what it is called.
pub type Target = (&'static str, fn(&[u8]));

/// Every parser that is looked at. Each has a file in `fuzz/fuzz_targets` and a folder in `fuzz/corpus`.
pub const TARGETS: &[Target] = &[
    ("mark", mark),
    ("link", link),
    ("cursor", cursor),
    ("code", code),
    ("email", email),
    ("phone", phone),
    ("csv_read", csv_read),
    ("csv_write", csv_write),
    ("forwarded", forwarded),
    ("jwt", jwt),
    ("if_match", if_match),
    ("condition", condition),
    ("pass", pass),
    ("bounce", bounce),
];

const SECRET: &[u8] = b"a secret that only the fuzzer uses";
const NOW: Timestamp = Timestamp::constant(1_795_430_463_123);

/// What is left of the bytes to choose by.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// The next bytes; zeros where there are no more.
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let (some, rest) = self.0.split_at(N.min(self.0.len()));
        taken[..some.len()].copy_from_slice(some);
        self.0 = rest;
        taken
    }

    fn one_of<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        let [chosen] = self.take();
        &of[usize::from(chosen) % of.len()]
    }

    fn text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }
}

/// The same ASCII text with another letter in one place; `None`: it is the same letter.
fn changed(text: &str, [at, also_at, letter]: [u8; 3]) -> Option<String> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = usize::from(u16::from_be_bytes([at, also_at])) % text.len();
    let letter = char::from(LETTERS[usize::from(letter) % LETTERS.len()]);
    let mut changed = text.to_owned();
    changed.replace_range(at..=at, letter.encode_utf8(&mut [0; 4]));
    (changed != text).then_some(changed)
}

/// A mark of ours is read as it was made, and none that was changed or belongs to another token.
pub fn mark(data: &[u8]) {
    let mut input = Input(data);
    let (minute, random, change) = (u32::from_be_bytes(input.take()), input.take(), input.take());
    let (key, text) = (hmac::Key::new(hmac::HMAC_SHA256, SECRET), input.text());
    let read = |evidence: &str| VisitMark::read(&key, evidence);
    assert!(text.contains(&read(&text).token));
    let token: String = text.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let visited_at_ms = i64::from(minute) * 60_000;
    let visit = VisitMark::mint(&key, &token, visited_at_ms, random);
    assert_eq!(read(&format!("{token}.{visit}")).mark, Mark::Genuine { visited_at_ms });
    assert_eq!(read(&format!("{token}x.{visit}")).mark, Mark::Forged);
    if token.len() == 11 {
        assert_eq!(read(&VisitMark::joined(&token, &visit)).mark, Mark::Genuine { visited_at_ms });
    }
    if let Some(changed) = changed(&visit, change) {
        assert_eq!(read(&format!("{token}.{changed}")).mark, Mark::Forged);
    }
}

/// A link's address names something that can be looked for, and its own address names the same.
pub fn link(data: &[u8]) {
    let named = address::read(&Input(data).text());
    let own = match &named {
        address::Named::Token(token) => format!("/s/{}", String::from_utf8_lossy(token)),
        address::Named::Code { slug, code } => format!("/c/{slug}/{code}"),
        address::Named::Nothing => return,
    };
    assert!(own.bytes().all(|byte| byte.is_ascii_graphic()));
    assert_eq!(address::read(&own), named);
}

/// A cursor of ours is read as it was made, and none that was changed or that we did not make.
pub fn cursor(data: &[u8]) {
    let mut input = Input(data);
    let (at, random, change) = (Timestamp::from_ms(i64::from_be_bytes(input.take())), input.take(), input.take());
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
    let text = input.text();
    if let Ok((at, id)) = page::read_cursor(&key, &text) {
        assert_eq!(page::cursor(&key, at, id), text);
    }
    let id = Id::new("cus", at.ms(), random);
    let made = page::cursor(&key, at, id);
    assert_eq!(page::read_cursor(&key, &made).ok(), Some((at, id)));
    if let Some(changed) = changed(&made, change) {
        assert!(page::read_cursor(&key, &changed).is_err());
    }
}

/// A code is compared in one form, which is its own.
pub fn code(data: &[u8]) {
    let text = Input(data).text();
    let (written, compared) = (plain(&text), folded(&text));
    assert!(compared.bytes().all(|c| c.is_ascii_digit() || (c.is_ascii_uppercase() && !b"OIL".contains(&c))));
    assert_eq!((plain(&written), folded(&compared), folded(&written)), (written, compared.clone(), compared.clone()));
    assert_eq!(folded(&format!("\t{compared}-\r\n").to_lowercase()), compared);
    let typed = Typed::new(&text);
    assert!(typed.chars().count() <= 128 && !typed.chars().any(char::is_control));
    assert_eq!(Typed::new(&typed), typed);
}

/// An address has one form, which is its own; what is one can be written to, and stays the same on the way.
pub fn email(data: &[u8]) {
    let text = Input(data).text();
    let compared = canonical::email(&text);
    assert_eq!(canonical::email(&compared), compared);
    let Ok(email) = Email::parse(&text) else { return };
    let mailbox = email.mailbox().expect("what is an address can be written to").to_string();
    assert!(Email::parse(&mailbox).is_ok() && !mailbox.chars().any(|c| c.is_control() || c == ' '));
    assert_eq!(canonical::email(&mailbox), compared);
}

/// A number is kept as digits, as many as a calling code and the longest of a country's numbers have, in a form
/// that is its own.
pub fn phone(data: &[u8]) {
    let mut input = Input(data);
    let country = Country::parse(&String::from_utf8_lossy(&input.take::<2>())).ok();
    let text = input.text();
    let spellings = canonical::phone(&text, country);
    for spelling in &spellings {
        let digits = spelling.strip_prefix('+').unwrap_or(spelling);
        assert!((1..=20).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit()), "{spelling}");
        assert_eq!(spellings.iter().filter(|other| *other == spelling).count(), 1);
    }
    if let Some(first) = spellings.first().filter(|_| Phone::parse(&text).is_ok()) {
        assert_eq!(canonical::phone(first, country).first(), Some(first));
    }
}

/// A file is cut into the same lines however it arrives, or refused however it arrives, if for another of its
/// faults; and each line is an object or says why it is none.
pub fn csv_read(data: &[u8]) {
    const FORMS: &[&str] = &[
        "text/csv",
        "application/x-ndjson",
        "text/csv; charset=utf-16le",
        "text/csv; charset=windows-1252",
        "application/jsonl; charset=shift_jis",
    ];
    const KINDS: &[JobKind] = &[
        JobKind::ImportCustomers,
        JobKind::ImportOrders,
        JobKind::ImportCodes,
        JobKind::ImportVouchers,
        JobKind::ImportReferrals,
        JobKind::ImportMembers,
    ];
    let mut input = Input(data);
    let (form, kind, [size]) = (*input.one_of(FORMS), *input.one_of(KINDS), input.take());
    let whole = cut(form, kind, [input.0].into_iter());
    let parts = cut(form, kind, input.0.chunks(usize::from(size) + 1));
    let shown = |lines: &[CutLine]| lines.iter().map(|line| format!("{line:?}")).collect::<Vec<_>>();
    assert_eq!(whole.as_deref().ok().map(shown), parts.as_deref().ok().map(shown));
    let Ok(lines) = whole else { return };
    assert!(lines.is_sorted_by(|one, other| one.number < other.number));
    for json in lines.iter().filter_map(|line| line.json.as_ref().ok()).filter(|_| form.starts_with("text/csv")) {
        assert!(serde_json::from_slice::<Value>(json).is_ok_and(|line| line.is_object()));
    }
}

/// The lines of a file that arrives in these parts, or the code of its refusal.
fn cut<'a>(form: &str, kind: JobKind, parts: impl Iterator<Item = &'a [u8]>) -> Result<Vec<CutLine>, &'static str> {
    let mut cutter = Cutter::of(form, columns(kind)).map_err(|refused| refused.code.as_str())?;
    let mut lines = Vec::new();
    for part in parts {
        lines.extend(cutter.cut(part).map_err(|refused| refused.code.as_str())?);
    }
    lines.extend(cutter.end().map_err(|refused| refused.code.as_str())?);
    Ok(lines)
}

/// What leaves as CSV comes back as it was, by whichever separator it is written, and nothing in it begins a
/// formula.
pub fn csv_write(data: &[u8]) {
    const COLUMNS: [&str; 3] = ["id", "text", "more"];
    let texts: Vec<Cow<'_, str>> = data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy).take(50).collect();
    let row =
        |text: &Cow<'_, str>| BTreeMap::from([("id", json!(text)), ("text", json!(text)), ("more", json!([text]))]);
    let rows: Vec<BTreeMap<&str, Value>> = texts.iter().map(row).collect();
    let Ok(lines) = sheet::lines(&COLUMNS, &rows) else { panic!("it cannot be written") };
    let file = [COLUMNS.join(",").as_bytes(), b"\n", &lines].concat();
    for divides in *b",;\t" {
        for cell in cells(&file, divides).into_iter().flatten() {
            let hidden = |c: char| c == '"' || c.is_whitespace() || c.is_control() || "\u{200b}\u{feff}".contains(c);
            let seen = cell.trim_start_matches(hidden);
            assert!(!seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{cell:?}");
        }
    }
    for (text, cells) in texts.iter().zip(cells(&file, b',').into_iter().skip(1)) {
        assert_eq!([formula::unquoted(&cells[0]), formula::unquoted(&cells[1])], [text.as_ref(), text.as_ref()]);
        assert_eq!(serde_json::from_str::<Value>(&cells[2]).ok(), Some(json!([text])));
    }
    for (text, divides) in texts.iter().flat_map(|text| b",;\t".map(|divides| (text, divides))) {
        assert_eq!(read_back(text, divides).as_deref().unwrap_or_default(), text.trim(), "by {divides}");
    }
}

/// The rows of a file as a spreadsheet reads it that divides by this.
fn cells(file: &[u8], divides: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(divides).has_headers(false).flexible(true).from_reader(file);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
}

/// What an import finds in the cell that such a spreadsheet writes of a text which came to it quoted.
fn read_back(text: &str, divides: u8) -> Option<String> {
    let mut writer = csv::WriterBuilder::new().delimiter(divides).from_writer(Vec::new());
    writer.write_record(["external_id", "name"]).ok()?;
    writer.write_record(["anna", formula::quoted(text.trim()).as_ref()]).ok()?;
    let file = writer.into_inner().ok()?;
    let lines = cut("text/csv", JobKind::ImportCustomers, [file.as_slice()].into_iter()).ok()?;
    let line: Value = serde_json::from_slice(lines.first()?.json.as_ref().ok()?).ok()?;
    Some(line["name"].as_str()?.to_owned())
}

/// Whatever a caller sends before what a trusted proxy adds, he is counted by the address that the proxy says or
/// by the proxy's own; and where no proxy is trusted, by his own.
pub fn forwarded(data: &[u8]) {
    const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    let trusted = ["10.0.0.0/8", "fd00::/8"].map(|text| Network::parse(text).expect("a network"));
    let client = if data.first().is_some_and(|byte| byte % 2 == 0) {
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6))
    } else {
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, 8))
    };
    let counted = forwarded::as_counted(client);
    let lines: Vec<&[u8]> = data.split(|byte| *byte == b'\n').collect();
    let (standard, customary) = lines.split_at(lines.len() / 2);
    let found = |peer, standard: &[&[u8]], customary: &[&[u8]]| {
        let found = forwarded::origin(peer, &trusted, standard.iter().copied(), customary.iter().copied());
        assert_eq!(forwarded::as_counted(found), found);
        found
    };
    let written = if client.is_ipv6() { format!("[{client}]:4711") } else { client.to_string() };
    let element = format!("for=\"{written}\";proto=https");
    assert_eq!(found(client, standard, customary), counted);
    found(PROXY, standard, customary);
    let joined = |lines: &[&[u8]], added: &str| [lines, &[added.as_bytes()]].concat().join(&b", "[..]);
    let (one, other) = (joined(&lines, &written), joined(&lines, &element));
    assert_eq!(found(PROXY, &[], &[&one]), counted);
    assert_eq!(found(PROXY, &[], &[customary, &[written.as_bytes()]].concat()), counted);
    assert_eq!(found(PROXY, &[standard, &[element.as_bytes()]].concat(), &[]), counted);
    for found in [found(PROXY, standard, &[&one]), found(PROXY, &[&other], customary), found(PROXY, &[&other], &[])] {
        assert!([counted, PROXY].contains(&found), "{found}");
    }
}

static HOUSE: LazyLock<(Tokens, String, String)> = LazyLock::new(|| {
    let installation = Installation {
        vault: Vault::new(SECRET),
        public_url: "https://go.example".to_owned(),
        answer_days: 30,
        visit_days: 90,
    };
    let tokens = Tokens::new(Arc::new(installation), 900);
    let (id, shop) = (Id::new("key", 1, [1; 10]), Id::new("shp", 1, [2; 10]));
    let client = Client { id, shop, generation: 3, role: None };
    let client = tokens.issue(NOW, client, "shop:read".to_owned()).expect("a token");
    let browser = tokens.issue_for_browser(NOW, Id::new("cus", 1, [3; 10]), shop, 60).expect("a token");
    (tokens, client, browser)
});

/// Nobody makes a token of ours: not of nothing, not by changing one in any of its parts.
pub fn jwt(data: &[u8]) {
    let (tokens, client, browser) = &*HOUSE;
    let is_good = |token: &str| tokens.verify(NOW, token).is_ok() || tokens.verify_browser(NOW, token).is_ok();
    let mut input = Input(data);
    let change = input.take();
    let text = input.text();
    assert!(!is_good(&text));
    for token in [client, browser] {
        assert!(is_good(token));
        let parts: Vec<&str> = token.split('.').collect();
        let own = URL_SAFE_NO_PAD.encode(text.as_bytes());
        for forged in [[&own, parts[1], parts[2]], [parts[0], &own, parts[2]], [parts[0], parts[1], &own]] {
            let forged = forged.join(".");
            assert!(forged == *token || !is_good(&forged));
        }
        if let Some(changed) = changed(token, change) {
            assert!(!is_good(&changed));
        }
    }
}

/// A change is meant for no version that the header does not name, and for each that it names as we do.
pub fn if_match(data: &[u8]) {
    let text = Input(data).text();
    let IfMatch::OneOf(versions) = IfMatch::read(&text) else {
        assert_eq!(text.trim(), "*");
        return;
    };
    assert!(versions.iter().all(|version| text.contains(&version.unsigned_abs().to_string())));
    let tags: Vec<String> = versions.iter().map(|version| format!("\"{version}\"")).collect();
    assert_eq!(IfMatch::read(&tags.join(", ")), IfMatch::OneOf(versions));
}

/// An expression is refused with a place in it, or it is printed as what is read the same, stored likewise, and can be
/// evaluated, told and explained, whatever is known.
pub fn condition(data: &[u8]) {
    let mut input = Input(data);
    let [known] = input.take();
    let text = input.text();
    let expression = match compile(&text) {
        Ok(expression) => expression,
        Err(fault) => {
            let line = text.split('\n').nth(fault.line - 1).expect("the line is there");
            assert!((1..=line.chars().count() + 1).contains(&fault.column) && !fault.detail.is_empty(), "{fault}");
            return;
        }
    };
    match compile(&print(&expression)) {
        Ok(again) => assert_eq!(again, expression),
        Err(fault) => {
            let too_long = fault.detail.contains("bytes are read") || fault.detail.contains(&format!("than {NODES}"));
            assert!(too_long, "{fault}");
        }
    }
    let stored = serde_json::to_vec(&expression).expect("it is JSON");
    assert_eq!(serde_json::from_slice(&stored).ok().as_ref(), Some(&expression));
    let mut facts = Facts::default();
    for (place, fact) in expression.facts().into_iter().enumerate().filter(|(place, _)| known >> (place % 8) & 1 == 1) {
        let number = i64::try_from(place).unwrap_or_default();
        let values = [Known::Number(number), Known::Flag(place % 3 == 0), Known::Text(text.chars().take(2).collect())];
        facts.set(FactName::new(fact.as_str()), values[place % values.len()].clone());
    }
    let outcome = evaluate(&expression, &facts);
    for language in [Language::German, Language::English] {
        assert!(!sentence(&expression, language).is_empty());
        assert!(reason(&expression, &facts, language).ends_with('.'));
    }
    if let Some(miss) = near_miss(&[&expression], &facts) {
        assert_ne!(outcome, Outcome::Met);
        assert!(expression.facts().contains(&&miss.fact));
    }
}

static VAULT: LazyLock<Vault> = LazyLock::new(|| Vault::new(SECRET));

/// A report of a mail server is read within its limits, whatever it is, and names no mail whose mark nobody was given.
pub fn bounce(data: &[u8]) {
    if let Some(report) = bounce::read(data) {
        assert!(report.tags.iter().all(|tag| tag.len() == bounce::TAG_LENGTH));
        assert_eq!(bounce::message(&VAULT, &report), None);
        assert_eq!(Status::parse(&report.status.to_string()), Some(report.status));
        assert!(!report.reason().is_empty());
    }
}

/// What the QR code of a pass says is read as it was written, and nothing that was changed or that another shop wrote.
pub fn pass(data: &[u8]) {
    let mut input = Input(data);
    let (random, day, change) = (input.take(), u32::from_be_bytes(input.take()), input.take());
    let text = input.text();
    let [shop, other] = [[1; 10], [2; 10]].map(|random| Id::new("shp", 1, random));
    assert_eq!(VAULT.read_pass(shop, &text), None);
    let pass = Id::new("vch", NOW.ms(), random);
    let written = VAULT.pass_text(shop, pass, &format!("{:08}", day % 100_000_000));
    assert_eq!(VAULT.read_pass(shop, &written), Some(pass));
    assert_eq!(VAULT.read_pass(other, &written), None);
    for forged in
        [format!("{written}{text}x"), format!("{text}x.{written}"), written.replacen('.', &format!(".{text}x"), 1)]
    {
        assert_eq!(VAULT.read_pass(shop, &forged), None);
    }
    if let Some(changed) = changed(&written, change) {
        assert_eq!(VAULT.read_pass(shop, &changed), None);
    }
}

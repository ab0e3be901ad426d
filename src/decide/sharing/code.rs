//! An advocate's code in a program: found, or made.

use std::rc::Rc;

use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::decide::sharing::{advocate, token};
use crate::records::code::{folded, holder, plain};
use crate::records::spelling::latin;
use crate::records::trial::Trial;
use crate::records::{Code, Customer, Id, Json, Program, Share};
use crate::world::Stop;

/// Where the share of a code is shown to stand. It is found by its code, and never by a share that is asked for.
pub const PLACEMENT: &str = "code";
/// The channel of a code's link, of which nobody knows where it goes.
pub const CHANNEL: &str = "copy";

/// What codes are made of: no letter that is taken for a digit (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random characters behind the name.
const RANDOM_CHARS: usize = 4;
/// Letters of the name.
const NAME_CHARS: usize = 10;

/// The code that a customer has in a program.
pub fn held(draft: &Draft<'_>, program: Id, customer: Id) -> Result<Option<Rc<Code>>, Stop> {
    draft.find(&Code::BY_HOLDER, &holder(program, customer))
}

/// A code that is free: the customer's name and a few random characters, more of them when those
/// that were tried are taken.
pub fn free(draft: &Draft<'_>, customer: &Customer) -> Result<String, Stop> {
    let name = spoken_name(customer);
    let mut length = RANDOM_CHARS;
    loop {
        let code = format!("{name}-{}", random(draft, length));
        if !typed_code::is_taken(draft, &code)? {
            return Ok(code);
        }
        length += 2;
    }
}

/// Makes the code and the share whose link it is; who begins to recommend with it takes part in a trial.
pub fn make(
    draft: &mut Draft<'_>,
    program: &Program,
    customer: &Customer,
    code: String,
    trial: Option<&Trial>,
) -> Result<Rc<Code>, Stop> {
    let spot = token::share_key_of_code(program.id, customer.id);
    let known = draft.find(&Share::BY_SPOT, &spot)?;
    let share = match known {
        Some(known) => known,
        None => save_share(draft, (program, trial), customer, spot)?,
    };
    let id = draft.new_id("cod");
    typed_code::take(draft, &code, id)?;
    Ok(draft.save(Code {
        id,
        shop: draft.shop.id,
        version: 0,
        program: program.id,
        customer: customer.id,
        customer_ref: customer.external_id.clone(),
        plain: plain(&code),
        folded: Some(folded(&code)),
        code,
        share: share.id,
        advocate_since: share.advocate_since,
        arm: share.arm,
        holder: holder(program.id, customer.id),
        created_at: draft.at(),
    }))
}

fn save_share(
    draft: &mut Draft<'_>,
    (program, trial): (&Program, Option<&Trial>),
    customer: &Customer,
    spot: String,
) -> Result<Rc<Share>, Stop> {
    let id = draft.new_id("shr");
    let locale = customer.locale.clone().unwrap_or_else(|| draft.shop.locale().to_owned());
    let mut made = Share {
        id,
        shop: draft.shop.id,
        version: 0,
        program: program.id,
        customer: Some(customer.id),
        customer_ref: customer.external_id.clone(),
        channel: CHANNEL.to_owned(),
        private: true,
        channel_inferred: None,
        token: token::token(draft),
        spot: Some(spot),
        landing_url: None,
        preview: Json(None),
        placement: Some(PLACEMENT.to_owned()),
        placed: None,
        first_of: None,
        advocate_since: None,
        arm: None,
        locale,
        parent: None,
        after_ms: None,
        root: id,
        depth: 1,
        sent_at: None,
        leaked_at: None,
        fresh: None,
        created_at: draft.at(),
    };
    advocate::note(draft, &mut made, trial)?;
    Ok(draft.save(made))
}

/// The first word of a name as one types it: `ANNA`, `JOERG`, `LUKASZ`; `FRIEND` when nobody knows how one does.
fn spoken_name(customer: &Customer) -> String {
    let name = customer.first_name.as_deref().or(customer.name.as_deref()).unwrap_or_default();
    let word = name.split(|c: char| c.is_whitespace() || c == '-').find(|word| !word.is_empty()).unwrap_or_default();
    let letters = latin(word).to_ascii_uppercase();
    let spoken: String = letters.chars().filter(char::is_ascii_uppercase).take(NAME_CHARS).collect();
    if spoken.is_empty() { "FRIEND".to_owned() } else { spoken }
}

fn random(draft: &Draft<'_>, length: usize) -> String {
    let bytes: [u8; 16] = draft.random();
    bytes.iter().take(length).map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::testing::bench::{Bench, customer};

    #[test]
    fn codes_begin_with_the_first_name_as_one_types_it() {
        let bench = Bench::new();
        let table = [
            (Some("Anna"), None, "ANNA"),
            (Some("Jörg"), None, "JOERG"),
            (Some("Renée-Marie"), None, "RENEE"),
            (None, Some("Bert Brecht"), "BERT"),
            (Some("María"), None, "MARIA"),
            (Some("Łukasz"), None, "LUKASZ"),
            (Some("Şule"), None, "SULE"),
            (Some("Þór"), None, "THOR"),
            (Some("Søren"), None, "SOREN"),
            (None, Some("Nguyễn Văn A"), "NGUYEN"),
            (Some("Юлия"), None, "YULIYA"),
            (Some("Χρήστος"), None, "CHRISTOS"),
            (Some("Zoe\u{308}"), None, "ZOE"),
            (Some(" Åsa"), None, "ASA"),
            (Some("O’Neil"), None, "ONEIL"),
            (Some("Maximiliane-Charlotte"), None, "MAXIMILIAN"),
            (Some("李"), None, "FRIEND"),
            (None, None, "FRIEND"),
            (Some("<script>"), None, "SCRIPT"),
        ];
        for (first_name, name, expected) in table {
            let (first_name, name) = (first_name.map(str::to_owned), name.map(str::to_owned));
            let customer = Customer { first_name, name, ..customer(&bench, "c-7", "") };
            assert_eq!(spoken_name(&customer), expected);
        }
    }

    #[test]
    fn a_code_that_is_taken_is_made_longer() {
        let drawn = |bench: &mut Bench| {
            let anna = Customer { first_name: Some("Anna".to_owned()), ..customer(bench, "anna", "") };
            bench.run(|draft| free(draft, &anna)).expect("a code")
        };
        let first = drawn(&mut Bench::new());
        assert_eq!((first.len(), &first[..5]), (9, "ANNA-"));
        // The same generator once more, in a shop where its first word is somebody's.
        let mut bench = Bench::new();
        let id = |prefix| Id::of(prefix, &["other"]);
        bench.put(Code {
            id: id("cod"),
            shop: bench.shop,
            version: 0,
            program: id("prg"),
            customer: id("cus"),
            customer_ref: None,
            plain: plain(&first),
            folded: Some(folded(&first)),
            code: first,
            share: id("shr"),
            advocate_since: None,
            arm: None,
            holder: holder(id("prg"), id("cus")),
            created_at: bench.at,
        });
        let second = drawn(&mut bench);
        assert_eq!((second.len(), &second[..5]), (11, "ANNA-"));
    }
}

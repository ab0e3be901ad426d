//! Whom an order is credited to, in words: what they need to name is looked up here. No command: it changes nothing.

use std::collections::HashMap;

use crate::decide::draft::Draft;
use crate::decide::sharing::channel;
use crate::records::{Conversion, Id, Program};
use crate::views::Sentence;
use crate::views::conversion::CreditWords;
use crate::wording::Language::{English, German};
use crate::wording::credit::Credit;
use crate::world::Stop;

/// What is said of an order's credit, in every language that is written out.
pub fn credit_words(draft: &Draft<'_>, order: &Conversion) -> Result<CreditWords, Stop> {
    let named = order.considered.iter().filter_map(|loser| loser.program).chain(order.program);
    let named: Vec<_> = named.map(|program| draft.get::<Program>(program)).collect();
    let channel = order.channel.as_deref().map(|key| channel::named(draft, key)).transpose();
    let (named, channel) = (named.into_iter().collect::<Result<Vec<_>, _>>()?, channel?.flatten());
    let programs: HashMap<Id, String> =
        named.into_iter().flatten().map(|program| (program.id, program.name.clone())).collect();
    let credit = Credit { order, programs: &programs, channel: channel.as_ref().map(|channel| &*channel.name) };
    let losers = credit.losers(German).into_iter().zip(credit.losers(English));
    Ok(CreditWords {
        sentence: Sentence { de: credit.sentence(German), en: credit.sentence(English) },
        considered: losers.map(|(de, en)| Sentence { de, en }).collect(),
    })
}

//! Adds a segment, or changes one. Who belongs to it by its condition does so from now on.

use serde::Deserialize;

use crate::decide::answer::Answer;
use crate::decide::conditions::compile::compile;
use crate::decide::conditions::facts;
use crate::decide::conditions::sentence::both;
use crate::decide::draft::Draft;
use crate::decide::input::nullable::nullable;
use crate::records::expression::Expression;
use crate::records::text::{Name, Slug, Text};
use crate::records::{Json, Segment};
use crate::refusal::{Code, Rejection};
use crate::views;
use crate::world::Stop;

/// Segments of one shop. Those with a condition are looked at for each offer that asks for segments.
const SEGMENTS: usize = 200;

/// The fields of a segment that a request may give.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentBody {
    /// Its name; the key when left out.
    pub name: Option<Name>,
    /// Who belongs to it beside its list, in CEL; `null`: nobody.
    #[serde(default, deserialize_with = "nullable")]
    pub condition: Option<Option<Text<1, 1000>>>,
}

/// The segment, and what is told of it.
#[derive(Clone, Debug)]
pub struct UpsertSegment {
    key: Slug,
    name: Option<String>,
    condition: Option<Option<(String, Expression)>>,
}

impl UpsertSegment {
    /// Compiles the condition; takes some milliseconds, and a thread of its own. A segment says who somebody is, not how
    /// they came: facts of an arrival or an order are refused, and other segments.
    pub fn of(key: Slug, body: SegmentBody) -> Result<Self, Rejection> {
        let compiled = |text: Text<1, 1000>| -> Result<(String, Expression), Rejection> {
            let tree = compile(&text).map_err(|fault| fault.refusal("/condition"))?;
            if let Some(fact) = tree.facts().into_iter().find(|fact| !facts::is_of_customer(fact)) {
                let detail =
                    format!("A segment says who somebody is; {fact} tells how they came. Ask for it in the offer.");
                return Err(Rejection::at(Code::ExpressionInvalid, "/condition", detail));
            }
            Ok((text.to_string(), tree))
        };
        let condition = body.condition.map(|condition| condition.map(compiled).transpose()).transpose()?;
        Ok(Self { key, name: body.name.map(|name| name.to_string()), condition })
    }
}

/// Decides it.
pub fn decide(draft: &mut Draft<'_>, command: &UpsertSegment) -> Result<Answer, Stop> {
    let known = draft.find(&Segment::BY_KEY, &command.key)?;
    let is_new = known.is_none();
    let mut segment = match known {
        Some(known) => (*known).clone(),
        None => blank(draft, command)?,
    };
    segment.name = command.name.clone().unwrap_or(segment.name);
    if let Some(condition) = &command.condition {
        let (expression, tree) = condition.clone().unzip();
        (segment.expression, segment.tree) = (expression, Json(tree));
    }
    draft.audit("upsert_segment", segment.id, None);
    let segment = draft.save(segment);
    let view = views::segment::segment(&segment, segment.tree.as_ref().map(both));
    let place = format!("/v1/segments/{}", segment.key);
    Ok(if is_new { Answer::created(&view, place) } else { Answer::ok(&view) })
}

fn blank(draft: &Draft<'_>, command: &UpsertSegment) -> Result<Segment, Stop> {
    if draft.list(&Segment::OF_SHOP, draft.shop.id)?.len() >= SEGMENTS {
        return Err(Rejection::new(Code::LimitReached, format!("A shop has at most {SEGMENTS} segments.")).into());
    }
    Ok(Segment {
        id: draft.new_id("sgm"),
        shop: draft.shop.id,
        version: 0,
        key: command.key.to_string(),
        name: command.key.to_string(),
        expression: None,
        tree: Json(None),
        created_at: draft.at(),
    })
}

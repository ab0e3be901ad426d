//! What shops write in place of our templates of mails.

use serde::{Deserialize, Serialize};

use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, shown};
use crate::decide::mail::delete_template::DeleteTemplate;
use crate::decide::mail::finish_message::Outcome;
use crate::decide::mail::save_template::{SaveTemplate, TemplateBody};
use crate::delivery::mail::Sources;
use crate::delivery::mail::own::{self, Fault, Trial};
use crate::records::message::MessageKind;
use crate::records::scope::Scope;
use crate::records::text::{Email, Locale, Text};
use crate::records::{Id, Message, Shop, Template};
use crate::refusal::Rejection;
use crate::store::queries::records::{Filter, get};
use crate::views::message::template;

/// A template that is not saved yet, and a mail by which it is tried out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrialBody {
    message: String,
    subject: Option<Text<1, 1000>>,
    text: Option<Text<1, 50_000>>,
    html: Option<Text<1, 100_000>>,
    send_to: Option<Email>,
}

/// See the contract's `TemplatePreview`.
#[derive(Serialize)]
struct PreviewView {
    #[serde(flatten)]
    written: own::Preview,
    sent: Option<bool>,
    reason: Option<String>,
}

pub(in crate::api) async fn list_templates(call: Call) -> Result<Reply, Problem> {
    call.list::<Template>(Filter::new(), |_, row| shown(&template::template(row))).await
}

pub(in crate::api) async fn get_template(call: Call) -> Result<Reply, Problem> {
    let (kind, locale) = place(&call)?;
    Ok(match own_template(&call, kind, &locale).await? {
        Some(own) => Reply::json(&template::template(&own)),
        None => {
            let Sources { subject, text, html } = Sources::ours(kind);
            Reply::json(&template::ours(kind, &locale, [&subject, &text, &html]))
        }
    })
}

pub(in crate::api) async fn save_template(call: Call) -> Result<Reply, Problem> {
    let ((kind, locale), body) = (place(&call)?, call.body::<TemplateBody>()?);
    let sources =
        Sources { subject: body.subject.to_string(), text: body.text.to_string(), html: body.html.to_string() };
    own::check(kind, &sources).map_err(refused)?;
    call.submit(SaveTemplate { kind, locale, body }).await
}

pub(in crate::api) async fn delete_template(call: Call) -> Result<Reply, Problem> {
    let (kind, locale) = place(&call)?;
    call.submit(DeleteTemplate { kind, locale: locale.into_string() }).await
}

pub(in crate::api) async fn preview_template(call: Call) -> Result<Reply, Problem> {
    // It shows who got the mail.
    call.caller.may_by(&[Scope::MessagesRead])?;
    let ((kind, locale), body) = (place(&call)?, call.body::<TrialBody>()?);
    let saved = own_template(&call, kind, &locale).await?.map_or_else(|| Sources::ours(kind), |own| Sources::of(&own));
    let sources = Sources {
        subject: body.subject.map_or(saved.subject, |text| text.to_string()),
        text: body.text.map_or(saved.text, |text| text.to_string()),
        html: body.html.map_or(saved.html, |text| text.to_string()),
    };
    own::check(kind, &sources).map_err(refused)?;
    let trial = trial(&call, (kind, &locale), &body.message, sources).await?;
    let installation = call.app.installation.clone();
    let written = trial.preview(&installation).map_err(refused)?;
    let (sent, reason) = match body.send_to {
        None => (None, None),
        Some(to) => {
            check_recipient(&call, &to).await?;
            match trial.send(&to, &installation, &call.app.config.mail, call.app.now()).await.map_err(refused)? {
                Outcome::Sent => (Some(true), None),
                Outcome::Refused(why) | Outcome::Rejected(why) | Outcome::Unknown(why) => (Some(false), Some(why)),
            }
        }
    };
    Ok(Reply::json(&PreviewView { written, sent, reason }))
}

/// The mail by which it is tried out, in the locale of the template.
async fn trial(
    call: &Call,
    (kind, locale): (MessageKind, &Locale),
    message: &str,
    sources: Sources,
) -> Result<Trial, Problem> {
    let wrong = || Rejection::field("/message", format!("a mail of this shop of the kind {kind} is expected, msg_…"));
    let id = Id::parse("msg", message).ok_or_else(wrong)?;
    let (shop, url, locale) = (call.shop(), call.app.public_url().to_owned(), locale.to_string());
    let read = call.read(move |connection| match get::<Message>(connection, shop, id)? {
        Some(found) if found.kind == kind => own::read(connection, shop, id, (locale, url), sources).map(Some),
        _ => Ok(None),
    });
    Ok(read.await?.ok_or_else(wrong)?)
}

/// A trial goes to nobody but whom a test shop may write to.
async fn check_recipient(call: &Call, to: &str) -> Result<(), Problem> {
    let shop = call.shop();
    let shop = call.read(move |connection| get::<Shop>(connection, shop, shop)).await?.ok_or_else(Problem::internal)?;
    match shop.test_recipients.iter().any(|each| each.eq_ignore_ascii_case(to)) {
        true => Ok(()),
        false => Err(Rejection::field("/send_to", "one of the shop's test_recipients is expected").into()),
    }
}

async fn own_template(call: &Call, kind: MessageKind, locale: &str) -> Result<Option<Template>, Problem> {
    let (shop, id) = (call.shop(), Template::id_of(call.shop(), kind, locale));
    call.read(move |connection| get::<Template>(connection, shop, id)).await
}

fn place(call: &Call) -> Result<(MessageKind, Locale), Problem> {
    let kind = MessageKind::parse(call.path("kind")).ok_or_else(Problem::not_found)?;
    let locale = Locale::parse(call.path("locale")).map_err(|_| Problem::not_found())?;
    Ok((kind, locale))
}

fn refused(fault: Fault) -> Rejection {
    Rejection::field(format!("/{}", fault.part), fault.detail)
}

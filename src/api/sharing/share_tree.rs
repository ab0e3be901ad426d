//! The tree of a share: who shared on, from hand to hand. A bounded part of it is read, whatever it grew to, and a
//! bounded part of that is shown.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::shares::{named, show};
use crate::api::answer::problem::Problem;
use crate::api::answer::reply::Reply;
use crate::api::request::call::{Call, Query};
use crate::api::request::page::{cursor, read_cursor};
use crate::decide::sharing::tree::{Extent, Figures, Tree, Twig};
use crate::records::{Id, Share};
use crate::refusal::Rejection;
use crate::store::queries::records::get_all;
use crate::store::queries::shares::tree;
use crate::views::share::{Definition, NodeView, TreeView};

/// Shares of a tree that are looked at.
const READ: usize = 10_000;
/// Shares that are shown.
const SHOWN: usize = 200;
/// Levels that are shown unless asked otherwise, and at most: many readers of JSON take no more than a hundred.
const LEVELS: (usize, usize) = (3, 20);
/// Children of each share that are shown unless asked otherwise, and at most.
const CHILDREN: (usize, usize) = (20, 100);

/// What the figures mean, in the words that the contract has for them.
const DEFINITIONS: &[(&str, &str)] = &[
    ("cut", "true: the tree has more than 10000 shares, and all figures are of the 10000 nearest"),
    ("depth", "shares of the longest way from hand to hand, this one among them"),
    (
        "depths",
        "shares and credited orders of each level; this share is level 1; level 100 has all that are deeper, too",
    ),
    ("first_child_seconds", "from when the share was made to when the first was made that came by it"),
    ("largest_branch", "the child with most shares behind it, itself among them"),
    ("size", "shares of the tree, this one among them"),
    (
        "virality",
        "structural virality: the mean distance between two different shares of the tree, in steps from hand to hand, \
         2 * sum of s * (n - s) / (n * (n - 1)), s being the size of each share's branch and n that of the tree; near 2: \
         one person sent it to many; much more: it went from hand to hand (Goel, Anderson, Hofman, Watts, \
         Management Science 62(1), 2016)",
    ),
];

pub(in crate::api) async fn get_share_tree(call: Call) -> Result<Reply, Problem> {
    let cursors = call.app.installation.vault.cursors();
    let after = call.query().text("after").map(|text| read_cursor(cursors, text)).transpose()?;
    let extent = Extent {
        levels: number(call.query(), "levels", LEVELS)?,
        children: number(call.query(), "limit", CHILDREN)?,
        shares: SHOWN,
        after,
    };
    call.query().refuse_unknown()?;
    let (shop, share) = (call.shop(), named(&call).await?);
    let id = share.id;
    let mut leaves = call.read(move |connection| tree(connection, shop, id, READ + 1)).await?;
    let cut = leaves.len() > READ;
    leaves.truncate(READ);
    let mut leaves = leaves.into_iter();
    let grown = Tree::read(leaves.next().ok_or_else(Problem::not_found)?, leaves);
    let (twig, next) = grown.shown(extent);
    let mut faces = faces(&call, &twig).await?;
    let next = next.map(|(at, id)| cursor(call.app.installation.vault.cursors(), at, id));
    Ok(Reply::json(&view(twig, &mut faces, (share.root, next, cut), grown.figures())?))
}

/// A parameter that is a number, from 1 on.
fn number(query: &Query, name: &str, (usual, most): (usize, usize)) -> Result<usize, Rejection> {
    let Some(text) = query.text(name) else { return Ok(usual) };
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Rejection::field(format!("?{name}"), format!("1 to {most} is expected")))
}

type Faces = HashMap<Id, Box<RawValue>>;

/// The shares that are shown.
async fn faces(call: &Call, twig: &Twig) -> Result<Faces, Problem> {
    let (shop, mut ids) = (call.shop(), Vec::new());
    gather(twig, &mut ids);
    let shares: Vec<Share> = call.read(move |connection| get_all(connection, shop, &ids)).await?;
    let views = show(call, &shares).await?;
    Ok(shares.iter().map(|share| share.id).zip(views).collect())
}

fn gather(twig: &Twig, ids: &mut Vec<Id>) {
    ids.push(twig.id);
    twig.children.iter().for_each(|child| gather(child, ids));
}

fn view(
    twig: Twig,
    faces: &mut Faces,
    (root, next, cut): (Id, Option<String>, bool),
    figures: Figures,
) -> Result<TreeView<Box<RawValue>, Figures>, Problem> {
    let NodeView { share, children, .. } = node(twig, faces)?;
    let definitions = DEFINITIONS.iter().map(|(figure, means)| Definition { figure, means }).collect();
    Ok(TreeView { share, children, next, figures, root, cut, definitions })
}

fn node(twig: Twig, faces: &mut Faces) -> Result<NodeView<Box<RawValue>>, Problem> {
    let Twig { id, size, depth, children, more } = twig;
    let share = faces.remove(&id).ok_or_else(Problem::internal)?;
    let children = children.into_iter().map(|child| node(child, faces)).collect::<Result<_, Problem>>()?;
    Ok(NodeView { share, children, size, depth, more })
}

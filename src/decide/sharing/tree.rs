//! What a share grew into: how many shared on, how deep, how wide. Pure: it reads the shares of a tree and counts.
//!
//! How a tree spread is told by its *structural virality* (S. Goel, A. Anderson, J. Hofman, D. J. Watts, "The
//! Structural Virality of Online Diffusion", Management Science 62(1), 2016): the mean distance between two different
//! shares of it, in steps from hand to hand. A link that one person sent to many comes near 2, however many they are; a
//! chain of n shares to (n + 1) / 3. The sum of all distances is found in one pass: the edge above a share whose branch
//! has s of n shares lies between s · (n − s) pairs.

use std::collections::HashMap;

use serde::Serialize;

use crate::records::share::Leaf;
use crate::records::{Id, Timestamp};

/// Levels that are told one by one; the last of them has all that are deeper, too.
pub const LEVELS: usize = 100;

/// The shares of a tree: each behind the one by which it came, the first of all at the beginning.
#[derive(Debug)]
pub struct Tree {
    leaves: Vec<Leaf>,
    above: Vec<usize>,
    level: Vec<usize>,
    size: Vec<i64>,
    depth: Vec<i64>,
    below: Vec<Vec<usize>>,
}

/// One level of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Level {
    /// Steps from the share that is asked for, which has 1.
    pub depth: i64,
    /// Shares.
    pub shares: i64,
    /// Orders that are credited to them.
    pub conversions: i64,
}

/// The largest of the branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The share with which it begins.
    pub share: Id,
    /// Shares in it, that one among them.
    pub size: i64,
}

/// What a tree comes to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Shares, the first among them.
    pub size: i64,
    /// Shares of the longest way from hand to hand.
    pub depth: i64,
    /// Structural virality; `None`: a share alone has no distances.
    pub virality: Option<f64>,
    /// Level by level.
    pub depths: Vec<Level>,
    /// The child with most behind it; of equal ones the first.
    pub largest_branch: Option<Branch>,
    /// From the share to the first that came by it, seconds.
    pub first_child_seconds: Option<i64>,
}

/// A share of a tree as it is shown: which children stand below it, and how many more it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twig {
    /// The share.
    pub id: Id,
    /// Shares in its branch, it among them.
    pub size: i64,
    /// Shares of the longest way through its branch.
    pub depth: i64,
    /// The children that are shown, oldest first.
    pub children: Vec<Twig>,
    /// Children that are not shown.
    pub more: i64,
}

/// How much of a tree is shown.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Levels below the first share.
    pub levels: usize,
    /// Children of each share.
    pub children: usize,
    /// Shares in all, the first among them.
    pub shares: usize,
    /// Of the first share only children behind this one.
    pub after: Option<(Timestamp, Id)>,
}

impl Tree {
    /// Reads the shares of a tree: the first of all at the beginning, the others in any order. Those whose way to it is
    /// not among them are left out. `None`: there are none.
    pub fn read(first: Leaf, others: impl IntoIterator<Item = Leaf>) -> Self {
        let mut by_parent: HashMap<Id, Vec<Leaf>> = HashMap::new();
        for leaf in others {
            if let Some(parent) = leaf.parent.filter(|_| leaf.id != first.id) {
                by_parent.entry(parent).or_default().push(leaf);
            }
        }
        let mut tree = Self {
            leaves: vec![first],
            above: vec![0],
            level: vec![0],
            size: Vec::new(),
            depth: Vec::new(),
            below: vec![Vec::new()],
        };
        let mut at = 0;
        while at < tree.leaves.len() {
            let mut children = by_parent.remove(&tree.leaves[at].id).unwrap_or_default();
            children.sort_by_key(|leaf| (leaf.created_at, leaf.id));
            for leaf in children {
                tree.below[at].push(tree.leaves.len());
                tree.leaves.push(leaf);
                tree.above.push(at);
                tree.level.push(tree.level[at] + 1);
                tree.below.push(Vec::new());
            }
            at += 1;
        }
        tree.measure();
        tree
    }

    /// From the leaves to the first share, each once.
    fn measure(&mut self) {
        self.size = vec![1; self.leaves.len()];
        self.depth = vec![1; self.leaves.len()];
        for at in (1..self.leaves.len()).rev() {
            let above = self.above[at];
            self.size[above] += self.size[at];
            self.depth[above] = self.depth[above].max(self.depth[at] + 1);
        }
    }

    /// What it comes to.
    pub fn figures(&self) -> Figures {
        let oldest = self.below[0].first().map(|at| self.leaves[*at].created_at);
        let largest = self.below[0].iter().copied().reduce(
            |one, other| {
                if self.size[other] > self.size[one] { other } else { one }
            },
        );
        Figures {
            size: self.size[0],
            depth: self.depth[0],
            virality: self.virality(),
            depths: self.depths(),
            largest_branch: largest.map(|at| Branch { share: self.leaves[at].id, size: self.size[at] }),
            first_child_seconds: oldest.map(|at| (at.ms() - self.leaves[0].created_at.ms()).max(0) / 1_000),
        }
    }

    /// To four digits behind the point.
    fn virality(&self) -> Option<f64> {
        let all = i128::from(self.size[0]);
        if all < 2 {
            return None;
        }
        let distances: i128 = self.size[1..].iter().map(|size| i128::from(*size) * (all - i128::from(*size))).sum();
        let pairs = all * (all - 1) / 2;
        let rounded = (distances * 20_000 / pairs + 1) / 2;
        i32::try_from(rounded).ok().map(|rounded| f64::from(rounded) / 10_000.0)
    }

    fn depths(&self) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        for (leaf, level) in self.leaves.iter().zip(&self.level) {
            let at = (*level).min(LEVELS - 1);
            while levels.len() <= at {
                let depth = i64::try_from(levels.len() + 1).unwrap_or(i64::MAX);
                levels.push(Level { depth, shares: 0, conversions: 0 });
            }
            levels[at].shares += 1;
            levels[at].conversions += leaf.conversions;
        }
        levels
    }

    /// What of it is shown, and where the next page of the first share's children begins. Near shares come before far
    /// ones, so that what is cut off is deep.
    pub fn shown(&self, extent: Extent) -> (Twig, Option<(Timestamp, Id)>) {
        let is_behind = |at: &usize| {
            let place = (self.leaves[*at].created_at, self.leaves[*at].id);
            extent.after.is_none_or(|after| place > after)
        };
        let first: Vec<usize> = self.below[0].iter().copied().filter(is_behind).collect();
        let mut kept: HashMap<usize, Vec<usize>> = HashMap::new();
        let (mut left, mut level) = (extent.shares.saturating_sub(1), vec![0]);
        for _ in 0..extent.levels {
            let mut next = Vec::new();
            for at in level {
                let children = if at == 0 { &first } else { &self.below[at] };
                let some: Vec<usize> = children.iter().copied().take(extent.children.min(left)).collect();
                left -= some.len();
                next.extend(&some);
                kept.insert(at, some);
            }
            level = next;
        }
        let top = kept.get(&0).cloned().unwrap_or_default();
        let last = top.last().filter(|_| top.len() < first.len()).map(|at| self.leaves[*at]);
        (self.twig(0, &kept), last.map(|leaf| (leaf.created_at, leaf.id)))
    }

    /// As deep as what is kept.
    fn twig(&self, at: usize, kept: &HashMap<usize, Vec<usize>>) -> Twig {
        let shown = kept.get(&at).map_or(&[][..], Vec::as_slice);
        Twig {
            id: self.leaves[at].id,
            size: self.size[at],
            depth: self.depth[at],
            children: shown.iter().map(|child| self.twig(*child, kept)).collect(),
            more: i64::try_from(self.below[at].len() - shown.len()).unwrap_or(i64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(number: usize) -> Id {
        let mut bytes = [0; 10];
        bytes[2..].copy_from_slice(&(number as u64).to_be_bytes());
        Id::new("shr", 0, bytes)
    }

    /// A tree in which each share came by the one of this number.
    fn tree(parents: &[usize]) -> Tree {
        let leaf = |number: usize, parent: Option<usize>| Leaf {
            id: id(number),
            parent: parent.map(id),
            created_at: Timestamp::from_ms(i64::try_from(number).expect("small") * 1_000),
            conversions: i64::from(number.is_multiple_of(3)),
        };
        // In no order: what was made last comes first.
        let others = parents.iter().enumerate().rev().map(|(at, parent)| leaf(at + 1, Some(*parent)));
        Tree::read(leaf(0, None), others)
    }

    /// The mean of the distances of all pairs, each walked.
    fn walked(parents: &[usize]) -> f64 {
        let ways: Vec<Vec<usize>> = (0..=parents.len())
            .map(|share| {
                let mut way = vec![share];
                while let Some(above) = way.last().filter(|at| **at > 0).map(|at| parents[at - 1]) {
                    way.push(above);
                }
                way.reverse();
                way
            })
            .collect();
        let (mut sum, mut pairs) = (0usize, 0usize);
        for (at, one) in ways.iter().enumerate() {
            for other in &ways[..at] {
                let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
                sum += one.len() + other.len() - 2 * same;
                pairs += 1;
            }
        }
        sum as f64 / pairs as f64
    }

    #[test]
    fn stars_and_chains_are_told_apart() {
        let star = tree(&[0; 99]).figures();
        assert_eq!((star.size, star.depth, star.virality), (100, 2, Some(1.98)));
        let chain: Vec<usize> = (0..99).collect();
        let chain = tree(&chain).figures();
        assert_eq!((chain.size, chain.depth, chain.virality), (100, 100, Some(33.6667)));
        let alone = tree(&[]).figures();
        assert_eq!((alone.size, alone.depth, alone.virality, alone.first_child_seconds), (1, 1, None, None));
        assert_eq!(alone.depths, [Level { depth: 1, shares: 1, conversions: 1 }]);
    }

    #[test]
    fn the_largest_branch_and_the_first_child_are_found() {
        let figures = tree(&[0, 0, 2, 2, 1]).figures();
        assert_eq!(figures.largest_branch, Some(Branch { share: id(2), size: 3 }));
        assert_eq!(figures.first_child_seconds, Some(1));
        let levels: Vec<_> = figures.depths.iter().map(|level| (level.shares, level.conversions)).collect();
        assert_eq!(levels, [(1, 1), (2, 0), (3, 1)]);
    }

    #[test]
    fn what_is_shown_is_bounded_and_paged() {
        let parents: Vec<usize> = [0; 5].into_iter().chain([1; 5]).chain([6; 5]).collect();
        let tree = tree(&parents);
        let extent = Extent { levels: 2, children: 2, shares: 100, after: None };
        let (twig, next) = tree.shown(extent);
        assert_eq!((twig.size, twig.children.len(), twig.more), (16, 2, 3));
        assert_eq!((twig.children[0].size, twig.children[0].children.len(), twig.children[0].more), (11, 2, 3));
        assert_eq!((twig.children[0].children[0].children.len(), twig.children[0].children[0].more), (0, 5));
        let mut seen = vec![twig.children.len()];
        let mut after = next;
        while after.is_some() {
            let (twig, next) = tree.shown(Extent { after, ..extent });
            seen.push(twig.children.len());
            after = next;
        }
        assert_eq!(seen, [2, 2, 1]);
        let (few, _) = tree.shown(Extent { shares: 4, ..extent });
        assert_eq!((few.children.len(), few.children[0].children.len(), few.children[1].children.len()), (2, 1, 0));
    }

    proptest! {
        #[test]
        fn the_virality_is_the_mean_of_all_distances(picks in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let parents: Vec<usize> = picks.iter().enumerate().map(|(at, pick)| pick.index(at + 1)).collect();
            let figures = tree(&parents).figures();
            let expected = walked(&parents);
            prop_assert!((figures.virality.expect("several shares") - expected).abs() < 0.0001);
            prop_assert_eq!(figures.depths.iter().map(|level| level.shares).sum::<i64>(), figures.size);
            prop_assert_eq!(figures.depths.len() as i64, figures.depth);
        }

        #[test]
        fn what_hangs_on_nothing_or_on_itself_is_left_out(a in 0usize..9, b in 0usize..9) {
            let leaf = |share: usize, parent: usize| Leaf {
                id: id(share), parent: Some(id(parent)), created_at: Timestamp::from_ms(0), conversions: 0,
            };
            let tree = Tree::read(leaf(0, a), [leaf(1, 2), leaf(2, 1), leaf(3, 3), leaf(4, b + 20)]);
            prop_assert_eq!(tree.figures().size, 1);
        }
    }
}

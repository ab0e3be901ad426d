//! What came with an order, a sign-up or a cart: a token, a code. For whom it speaks is found out in `referrals`.

use serde::{Deserialize, Serialize};

use crate::decide::draft::Draft;
use crate::decide::input::typed_code;
use crate::records::code::Typed;
use crate::records::conversion::Brought;
use crate::records::text::Text;
use crate::records::typed::typed;
use crate::world::Stop;

/// What came with an order, a sign-up or a cart. A field that is blank counts as left out, so that a
/// shop may pass on what it found in its form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `TOKEN-VISIT` from the landing page's address, or the token alone.
    #[serde(default, deserialize_with = "typed")]
    pub token: Option<Text<1, 2000>>,
    /// An advocate's code as it was typed.
    #[serde(default, deserialize_with = "typed")]
    pub code: Option<Typed>,
    /// Whether the token that came was left aside, for nobody can read it; not from the body.
    #[serde(skip)]
    pub is_unreadable: bool,
}

impl Evidence {
    /// The code that was typed; a field that was left empty is none.
    pub fn typed(&self) -> Option<&Typed> {
        self.code.as_ref().filter(|typed| !typed.is_blank())
    }

    /// Whether anything came.
    pub fn says_anything(&self) -> bool {
        self.typed().is_some() || nonblank(self.token.as_deref()).is_some()
    }

    /// How many codes of it are nobody's.
    pub fn unknown_codes(&self, draft: &Draft<'_>) -> Result<usize, Stop> {
        let known = self.typed().map(|typed| typed_code::advocate(draft, typed)).transpose()?;
        Ok(usize::from(known.is_some_and(|known| known.is_none())))
    }

    /// As it is kept with an order.
    pub fn brought(&self) -> Brought {
        let kept = |text: Option<&str>| nonblank(text).map(str::to_owned);
        Brought {
            token: kept(self.token.as_deref()),
            code: kept(self.code.as_deref()),
            is_unreadable: self.is_unreadable,
        }
    }
}

/// A text without blanks around it, where anything is left.
pub fn nonblank(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

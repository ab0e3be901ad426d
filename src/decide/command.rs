//! What can be asked of a shop.

use std::fmt::Debug;
use std::sync::Arc;

use crate::decide::answer::Answer;
use crate::decide::draft::Draft;
use crate::world::Stop;

/// A request that was understood, and how it is decided.
pub trait Decide: Debug + Send + Sync {
    /// Its name, for logs.
    fn name(&self) -> &'static str;
    /// Decides it.
    fn decide(&self, draft: &mut Draft<'_>) -> Result<Answer, Stop>;
}

/// Anything that can be asked.
#[derive(Clone, Debug)]
pub struct Command(Arc<dyn Decide>);

impl<C: Decide + 'static> From<C> for Command {
    fn from(command: C) -> Self {
        Self(Arc::new(command))
    }
}

impl Command {
    /// Its name, for logs.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// Decides it.
    pub fn decide(&self, draft: &mut Draft<'_>) -> Result<Answer, Stop> {
        self.0.decide(draft)
    }
}

/// Names the commands of a subject, in the `mod.rs` of its folder: each is named as its file, which decides it.
macro_rules! commands {
    ( $( $module:ident :: $name:ident, )* ) => {
        $(
            impl $crate::decide::Decide for $module::$name {
                fn name(&self) -> &'static str {
                    stringify!($module)
                }

                fn decide(
                    &self,
                    draft: &mut $crate::decide::draft::Draft<'_>,
                ) -> Result<$crate::decide::answer::Answer, $crate::world::Stop> {
                    $module::decide(draft, self)
                }
            }
        )*
    };
}

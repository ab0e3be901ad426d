//! Reading variables: remembers what was asked for, what is in force and what was wrong.

use std::collections::HashMap;

/// A variable and what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: &'static str,
    /// What is in force, secrets masked.
    pub value: String,
    /// Whether it was given; else the default is in force.
    pub given: bool,
}

/// A set of variables.
pub struct Environment {
    variables: HashMap<String, String>,
    settings: Vec<Setting>,
    faults: Vec<String>,
}

impl Environment {
    /// Those of the process. An empty variable counts as not given.
    pub fn of_process() -> Self {
        Self::new(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// Any others.
    pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    fn new(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut variables: HashMap<String, String> = pairs.collect();
        variables.retain(|_, value| !value.is_empty());
        Self { variables, settings: Vec::new(), faults: Vec::new() }
    }

    /// Reads a variable; its default must fit.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.read_shown(name, default, parse, str::to_owned)
    }

    /// Reads a variable that holds a secret, in whole or in part; `mask` makes of it what may be shown.
    pub fn read_shown<T>(
        &mut self,
        name: &'static str,
        default: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
        mask: impl FnOnce(&str) -> String,
    ) -> Option<T> {
        let given = self.variables.get(name).cloned();
        let text = given.as_deref().unwrap_or(default);
        self.settings.push(Setting { name, value: mask(text), given: given.is_some() });
        match parse(text) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.faults.push(format!("{name}: {fault}"));
                None
            }
        }
    }

    /// Reads a whole number within its limits.
    pub fn number(&mut self, name: &'static str, default: u64, least: u64, most: u64) -> Option<u64> {
        self.read(name, &default.to_string(), |text| {
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number.ok_or_else(|| format!("a whole number from {least} to {most} is expected"))
        })
    }

    /// What was looked for, and what was wrong.
    pub fn finish(self) -> (Vec<Setting>, Vec<String>) {
        (self.settings, self.faults)
    }
}

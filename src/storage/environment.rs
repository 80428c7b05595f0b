//! What the process was started with: environment variables and the user's folders, read once, at the edge.
//!
//! Everything else takes this as an argument, so that a test never depends on, or touches, the machine it runs on.

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
};

use super::paths::{NoHome, Paths};

/// The surroundings of a run.
#[derive(Debug, Clone)]
pub struct Environment {
    variables: HashMap<OsString, OsString>,
    paths: Option<Paths>,
}

impl Environment {
    /// That of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment comes in")]
    pub fn of_process() -> Self {
        Self { variables: std::env::vars_os().collect(), paths: Paths::of_user() }
    }

    /// One made by hand, with folders of its own.
    pub fn made<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>, paths: Option<Paths>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, paths }
    }

    /// A variable; one that is empty counts as not set, as `NO_COLOR` and the AWS settings have it.
    pub fn variable(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// Whether any of these variables is set.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.variable(name).is_some())
    }

    /// The user's folders.
    pub fn paths(&self) -> Result<&Paths, NoHome> {
        self.paths.as_ref().ok_or(NoHome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_not_set() {
        let environment = Environment::made([("NO_COLOR", ""), ("TERM", "xterm")], None);
        assert_eq!(environment.variable("NO_COLOR"), None);
        assert_eq!(environment.variable("TERM"), Some(OsStr::new("xterm")));
        assert!(environment.has_any(&["NO_COLOR", "TERM"]) && !environment.has_any(&["NO_COLOR", "EDITOR"]));
        assert_eq!(environment.paths(), Err(NoHome));
    }
}

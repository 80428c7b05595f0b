//! What a session on a live hub starts with: the command line over the environment over the configuration.
//!
//! Owns which of them wins. Must not connect to anything.

use crate::{
    app::model::Access,
    cli::HubArgs,
    domain::profile::HubChoice,
    storage::{config::Config, environment::Environment},
};

/// Which hub is asked, and how. What is `None` is left to the AWS default chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The AWS profile.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The endpoint of Security Hub.
    pub endpoint_url: Option<String>,
    /// Whether sending is possible.
    pub access: Access,
}

impl Start {
    /// Decides. A value of the filter profile or the configuration never overrides one of the environment: whoever exported `AWS_PROFILE`
    /// for this shell must not act in another account. Of read-only, what is asked for or the configuration suffices.
    pub fn of(arguments: &HubArgs, asked: Access, hub: &HubChoice, config: &Config, environment: &Environment) -> Self {
        let choose = |argument: &Option<String>, variables: &[&str], said: &Option<String>, configured: &Option<String>| {
            argument.clone().or_else(|| said.clone().or_else(|| configured.clone()).filter(|_| !environment.has_any(variables)))
        };
        let said = hub.settled();
        // Credentials in the environment are an account, as much as a profile's name is one.
        let profile = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID"];
        let region = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let endpoint = ["AWS_ENDPOINT_URL_SECURITYHUB", "AWS_ENDPOINT_URL"];
        Self {
            profile: choose(&arguments.profile, &profile, &said.profile, &config.aws.profile),
            region: choose(&arguments.region, &region, &said.region, &config.aws.region),
            endpoint_url: choose(&arguments.endpoint_url, &endpoint, &said.endpoint_url, &config.aws.endpoint_url),
            access: if asked == Access::ReadOnly { Access::ReadOnly } else { config.access },
        }
    }
}

impl Start {
    /// The hub it leads to, as a filter profile would name it.
    pub fn hub(&self) -> HubChoice {
        HubChoice { profile: self.profile.clone(), region: self.region.clone(), endpoint_url: self.endpoint_url.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::config::Aws;

    fn config() -> Config {
        Config {
            aws: Aws { profile: Some("c".into()), region: Some("c-1".into()), endpoint_url: Some("http://c".into()) },
            ..Config::default()
        }
    }

    fn names(start: &Start) -> [Option<&str>; 3] {
        [start.profile.as_deref(), start.region.as_deref(), start.endpoint_url.as_deref()]
    }

    #[test]
    fn the_command_line_wins_over_everything() {
        let arguments =
            HubArgs { profile: Some("a".into()), region: Some("a-1".into()), endpoint_url: Some("http://a".into()), ..HubArgs::default() };
        let variables = [("AWS_PROFILE", "e"), ("AWS_REGION", "e-1"), ("AWS_ENDPOINT_URL", "http://e")];
        let start = Start::of(&arguments, Access::ReadWrite, &HubChoice::default(), &config(), &Environment::made(variables, None));
        assert_eq!(names(&start), [Some("a"), Some("a-1"), Some("http://a")]);
    }

    #[test]
    fn the_environment_wins_over_the_configuration_each_for_its_own() {
        let chosen = |variable| {
            let start = Start::of(
                &HubArgs::default(),
                Access::ReadWrite,
                &HubChoice::default(),
                &config(),
                &Environment::made([(variable, "e")], None),
            );
            names(&start).map(|name| name.is_some())
        };
        assert_eq!(chosen("HOME"), [true, true, true]);
        assert_eq!(chosen("AWS_PROFILE"), [false, true, true]);
        assert_eq!(chosen("AWS_ACCESS_KEY_ID"), [false, true, true]);
        assert_eq!(chosen("AWS_REGION"), [true, false, true]);
        assert_eq!(chosen("AWS_DEFAULT_REGION"), [true, false, true]);
        assert_eq!(chosen("AWS_ENDPOINT_URL"), [true, true, false]);
        assert_eq!(chosen("AWS_ENDPOINT_URL_SECURITYHUB"), [true, true, false]);
    }

    #[test]
    fn what_a_filter_profile_says_goes_over_the_configuration_and_under_everything_else() {
        let hub = HubChoice { profile: Some("f".into()), region: None, endpoint_url: Some(String::new()) };
        let chosen = |arguments: &HubArgs, variables: &[(&str, &str)]| {
            let environment = Environment::made(variables.iter().copied(), None);
            names(&Start::of(arguments, Access::ReadWrite, &hub, &config(), &environment)).map(|name| name.map(str::to_owned))
        };
        let [profile, region, endpoint] = chosen(&HubArgs::default(), &[]);
        assert_eq!((profile.as_deref(), region.as_deref(), endpoint.as_deref()), (Some("f"), Some("c-1"), Some("http://c")));
        assert_eq!(chosen(&HubArgs::default(), &[("AWS_PROFILE", "e")])[0], None);
        let arguments = HubArgs { profile: Some("a".into()), ..HubArgs::default() };
        assert_eq!(chosen(&arguments, &[("AWS_PROFILE", "e")])[0].as_deref(), Some("a"));
    }

    #[test]
    fn either_the_option_or_the_configuration_suffices_for_read_only() {
        let nowhere = Environment::made([], None);
        let configured = Config { access: Access::ReadOnly, ..Config::default() };
        let access = |asked, config: &Config| Start::of(&HubArgs::default(), asked, &HubChoice::default(), config, &nowhere).access;
        assert_eq!(access(Access::ReadWrite, &Config::default()), Access::ReadWrite);
        assert_eq!(access(Access::ReadOnly, &Config::default()), Access::ReadOnly);
        assert_eq!(access(Access::ReadWrite, &configured), Access::ReadOnly);
    }
}

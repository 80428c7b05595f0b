//! What a session on a live hub starts with: the command line over the environment over the configuration.
//!
//! Owns which of them wins. Must not connect to anything.

use crate::{
    app::model::Access,
    cli::HubArgs,
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
    /// Decides. A value of the configuration never overrides one of the environment: whoever exported `AWS_PROFILE` for this shell must
    /// not act in another account. Of read-only, what is asked for or the configuration suffices.
    pub fn of(arguments: &HubArgs, asked: Access, config: &Config, environment: &Environment) -> Self {
        let choose = |argument: &Option<String>, variables: &[&str], configured: &Option<String>| {
            argument.clone().or_else(|| configured.clone().filter(|_| !environment.has_any(variables)))
        };
        // Credentials in the environment are an account, as much as a profile's name is one.
        let profile = ["AWS_PROFILE", "AWS_ACCESS_KEY_ID"];
        let region = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let endpoint = ["AWS_ENDPOINT_URL_SECURITYHUB", "AWS_ENDPOINT_URL"];
        Self {
            profile: choose(&arguments.profile, &profile, &config.aws.profile),
            region: choose(&arguments.region, &region, &config.aws.region),
            endpoint_url: choose(&arguments.endpoint_url, &endpoint, &config.aws.endpoint_url),
            access: if asked == Access::ReadOnly { Access::ReadOnly } else { config.access },
        }
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
        let start = Start::of(&arguments, Access::ReadWrite, &config(), &Environment::made(variables, None));
        assert_eq!(names(&start), [Some("a"), Some("a-1"), Some("http://a")]);
    }

    #[test]
    fn the_environment_wins_over_the_configuration_each_for_its_own() {
        let chosen = |variable| {
            let start = Start::of(&HubArgs::default(), Access::ReadWrite, &config(), &Environment::made([(variable, "e")], None));
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
    fn either_the_option_or_the_configuration_suffices_for_read_only() {
        let nowhere = Environment::made([], None);
        let configured = Config { access: Access::ReadOnly, ..Config::default() };
        let access = |asked, config: &Config| Start::of(&HubArgs::default(), asked, config, &nowhere).access;
        assert_eq!(access(Access::ReadWrite, &Config::default()), Access::ReadWrite);
        assert_eq!(access(Access::ReadOnly, &Config::default()), Access::ReadOnly);
        assert_eq!(access(Access::ReadWrite, &configured), Access::ReadOnly);
    }
}

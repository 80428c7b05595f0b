//! What a connection is made from.
//!
//! Owns the options and their meaning. Must not act on them.

use std::fmt;

use super::timeouts::Timeouts;

/// How to connect to a hub.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--profile`: as in the AWS CLI it wins over `AWS_PROFILE`, and the credentials of the environment are then not used.
    pub profile: Option<String>,
    /// `--region`: wins over `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's Region and that of the instance.
    pub region: Option<String>,
    /// `--endpoint-url`: of Security Hub alone; STS keeps its own. Wins over `AWS_ENDPOINT_URL_SECURITYHUB`, `AWS_ENDPOINT_URL` and the
    /// profile.
    pub endpoint_url: Option<String>,
    /// Whether writes are possible at all.
    pub access: Access,
    /// Where all other settings come from.
    pub surroundings: Surroundings,
    /// How long is waited for what.
    pub timeouts: Timeouts,
}

/// Whether a hub can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// There is no write handle.
    #[default]
    ReadOnly,
    /// Findings can be updated, as far as the policy allows.
    ReadWrite,
}

/// Where settings and credentials come from.
#[derive(Debug, Clone, Default)]
pub enum Surroundings {
    /// The environment, the shared config and credentials files, single sign-on, container and instance: the AWS default chain.
    #[default]
    Machine,
    /// These alone. Nothing of the machine is read and no proxy is used: for the demo, which must run beside any AWS configuration,
    /// and for tests.
    Sealed(Sealed),
}

/// Settings that need nothing of the machine. [`Options::region`] must be given with them, and [`Options::endpoint_url`] to a server
/// without TLS: no certificate authority is trusted.
#[derive(Debug, Clone, Default)]
pub struct Sealed {
    /// What calls are signed with; `None` is somebody without credentials.
    pub keys: Option<Keys>,
    /// Where STS is; `None` makes the caller unknown, without a call.
    pub sts_endpoint_url: Option<String>,
}

/// Static credentials. Their debug form shows no secret.
#[derive(Clone)]
pub struct Keys {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
}

impl Keys {
    /// Keys for a server that does not check them, like the emulator.
    pub fn made_up() -> Self {
        Self { access_key_id: "AKIDHUBTRIAGEDEMO000".to_owned(), secret_access_key: "not-a-secret".to_owned(), session_token: None }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_shows_no_secret() {
        let keys = Keys { session_token: Some("token-text".to_owned()), ..Keys::made_up() };
        let shown = format!("{:?}", Sealed { keys: Some(keys), sts_endpoint_url: None });
        assert!(!shown.contains("not-a-secret") && !shown.contains("token-text"), "{shown}");
    }

    #[test]
    fn nothing_can_be_written_unless_it_is_asked_for() {
        assert_eq!(Options::default().access, Access::ReadOnly);
    }
}

//! Profiles that ask for an MFA code, which the SDK does not do: it assumes their role without one, and is refused.
//!
//! Owns how such a profile is told and what helps.

use std::borrow::Cow;

use aws_config::profile::ProfileSet;
use aws_credential_types::provider::error::CredentialsError;
use aws_types::os_shim_internal::{Env, Fs};

/// Longest chain of `source_profile` that is followed; the AWS CLI's own are one or two long.
const MAX_CHAIN: usize = 8;

/// Credentials could not be had, and the profile asks for an MFA code.
#[derive(Debug, thiserror::Error)]
#[error("the profile `{profile}` asks for an MFA code (mfa_serial), which hubtriage cannot ask for; {help}", help = help(.profile))]
pub(super) struct NeedsMfa {
    /// Which.
    pub(super) profile: String,
    /// How it failed.
    #[source]
    pub(super) error: CredentialsError,
}

/// The way round: the AWS CLI asks for the code, and hands over what it got.
fn help(profile: &str) -> String {
    format!("run `eval \"$(aws configure export-credentials --profile {profile} --format env)\"`, then hubtriage without --profile")
}

/// The profile that asks for a code, where the one in use does or one that it builds on.
pub(super) async fn asked_for(env: &Env, named: Option<&str>) -> Option<String> {
    let chosen = named.map(|name| Cow::Owned(name.to_owned()));
    #[expect(clippy::default_trait_access, reason = "the type's crate is no dependency of ours, and its alias here is deprecated")]
    let files = Default::default();
    let profiles = aws_config::profile::load(&Fs::real(), env, &files, chosen).await.ok()?;
    let first = named.map(str::to_owned).or_else(|| env.get("AWS_PROFILE").ok()).unwrap_or_else(|| "default".to_owned());
    of(&profiles, &first)
}

fn of(profiles: &ProfileSet, first: &str) -> Option<String> {
    let mut name = first.to_owned();
    for _ in 0..MAX_CHAIN {
        let profile = profiles.get_profile(&name)?;
        if profile.get("mfa_serial").is_some() && profile.get("role_arn").is_some() {
            return Some(first.to_owned());
        }
        profile.get("source_profile")?.clone_into(&mut name);
    }
    None
}

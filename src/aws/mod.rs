//! The adapter to AWS: [`connect()`] gives a [`Hub`](crate::hub::Hub) over the AWS SDK.
//!
//! Owns everything that names a type of the SDK: settings and credentials, the HTTP client, timeouts and attempts, the translation of
//! queries, orders and patches into requests, of answers into outcomes, and of errors into kinds. Must not know the screen, decide
//! whether a write is sent again, or keep anything between sessions.
//!
//! # What the machine's AWS settings mean here
//! - Credentials, Region and endpoints: as in the AWS CLI (see [`Options`]).
//! - `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` and their profile settings: honoured by the SDK, also for STS.
//! - `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in either case: honoured by the SDK's HTTP client. It sends calls to
//!   instance metadata through the proxy too, so `NO_PROXY` should hold `169.254.169.254`.
//! - `AWS_CA_BUNDLE` and `ca_bundle`: the SDK for Rust does not read them; this adapter does, and hands the bundle to the SDK's HTTP
//!   client instead of the system's authorities, as the AWS CLI does. Without them the system's store is used, or `SSL_CERT_FILE` and
//!   `SSL_CERT_DIR`.
//! - `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`: not honoured; [`Timeouts`] and the number of attempts are part of what is promised about
//!   writes.
//! - The SDK does not ask for an MFA code: a profile with `mfa_serial` needs temporary credentials from elsewhere,
//!   and where its role is refused the error says so, and the way round.

mod bundle;
mod causes;
mod code;
mod connect;
mod correlation;
mod credentials;
mod failure;
mod filter;
mod mfa;
mod options;
pub mod raw_page;
mod reader;
mod secrets;
mod session;
mod sort;
mod timeouts;
mod transport;
mod unread;
mod watch;
mod writer;

pub use connect::connect;
pub use options::{Access, Keys, Options, Sealed, Surroundings};
pub use timeouts::Timeouts;

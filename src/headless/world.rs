//! What a command is given, and the hub it works on.

use std::{
    io::{self, Write},
    sync::Arc,
    time::Duration,
};

use tokio::time::timeout;

use crate::{
    app::model::Access,
    cli::HubArgs,
    domain::{advice::Place, failure::CallError, profile::HubChoice, query::Query},
    hub::{CallFailure, Caller, Hub},
    journal::hub_key::HubKey,
    launch,
    report::{Kind, Report, Stream},
    runtime::{executor::Connect, paced::Gate},
    start::Start,
    storage::{config::Config, environment::Environment},
};

/// How long STS is waited for: on a jump host it may be out of reach, and the hub's own ARN names the account too.
const CALLER_WAIT: Duration = Duration::from_secs(5);

/// What a command is given.
pub struct World<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The environment.
    pub environment: &'a Environment,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
    /// Which of the streams are terminals.
    pub terminals: Terminals,
}

/// Which of the standard streams are terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input.
    pub input: Stream,
    /// Standard output.
    pub output: Stream,
    /// Standard error.
    pub errors: Stream,
}

impl<'a> World<'a> {
    /// That of this process.
    pub fn of_process(config: &'a Config, environment: &'a Environment, out: &'a mut dyn Write, errors: &'a mut dyn Write) -> Self {
        let terminals = Terminals { input: Stream::of(&io::stdin()), output: Stream::of(&io::stdout()), errors: Stream::of(&io::stderr()) };
        Self { config, environment, out, errors, terminals }
    }

    /// Connects to the hub that the command line, the environment, a filter profile and the configuration name.
    pub async fn connect(&self, arguments: &HubArgs, access: Access, hub: &HubChoice) -> Result<Link, Report> {
        let start = Start::of(arguments, access, hub, self.config, self.environment);
        let profile = launch::profile(&start, self.environment);
        let live = launch::live(&start);
        let gate = Gate::new(self.config.pace.reads);
        let connect: Connect = Arc::new(move || {
            let (connecting, gate) = (live(), gate.clone());
            Box::pin(async move { Ok(gate.before(connecting.await?)) })
        });
        match connect().await {
            Ok(hub) => Ok(Link { hub, connect, profile, account: None }),
            Err(error) => Err(Report::of_call(
                &error,
                &Place {
                    region: start.region.as_deref(),
                    profile: profile.as_deref(),
                    endpoint: start.endpoint_url.as_deref(),
                    ..Place::default()
                },
            )),
        }
    }
}

/// A hub that is connected to.
pub struct Link {
    /// The hub; its reads keep to the pace.
    pub hub: Hub,
    /// How to connect anew, with the credential chain read again.
    pub connect: Connect,
    profile: Option<String>,
    account: Option<String>,
}

/// Which hub it is and who is acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What names the hub.
    pub key: HubKey,
    /// The caller's ARN, where STS told it.
    pub arn: Option<String>,
}

impl Link {
    /// What to say about a call that failed here.
    pub fn report(&self, error: &CallError) -> Report {
        Report::of_call(error, &self.place())
    }

    /// What to say about a call for the findings of a query that failed here.
    pub fn report_query(&self, error: &CallError, query: &Query) -> Report {
        Report::of_query_call(error, &self.place(), query)
    }

    /// Where it is, for what is said about errors.
    pub fn place(&self) -> Place<'_> {
        Place {
            region: Some(&self.hub.region),
            account: self.account.as_deref(),
            profile: self.profile.as_deref(),
            endpoint: self.hub.endpoint.as_deref(),
            home_region: None,
        }
    }

    /// Finds out which hub it is: the account from STS, or from the hub's ARN where STS cannot be reached.
    pub async fn identify(&mut self) -> Result<Known, Report> {
        let (caller, described) = tokio::join!(timeout(CALLER_WAIT, self.hub.reader.caller()), self.hub.reader.describe());
        let caller: Option<Caller> = caller.ok().and_then(Result::ok);
        let account = match (&caller, &described) {
            (Some(caller), _) => Some(caller.account.clone()),
            (None, Ok(hub)) => hub.arn.as_deref().and_then(account_of),
            (None, Err(_)) => None,
        };
        self.account.clone_from(&account);
        match described {
            // What matters here is only whose hub it is; that may be known although this call is not allowed.
            Err(error) if error.failure != CallFailure::AccessDenied => Err(self.report(&error)),
            _ => Ok(Known {
                key: HubKey::new(account.as_deref(), &self.hub.region, self.hub.endpoint.as_deref()),
                arn: caller.map(|caller| caller.arn),
            }),
        }
    }
}

/// The account of an ARN: its fifth part.
fn account_of(arn: &str) -> Option<String> {
    arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned)
}

/// What ends a command that wrote to a stream: a reader that has gone away has seen enough, anything else is an error.
pub fn unless_closed(error: &io::Error) -> Result<(), Report> {
    if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(Report::unwritable(error)) }
}

/// What cannot be set up at the start.
pub fn unusable(what: &str, error: &io::Error) -> Report {
    Report::new(Kind::OutOfReach, format!("{what}: {error}"))
}

//! Settings of the machine: environment, profiles, instance. Each test runs a child process of its own, since the environment is what is
//! tested, and since nothing of the environment that the tests run in may count.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use hubtriage::{
    aws::{Access, Options, connect},
    domain::query::Query,
    emulator::{CredentialState, Emulator, HeaderFacts, Operation, Settings},
    hub::{CallError, Hub},
};

use crate::{
    responder::{Reply, Responder},
    wire::request,
};

/// What the child is told beside its environment, and the variable it is told in.
const CHILD: &str = "HUBTRIAGE_TEST_CHILD";

/// Not a test of its own: what a child process does. It connects as its environment says, prints what came of it, and then does what it
/// reads on its standard input.
#[tokio::test]
#[ignore = "the other tests run it in a process of its own"]
async fn child() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    let options = Options {
        profile: text("profile"),
        region: text("region"),
        endpoint_url: text("endpoint_url"),
        access: Access::ReadOnly,
        ..Options::default()
    };
    match connect(options).await {
        Err(failed) => say(&Err::<(), _>(failed)),
        Ok(hub) => {
            say(&Ok::<_, CallError>((&hub.region, &hub.endpoint)));
            for line in std::io::stdin().lines() {
                obey(&hub, &line.unwrap()).await;
            }
        }
    }
}

async fn obey(hub: &Hub, order: &str) {
    match order {
        "page" => say(&hub.reader.page(request(Query::Everything)).await.map(|page| page.findings.len())),
        "caller" => say(&hub.reader.caller().await.map(|caller| caller.account)),
        other => panic!("{other}"),
    }
}

/// One line that the parent finds among what the test harness prints.
fn say<T: std::fmt::Debug>(result: &Result<T, CallError>) {
    let line = match result {
        Ok(value) => format!("ok {value:?}"),
        Err(failed) => format!("{:?} {}", failed.failure, failed.message.replace('\n', " ")),
    };
    let mut out = std::io::stdout();
    writeln!(out, "\nCHILD {line}").unwrap();
    out.flush().unwrap();
}

/// A child process with this environment and no other.
struct Session {
    child: Child,
    orders: ChildStdin,
    lines: BufReader<ChildStdout>,
    /// What came of connecting.
    connected: String,
}

impl Session {
    /// Starts a child. `told` are the command line's options, `environment` all it gets.
    fn start(told: &serde_json::Value, environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "wire_settings::child", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env_clear().env(CHILD, told.to_string()).envs(environment.iter().copied());
        if !environment.iter().any(|(name, _)| name.starts_with("AWS_EC2_METADATA")) {
            command.env("AWS_EC2_METADATA_DISABLED", "true");
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (orders, lines) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut session = Self { child, orders, lines, connected: String::new() };
        session.connected = session.line();
        session
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            if let Some(said) = line.strip_prefix("CHILD ") {
                return said.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("the child has ended");
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").unwrap();
        self.line()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs what blocks beside the servers of the test.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// A child that connects and obeys these orders; what it said.
async fn said(told: serde_json::Value, environment: &[(&str, &str)], orders: &[&str]) -> Vec<String> {
    let environment: Vec<(String, String)> = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let orders: Vec<String> = orders.iter().map(|order| (*order).to_owned()).collect();
    beside(move || {
        let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut session = Session::start(&told, &environment);
        let mut lines = vec![session.connected.clone()];
        lines.extend(orders.iter().map(|order| session.order(order)));
        lines
    })
    .await
}

async fn emulator() -> Emulator {
    Emulator::start(Settings::default()).await.unwrap()
}

fn last(emulator: &Emulator) -> HeaderFacts {
    emulator.calls_of(Operation::GetFindingsV2).last().unwrap().facts.clone()
}

/// Config and credentials files in a folder of their own.
struct Files(tempfile::TempDir);

impl Files {
    fn new(config: &str, credentials: &str) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        std::fs::write(files.path("config"), config).unwrap();
        std::fs::write(files.path("credentials"), credentials).unwrap();
        files
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// The variables that point to them.
    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_CONFIG_FILE", self.path("config")),
            ("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials")),
            ("HOME", self.0.path().to_str().unwrap().to_owned()),
        ]
    }
}

fn joined<'a>(files: &'a [(&'static str, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    files.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
}

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"), ("AWS_SECRET_ACCESS_KEY", "secret")];
const WORK: &str = "[profile work]\nregion = eu-north-1\n";
const WORK_KEYS: &str = "[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = secret\naws_session_token = token\n";

#[tokio::test]
async fn keys_region_and_endpoint_come_from_the_environment() {
    let emulator = emulator().await;
    let url = emulator.url();
    let more = [("AWS_REGION", "ap-southeast-2"), ("AWS_ENDPOINT_URL_SECURITYHUB", url.as_str())];
    let lines = said(serde_json::json!({}), &[KEYS.as_slice(), &more].concat(), &["page"]).await;
    assert_eq!(lines, [format!("ok (\"ap-southeast-2\", Some(\"{url}\"))"), "ok 0".to_owned()]);
    let facts = last(&emulator);
    assert_eq!(facts.access_key.as_deref(), Some("AKIDENVIRONMENT"));
    assert!(facts.authorization_scope.unwrap().contains("/ap-southeast-2/"));
}

#[tokio::test]
async fn a_profile_of_the_command_line_wins_over_the_keys_of_the_environment_but_not_over_its_region() {
    let emulator = emulator().await;
    let files = Files::new(WORK, WORK_KEYS);
    let variables = files.variables();
    let options = serde_json::json!({ "profile": "work", "endpoint_url": emulator.url() });

    let lines = said(options.clone(), &joined(&variables, &KEYS), &["page"]).await;
    assert!(lines[0].starts_with("ok (\"eu-north-1\"") && lines[1] == "ok 0", "{lines:?}");
    let facts = last(&emulator);
    assert_eq!((facts.access_key.as_deref(), facts.session_token.as_deref()), (Some("AKIDWORK"), Some("token")));

    let region = [("AWS_DEFAULT_REGION", "us-west-2"), ("AWS_PROFILE", "other")];
    let lines = said(options, &joined(&variables, &[KEYS, region].concat()), &[]).await;
    assert!(lines[0].starts_with("ok (\"us-west-2\""), "{lines:?}");
}

#[tokio::test]
async fn a_profile_of_the_environment_gives_way_to_its_keys_and_the_command_line_to_nothing() {
    let emulator = emulator().await;
    let files = Files::new(WORK, WORK_KEYS);
    let variables = files.variables();
    let options = serde_json::json!({ "region": "sa-east-1", "endpoint_url": emulator.url() });
    for (more, key) in
        [(vec![("AWS_PROFILE", "work")], "AKIDWORK"), ([vec![("AWS_PROFILE", "work")], KEYS.to_vec()].concat(), "AKIDENVIRONMENT")]
    {
        let more = [more, vec![("AWS_REGION", "us-west-2"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")]].concat();
        let lines = said(options.clone(), &joined(&variables, &more), &["page"]).await;
        assert!(lines[0].starts_with("ok (\"sa-east-1\"") && lines[1] == "ok 0", "{lines:?}");
        assert_eq!(last(&emulator).access_key.as_deref(), Some(key));
    }
}

#[tokio::test]
async fn a_profile_that_is_not_there_is_an_error_and_not_another_identity() {
    let files = Files::new(WORK, WORK_KEYS);
    let variables = files.variables();
    let lines = said(serde_json::json!({ "profile": "wrok" }), &joined(&variables, &KEYS), &[]).await;
    assert!(lines[0].starts_with("MissingCredentials") && lines[0].contains("`wrok`"), "{lines:?}");
    let lines = said(serde_json::json!({}), &joined(&variables, &[KEYS.as_slice(), &[("AWS_PROFILE", "wrok")]].concat()), &[]).await;
    assert!(lines[0].starts_with("MissingCredentials"), "{lines:?}");
}

#[tokio::test]
async fn without_region_or_credentials_it_says_so_without_a_call() {
    let emulator = emulator().await;
    let files = Files::new("", "");
    let variables = files.variables();
    assert!(said(serde_json::json!({}), &joined(&variables, &KEYS), &[]).await[0].starts_with("NoRegion"));
    let options = serde_json::json!({ "region": "eu-west-1", "endpoint_url": emulator.url() });
    let lines = said(options, &joined(&variables, &[]), &["page"]).await;
    assert_eq!(
        lines[1],
        "MissingCredentials no credentials were found in environment, profile, web identity, container or instance: \
         Ec2InstanceMetadata: IMDS disabled by AWS_EC2_METADATA_DISABLED env var set to `true`"
    );
    assert!(emulator.calls().is_empty());
}

#[tokio::test]
async fn the_instance_gives_its_region_and_one_that_is_not_there_is_not_waited_for() {
    let replies = vec![
        Reply::Answer(200, vec![("x-aws-ec2-metadata-token-ttl-seconds", "21600".to_owned())], "token".to_owned()),
        Reply::Answer(200, vec![], "ca-central-1".to_owned()),
    ];
    let instance = Responder::start(replies).await;
    let files = Files::new("", "");
    let variables = files.variables();
    let lines = said(
        serde_json::json!({}),
        &joined(&variables, &[KEYS.as_slice(), &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url())]].concat()),
        &[],
    )
    .await;
    assert_eq!(lines, ["ok (\"ca-central-1\", None)"]);

    // Accepts connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let nobody = [("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.as_str())];
    assert!(said(serde_json::json!({}), &joined(&variables, &nobody), &[]).await[0].starts_with("NoRegion"));
}

#[tokio::test]
async fn an_endpoint_of_the_command_line_is_security_hubs_alone() {
    let (hub, sts, general) = (emulator().await, emulator().await, emulator().await);
    let (sts_url, general_url) = (sts.url(), general.url());
    let options = serde_json::json!({ "region": "eu-west-1", "endpoint_url": hub.url() });
    let env = [KEYS[0], KEYS[1], ("AWS_ENDPOINT_URL_STS", sts_url.as_str()), ("AWS_ENDPOINT_URL", general_url.as_str())];
    assert_eq!(said(options.clone(), &env, &["page", "caller"]).await[1..], ["ok 0", "ok \"222233334444\""]);
    let count = |emulator: &Emulator| emulator.calls().len();
    assert_eq!([count(&hub), count(&sts), count(&general)], [1, 1, 0]);

    assert_eq!(said(options, &[env[0], env[1], env[3]], &["caller"]).await[1], "ok \"222233334444\"");
    assert_eq!([count(&hub), count(&sts), count(&general)], [1, 1, 1]);
}

#[tokio::test]
async fn a_services_section_of_the_profile_sets_the_endpoint() {
    let emulator = emulator().await;
    let config = format!(
        "[profile work]\nregion = eu-north-1\nservices = test\n[services test]\nsecurityhub =\n  endpoint_url = {}\n",
        emulator.url()
    );
    let files = Files::new(&config, WORK_KEYS);
    let lines = said(serde_json::json!({ "profile": "work" }), &joined(&files.variables(), &[]), &["page"]).await;
    assert_eq!(lines, [format!("ok (\"eu-north-1\", Some(\"{}\"))", emulator.url()), "ok 0".to_owned()]);
}

#[tokio::test]
async fn credentials_renewed_in_the_file_are_used_after_the_old_ones_were_refused() {
    let emulator = emulator().await;
    let files = Files::new(WORK, WORK_KEYS);
    let path = files.path("credentials");
    let variables = files.variables();
    let url = emulator.url();
    let lines = beside(move || {
        let options = serde_json::json!({ "profile": "work", "endpoint_url": url });
        let mut session = Session::start(&options, &joined(&variables, &[]));
        let before = session.order("page");
        emulator.set_credentials(CredentialState::Expired);
        std::fs::write(Path::new(&path), WORK_KEYS.replace("AKIDWORK", "AKIDFRESH")).unwrap();
        let refused = session.order("page");
        emulator.set_credentials(CredentialState::Valid);
        let after = session.order("page");
        let keys: Vec<String> = emulator.calls().into_iter().map(|call| call.facts.access_key.unwrap()).collect();
        (before, refused, after, keys)
    })
    .await;
    let (before, refused, after, keys) = lines;
    assert_eq!((before.as_str(), after.as_str()), ("ok 0", "ok 0"));
    assert!(refused.starts_with("ExpiredCredentials"), "{refused}");
    assert_eq!(keys, ["AKIDWORK", "AKIDWORK", "AKIDFRESH"]);
}

#[tokio::test]
async fn a_process_gives_credentials() {
    let emulator = emulator().await;
    let output = r#"{\"Version\": 1, \"AccessKeyId\": \"AKIDPROCESS\", \"SecretAccessKey\": \"secret\"}"#;
    let files = Files::new(&format!("[profile work]\nregion = eu-north-1\ncredential_process = /bin/echo \"{output}\"\n"), "");
    let options = serde_json::json!({ "profile": "work", "endpoint_url": emulator.url() });
    let lines = said(options, &joined(&files.variables(), &KEYS), &["page"]).await;
    assert_eq!(lines[1], "ok 0");
    assert_eq!(last(&emulator).access_key.as_deref(), Some("AKIDPROCESS"));

    let files = Files::new("[profile work]\nregion = eu-north-1\ncredential_process = /bin/false\n", "");
    let options = serde_json::json!({ "profile": "work", "endpoint_url": emulator.url() });
    let lines = said(options, &joined(&files.variables(), &[]), &["page"]).await;
    assert!(lines[1].starts_with("MissingCredentials"), "{lines:?}");
}

#[tokio::test]
async fn a_role_is_assumed_through_sts_and_its_refusals_have_their_kinds() {
    let emulator = emulator().await;
    let until = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let assumed = format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>role-token</SessionToken>\
         <Expiration>{until}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
    );
    let refused = |code: &str| {
        let body = format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>");
        Reply::Answer(403, vec![], body)
    };
    let config =
        "[profile work]\nregion = eu-north-1\nrole_arn = arn:aws:iam::123456789012:role/Analyst\nsource_profile = base\n[profile base]\n";
    let files = Files::new(config, &WORK_KEYS.replace("[work]", "[base]"));
    let variables = files.variables();
    for (reply, start) in [
        (Reply::Answer(200, vec![], assumed), "ok 0"),
        (refused("AccessDenied"), "AccessDenied"),
        (refused("ExpiredToken"), "ExpiredCredentials"),
        (refused("InvalidClientTokenId"), "ExpiredCredentials"),
    ] {
        let sts = Responder::start(vec![reply]).await;
        let options = serde_json::json!({ "profile": "work", "endpoint_url": emulator.url() });
        let lines = said(options, &joined(&variables, &[("AWS_ENDPOINT_URL_STS", sts.url())]), &["page"]).await;
        assert!(lines[1].starts_with(start), "{lines:?}");
    }
    let facts = last(&emulator);
    assert_eq!((facts.access_key.as_deref(), facts.session_token.as_deref()), (Some("AKIDROLE"), Some("role-token")));
    assert_eq!(emulator.calls().len(), 1);
}

#[tokio::test]
async fn a_profile_that_asks_for_an_mfa_code_is_named_with_the_way_round() {
    let config = "[profile work]\nregion = eu-north-1\nrole_arn = arn:aws:iam::123456789012:role/Analyst\nsource_profile = middle\n\
                  [profile middle]\nrole_arn = arn:aws:iam::123456789012:role/Middle\nmfa_serial = arn:aws:iam::1:mfa/ann\n\
                  source_profile = base\n[profile base]\n";
    let files = Files::new(config, &WORK_KEYS.replace("[work]", "[base]"));
    let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let sts = Responder::start(vec![Reply::Answer(403, vec![], body.to_owned())]).await;
    let options = serde_json::json!({ "profile": "work", "endpoint_url": "http://127.0.0.1:9" });
    let lines = said(options, &joined(&files.variables(), &[("AWS_ENDPOINT_URL_STS", sts.url())]), &["page"]).await;
    assert!(lines[1].starts_with("MissingCredentials the profile `work` asks for an MFA code"), "{lines:?}");
    assert!(lines[1].contains("aws configure export-credentials --profile work") && lines[1].contains("AccessDenied"), "{lines:?}");
}

#[tokio::test]
async fn a_single_sign_on_that_has_ended_is_expired_and_not_missing() {
    let config = "[profile work]\nregion = eu-north-1\nsso_session = hub\nsso_account_id = 123456789012\nsso_role_name = Analyst\n\
                  [sso-session hub]\nsso_region = eu-north-1\nsso_start_url = https://example.com/start\n";
    let files = Files::new(config, "");
    let cache = files.0.path().join(".aws/sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    let token = r#"{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","region":"eu-north-1","startUrl":"https://example.com/start"}"#;
    // The SHA-1 of the session's name.
    std::fs::write(cache.join("65acf0a7ced564a4880cf946224e60b745d3d631.json"), token).unwrap();
    let options = serde_json::json!({ "profile": "work", "endpoint_url": "http://127.0.0.1:9" });
    let lines = said(options, &joined(&files.variables(), &[]), &["page"]).await;
    assert!(lines[1].starts_with("ExpiredCredentials"), "{lines:?}");
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_used() {
    let proxy = Responder::start(vec![Reply::json(200, r#"{"Findings":[]}"#)]).await;
    let options = serde_json::json!({ "region": "eu-west-1", "endpoint_url": "http://securityhub.invalid" });
    let lines = said(options, &[KEYS[0], KEYS[1], ("HTTP_PROXY", proxy.url())], &["page"]).await;
    assert_eq!(lines[1], "ok 0");
    assert_eq!(proxy.requests()[0].line, "POST http://securityhub.invalid/findingsv2 HTTP/1.1");
}

#[tokio::test]
async fn a_certificate_bundle_that_cannot_be_used_is_told_at_the_start() {
    let files = Files::new("[profile work]\nregion = eu-north-1\nca_bundle = /nonexistent/of-profile.pem\n", WORK_KEYS);
    let variables = files.variables();
    let options = serde_json::json!({ "profile": "work" });
    let lines = said(options.clone(), &joined(&variables, &[]), &[]).await;
    assert!(lines[0].starts_with("Other") && lines[0].contains("/nonexistent/of-profile.pem"), "{lines:?}");
    let config = files.path("config");
    let lines = said(options, &joined(&variables, &[("AWS_CA_BUNDLE", config.as_str())]), &[]).await;
    assert!(lines[0].starts_with("Other") && lines[0].contains(&config), "{lines:?}");
}

#[tokio::test]
async fn fips_changes_the_host_and_does_not_go_with_an_endpoint() {
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    let proxy = Responder::start(vec![Reply::Answer(407, vec![], String::new())]).await;
    let lines =
        said(serde_json::json!({ "region": "us-east-1" }), &[KEYS[0], KEYS[1], fips, ("HTTPS_PROXY", proxy.url())], &["page"]).await;
    assert!(lines[1].starts_with("Unreachable"), "{lines:?}");
    assert_eq!(proxy.requests()[0].line, "CONNECT securityhub-fips.us-east-1.amazonaws.com:443 HTTP/1.1");

    let options = serde_json::json!({ "region": "us-east-1", "endpoint_url": "http://127.0.0.1:9" });
    let lines = said(options, &[KEYS[0], KEYS[1], fips], &["page"]).await;
    assert!(lines[1].starts_with("Other") && lines[1].contains("FIPS"), "{lines:?}");
}

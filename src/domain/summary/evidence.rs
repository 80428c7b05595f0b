//! One piece of evidence: a sentence of who did what, and what else is known of it under short labels.

use serde_json::Value;

use super::read::{entries, first_of, flag, grouped, integer, is_there, joined, leaf, listed, scalar, word, words};

/// Ancestors of a process that are told.
const MAX_ANCESTRY: usize = 6;

/// Members that make an object a piece of evidence.
const TELLING: &[&str] =
    &["actor", "api", "connection_info", "dst_endpoint", "file", "http_request", "process", "query", "src_endpoint", "user"];

/// The labels of what is known, in the order of need.
pub(super) const LABELS: &[&str] = &[
    "from",
    "to",
    "connection",
    "user",
    "access key",
    "session",
    "client",
    "request",
    "answer",
    "process",
    "command",
    "directory",
    "executable",
    "started by",
    "hash",
    "asked for",
    "file",
    "device",
    "container",
];

/// The evidence of a document: its own members of that kind, then the list.
pub(super) fn of(document: &Value) -> Vec<&Value> {
    let mut all: Vec<&Value> = Vec::new();
    // `file` and `user` alone at the root belong to what the finding is about, not to something that happened.
    if ["actor", "api", "process", "src_endpoint", "dst_endpoint"].iter().any(|member| is_there(document, &format!("/{member}"))) {
        all.push(document);
    }
    all.extend(entries(document, "/evidences").into_iter().filter(|entry| !entry.is_null()));
    all
}

/// What happened, in a sentence without a full stop; `None` where nothing is known that makes one.
pub(super) fn sentence(evidence: &Value) -> Option<String> {
    if let Some(text) = scalar(evidence) {
        return Some(text);
    }
    call(evidence).or_else(|| run(evidence)).or_else(|| lookup(evidence)).or_else(|| connection(evidence)).or_else(|| other(evidence))
}

/// `svc-deploy called CreateAccessKey of iam, refused with AccessDenied`.
fn call(evidence: &Value) -> Option<String> {
    let operation = first_of(evidence, &["/api/operation", "/api"])?;
    let service =
        first_of(evidence, &["/api/service/name", "/api/service/uid"]).map(|name| name.trim_end_matches(".amazonaws.com").to_owned());
    let service = service.map(|service| format!(" of {service}")).unwrap_or_default();
    let who = user(evidence).unwrap_or_else(|| "Somebody".to_owned());
    Some(format!("{who} called {operation}{service}{}", failure(evidence).map(|told| format!(", {told}")).unwrap_or_default()))
}

/// How a call failed, where it did.
fn failure(evidence: &Value) -> Option<String> {
    let error = leaf(evidence, "/api/response/error").or_else(|| {
        let code = integer(evidence, "/api/response/code").filter(|code| *code >= 400)?;
        Some(code.to_string())
    })?;
    let lower = error.to_ascii_lowercase();
    let refused = ["denied", "unauthor", "forbidden", "401", "403"].iter().any(|part| lower.contains(part));
    Some(format!("{} {error}", if refused { "refused with" } else { "failed with" }))
}

/// `node ran sh -i`.
fn run(evidence: &Value) -> Option<String> {
    let process =
        ["/actor/process", "/process"].into_iter().filter_map(|pointer| evidence.pointer(pointer)).find(|found| !found.is_null())?;
    let what = first_of(process, &["/cmd_line", "/name", "/file/path", "/path", "/uid"]).or_else(|| scalar(process))?;
    let who = first_of(process, &["/user/name", "/user/uid"]).or_else(|| user(evidence));
    Some(who.map_or_else(|| format!("A process ran: {what}"), |who| format!("{who} ran {what}")))
}

/// `api.c2.example was looked up`.
fn lookup(evidence: &Value) -> Option<String> {
    let name = first_of(evidence, &["/query/hostname", "/query"])?;
    Some(format!("{name} was looked up"))
}

/// `Outbound tcp from 10.1.2.3 to 203.0.113.9 port 443`.
fn connection(evidence: &Value) -> Option<String> {
    let (from, to) = (address(evidence, "/src_endpoint"), address(evidence, "/dst_endpoint"));
    let way = joined(&[leaf(evidence, "/connection_info/direction"), leaf(evidence, "/connection_info/protocol_name")], " ");
    let way = way.unwrap_or_else(|| "Connection".to_owned());
    match (from, to) {
        (Some(from), Some(to)) => Some(format!("{way} from {from} to {to}")),
        (Some(from), None) => Some(format!("{way} from {from}")),
        (None, Some(to)) => Some(format!("{way} to {to}")),
        (None, None) => None,
    }
}

/// What is there besides: a request, a file, a user.
fn other(evidence: &Value) -> Option<String> {
    let request = joined(&[leaf(evidence, "/http_request/http_method"), request(evidence)], " ").map(|told| format!("Request {told}"));
    let file = first_of(evidence, &["/file/path", "/file/name", "/file/uid", "/file"]).map(|told| format!("File {told}"));
    request.or(file).or_else(|| user(evidence).map(|who| format!("{who} was involved")))
}

/// A request's address.
fn request(evidence: &Value) -> Option<String> {
    first_of(evidence, &["/http_request/url/url_string", "/http_request/url/path", "/http_request/url", "/url/url_string", "/url"])
}

/// Who: `svc-deploy (IAM user)`.
fn user(evidence: &Value) -> Option<String> {
    let user = ["/actor/user", "/user", "/actor"].into_iter().filter_map(|pointer| evidence.pointer(pointer)).find_map(|user| {
        let name = first_of(user, &["/name", "/uid", "/email_addr", "/uid_alt", "/invoked_by"]).or_else(|| scalar(user))?;
        Some((name, leaf(user, "/type")))
    });
    let (name, kind) = user.or_else(|| Some((leaf(evidence, "/actor/invoked_by")?, None)))?;
    let kind = kind.and_then(|kind| match kind.as_str() {
        "IAMUser" => Some("IAM user".to_owned()),
        "AssumedRole" => Some("assumed role".to_owned()),
        "FederatedUser" => Some("federated user".to_owned()),
        "AWSService" => Some("AWS service".to_owned()),
        "AWSAccount" => Some("AWS account".to_owned()),
        "Unknown" => None,
        _ if kind.eq_ignore_ascii_case(&name) => None,
        _ => Some(kind),
    });
    Some(kind.map_or_else(|| name.clone(), |kind| format!("{name} ({kind})")))
}

/// `203.0.113.9 port 443`.
fn address(evidence: &Value, pointer: &str) -> Option<String> {
    let endpoint = evidence.pointer(pointer)?;
    let host =
        first_of(endpoint, &["/ip", "/hostname", "/domain", "/name", "/instance_uid", "/uid", "/svc_name"]).or_else(|| scalar(endpoint));
    let port = leaf(endpoint, "/port").map(|port| format!("port {port}"));
    joined(&[host, port], " ")
}

/// Where an endpoint is in the world: `Falkenstein, DE · AS64500 Nightjar Relay Association`.
pub(super) fn place(evidence: &Value, pointer: &str) -> Option<String> {
    let endpoint = evidence.pointer(pointer)?;
    let parts = ["/location/city", "/location/region", "/location/country"].map(|part| leaf(endpoint, part));
    let number = leaf(endpoint, "/autonomous_system/number").map(|number| format!("AS{}", number.trim_start_matches("AS")));
    let network = joined(&[number, leaf(endpoint, "/autonomous_system/name")], " ");
    joined(&[joined(&parts, ", ").or_else(|| leaf(endpoint, "/location/desc")), network], " · ")
}

/// Everything known of an endpoint.
fn endpoint(evidence: &Value, pointer: &str) -> Option<String> {
    let at = evidence.pointer(pointer)?;
    let address = address(evidence, pointer);
    let new = |part: &str| leaf(at, part).filter(|part| address.as_ref().is_none_or(|told| !told.contains(part.as_str())));
    let names = [new("/hostname"), new("/domain"), new("/name"), new("/svc_name"), new("/instance_uid"), new("/vpc_uid")];
    let proxy = leaf(at, "/proxy_endpoint/ip").map(|ip| format!("through {ip}"));
    joined(&[address.clone(), place(evidence, pointer), joined(&names, " · "), proxy], " · ")
}

/// What is known of the evidence, by label.
pub(super) fn known(evidence: &Value) -> Vec<(&'static str, String)> {
    let mut known = Vec::new();
    let mut add = |label, value: Option<String>| {
        // A process often stands there twice, the second time with less.
        let is_told =
            |value: &String| known.iter().any(|(told, known): &(&str, String)| *told == label && known.starts_with(value.as_str()));
        known.extend(value.filter(|value| !is_told(value)).map(|value| (label, value)));
    };
    add("from", endpoint(evidence, "/src_endpoint"));
    add("to", endpoint(evidence, "/dst_endpoint"));
    let blocked = flag(evidence, "/data/blocked").map(|blocked| if blocked { "blocked" } else { "not blocked" }.to_owned());
    let way =
        ["/connection_info/direction", "/connection_info/protocol_name", "/connection_info/boundary"].map(|part| leaf(evidence, part));
    add("connection", joined(&[joined(&way, " "), blocked, leaf(evidence, "/verdict")], ", "));
    for actor in ["/actor/user", "/user"] {
        let at = |part: &str| leaf(evidence, &format!("{actor}{part}"));
        add("access key", at("/credential_uid"));
        let uid = at("/uid").filter(|uid| at("/name").as_ref().is_some_and(|name| name != uid));
        add("user", joined(&[uid, at("/uid_alt"), at("/account/uid").map(|account| format!("account {account}"))], " · "));
    }
    let mfa =
        flag(evidence, "/actor/session/is_mfa").map(|mfa| if mfa { "with a second factor" } else { "without a second factor" }.to_owned());
    add("session", joined(&[mfa, first_of(evidence, &["/actor/session/issuer", "/actor/session/uid"])], " · "));
    add("client", leaf(evidence, "/http_request/user_agent"));
    add("request", joined(&[leaf(evidence, "/http_request/http_method"), request(evidence)], " "));
    let message = joined(&[leaf(evidence, "/api/response/message"), leaf(evidence, "/api/response/error_message")], " · ");
    add("answer", message);
    for pointer in ["/actor/process", "/process"] {
        if let Some(process) = evidence.pointer(pointer) {
            add("process", identity(process));
            add("command", leaf(process, "/cmd_line"));
            add("directory", leaf(process, "/working_directory"));
            add("executable", first_of(process, &["/file/path", "/path"]));
            add("started by", ancestry(process));
            add("hash", hashes(process, "/file/hashes"));
        }
    }
    let kind = leaf(evidence, "/query/type").map(|kind| format!("({kind})"));
    add("asked for", joined(&[first_of(evidence, &["/query/hostname", "/query"]), kind], " "));
    let size = integer(evidence, "/file/size").and_then(size);
    add("file", joined(&[first_of(evidence, &["/file/path", "/file/name", "/file/uid", "/file"]), size], ", "));
    add("hash", hashes(evidence, "/file/hashes"));
    add("device", joined(&[first_of(evidence, &["/device/hostname", "/device/name", "/device/uid"]), leaf(evidence, "/device/ip")], " · "));
    add(
        "container",
        joined(&[leaf(evidence, "/container/name"), first_of(evidence, &["/container/image/name", "/container/image/uid"])], " · "),
    );
    known
}

/// `agent, pid 22158, as node (1000)`.
fn identity(process: &Value) -> Option<String> {
    let user = joined(&[leaf(process, "/user/name"), leaf(process, "/user/uid").map(|uid| format!("({uid})"))], " ");
    let parts = [leaf(process, "/name"), leaf(process, "/pid").map(|pid| format!("pid {pid}")), user.map(|user| format!("as {user}"))];
    joined(&parts, ", ")
}

/// The process's ancestors, the nearest first: `node (22151) ← containerd-shim (22144)`.
fn ancestry(process: &Value) -> Option<String> {
    let one = |ancestor: &Value| {
        let pid = leaf(ancestor, "/pid").map(|pid| format!("({pid})"));
        joined(&[first_of(ancestor, &["/cmd_line", "/name", "/path", "/file/path"]).or_else(|| word(ancestor)), pid], " ")
    };
    let mut ancestors: Vec<String> =
        entries(process, "/ancestry").into_iter().chain(entries(process, "/lineage")).filter_map(one).collect();
    if ancestors.is_empty() {
        ancestors.extend(process.get("parent_process").and_then(one));
    }
    listed(&ancestors, MAX_ANCESTRY, " ← ")
}

/// `0b06… (SHA-256)`, whole, so that it can be searched for elsewhere.
pub(super) fn hashes(value: &Value, pointer: &str) -> Option<String> {
    let hashes: Vec<String> = entries(value, pointer)
        .into_iter()
        .filter_map(|hash| {
            joined(&[leaf(hash, "/value").or_else(|| scalar(hash)), leaf(hash, "/algorithm").map(|name| format!("({name})"))], " ")
        })
        .collect();
    listed(&hashes, 3, ", ")
}

/// Bytes in a unit that reads well: `13.6 MB`.
pub(super) fn size(bytes: i64) -> Option<String> {
    let bytes = u64::try_from(bytes).ok()?;
    let units = [("TB", 1_000_000_000_000_u64), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    let told = units.into_iter().find(|(_, unit)| bytes >= *unit).map(|(name, unit)| {
        let tenths = bytes / (unit / 10);
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    });
    Some(told.unwrap_or_else(|| format!("{} bytes", grouped(bytes as usize))))
}

/// Whether an object has anything that evidence is made of.
pub(super) fn is_telling(evidence: &Value) -> bool {
    TELLING.iter().any(|member| is_there(evidence, &format!("/{member}"))) || scalar(evidence).is_some()
}

/// Resources and urls that a piece of evidence names without saying what happened.
pub(super) fn names(evidence: &Value) -> Option<String> {
    let named = [words(evidence, "/resources"), words(evidence, "/url"), words(evidence, "/name")].concat();
    listed(&named, 3, ", ")
}

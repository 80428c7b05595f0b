//! The server as a server: where it listens, what it says to strangers, how it stops.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::client::{Ending, call, exchange, get_findings, receive, send};
use super::{emulator, settings};
use crate::emulator::{Answered, Emulator, EmulatorError, Operation, Settings};

#[tokio::test]
async fn addresses_beyond_this_machine_are_refused() {
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
        let address: IpAddr = address.parse().unwrap();
        let refused = Emulator::start(Settings { address, ..Settings::default() }).await.unwrap_err();
        assert!(matches!(refused, EmulatorError::NotLoopback { .. }), "{refused}");
        assert!(refused.to_string().contains("use 127.0.0.1"), "{refused}");
    }
}

#[tokio::test]
async fn both_loopback_addresses_serve() {
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        let emulator = match Emulator::start(Settings { address, ..settings(1) }).await {
            Ok(emulator) => emulator,
            // Some machines have no IPv6 at all.
            Err(EmulatorError::Listen { .. }) if address.is_ipv6() => continue,
            Err(other) => panic!("{other}"),
        };
        assert!(emulator.url().starts_with(if address.is_ipv6() { "http://[::1]:" } else { "http://127.0.0.1:" }));
        assert_eq!(get_findings(&emulator, &json!({})).await.status, 200);
    }
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let first = emulator(0).await;
    let refused = Emulator::start(Settings { port: first.address().port(), ..Settings::default() }).await.unwrap_err();
    assert!(refused.to_string().contains("choose another port"), "{refused}");
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let emulator = emulator(3).await;
    let mut stream = TcpStream::connect(emulator.address()).await.unwrap();
    for _ in 0..3 {
        send(&mut stream, "POST", "/findingsv2", &[], "{}").await;
        assert_eq!(receive(&mut stream).await.answer().json()["Findings"].as_array().unwrap().len(), 3);
    }
    assert_eq!(emulator.calls().len(), 3);
    assert_eq!(emulator.call_count(Operation::GetFindingsV2), 3);
    assert_eq!(emulator.call_count(Operation::BatchUpdateFindingsV2), 0);
}

#[tokio::test]
async fn strange_requests_get_the_service_s_errors() {
    let emulator = emulator(0).await;
    for (method, path) in [("GET", "/findingsv2"), ("POST", "/findings"), ("DELETE", "/hubv2"), ("PUT", "/")] {
        let answer = call(&emulator, method, path, &Value::Null).await.answer();
        assert_eq!((answer.status, answer.code().as_str()), (404, "UnknownOperationException"), "{method} {path}");
    }
    let answer = exchange(emulator.address(), "POST", "/findingsv2", &[], "{\"MaxResults\":").await.answer();
    assert_eq!((answer.status, answer.code().as_str()), (400, "SerializationException"));
    assert_eq!(emulator.calls().last().unwrap().operation, Operation::GetFindingsV2);
}

#[tokio::test]
async fn request_ids_are_repeatable_and_differ() {
    let ids = async |seed| {
        let emulator = Emulator::start(Settings { seed, ..settings(1) }).await.unwrap();
        let mut ids = Vec::new();
        for body in [json!({}), json!({ "MaxResults": 0 })] {
            ids.push(get_findings(&emulator, &body).await.header("x-amzn-requestid").unwrap().to_owned());
        }
        ids
    };
    let one = ids(1).await;
    assert_eq!(one, ids(1).await);
    assert_ne!(one, ids(2).await);
    assert_ne!(one[0], one[1]);
    assert_eq!(one[0].split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "they look like the service's");
}

#[tokio::test]
async fn calls_are_recorded_with_what_their_headers_say() {
    let emulator = emulator(1).await;
    let headers = [
        ("user-agent", "hubtriage/0.1"),
        ("x-amz-security-token", "session"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-west-1/securityhub/aws4_request, SignedHeaders=host, Signature=0",
        ),
    ];
    exchange(emulator.address(), "POST", "/findingsv2", &headers, r#"{"MaxResults":5}"#).await.answer();
    let calls = emulator.calls();
    let [recorded] = calls.as_slice() else { panic!("one call was made: {calls:?}") };
    assert_eq!((recorded.sequence, recorded.operation, recorded.target.as_str()), (1, Operation::GetFindingsV2, "/findingsv2"));
    assert_eq!(recorded.body, json!({ "MaxResults": 5 }));
    assert_eq!(recorded.facts.user_agent.as_deref(), Some("hubtriage/0.1"));
    assert_eq!(recorded.facts.access_key.as_deref(), Some("AKIDEXAMPLE"));
    assert_eq!(recorded.facts.authorization_scope.as_deref(), Some("20261124/eu-west-1/securityhub/aws4_request"));
    assert_eq!(recorded.facts.session_token.as_deref(), Some("session"));
    assert_eq!(recorded.answered, Answered::Status(200));
    assert!(recorded.ended.unwrap() >= recorded.started);
}

#[tokio::test]
async fn a_stopped_emulator_takes_no_calls() {
    let emulator = emulator(1).await;
    let address = emulator.address();
    let mut idle = TcpStream::connect(address).await.unwrap();
    send(&mut idle, "GET", "/hubv2", &[], "").await;
    receive(&mut idle).await.answer();
    emulator.stop().await;
    assert!(TcpStream::connect(address).await.is_err(), "nothing listens");
    assert!(matches!(receive(&mut idle).await, Ending::Cut), "idle connections are closed");
}

#[tokio::test]
async fn a_dropped_emulator_takes_no_calls() {
    let emulator = emulator(1).await;
    let address = emulator.address();
    drop(emulator);
    super::eventually("the end of listening", || std::net::TcpStream::connect(address).is_err()).await;
}

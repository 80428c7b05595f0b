//! The smallest HTTP client that shows every byte of an answer, and how a connection ended.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::emulator::Emulator;

/// An answer whose body came whole.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the answer is JSON")
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The error code, after a look at the places where clients find it.
    pub(super) fn code(&self) -> String {
        let body = self.json();
        let code = body["Code"].as_str().expect("an error has a code");
        assert_eq!(self.header("x-amzn-errortype"), Some(code));
        assert!(body["Message"].as_str().is_some_and(|message| !message.is_empty()), "an error has a message");
        code.to_owned()
    }

    pub(super) fn message(&self) -> String {
        self.json()["Message"].as_str().expect("an error has a message").to_owned()
    }
}

/// How the exchange ended.
#[derive(Debug, Clone)]
pub(super) enum Ending {
    Answered(Answer),
    /// The connection ended before any byte of an answer.
    Cut,
    /// The connection ended in the middle of the body.
    CutBody(Answer),
}

impl Ending {
    pub(super) fn answer(self) -> Answer {
        match self {
            Self::Answered(answer) => answer,
            other => panic!("no whole answer came: {other:?}"),
        }
    }
}

/// Sends one request on a connection of its own.
pub(super) async fn exchange(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Ending {
    let mut stream = TcpStream::connect(address).await.unwrap();
    send(&mut stream, method, path, headers, body).await;
    receive(&mut stream).await
}

pub(super) async fn send(stream: &mut TcpStream, method: &str, path: &str, headers: &[(&str, &str)], body: &str) {
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: emulator\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request.extend([name, ": ", value, "\r\n"]);
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads one answer and leaves the connection open.
pub(super) async fn receive(stream: &mut TcpStream) -> Ending {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if read(stream, &mut bytes).await == 0 {
            assert!(bytes.is_empty(), "the connection ended within the head of an answer");
            return Ending::Cut;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers: Vec<(String, String)> =
        lines.map(|line| line.split_once(':').unwrap()).map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let mut answer = Answer { status, headers, body: bytes[head + 4..].to_vec() };
    let length: usize = answer.header("content-length").expect("every answer says its length").parse().unwrap();
    while answer.body.len() < length {
        if read(stream, &mut answer.body).await == 0 {
            return Ending::CutBody(answer);
        }
    }
    Ending::Answered(answer)
}

/// Reads some bytes; a reset connection has ended like a closed one.
async fn read(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> usize {
    stream.read_buf(bytes).await.unwrap_or(0)
}

pub(super) async fn call(emulator: &Emulator, method: &str, path: &str, body: &Value) -> Ending {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    exchange(emulator.address(), method, path, &[("content-type", "application/json")], &body).await
}

pub(super) async fn get_findings(emulator: &Emulator, body: &Value) -> Answer {
    call(emulator, "POST", "/findingsv2", body).await.answer()
}

pub(super) async fn update(emulator: &Emulator, body: &Value) -> Answer {
    call(emulator, "PATCH", "/findingsv2/batchupdatev2", body).await.answer()
}

pub(super) async fn statistics(emulator: &Emulator, body: &Value) -> Answer {
    call(emulator, "POST", "/findingsv2/statistics", body).await.answer()
}

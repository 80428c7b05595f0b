//! An answer on its way out: status, headers and body, and the ways in which a fault spoils a body.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;

use super::failure::Failure;

/// An answer that can still be changed.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    error: Option<&'static str>,
    body: String,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    Cut,
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        let body = json!({ "Message": failure.message, "Code": failure.code }).to_string();
        Self { status: failure.status, error: Some(failure.code), ..Self::json(body) }
    }
}

impl Reply {
    pub(super) fn json(body: String) -> Self {
        Self { status: StatusCode::OK, content_type: "application/json", error: None, body, ending: Ending::Whole }
    }

    pub(super) fn xml(body: String) -> Self {
        Self { content_type: "text/xml", ..Self::json(body) }
    }

    /// What a load balancer in front of a service says: no JSON, no error type.
    pub(super) fn unavailable() -> Self {
        let body = "<html><body><h1>503 Service Unavailable</h1></body></html>".to_owned();
        Self { status: StatusCode::SERVICE_UNAVAILABLE, content_type: "text/html", ..Self::json(body) }
    }

    /// Makes the body something that is not JSON.
    pub(super) fn malform(&mut self) {
        self.body.insert_str(0, "{\"Findings\":[{]");
    }

    /// Gives the first finding a member that no Unicode text can hold.
    pub(super) fn put_lone_surrogate(&mut self) {
        const LIST: &str = r#"{"Findings":[{"#;
        if let Some(rest) = self.body.strip_prefix(LIST) {
            self.body = format!(r#"{LIST}"unmapped":"\ud800",{rest}"#);
        }
    }

    /// Lists every finding of the page twice.
    pub(super) fn repeat_findings(&mut self) {
        if let Ok(mut page) = serde_json::from_str::<serde_json::Value>(&self.body)
            && let Some(findings) = page.get_mut("Findings").and_then(serde_json::Value::as_array_mut)
        {
            findings.extend_from_within(..);
            self.body = page.to_string();
        }
    }

    /// Announces the whole body and sends half of it.
    pub(super) fn cut_body(&mut self) {
        self.ending = Ending::Cut;
    }

    pub(super) fn into_response(self, request_id: &str) -> Response<ReplyBody> {
        let length = self.body.len();
        let mut bytes = Bytes::from(self.body);
        if self.ending == Ending::Cut {
            bytes.truncate(length / 2);
        }
        let rest = match self.ending {
            Ending::Whole => Rest::Whole(bytes),
            Ending::Cut => Rest::Half(bytes),
        };
        let mut response = Response::new(ReplyBody { rest });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(code) = self.error {
            headers.insert(HeaderName::from_static("x-amzn-errortype"), HeaderValue::from_static(code));
        }
        // A request id is hexadecimal digits and dashes.
        if let Ok(id) = HeaderValue::from_str(request_id) {
            headers.insert(HeaderName::from_static("x-amzn-requestid"), id);
        }
        response
    }
}

/// A body in one piece, or half of one followed by a cut connection.
#[derive(Debug)]
pub(super) struct ReplyBody {
    rest: Rest,
}

/// What of a body is still to come.
#[derive(Debug)]
enum Rest {
    Whole(Bytes),
    Half(Bytes),
    /// The half is handed over, but may not have left yet: an error now would throw it away.
    Flush,
    Cut,
    Nothing,
}

/// The rest of the body does not come.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut on purpose")]
pub(super) struct CutBody;

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = CutBody;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutBody>>> {
        match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            Rest::Half(bytes) => {
                self.rest = Rest::Flush;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Rest::Flush => {
                self.rest = Rest::Cut;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Rest::Cut => Poll::Ready(Some(Err(CutBody))),
            Rest::Nothing => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.rest, Rest::Nothing)
    }

    fn size_hint(&self) -> SizeHint {
        // The length is announced by a header, which a cut body does not keep.
        SizeHint::default()
    }
}

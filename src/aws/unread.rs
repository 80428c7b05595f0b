//! The answer of `GetFindingsV2` left unread by the SDK, whose own reading of a page takes longer than all that is done with it here.
//!
//! Owns what the SDK gets in its place. Must not read a body that is no error.

use aws_sdk_securityhub::operation::get_findings_v2::{GetFindingsV2, GetFindingsV2Output};
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, Output},
    orchestrator::{HttpResponse, OrchestratorError},
    runtime_plugin::RuntimePlugin,
    ser_de::{DeserializeResponse, SharedResponseDeserializer},
};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};

/// Takes every page as an empty one; errors are read as the SDK reads them.
#[derive(Debug)]
pub(super) struct UnreadPage {
    /// The operation's own settings, its reader of answers among them.
    operation: Option<FrozenLayer>,
}

impl UnreadPage {
    /// For one call.
    pub(super) fn reader() -> SharedResponseDeserializer {
        SharedResponseDeserializer::new(Self { operation: GetFindingsV2::new().config() })
    }
}

impl DeserializeResponse for UnreadPage {
    fn deserialize_nonstreaming_with_config(&self, response: &HttpResponse, cfg: &ConfigBag) -> Result<Output, OrchestratorError<Error>> {
        if response.status().is_success() {
            return Ok(Output::erase(GetFindingsV2Output::builder().build()));
        }
        match self.operation.as_ref().and_then(|operation| operation.load::<SharedResponseDeserializer>()) {
            Some(own) => own.deserialize_nonstreaming_with_config(response, cfg),
            None => Err(OrchestratorError::other("the SDK has no reader for this answer")),
        }
    }
}

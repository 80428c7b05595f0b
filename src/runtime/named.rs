//! Reading named findings: one question, all its pages.

use crate::{
    domain::{failure::CallError, finding::Finding, identity::Identity, query::Query},
    findings::archive::SealedPage,
    hub::{PageRequest, ReadFindings},
};

/// Reads named findings, following pages; what was not asked for is left out.
pub async fn read_named(reader: &dyn ReadFindings, identities: &[Identity]) -> Result<SealedPage, CallError> {
    let mut documents = Vec::new();
    let mut token = None;
    loop {
        let request = PageRequest { query: Query::Findings(identities.to_vec()), sort: Vec::new(), token: token.take() };
        let page = reader.page(request).await?;
        documents.extend(page.findings.into_iter().filter(|document| identities.contains(&Finding::parse(document).identity)));
        token = page.next;
        if token.is_none() {
            break;
        }
    }
    Ok(SealedPage::seal(&documents))
}

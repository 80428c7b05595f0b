//! Reading named findings: one question, all its pages.

use crate::{
    domain::{
        failure::CallError,
        finding::Finding,
        identity::Identity,
        query::{Query, matching::Matcher},
        time::Millis,
    },
    findings::archive::SealedPage,
    hub::{PageRequest, ReadFindings},
};

/// Reads named findings, and finds out which of them are not what a query asks for.
pub async fn read_named_of(
    reader: &dyn ReadFindings,
    identities: &[Identity],
    query: Option<&Query>,
    now: Millis,
) -> Result<SealedPage, CallError> {
    let documents = documents(reader, identities).await?;
    let mut page = SealedPage::seal(&documents);
    if let Some(matcher) = query.map(Matcher::new) {
        let read = page.findings.iter().zip(&documents).enumerate();
        page.outside = read.filter(|(_, (finding, document))| !matcher.admits(finding, document, now)).map(|(at, _)| at).collect();
    }
    Ok(page)
}

/// Reads named findings, following pages; what was not asked for is left out.
pub async fn read_named(reader: &dyn ReadFindings, identities: &[Identity]) -> Result<SealedPage, CallError> {
    Ok(SealedPage::seal(&documents(reader, identities).await?))
}

async fn documents(reader: &dyn ReadFindings, identities: &[Identity]) -> Result<Vec<String>, CallError> {
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
    Ok(documents)
}

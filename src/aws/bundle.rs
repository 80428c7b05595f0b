//! The certificate authorities of `AWS_CA_BUNDLE` or `ca_bundle`.
//!
//! Owns reading and checking the file: the SDK's HTTP client panics on a certificate it cannot read, so it gets checked ones only.

use std::path::Path;

use aws_smithy_http_client::tls::TrustStore;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Why a bundle cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum BundleError {
    /// The file cannot be read.
    #[error("the certificate bundle {path} cannot be read: {source}; correct AWS_CA_BUNDLE or ca_bundle")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A certificate in it is broken.
    #[error("certificate {number} of the bundle {path} cannot be used: {reason}; correct AWS_CA_BUNDLE or ca_bundle")]
    Broken {
        /// Which file.
        path: String,
        /// Which one, from 1.
        number: usize,
        /// Why.
        reason: String,
    },
    /// There is none.
    #[error("the bundle {0} holds no PEM certificate; correct AWS_CA_BUNDLE or ca_bundle")]
    Empty(String),
}

/// Reads a bundle of PEM certificates. They replace the system's, as in the AWS CLI.
pub(super) fn trust_store(path: &Path) -> Result<TrustStore, BundleError> {
    let shown = || path.display().to_string();
    let pem = std::fs::read(path).map_err(|source| BundleError::Unreadable { path: shown(), source })?;
    check(&pem, &shown())?;
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// Does with every certificate what the HTTP client will do.
fn check(pem: &[u8], path: &str) -> Result<(), BundleError> {
    let mut roots = RootCertStore::empty();
    for (at, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let broken = |reason: String| BundleError::Broken { path: path.to_owned(), number: at + 1, reason };
        let certificate = certificate.map_err(|error| broken(error.to_string()))?;
        roots.add(certificate).map_err(|error| broken(error.to_string()))?;
    }
    if roots.is_empty() { Err(BundleError::Empty(path.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An authority made for this test; nobody holds its key.
    const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBiDCCAS+gAwIBAgIUE17/GdsCnRclq4pGzaYuzQrgDXswCgYIKoZIzj0EAwIw\n\
GTEXMBUGA1UEAwwOaHVidHJpYWdlLXRlc3QwIBcNMjYxMTI0MjI1MDEyWhgPMjEy\n\
NjEwMzEyMjUwMTJaMBkxFzAVBgNVBAMMDmh1YnRyaWFnZS10ZXN0MFkwEwYHKoZI\n\
zj0CAQYIKoZIzj0DAQcDQgAEyPZ7UnyPcn7UAgX5yA2+tHWbNwQxYyqbvzDCvdQK\n\
GCawZCl365ZI1eoqB6hpKgRhBZtzXoKe/xqutC/KrQdKZaNTMFEwHQYDVR0OBBYE\n\
FDpcK78bsCbNuskoKoaPx11eq9phMB8GA1UdIwQYMBaAFDpcK78bsCbNuskoKoaP\n\
x11eq9phMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgOncP3/hp\n\
Mxt/RAgI5sFumBJ27N8DPGQDXMOCV6C6np4CIClmVEhZlWh795v4zPQ96FcBOJUh\n\
aqljCHiMcRO63hWi\n\
-----END CERTIFICATE-----\n";

    #[test]
    fn a_bundle_may_hold_several_certificates_and_remarks() {
        let bundle = format!("# first\n{AUTHORITY}\n# second\n{AUTHORITY}");
        assert!(check(bundle.as_bytes(), "ca.pem").is_ok());
        let spoiled = bundle.replacen("MII", "MIX", 1);
        assert!(check(spoiled.as_bytes(), "ca.pem").is_err());
    }

    #[test]
    fn a_bundle_that_the_http_client_would_panic_on_is_refused_with_the_reason() {
        for (pem, reason) in [
            ("", "holds no PEM certificate"),
            ("not a certificate\n", "holds no PEM certificate"),
            ("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "certificate 1"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate 1"),
        ] {
            let error = check(pem.as_bytes(), "ca.pem").map_err(|error| error.to_string());
            assert!(error.as_ref().is_err_and(|text| text.contains(reason) && text.contains("AWS_CA_BUNDLE")), "{pem:?}: {error:?}");
        }
        let missing = trust_store(Path::new("/nonexistent/ca.pem")).map(|_| ()).map_err(|error| error.to_string());
        assert!(missing.is_err_and(|text| text.contains("/nonexistent/ca.pem")));
    }
}

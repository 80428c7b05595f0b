//! Nothing that the program writes holds credentials: journal, session, log, plan, and what it prints.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use hubtriage::emulator::{CallError, CallFault, Calls, Emulator, FaultPlan, Operation, Settings, Trouble};
use proptest::prelude::*;

use crate::support::finding::findings;

/// Every file under a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] }).collect()
}

fn holds(text: &[u8], secret: &str) -> bool {
    text.windows(secret.len()).any(|window| window == secret.as_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 0, ..ProptestConfig::default() })]
    #[test]
    fn no_file_and_no_line_of_output_holds_a_credential(
        key in "AKIA[A-Z0-9]{16}", secret in "[A-Za-z0-9/+]{40}", token in "[A-Za-z0-9/+=]{120,200}", other in "[a-z0-9]{30}",
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        // A service that answers with the whole canonical request, as it does to a signature that does not match.
        let message = format!("The Canonical String should have been 'PATCH\n/findingsv2\n\nx-amz-security-token:{token}\n' Credential={key}/x");
        let refused = |first, last, error: CallError| CallFault {
            operation: Some(Operation::BatchUpdateFindingsV2),
            calls: Calls::Range { first, last },
            trouble: Trouble::Fail { error, message: Some(message.clone()) },
        };
        let faults = FaultPlan { calls: vec![refused(1, 1, CallError::Internal), refused(3, 9, CallError::AccessDenied(None))], ..FaultPlan::default() };
        let settings = Settings { findings: findings(250), faults, ..Settings::default() };
        let emulator = runtime.block_on(Emulator::start(settings)).expect("the emulator starts");
        let home = tempfile::tempdir().expect("a home");
        let run = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_hubtriage"));
            command.args(arguments).args(["--endpoint-url", &emulator.url(), "--region", "eu-west-1"]).env_clear();
            command.env("HOME", home.path()).env("AWS_ENDPOINT_URL_STS", emulator.url()).env("AWS_EC2_METADATA_DISABLED", "true");
            command.env("AWS_ACCESS_KEY_ID", &key).env("AWS_SECRET_ACCESS_KEY", &secret).env("AWS_SESSION_TOKEN", &token);
            command.env("GITHUB_TOKEN", &other).env("HUBTRIAGE_LOG", "trace").env("USER", "ann");
            command.current_dir(home.path()).stdin(Stdio::null()).output().expect("the program runs")
        };
        let outputs = [
            run(&["list", "-q", "everything"]),
            run(&["plan", "-q", "everything", "--status", "suppressed", "--out", "plan.json"]),
            run(&["apply", "plan.json", "--yes"]),
        ];
        let last = outputs.last().expect("three");
        prop_assert_eq!(last.status.code(), Some(4), "the send was denied: {}", String::from_utf8_lossy(&last.stderr));
        let written = files(home.path());
        for what in ["plan.json", "journal", "log"] {
            prop_assert!(written.iter().any(|file| file.to_string_lossy().contains(what)), "no {} among {:?}", what, written);
        }
        for hidden in [&key, &secret, &token, &other] {
            for file in &written {
                prop_assert!(!holds(&std::fs::read(file).expect("a file"), hidden), "{} holds {}", file.display(), hidden);
            }
            for output in &outputs {
                prop_assert!(!holds(&output.stdout, hidden) && !holds(&output.stderr, hidden), "printed {}", hidden);
            }
        }
    }
}

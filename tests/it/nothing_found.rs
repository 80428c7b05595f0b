//! What a person sees where a query finds nothing, or is not accepted by the service.

use hubtriage::emulator::{Emulator, Operation, Settings, TextComparison};

use crate::support::{
    finding::findings,
    pty::{Pty, Start},
};

const UNPACED: &str = "[pace]\nreads = 0\nwrites = 0\n";

fn start(emulator: &Emulator, query: &str) -> Pty {
    let url = emulator.url();
    let arguments = ["--endpoint-url", &url, "--region", "eu-west-1", "-q", query];
    Pty::start(&Start { arguments: &arguments, columns: 150, rows: 30, config: Some(UNPACED), ..Start::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_finds_nothing_says_which_clause_removes_all() {
    let emulator = Emulator::start(Settings { findings: findings(12), ..Settings::default() }).await.unwrap();
    let mut pty = start(&emulator, "severity:fatal region:eu-west-1");
    pty.says(&["No findings match severity:fatal region:eu-west-1.", "`severity:fatal` removes all; without it: 12.", "f edits the query"]);
    assert_eq!(emulator.calls_of(Operation::GetFindingStatisticsV2).len(), 3, "the total, and the query without each of its clauses");

    let mut pty = start(&emulator, "account:999 control:X region:eu-west-1");
    pty.says(&["Leaving out one of its clauses is not enough.", "These find nothing even by themselves: `account:999`, `control:X`."]);

    let mut pty = start(&emulator, "resources.data.public:yes region:eu-west-1");
    pty.says(&["`resources.data.public:yes` removes all; without it: 12.", "local: resources.data.public:yes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_not_accepted_is_shown_with_its_words_the_services_and_the_clause() {
    let settings = Settings { findings: findings(3), refused_comparisons: vec![TextComparison::NotContains], ..Settings::default() };
    let emulator = Emulator::start(settings).await.unwrap();
    let mut pty = start(&emulator, "status:new !title~public");
    pty.says(&[
        "The service does not accept the query status:new !title~public.",
        "NOT_CONTAINS is not supported by this operation",
        "It is about `!title~public`",
        "f edits the query",
    ]);
}

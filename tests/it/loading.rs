//! What loading asks of the service: counted at the emulator, for whole sessions.

use hubtriage::{
    app::model::{Access, ScanState},
    domain::query::Query,
    emulator::{CallFault, Emulator, FaultPlan, Findings, HoldMoment, Operation, Settings, Trouble},
};

use crate::{support::analyst::Analyst, wire::finding};

async fn session(count: usize, faults: FaultPlan) -> Analyst {
    let findings = (0..count).map(finding).collect::<Vec<_>>();
    let settings = Settings { findings: Findings::from(findings), faults, ..Settings::default() };
    let emulator = Emulator::start(settings).await.unwrap();
    Analyst::begin(emulator, Access::ReadOnly, Query::Everything)
}

#[tokio::test]
async fn a_session_asks_for_each_page_once_and_for_three_things_beside_them() {
    let mut analyst = session(1_050, FaultPlan::default()).await;
    let is_told = |model: &hubtriage::app::model::Model| {
        model.scan.state == ScanState::Complete && model.scan.total.is_some() && model.session.hub_asked && model.session.caller_asked
    };
    analyst.until("everything is here", is_told).await;
    assert_eq!((analyst.model.store.len(), analyst.model.scan.duplicates), (1_050, 0), "every finding once");
    let counts = [
        (Operation::GetFindingsV2, 11),
        (Operation::GetFindingStatisticsV2, 1),
        (Operation::DescribeSecurityHubV2, 1),
        (Operation::GetCallerIdentity, 1),
    ];
    for (operation, count) in counts {
        assert_eq!(analyst.emulator.call_count(operation), count, "{operation:?}");
    }
    assert_eq!(analyst.emulator.calls().len(), 14, "and for nothing else");
}

#[tokio::test]
async fn pages_wait_for_nothing_else_that_is_asked_at_the_start() {
    let beside = [Operation::GetFindingStatisticsV2, Operation::DescribeSecurityHubV2, Operation::GetCallerIdentity];
    let hold = |operation| CallFault::every(operation, Trouble::Hold { name: format!("{operation:?}"), moment: HoldMoment::Before });
    let faults = FaultPlan { calls: beside.into_iter().map(hold).collect(), ..FaultPlan::default() };
    let mut analyst = session(250, faults).await;
    analyst.until("every page is here", |model| model.scan.state == ScanState::Complete).await;
    let emulator = std::sync::Arc::clone(&analyst.emulator);
    crate::wire::until(|| emulator.held().len() == beside.len()).await;
    assert_eq!(analyst.model.scan.total, None);
    assert!(!analyst.model.session.hub_asked && !analyst.model.session.caller_asked);
}

//! What a decision costs in keys: three hundred findings of the demo, every key counted from the table's first row on.

use hubtriage::{
    app::{action::Action, keymap::Context, model::RowState, overlay::Overlay},
    domain::{row::RowId, template::Variable},
};
use serde_json::Value;

use crate::support::{
    decisions::{FINDINGS, Session, TICKET},
    pty::{Pty, Start},
};

/// Most keys a finding, one by one.
const A_FINDING: usize = 3;
/// Most keys of the whole session in which findings are decided by their kind.
const BULK: usize = 120;

/// Whether every finding has staged what its recipe sets.
fn is_staged(session: &Session, decided: &[(RowId, usize)]) {
    let recipes = &session.recipes;
    assert_eq!(session.model.staging.len(), FINDINGS);
    for (row, at) in decided {
        assert_eq!(session.model.staging.get(*row), Some(&session.patch(*row, &recipes[*at])), "{} {row:?}", recipes[*at].name.as_str());
    }
    assert!(decided.windows(2).all(|pair| pair[0].1 != pair[1].1), "no two neighbours are decided alike");
    let used: std::collections::BTreeSet<usize> = decided.iter().map(|(_, at)| *at).collect();
    assert_eq!(used.len(), 6, "all six are used");
}

#[test]
fn in_flow_mode_each_finding_takes_one_key() {
    let mut session = Session::begin(80, 24);
    let decided = session.one_by_one();
    session.press("M");
    for (row, at) in &decided {
        assert_eq!(session.model.flow().and_then(|flow| flow.row), Some(*row), "after {} keys", session.keys);
        session.press(&(at + 1).to_string());
        session.answer(TICKET);
    }
    is_staged(&session, &decided);
    assert_eq!(session.model.flow().map(|flow| flow.row), Some(None), "nothing is left");
    let asked = TICKET.len() + 1;
    assert_eq!(session.keys, 1 + FINDINGS + asked, "to open it, a digit each, and the ticket once");
    assert!(session.keys <= A_FINDING * FINDINGS);
}

#[test]
fn in_the_table_each_finding_takes_three_keys() {
    let mut session = Session::begin(80, 24);
    // Asked for once a session, with the first decision that needs it.
    session.model.deciding.answers.insert(Variable::Ticket, TICKET.to_owned());
    let decided = session.one_by_one();
    let letters = session.letters();
    let open = session.model.settings.keymap.shown(Context::Table, Action::Recipe).unwrap();
    for (at, (row, recipe)) in decided.iter().enumerate() {
        let before = session.keys;
        if at > 0 {
            session.press("j");
        }
        assert_eq!(session.model.cursor.row, Some(*row));
        session.press(&open);
        session.press(&letters[*recipe]);
        assert!(session.model.overlays.is_empty() && session.keys - before <= A_FINDING);
    }
    is_staged(&session, &decided);
    assert_eq!(session.keys, A_FINDING * FINDINGS - 1, "two for each recipe, and a step to the next");
}

/// What somebody decides about a kind of finding; the name of a recipe.
fn judged(document: &Value) -> &'static str {
    let is_high = document["severity_id"].as_i64().is_some_and(|id| (4..=6).contains(&id));
    match document["metadata"]["product"]["name"].as_str().unwrap_or_default() {
        "Inspector" if is_high => "in-progress",
        "Inspector" => "downgrade-noise",
        product => by_product(product),
    }
}

/// The same for the products whose findings are all decided alike, by their name or as the table shows it.
fn by_product(product: &str) -> &'static str {
    match product {
        "Security Hub" | "CSPM" => "accept-risk",
        "GuardDuty" => "false-positive",
        "Macie" => "remediated",
        "Security Hub Exposure Detection" | "Exposure" => "in-progress",
        "Security Hub Coverage" | "Coverage" => "archive-stale",
        other => panic!("nothing is decided about {other}"),
    }
}

#[test]
fn by_their_kinds_all_of_them_are_decided_reviewed_and_sent_with_a_hundred_and_twenty_keys() {
    let mut session = Session::begin(80, 24);
    let (recipes, letters) = (session.recipes.clone(), session.letters());
    let place = |name: &str| recipes.iter().position(|recipe| recipe.name.as_str() == name).unwrap();
    let take = |session: &mut Session, name: &str| {
        session.press("a");
        session.press(&letters[place(name)]);
        session.answer(TICKET);
    };
    // Vulnerabilities by how grave they are.
    for (query, name) in [("cve:* severity>=high", "in-progress"), ("cve:* !severity>=high", "downgrade-noise")] {
        session.press("T");
        session.text(query);
        session.press("enter");
        take(&mut session, name);
        session.press("g U");
    }
    // Everything else by product.
    session.press("z g p z M g g");
    loop {
        let group = session.model.cursor.header.unwrap();
        let name = session.model.view.groups().unwrap().name(&session.model.store, group).into_owned();
        if name != "Inspector" {
            take(&mut session, by_product(&name));
        }
        let here = session.model.cursor.place;
        if here + 1 == session.model.view.line_count() {
            break;
        }
        session.press("j");
    }
    let rows: Vec<RowId> = session.model.view.rows().to_vec();
    assert_eq!((rows.len(), session.model.staging.len()), (FINDINGS, FINDINGS));
    let expected: Vec<_> = rows
        .iter()
        .map(|&row| {
            let name = judged(session.document(row));
            (row, session.patch(row, &recipes[place(name)]))
        })
        .collect();
    for (row, patch) in &expected {
        assert_eq!(session.model.staging.get(*row), Some(patch), "{}", session.document(*row));
    }
    session.press("w");
    assert!(matches!(session.model.overlays.last(), Some(Overlay::Review(_))));
    session.press("y");
    session.answer(&FINDINGS.to_string());
    for (row, patch) in &expected {
        assert!(matches!(session.model.outcomes.get(*row), Some(RowState::Processed)), "{:?}", session.model.outcomes.get(*row));
        let now = session.model.store.values(*row);
        assert_eq!(now, now.clone().after(patch));
    }
    assert!(session.model.staging.is_empty());
    assert!(session.keys <= BULK, "{} keys", session.keys);
}

#[test]
fn in_the_demo_findings_are_decided_in_flow_mode_gone_back_to_undone_and_reviewed() {
    let mut pty = Pty::start(&Start { arguments: &["demo"], columns: 80, rows: 24, ..Start::default() });
    pty.shows("complete");
    let stands = |pty: &mut Pty, place: usize, texts: &[&str]| {
        let place = format!("{place} of ");
        pty.until(&format!("it begins with {place:?}"), |pty| pty.flat().starts_with(&place));
        pty.says(texts);
    };
    pty.send("M");
    stands(&mut pty, 1, &["accept-risk", "n skip"]);
    pty.send("s3");
    stands(&mut pty, 2, &["staged Suppressed on 1 finding", "● 1 staged"]);
    pty.send("6");
    stands(&mut pty, 3, &["staged archive-stale on 1 finding", "● 2 staged"]);
    pty.send("s2");
    stands(&mut pty, 4, &["staged In Progress on 1 finding", "● 3 staged"]);
    pty.send("\x0f");
    stands(&mut pty, 3, &["→ In Progress"]);
    pty.send("u");
    stands(&mut pty, 3, &["● 2 staged", "undone"]);
    pty.send("w");
    pty.says(&["Review", "Enter does not"]);
    pty.send("\x1b");
    stands(&mut pty, 3, &["undecided"]);
    pty.send("q");
    pty.shows("complete");
    assert!(pty.text().contains("● 2"), "{}", pty.text());
    pty.send("qy");
    assert_eq!(pty.ends(), 0);
}

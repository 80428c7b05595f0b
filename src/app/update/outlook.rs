//! What staging a recipe would come to: found out each time the picker's cursor moves, so its cost is bounded. Rows are sorted into kinds
//! that get the same patch, and only so many patches are made.

use std::collections::HashMap;

use super::{
    deciding::Outcome,
    making::{Ingredients, Making},
    rails::{self, Verdict},
    recipes,
};
use crate::{
    app::{forecast::Certainty, model::Model, recipes::Outlook},
    domain::{
        batch::MAX_ROWS, comment::Comment, decision::Left, patch::Patch, recipe::Recipe, row::RowId, severity::SeverityId,
        status::StatusId, template::Variable, text,
    },
    findings::chunk::{NO_ID, Row},
};

/// Most patches that are made. Rows of further kinds are taken to get a comment like the first.
const MOST_MADE: usize = 2_000;

/// Rows that get the same patch.
struct Kind {
    patch: Made,
    /// The comment as it is shown; `None` where there is none, or where it was not made.
    shown: Option<String>,
}

/// The patch of a kind.
enum Made {
    /// It was made, or it cannot be.
    Itself(Result<Patch, Left>),
    /// It was not, and is taken to be like the first.
    Like,
}

/// The kinds of rows.
struct Kinds<'a> {
    making: Making<'a>,
    places: HashMap<Ingredients<'a>, usize>,
    /// Different ingredients can make the same patch.
    same: HashMap<Patch, usize>,
    all: Vec<Kind>,
    /// What stands for patches that are not made.
    like: Option<Patch>,
    certainty: Certainty,
}

impl<'a> Kinds<'a> {
    /// The kind of a row.
    fn of(&mut self, row: RowId, values: &Row) -> usize {
        let ingredients = self.making.ingredients(row, values);
        if let Some(&place) = self.places.get(&ingredients) {
            return place;
        }
        let place = self.add(&ingredients);
        self.places.insert(ingredients, place);
        place
    }

    fn add(&mut self, ingredients: &Ingredients<'a>) -> usize {
        let place = self.all.len();
        if place >= MOST_MADE && self.like.is_some() {
            self.certainty = Certainty::Rough;
            let patch = self.making.missing(ingredients).map_or(Made::Like, |variable| Made::Itself(Err(Left::Without(variable))));
            self.all.push(Kind { patch, shown: None });
            return place;
        }
        let patch = self.making.make(ingredients);
        if let Ok(patch) = &patch {
            self.like.get_or_insert_with(|| patch.clone());
            if let Some(&same) = self.same.get(patch) {
                return same;
            }
            self.same.insert(patch.clone(), place);
        }
        let comment = patch.as_ref().ok().and_then(|patch| patch.comment.as_ref());
        let shown = comment.map(|comment| text::clean(comment.as_str()).trim().to_owned());
        self.all.push(Kind { patch: Made::Itself(patch), shown });
        place
    }
}

/// What is sent to a row beside its own patch: what is staged there and stays.
type Beside<'a> = (Option<StatusId>, Option<SeverityId>, Option<&'a Comment>);

/// What staging a recipe on rows would come to. Costs a pass over them.
pub(super) fn of(model: &Model, rows: &[RowId], recipe: &Recipe) -> Outlook {
    // What is not answered yet stands for itself.
    let session = |variable: Variable| model.session_variable(variable).or_else(|| Some(format!("{{{}}}", variable.name())));
    let mut kinds = Kinds {
        making: Making::new(model, &recipe.decision, session),
        places: HashMap::new(),
        same: HashMap::new(),
        all: Vec::new(),
        like: None,
        certainty: Certainty::Exact,
    };
    let mut outcome = Outcome::default();
    let mut placed: Vec<(RowId, usize)> = Vec::with_capacity(rows.len());
    for &row in rows {
        let Some(values) = model.store.row(row).filter(|_| model.store.is_addressable(row)) else {
            outcome.deaf += 1;
            continue;
        };
        let place = kinds.of(row, &values);
        let patch = match kinds.all.get(place).map(|kind| &kind.patch) {
            Some(Made::Itself(Ok(patch))) => patch.clone(),
            Some(Made::Itself(Err(left))) => {
                *outcome.left.entry(left.clone()).or_insert(0) += 1;
                continue;
            }
            Some(Made::Like) => kinds.like.clone().unwrap_or_default(),
            None => continue,
        };
        outcome.patches.push((row, patch));
        placed.push((row, place));
    }
    let mut outlook = Outlook { answers: answers(model, recipe), certainty: kinds.certainty, ..Outlook::default() };
    if let Err(why) = recipes::hold(model, recipe.rails, &recipe.name, &mut outcome) {
        outlook.refused = Some(why);
    } else {
        match rails::check(model, &mut outcome) {
            Verdict::Stands(railed) => outlook.left.extend(railed.map(|(count, why)| (why, count))),
            Verdict::NeedsComment(rows, why) => outlook.needs_comment = Some((rows.len(), why)),
            Verdict::Refused(why) => outlook.refused = Some(why),
        }
    }
    let Outcome { patches, deaf, left } = outcome;
    outlook.left.extend(left.into_iter().map(|(left, count)| (left.to_string(), count)));
    if deaf > 0 {
        outlook.left.push(("the service cannot be told about them".to_owned(), deaf));
    }
    count(model, &patches, &placed, &kinds.all, &mut outlook);
    outlook
}

/// Counts the rows that are left. `placed` has their kinds, and rows beside them, in the same order.
fn count(model: &Model, patches: &[(RowId, Patch)], placed: &[(RowId, usize)], kinds: &[Kind], outlook: &mut Outlook) {
    outlook.rows = patches.len();
    let mut groups: Vec<[usize; 2]> = vec![[0; 2]; kinds.len()];
    // Of rows where something else is staged too, what is sent is another patch for each of that.
    let mut mixed: HashMap<(usize, Beside<'_>), [usize; 2]> = HashMap::new();
    let mut commenting = vec![false; kinds.len()];
    let mut placed = placed.iter();
    for (row, patch) in patches {
        let Some(&(_, place)) = placed.find(|(placed, _)| placed == row) else { continue };
        let Some(values) = model.store.row(*row) else { continue };
        let shown = kinds.get(place).and_then(|kind| kind.shown.as_deref());
        if outlook.comment.is_none() {
            outlook.comment = shown.map(str::to_owned);
        }
        if patch.status.is_some_and(|status| status.0 != values.status) {
            *outlook.statuses.entry(model.store.status(*row)).or_default() += 1;
        }
        if patch.severity.is_some_and(|severity| severity.0 != values.severity) {
            let now = (values.severity != NO_ID).then_some(SeverityId(values.severity));
            *outlook.severities.entry(now).or_default() += 1;
        }
        outlook.commented += usize::from(values.comment.is_some() && patch.comment.is_some());
        if patch.comment.is_some() {
            commenting.get_mut(place).into_iter().for_each(|commenting| *commenting = true);
        }
        let beside = model.staging.get(*row).map_or_else(Beside::default, |staged| {
            (
                staged.status.filter(|_| patch.status.is_none()),
                staged.severity.filter(|_| patch.severity.is_none()),
                staged.comment.as_ref().filter(|_| patch.comment.is_none()),
            )
        });
        if is_there(model, &values, patch, shown, beside) {
            outlook.already += 1;
            continue;
        }
        let kind = usize::from(!model.store.has_uid(*row));
        let group = if beside == Beside::default() { groups.get_mut(place) } else { Some(mixed.entry((place, beside)).or_default()) };
        if let Some(count) = group.and_then(|group| group.get_mut(kind)) {
            *count += 1;
        }
    }
    outlook.comments = commenting.into_iter().filter(|commenting| *commenting).count();
    outlook.calls = groups.iter().chain(mixed.values()).flatten().map(|rows| rows.div_ceil(MAX_ROWS)).sum();
}

/// Whether everything that would be sent to a row is there already.
fn is_there(model: &Model, values: &Row, patch: &Patch, shown: Option<&str>, (status, severity, comment): Beside<'_>) -> bool {
    let has_comment = || match (shown, comment) {
        (Some(shown), _) => model.store.text(values.comment) == shown,
        (None, Some(staged)) => model.store.text(values.comment) == text::clean(staged.as_str()).trim(),
        (None, None) => patch.comment.is_none(),
    };
    patch.status.or(status).is_none_or(|status| status.0 == values.status)
        && patch.severity.or(severity).is_none_or(|severity| severity.0 == values.severity)
        && has_comment()
}

/// What a recipe asks for once a session, with what was answered.
fn answers(model: &Model, recipe: &Recipe) -> Vec<(Variable, Option<String>)> {
    let asks = |variable: &Variable| match variable {
        Variable::Ticket => true,
        Variable::User => model.deciding.answers.contains_key(variable) || model.session_variable(*variable).is_none(),
        Variable::Date | Variable::Control | Variable::Account | Variable::Resource | Variable::Title => false,
    };
    recipe.decision.variables().filter(asks).map(|variable| (variable, model.session_variable(variable))).collect()
}

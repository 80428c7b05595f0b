//! From an expression to what the service is to be asked: negations go down to the clauses, and each clause becomes filters where the
//! service has them.
//!
//! What it has no filter for holds always there. That drops out of an AND; an OR with it can exclude nothing, so it goes as a whole.

use std::borrow::Cow;

use super::{
    date,
    local::WhyLocal,
    plain::{Compared, Filter, MapComparison, Operator, TextComparison, known},
    tree::{Lost, Tree},
};
use crate::domain::{
    query::{
        expr::{Clause, Expr, How, MapTest, Pattern, Relation, Test},
        field::{Field, Kind},
    },
    severity::SeverityId,
};

/// The parts of the query that filters come from.
#[derive(Debug, Default)]
pub(super) struct Origins<'a>(Vec<(&'a Expr, bool)>);

impl<'a> Origins<'a> {
    fn add(&mut self, expr: &'a Expr, negated: bool) -> usize {
        self.0.push((expr, negated));
        self.0.len() - 1
    }

    /// Their texts.
    pub(super) fn texts(&self) -> Vec<String> {
        let text = |(expr, negated): &(&Expr, bool)| {
            if *negated { (*expr).clone().negated().to_string() } else { expr.to_string() }
        };
        self.0.iter().map(text).collect()
    }
}

/// What the service is to be asked instead of an expression, and what that loses.
pub(super) fn expression<'a>(origins: &mut Origins<'a>, expr: &'a Expr, negated: bool) -> (Tree, Vec<Lost>) {
    let (operator, parts) = match expr {
        Expr::Not(inner) => return expression(origins, inner, !negated),
        Expr::Clause(clause) => {
            let origin = origins.add(expr, negated);
            return of_clause(clause, negated, origin);
        }
        Expr::All(parts) => (if negated { Operator::Or } else { Operator::And }, parts),
        Expr::Any(parts) => (if negated { Operator::And } else { Operator::Or }, parts),
    };
    let origin = origins.add(expr, negated);
    let (trees, losses): (Vec<Tree>, Vec<Vec<Lost>>) = parts.iter().map(|part| expression(origins, part, negated)).unzip();
    if operator == Operator::Or {
        // A part that holds always without any loss is meant so; with one it takes the others with it.
        let always = || trees.iter().zip(&losses).filter(|(tree, _)| **tree == Tree::Always).map(|(_, lost)| lost);
        if always().any(Vec::is_empty) {
            return (Tree::Always, Vec::new());
        }
        if let Some(first) = always().flatten().next() {
            return (Tree::Always, vec![Lost { origin, why: first.why.clone() }]);
        }
    }
    let kept = trees.iter().zip(losses).filter(|(tree, _)| **tree != Tree::Never).flat_map(|(_, lost)| lost).collect();
    (Tree::join(operator, trees, origin), kept)
}

/// What the service can do of one comparison with one value.
enum Piece {
    /// Just that.
    Exact(Tree),
    /// A little more.
    Wider(Tree, WhyLocal),
    /// Nothing.
    Not(WhyLocal),
}

fn of_clause(clause: &Clause, negated: bool, origin: usize) -> (Tree, Vec<Lost>) {
    let mut trees = Vec::new();
    let mut lost: Vec<Lost> = Vec::new();
    let mut whole = None;
    for piece in pieces(clause, negated, origin) {
        let why = match piece {
            Piece::Exact(tree) => {
                trees.push(tree);
                continue;
            }
            Piece::Wider(tree, why) => {
                trees.push(tree);
                why
            }
            Piece::Not(why) => {
                whole = whole.or_else(|| Some(why.clone()));
                why
            }
        };
        lost.push(Lost { origin, why });
    }
    let operator = if negated { Operator::And } else { Operator::Or };
    match whole {
        Some(why) if operator == Operator::Or => (Tree::Always, vec![Lost { origin, why }]),
        _ => (Tree::join(operator, trees, origin), lost),
    }
}

/// The clause as pieces: joined by OR, or by AND where it is negated.
fn pieces(clause: &Clause, negated: bool, origin: usize) -> Vec<Piece> {
    let field = &clause.field;
    let paths = field.paths();
    let mut pieces = Vec::new();
    for path in &paths {
        let at = Place { path, field, negated, origin };
        match &clause.test {
            Test::Present => pieces.push(at.not(WhyLocal::NoComparison)),
            Test::Text(patterns) => pieces.extend(patterns.iter().map(|pattern| at.text(pattern))),
            Test::Number(relation, numbers) => pieces.extend(numbers.iter().map(|number| at.number(Kind::Number, *relation, *number))),
            Test::Date(test) => pieces.push(at.looking(Kind::Date, || date::compared(*test))),
            Test::Flag(flag) => pieces.push(at.looking(Kind::Flag, || Some((Compared::Flag(*flag), true)))),
            Test::Map(tests) => pieces.extend(tests.iter().map(|test| at.map(test))),
            Test::Ip(networks) => {
                pieces.extend(networks.iter().map(|network| at.looking(Kind::Ip, || Some((Compared::Ip(*network), true)))));
            }
            Test::Severity(relation, ids) => {
                let ids = ids.iter().flat_map(|id| severities(*relation, *id));
                pieces.extend(ids.map(|id| at.number(Kind::Severity, Relation::Equal, f64::from(id.0))));
            }
            Test::Status(ids) => pieces.extend(ids.iter().map(|id| at.number(Kind::Status, Relation::Equal, f64::from(id.0)))),
        }
    }
    pieces
}

/// The severities that relate so to this one: orders are those of the rank, and hold Unknown and Other never.
fn severities(relation: Relation, than: SeverityId) -> Vec<SeverityId> {
    if relation == Relation::Equal {
        return vec![than];
    }
    let is_ordered = |id: SeverityId| (SeverityId::INFORMATIONAL.rank()..=SeverityId::FATAL.rank()).contains(&id.rank());
    let relates = |id: &SeverityId| match relation {
        Relation::Equal => false,
        Relation::Less => id.rank() < than.rank(),
        Relation::AtMost => id.rank() <= than.rank(),
        Relation::Greater => id.rank() > than.rank(),
        Relation::AtLeast => id.rank() >= than.rank(),
    };
    SeverityId::OFFERED.into_iter().filter(|id| is_ordered(*id) && is_ordered(than)).filter(relates).collect()
}

/// Where a comparison applies.
struct Place<'a> {
    path: &'a Cow<'static, str>,
    field: &'a Field,
    negated: bool,
    origin: usize,
}

impl Place<'_> {
    fn not(&self, why: impl Fn(String) -> WhyLocal) -> Piece {
        Piece::Not(if self.known_as(self.field.kind()).is_none() { self.unknown() } else { why(self.path.to_string()) })
    }

    /// Why there is no filter of the kind that is needed.
    fn unknown(&self) -> WhyLocal {
        match (self.field, self.field.kind()) {
            (Field::Path(_), _) => WhyLocal::NotServed(self.path.to_string()),
            (_, Kind::Any) => WhyLocal::Untyped(self.path.to_string()),
            _ => WhyLocal::NotServed(self.path.to_string()),
        }
    }

    fn known_as(&self, kind: Kind) -> Option<&'static str> {
        let served = match kind {
            Kind::Severity | Kind::Status => Kind::Number,
            Kind::Any => return None,
            kind => kind,
        };
        if self.field.kind() == kind { known(self.path, served) } else { None }
    }

    fn leaf(&self, field: &'static str, compared: Compared) -> Tree {
        Tree::Leaf(Filter { field, compared, origin: self.origin })
    }

    /// A comparison that the service can only look for.
    fn looking(&self, kind: Kind, compared: impl FnOnce() -> Option<(Compared, bool)>) -> Piece {
        let Some(field) = self.known_as(kind) else { return Piece::Not(self.unknown()) };
        if self.negated {
            return Piece::Not(WhyLocal::Negation(self.path.to_string()));
        }
        match compared() {
            Some((compared, true)) => Piece::Exact(self.leaf(field, compared)),
            Some((compared, false)) => Piece::Wider(self.leaf(field, compared), WhyLocal::Exactness),
            None => Piece::Not(WhyLocal::NoComparison(self.path.to_string())),
        }
    }

    fn number(&self, kind: Kind, relation: Relation, number: f64) -> Piece {
        self.looking(kind, || number.is_finite().then_some((Compared::Number(relation, number), true)))
    }

    fn text(&self, pattern: &Pattern) -> Piece {
        let Some(field) = self.known_as(Kind::Text) else { return Piece::Not(self.unknown()) };
        let comparison = match (pattern.how, self.negated) {
            (How::Equals, false) => TextComparison::Equals,
            (How::Equals, true) => TextComparison::NotEquals,
            (How::Prefix, false) => TextComparison::Prefix,
            (How::Prefix, true) => TextComparison::PrefixNotEquals,
            (How::Contains, false) => TextComparison::Contains,
            (How::Contains, true) => TextComparison::NotContains,
            (How::Word, false) => return self.words(field, &pattern.text),
            (How::Word, true) => return Piece::Not(WhyLocal::Negation(self.path.to_string())),
        };
        if !is_taken(&pattern.text) {
            return Piece::Not(WhyLocal::Value);
        }
        Piece::Exact(self.leaf(field, Compared::Text(comparison, pattern.text.clone())))
    }

    /// "Including special characters in the filter value might produce unexpected search results" (`StringFilter.Comparison`), so only
    /// letters and digits are sent; several words each by itself, as it is not said that they have to be neighbours.
    fn words(&self, field: &'static str, text: &str) -> Piece {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() || !words.iter().all(|word| word.chars().all(char::is_alphanumeric)) {
            return Piece::Not(WhyLocal::Value);
        }
        let one = |word: &&str| self.leaf(field, Compared::Text(TextComparison::ContainsWord, (*word).to_owned()));
        let tree = Tree::join(Operator::And, words.iter().map(one).collect(), self.origin);
        if words.len() == 1 { Piece::Exact(tree) } else { Piece::Wider(tree, WhyLocal::Exactness) }
    }

    fn map(&self, test: &MapTest) -> Piece {
        let Some(field) = self.known_as(Kind::Map) else { return Piece::Not(self.unknown()) };
        let wanted = match &test.value {
            Some(Pattern { how: How::Equals, text: wanted }) => wanted,
            Some(Pattern { how: How::Contains, .. }) => return Piece::Not(WhyLocal::AutomationRulesOnly),
            Some(Pattern { how: How::Prefix | How::Word, .. }) | None => return self.not(WhyLocal::NoComparison),
        };
        if !is_taken(wanted) || !is_taken(&test.key) {
            return Piece::Not(WhyLocal::Value);
        }
        let comparison = if self.negated { MapComparison::NotEquals } else { MapComparison::Equals };
        Piece::Exact(self.leaf(field, Compared::Map(comparison, test.key.clone(), wanted.clone())))
    }
}

/// Whether a text fits the pattern of the service's `NonEmptyString`, `.*\S.*`, where a dot may not stand for a line break.
fn is_taken(text: &str) -> bool {
    !text.chars().all(char::is_whitespace) && !text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
}

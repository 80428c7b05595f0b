//! The text form of a query: what is shown is read back as the same tree.
//!
//! Parentheses stand only where they are needed, values are in quotes only where they have to be, and what cannot be seen is written by its
//! number, so the text is clean.

use std::fmt;

use super::{
    expr::{Clause, DateTest, Expr, How, MapTest, Moment, Network, Pattern, Relation, Span, Test, Unit},
    field::Field,
    reader::{in_quotes, written},
    values::Operator,
    words,
};

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => joined(f, parts, " ", |part| matches!(part, Self::Any(_) | Self::All(_))),
            Self::Any(parts) => joined(f, parts, " or ", |part| matches!(part, Self::Any(_))),
            Self::Not(inner) => match **inner {
                Self::All(_) | Self::Any(_) => write!(f, "!({inner})"),
                Self::Not(_) | Self::Clause(_) => write!(f, "!{inner}"),
            },
            Self::Clause(clause) => write!(f, "{clause}"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Expr], between: &str, needs_parentheses: impl Fn(&Expr) -> bool) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        if needs_parentheses(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        let (operator, values) = match &self.test {
            Test::Present => (Operator::Has, "*".to_owned()),
            Test::Text(patterns) => return texts(f, field, patterns),
            Test::Map(tests) => return maps(f, field, tests),
            Test::Number(relation, numbers) => (Operator::of(*relation), list(numbers, f64::to_string)),
            Test::Date(DateTest::Age(relation, span)) => (Operator::of(*relation), age(*span)),
            Test::Date(DateTest::Moment(relation, moment)) => (Operator::of(*relation), time(*moment)),
            Test::Flag(flag) => (Operator::Has, if *flag { "yes" } else { "no" }.to_owned()),
            Test::Ip(networks) => (Operator::Has, list(networks, network)),
            Test::Severity(relation, ids) => (Operator::of(*relation), list(ids, |id| word(id.word(), id.0))),
            Test::Status(ids) => (Operator::of(Relation::Equal), list(ids, |id| word(id.word(), id.0))),
        };
        write!(f, "{field}{}{values}", operator.sign())
    }
}

fn list<T>(values: &[T], text: impl Fn(&T) -> String) -> String {
    values.iter().map(text).collect::<Vec<_>>().join(",")
}

fn word(word: Option<&str>, id: i32) -> String {
    word.map_or_else(|| id.to_string(), str::to_owned)
}

const fn operator_of(how: How) -> Operator {
    match how {
        How::Equals | How::Prefix => Operator::Has,
        How::Contains => Operator::Holds,
        How::Word => Operator::Words,
    }
}

/// Entries of a list, each with its operator: one term where all have the same, else one for each operator, joined by `or`.
fn by_operator<T>(
    f: &mut fmt::Formatter<'_>,
    field: &Field,
    entries: &[T],
    of: impl Fn(&T) -> Operator,
    text: impl Fn(&[T]) -> String,
) -> fmt::Result {
    let runs: Vec<&[T]> = entries.chunk_by(|a, b| of(a) == of(b)).collect();
    let are_several = runs.len() > 1;
    f.write_str(if are_several { "(" } else { "" })?;
    for (at, run) in runs.into_iter().enumerate() {
        let sign = run.first().map_or(Operator::Has, &of).sign();
        write!(f, "{}{field}{sign}{}", if at > 0 { " or " } else { "" }, text(run))?;
    }
    f.write_str(if are_several { ")" } else { "" })
}

fn texts(f: &mut fmt::Formatter<'_>, field: &Field, patterns: &[Pattern]) -> fmt::Result {
    by_operator(
        f,
        field,
        patterns,
        |pattern| operator_of(pattern.how),
        |run| {
            if words::has_words(field) { names(run) } else { list(run, value) }
        },
    )
}

fn value(pattern: &Pattern) -> String {
    let star = if pattern.how == How::Prefix { "*" } else { "" };
    format!("{}{star}", written(&pattern.text, None))
}

/// Values of a field that has words: the words where they mean these names, and names that look like a word in quotes.
fn names(patterns: &[Pattern]) -> String {
    let mut values = Vec::new();
    let mut rest = patterns;
    while let [first, behind @ ..] = rest {
        let whole: Vec<&str> = rest
            .iter()
            .take(words::MOST_NAMES)
            .take_while(|pattern| pattern.how == How::Equals)
            .map(|pattern| pattern.text.as_str())
            .collect();
        if let Some((word, count)) = words::word_of(&whole) {
            values.push(word.to_owned());
            rest = rest.get(count..).unwrap_or_default();
            continue;
        }
        let looks_like_a_word = first.how == How::Equals && words::products(&first.text).is_some();
        values.push(if looks_like_a_word { in_quotes(&first.text) } else { value(first) });
        rest = behind;
    }
    values.join(",")
}

fn maps(f: &mut fmt::Formatter<'_>, field: &Field, tests: &[MapTest]) -> fmt::Result {
    let operator = |test: &MapTest| test.value.as_ref().map_or(Operator::Has, |pattern| operator_of(pattern.how));
    by_operator(f, field, tests, operator, |run| {
        list(run, |test| {
            let key = written(&test.key, Some('='));
            test.value.as_ref().map_or_else(|| key.clone(), |pattern| format!("{key}={}", value(pattern)))
        })
    })
}

fn age(span: Span) -> String {
    let unit = match span.unit {
        Unit::Minutes => 'm',
        Unit::Hours => 'h',
        Unit::Days => 'd',
        Unit::Weeks => 'w',
    };
    format!("{}{unit}", span.count)
}

fn time(moment: Moment) -> String {
    match moment {
        Moment::Day(time) => time.exact().chars().take(10).collect(),
        Moment::Time(time) => time.exact(),
    }
}

fn network(network: &Network) -> String {
    let bits = if network.address.is_ipv4() { 32 } else { 128 };
    if network.prefix == bits { network.address.to_string() } else { format!("{}/{}", network.address, network.prefix) }
}

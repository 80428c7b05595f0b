//! Comment templates: text with places that are filled for each finding or once a session.
//!
//! Owns how a template is written and filled. Where the values come from, and what a comment may be, is decided elsewhere.

use std::{collections::BTreeSet, fmt, str::FromStr};

use super::text;

/// Most characters of a template as it is written. A comment has at most 512; a template may be longer, since names are longer than values.
pub const MAX_CHARACTERS: usize = 1024;

/// A text with variables in it. `{{` and `}}` stand for single braces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Template(Vec<Piece>);

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Piece {
    Text(String),
    Variable(Variable),
}

/// What a template can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    /// Asked once a session.
    Ticket,
    /// Who is acting, by the service's word; asked where that is not known.
    User,
    /// Today, UTC, as `2026-11-28`.
    Date,
    /// The finding's control or CVE.
    Control,
    /// The finding's account id.
    Account,
    /// The finding's first resource.
    Resource,
    /// The finding's title.
    Title,
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Where, in characters from 0.
    pub at: usize,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A name that is no variable.
    #[error("there is no variable {{{0}}}; known are {known}; {{{{ is a brace", known = known())]
    Unknown(String),
    /// A brace that nothing closes, or that closes nothing.
    #[error("this brace has no other one; write it twice for a brace itself")]
    Lone,
    /// Nothing but white space.
    #[error("a comment cannot be empty: the service cannot clear one")]
    Blank,
    /// Longer than any comment needs.
    #[error("{0} characters; a template has at most {MAX_CHARACTERS}")]
    TooLong(usize),
}

fn known() -> String {
    Variable::ALL.map(|variable| format!("{{{}}}", variable.name())).join(" ")
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wrong.fmt(f)
    }
}

impl std::error::Error for TemplateError {}

impl Variable {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Ticket, Self::User, Self::Date, Self::Control, Self::Account, Self::Resource, Self::Title];

    /// The name between the braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::User => "user",
            Self::Date => "date",
            Self::Control => "control",
            Self::Account => "account",
            Self::Resource => "resource",
            Self::Title => "title",
        }
    }

    /// Whether it is another one for each finding.
    pub const fn is_of_finding(self) -> bool {
        matches!(self, Self::Control | Self::Account | Self::Resource | Self::Title)
    }
}

impl Template {
    /// A text that is taken as it is, braces and all.
    pub fn literal(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    /// A text as it is typed: `{ticket}` and the other names that are known are variables, every other brace is itself. Only directly around
    /// such a name doubled braces stand for single ones, as they do everywhere in a template that is read strictly: `{{ticket}}` is the text
    /// `{ticket}`.
    pub fn lenient(typed: &str) -> Self {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = typed;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            text.push_str(before);
            let Some(Named { open, variable, close, behind }) = Named::at(from) else {
                let behind = from.trim_start_matches('{');
                text.extend(std::iter::repeat_n('{', from.len() - behind.len()));
                rest = behind;
                continue;
            };
            let pairs = open.min(close);
            text.extend(std::iter::repeat_n('{', open - pairs + pairs / 2));
            if pairs % 2 == 1 {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Variable(variable));
            } else {
                text.push_str(variable.name());
            }
            text.extend(std::iter::repeat_n('}', close - pairs + pairs / 2));
            rest = behind;
        }
        text.push_str(rest);
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Self(pieces)
    }

    /// What [`Self::lenient`] reads as this template.
    pub fn typed(&self) -> String {
        let text_at = |at: Option<usize>| match at.and_then(|at| self.0.get(at)) {
            Some(Piece::Text(text)) => text.as_str(),
            Some(Piece::Variable(_)) | None => "",
        };
        let mut typed = String::new();
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    let mut rest = text.as_str();
                    while let Some(at) = rest.find('{') {
                        let (before, from) = rest.split_at(at);
                        typed.push_str(before);
                        let named = Named::at(from);
                        let behind = named.as_ref().map_or_else(|| from.trim_start_matches('{'), |named| named.behind);
                        let pairs = named.map_or(0, |named| named.open.min(named.close));
                        typed.extend(std::iter::repeat_n('{', pairs));
                        typed.push_str(from.strip_suffix(behind).unwrap_or(from));
                        typed.extend(std::iter::repeat_n('}', pairs));
                        rest = behind;
                    }
                    typed.push_str(rest);
                }
                Piece::Variable(variable) => {
                    let open = text_at(at.checked_sub(1)).chars().rev().take_while(|&c| c == '{').count();
                    let pairs = open.min(text_at(Some(at + 1)).chars().take_while(|&c| c == '}').count());
                    typed.extend(std::iter::repeat_n('{', pairs + 1));
                    typed.push_str(variable.name());
                    typed.extend(std::iter::repeat_n('}', pairs + 1));
                }
            }
        }
        typed
    }

    /// The variables in it.
    pub fn variables(&self) -> BTreeSet<Variable> {
        let variable = |piece: &Piece| match piece {
            Piece::Variable(variable) => Some(*variable),
            Piece::Text(_) => None,
        };
        self.0.iter().filter_map(variable).collect()
    }

    /// Whether it is filled in another way for each finding.
    pub fn is_of_finding(&self) -> bool {
        self.variables().into_iter().any(Variable::is_of_finding)
    }

    /// The text with its variables filled; a variable without a value is refused by its name.
    pub fn fill<'a>(&self, value: impl Fn(Variable) -> Option<&'a str>) -> Result<String, Variable> {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Variable(variable) => filled.push_str(value(*variable).filter(|value| !value.is_empty()).ok_or(*variable)?),
            }
        }
        Ok(filled)
    }
}

/// A known name with the braces directly around it, at the beginning of a text.
struct Named<'a> {
    open: usize,
    variable: Variable,
    close: usize,
    behind: &'a str,
}

impl<'a> Named<'a> {
    fn at(text: &'a str) -> Option<Self> {
        let inside = text.trim_start_matches('{');
        let (variable, closes) = Variable::ALL.into_iter().find_map(|variable| Some((variable, inside.strip_prefix(variable.name())?)))?;
        let behind = closes.trim_start_matches('}');
        let (open, close) = (text.len() - inside.len(), closes.len() - behind.len());
        (open > 0 && close > 0).then_some(Self { open, variable, close, behind })
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(written: &str) -> Result<Self, TemplateError> {
        let count = written.chars().count();
        if count > MAX_CHARACTERS {
            return Err(TemplateError { at: MAX_CHARACTERS, wrong: Wrong::TooLong(count) });
        }
        if written.trim().is_empty() {
            return Err(TemplateError { at: 0, wrong: Wrong::Blank });
        }
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = written.chars().enumerate().peekable();
        while let Some((at, c)) = rest.next() {
            match c {
                '{' | '}' if rest.next_if(|&(_, next)| next == c).is_some() => text.push(c),
                '}' => return Err(TemplateError { at, wrong: Wrong::Lone }),
                '{' => {
                    let mut name = String::new();
                    let mut is_closed = false;
                    for (_, c) in rest.by_ref() {
                        if c == '}' {
                            is_closed = true;
                            break;
                        }
                        name.push(c);
                    }
                    if !is_closed {
                        return Err(TemplateError { at, wrong: Wrong::Lone });
                    }
                    let variable = Variable::ALL.into_iter().find(|variable| variable.name() == name.trim());
                    let Some(variable) = variable else {
                        return Err(TemplateError { at, wrong: Wrong::Unknown(text::clean(&name).into_owned()) });
                    };
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    pieces.push(Piece::Variable(variable));
                }
                c => text.push(c),
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(Self(pieces))
    }
}

impl fmt::Display for Template {
    /// As it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}"))?,
                Piece::Variable(variable) => write!(f, "{{{}}}", variable.name())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[test]
    fn variables_are_filled_and_one_without_a_value_is_refused() {
        let template: Template = "accepted {date}, {ticket} ({control}) {{x}}".parse().unwrap();
        assert_eq!(template.variables(), BTreeSet::from([Variable::Ticket, Variable::Date, Variable::Control]));
        assert!(template.is_of_finding());
        let value = |variable: Variable| match variable {
            Variable::Ticket => Some("PAY-1"),
            Variable::Date => Some("2026-11-28"),
            Variable::Control => Some("S3.8"),
            _ => None,
        };
        assert_eq!(template.fill(value).as_deref(), Ok("accepted 2026-11-28, PAY-1 (S3.8) {x}"));
        assert_eq!(template.fill(|variable| value(variable).filter(|_| variable != Variable::Control)), Err(Variable::Control));
        assert_eq!(template.fill(|_| Some("")), Err(Variable::Date), "an empty value is none");
    }

    #[rstest]
    #[case("a {nobody}", 2, Wrong::Unknown("nobody".into()))]
    #[case("a {user", 2, Wrong::Lone)]
    #[case("é }", 2, Wrong::Lone)]
    #[case(" \n", 0, Wrong::Blank)]
    #[case(&"x".repeat(1025), 1024, Wrong::TooLong(1025))]
    fn what_is_wrong_is_told_with_its_place(#[case] written: &str, #[case] at: usize, #[case] wrong: Wrong) {
        assert_eq!(written.parse::<Template>(), Err(TemplateError { at, wrong }));
    }

    #[rstest]
    #[case::a_variable("see {ticket}", "see PAY-1")]
    #[case::json(r#"{"user": {"id": 7}, "t":{ticket}}"#, r#"{"user": {"id": 7}, "t":PAY-1}"#)]
    #[case::no_variable("{Ticket} { ticket } {ticket {} }{", "{Ticket} { ticket } {ticket {} }{")]
    #[case::doubled("{{ticket}} is {ticket}", "{ticket} is PAY-1")]
    #[case::doubled_elsewhere("{{x}} {{", "{{x}} {{")]
    #[case::in_braces("{{{ticket}}}", "{PAY-1}")]
    #[case::more_on_one_side("{{{ticket} {ticket}}}", "{{PAY-1 PAY-1}}")]
    #[case::side_by_side("{ticket}{ticket}", "PAY-1PAY-1")]
    fn what_is_typed_is_a_variable_only_where_its_name_is_known(#[case] typed: &str, #[case] filled: &str) {
        let value = |variable: Variable| (variable == Variable::Ticket).then_some("PAY-1");
        assert_eq!(Template::lenient(typed).fill(value).as_deref(), Ok(filled));
    }

    /// Texts in which braces and names meet.
    fn bracey() -> impl Strategy<Value = String> {
        let word =
            proptest::sample::select(vec!["{", "}", "{{", "}}", "ticket", "user", "title", "x", " ", "\n", "é", "{ticket}", "{title}"]);
        proptest::collection::vec(word, 0..12).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn a_text_without_a_known_name_in_braces_is_as_it_was_typed(text in bracey()) {
            let names = Variable::ALL.map(|variable| format!("{{{}}}", variable.name()));
            let text = names.iter().fold(text, |text, name| text.replace(name, "-"));
            let read = Template::lenient(&text);
            prop_assert!(read.variables().is_empty());
            prop_assert_eq!(read.fill(|_| None), Ok(text));
        }

        #[test]
        fn what_is_put_into_a_text_is_read_as_the_template_it_was(text in bracey(), literal in bracey()) {
            let template = Template::lenient(&text);
            prop_assert_eq!(Template::lenient(&template.typed()), template);
            if !literal.is_empty() {
                let literal = Template::literal(literal);
                prop_assert_eq!(Template::lenient(&literal.typed()), literal);
            }
        }

        #[test]
        fn a_template_is_read_as_it_was_written(text in "[a-z{} ]{1,20}[a-z]") {
            let literal = Template::literal(text.clone());
            let read: Template = literal.to_string().parse().unwrap();
            prop_assert_eq!(read.fill(|_| None), Ok(text));
        }
    }
}

//! From the text form of a query to its tree: terms, and how they are joined.
//!
//! `status:new,in_progress severity>=high (title~public or tag:env=prod) !comment:*`. Terms beside each other are joined by and, which
//! binds tighter than `or`. What a term's values mean is `values`.

use super::{
    EVERYTHING, MAX_DEPTH, MAX_LENGTH, Query,
    error::{QueryError, Wrong, nearest},
    expr::{Clause, Expr},
    field::Field,
    reader::{Reader, in_name},
    values::{self, Operator},
};
use crate::domain::text;

/// Reads a query.
pub(super) fn parse(written: &str) -> Result<Query, QueryError> {
    let characters: Vec<char> = written.chars().collect();
    if characters.len() > MAX_LENGTH {
        return Err(Wrong::TooLong.at(MAX_LENGTH + 1));
    }
    // A query may be written over several lines.
    let is_refused = |c: &char| text::is_hidden(*c) && !matches!(c, '\n' | '\r' | '\t');
    if let Some(at) = characters.iter().position(is_refused) {
        return Err(Wrong::Hidden(characters.get(at).copied().unwrap_or_default()).at(at + 1));
    }
    let mut parser = Parser { reader: Reader::new(characters), depth: 0 };
    parser.reader.skip_space();
    if parser.reader.peek().is_none() {
        return Ok(Query::Everything);
    }
    let begins = parser.reader.column();
    if parser.reader.takes_word(EVERYTHING) {
        parser.reader.skip_space();
        return if parser.reader.peek().is_none() { Ok(Query::Everything) } else { Err(Wrong::NotAlone.at(begins)) };
    }
    let expr = parser.any()?;
    match parser.reader.peek() {
        None => Ok(Query::Where(expr)),
        Some(_) => Err(Wrong::Unpaired(')').at(parser.reader.column())),
    }
}

struct Parser {
    reader: Reader,
    depth: usize,
}

impl Parser {
    /// Alternatives, up to the end or a closing parenthesis.
    fn any(&mut self) -> Result<Expr, QueryError> {
        let mut joined = self.all()?;
        loop {
            let column = self.reader.column();
            if !self.reader.takes_word("or") {
                return Ok(joined);
            }
            self.reader.skip_space();
            if self.is_at_end() {
                return Err(Wrong::Dangling("or").at(column));
            }
            joined = joined.or(self.all()?);
        }
    }

    /// Terms joined by and, up to `or`, the end or a closing parenthesis.
    fn all(&mut self) -> Result<Expr, QueryError> {
        let mut joined = self.one()?;
        loop {
            self.reader.skip_space();
            if self.is_at_end() || self.is_at_or() {
                return Ok(joined);
            }
            let column = self.reader.column();
            if self.reader.takes_word("and") {
                self.reader.skip_space();
                if self.is_at_end() {
                    return Err(Wrong::Dangling("and").at(column));
                }
            }
            joined = joined.and(self.one()?);
        }
    }

    fn is_at_end(&self) -> bool {
        matches!(self.reader.peek(), None | Some(')'))
    }

    fn is_at_or(&self) -> bool {
        let word = self.reader.rest_of_word();
        let behind = word.get(2..).and_then(|behind| behind.chars().next());
        word.get(..2).is_some_and(|or| or.eq_ignore_ascii_case("or")) && behind.is_none_or(|c| matches!(c, '(' | ')' | '!'))
    }

    /// A term, a negated one, or parentheses.
    fn one(&mut self) -> Result<Expr, QueryError> {
        let mut negated = false;
        let mut column = self.reader.column();
        let mut sign = None;
        loop {
            self.reader.skip_space();
            let begins = self.reader.column();
            sign = match () {
                () if self.reader.takes('!') => Some("!"),
                () if self.reader.takes_word("not") => Some("not"),
                () => break,
            };
            column = begins;
            negated = !negated;
        }
        let expr = match self.reader.peek() {
            None | Some(')') => {
                return Err(sign.map_or(Wrong::Nothing, Wrong::Dangling).at(column));
            }
            Some('(') => self.parenthesis()?,
            Some(_) => self.term()?,
        };
        Ok(if negated { expr.negated() } else { expr })
    }

    fn parenthesis(&mut self) -> Result<Expr, QueryError> {
        let column = self.reader.column();
        self.reader.next();
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Wrong::TooDeep.at(column));
        }
        self.reader.skip_space();
        if self.reader.peek() == Some(')') {
            return Err(Wrong::Nothing.at(column));
        }
        if self.reader.peek().is_none() {
            return Err(Wrong::Unpaired('(').at(column));
        }
        let inner = self.any()?;
        self.depth -= 1;
        if self.reader.takes(')') { Ok(inner) } else { Err(Wrong::Unpaired('(').at(column)) }
    }

    /// A field, a comparison and its values.
    fn term(&mut self) -> Result<Expr, QueryError> {
        let column = self.reader.column();
        let name = self.reader.run(in_name);
        if name.is_empty() {
            return Err(match self.reader.peek() {
                Some('"') => Wrong::NoField(self.reader.value(None)?.text).at(column),
                found => Wrong::Character(found.unwrap_or_default()).at(column),
            });
        }
        let behind = self.reader.peek().filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')'));
        if behind.is_none() {
            return Err(self.no_term(name, column));
        }
        if name.eq_ignore_ascii_case(EVERYTHING) {
            return Err(Wrong::NotAlone.at(column));
        }
        let Some(field) = Field::named(&name) else {
            let near = nearest(&name);
            return Err(Wrong::Field(name, near).at(column));
        };
        let (operator, is_negated) = self.operator()?;
        if self.reader.peek().is_some_and(char::is_whitespace) {
            let column = self.reader.column();
            self.reader.skip_space();
            return Err(if self.reader.peek().is_some() { Wrong::Apart(field) } else { Wrong::NoValue(field) }.at(column));
        }
        let test = values::read(&mut self.reader, &field, operator)?;
        let clause = Expr::Clause(Clause { field, test });
        Ok(if is_negated { clause.negated() } else { clause })
    }

    /// A word with nothing directly behind it.
    fn no_term(&mut self, name: String, column: usize) -> QueryError {
        if name.eq_ignore_ascii_case(EVERYTHING) {
            return Wrong::NotAlone.at(column);
        }
        for word in ["or", "and"] {
            if name.eq_ignore_ascii_case(word) {
                return Wrong::Dangling(word).at(column);
            }
        }
        let Some(field) = Field::named(&name) else { return Wrong::Word(name).at(column) };
        let behind = self.reader.column();
        self.reader.skip_space();
        let is_apart = matches!(self.reader.peek(), Some(':' | '~' | '<' | '>' | '='));
        if is_apart { Wrong::Apart(field).at(behind) } else { Wrong::NoOperator(field).at(behind) }
    }

    /// A comparison, and whether it is the negated form.
    fn operator(&mut self) -> Result<(Operator, bool), QueryError> {
        let column = self.reader.column();
        let is_negated = self.reader.takes('!');
        let operator = match self.reader.next() {
            // What other tools write; it means the same.
            Some('=') => {
                self.reader.takes('=');
                Operator::Has
            }
            Some(':') => Operator::Has,
            Some('~') if self.reader.takes('~') => Operator::Words,
            Some('~') => Operator::Holds,
            Some('<') if !is_negated && self.reader.takes('=') => Operator::AtMost,
            Some('<') if !is_negated => Operator::Less,
            Some('>') if !is_negated && self.reader.takes('=') => Operator::AtLeast,
            Some('>') if !is_negated => Operator::Greater,
            found => {
                let sign = if is_negated { "!" } else { "" };
                return Err(Wrong::Operator(format!("{sign}{}", found.map(String::from).unwrap_or_default())).at(column));
            }
        };
        Ok((operator, is_negated))
    }
}

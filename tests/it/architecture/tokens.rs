//! Rust source as tokens, as far as it takes to find paths: comments, strings and test code are gone, every token has its line.

/// A token and the line it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
}

/// All tokens of a source text. `::` is one token, other punctuation a character each; strings and numbers leave nothing behind.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { rest: source.chars().collect(), at: 0, line: 1, tokens: Vec::new() };
    while reader.at < reader.rest.len() {
        reader.step();
    }
    reader.tokens
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> char {
        self.rest.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn advance(&mut self, count: usize) {
        for _ in 0..count {
            self.line += usize::from(self.peek(0) == '\n');
            self.at += 1;
        }
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => {
                while self.at < self.rest.len() && self.peek(0) != '\n' {
                    self.advance(1);
                }
            }
            ('/', '*') => self.block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.character_or_lifetime(),
            (':', ':') => self.push("::".to_owned(), 2),
            (c, _) if c.is_whitespace() => self.advance(1),
            (c, _) if c.is_ascii_digit() => {
                // A range's dots belong to no number.
                while self.peek(0).is_alphanumeric() || self.peek(0) == '_' || (self.peek(0) == '.' && self.peek(1).is_ascii_digit()) {
                    self.advance(1);
                }
            }
            (c, _) if c.is_alphabetic() || c == '_' => self.word(),
            (c, _) => self.push(c.to_string(), 1),
        }
    }

    fn push(&mut self, text: String, length: usize) {
        self.tokens.push(Token { text, line: self.line });
        self.advance(length);
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.rest.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.advance(2);
                }
                ('*', '/') => {
                    depth -= 1;
                    self.advance(2);
                }
                _ => self.advance(1),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.advance(1);
        while self.at < self.rest.len() && self.peek(0) != '"' {
            self.advance(if self.peek(0) == '\\' { 2 } else { 1 });
        }
        self.advance(1);
    }

    fn raw_string(&mut self, hashes: usize) {
        self.advance(hashes + 1);
        let closes = |reader: &Self| reader.peek(0) == '"' && (1..=hashes).all(|ahead| reader.peek(ahead) == '#');
        while self.at < self.rest.len() && !closes(self) {
            self.advance(1);
        }
        self.advance(hashes + 1);
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' {
            self.advance(3);
            while self.at < self.rest.len() && self.peek(0) != '\'' {
                self.advance(1);
            }
            self.advance(1);
        } else if self.peek(2) == '\'' {
            self.advance(3);
        } else {
            self.advance(1);
        }
    }

    fn word(&mut self) {
        let word: String = self.rest.iter().skip(self.at).take_while(|c| c.is_alphanumeric() || **c == '_').collect();
        let length = word.chars().count();
        let hashes = self.rest.iter().skip(self.at + length).take_while(|c| **c == '#').count();
        let quoted = self.peek(length + hashes) == '"';
        match word.as_str() {
            "r" | "br" | "cr" if quoted => {
                self.advance(length);
                self.raw_string(hashes);
            }
            "b" | "c" if quoted && hashes == 0 => self.advance(length),
            "b" if self.peek(1) == '\'' => self.advance(length),
            _ => self.push(word, length),
        }
    }
}

/// The tokens without items under `#[cfg(test)]`, and the lines that those take.
pub(super) fn without_tests(tokens: &[Token]) -> (Vec<Token>, usize) {
    let mut kept = Vec::new();
    let mut lines = 0;
    let mut at = 0;
    while at < tokens.len() {
        if is_test_attribute(tokens, at) {
            let end = item_end(tokens, at);
            let last = tokens.get(end.min(tokens.len()) - 1).map_or(0, |token| token.line);
            lines += last + 1 - tokens[at].line;
            at = end;
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    (kept, lines)
}

/// The modules that `#[cfg(test)] mod name;` declares: their files are test code.
pub(super) fn test_modules(tokens: &[Token]) -> Vec<String> {
    let mut modules = Vec::new();
    for at in (0..tokens.len()).filter(|&at| is_test_attribute(tokens, at)) {
        let item = &tokens[at..item_end(tokens, at)];
        if let [.., word, name, end] = item
            && word.text == "mod"
            && end.text == ";"
        {
            modules.push(name.text.clone());
        }
    }
    modules
}

/// `#[cfg(test)]`, or `test` first or alone within `all(…)`.
fn is_test_attribute(tokens: &[Token], at: usize) -> bool {
    let here = |expected: &[&str]| expected.iter().enumerate().all(|(ahead, text)| tokens.get(at + ahead).is_some_and(|t| t.text == *text));
    here(&["#", "[", "cfg", "(", "test", ")"]) || here(&["#", "[", "cfg", "(", "all", "(", "test"])
}

/// Where the item ends that begins with this attribute: after its braces, or its semicolon.
fn item_end(tokens: &[Token], mut at: usize) -> usize {
    let mut brackets = 0_i32;
    let mut braces = 0_i32;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token.text.as_str() {
            "[" | "(" => brackets += 1,
            "]" | ")" => brackets -= 1,
            "{" => braces += 1,
            "}" => {
                braces -= 1;
                if braces == 0 {
                    return at;
                }
            }
            ";" if brackets == 0 && braces == 0 => return at,
            _ => {}
        }
    }
    at
}

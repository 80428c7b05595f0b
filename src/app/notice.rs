//! The line above the footer's keys.

use super::model::Model;

/// One line that says what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it looks.
    pub level: Level,
    /// What it says; clean.
    pub text: String,
}

/// How a notice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It went well.
    Info,
    /// Look here.
    Warning,
    /// It did not work.
    Error,
}

impl Level {
    const fn gravity(self) -> u8 {
        match self {
            Self::Info => 0,
            Self::Warning => 1,
            Self::Error => 2,
        }
    }
}

impl Model {
    /// Says something in the notice line.
    pub fn say(&mut self, level: Level, text: impl Into<String>) {
        self.notice = Some(Notice { level, text: text.into() });
    }

    /// Says something behind what the notice line says already; the graver of both decides how it looks.
    pub fn say_too(&mut self, level: Level, text: &str) {
        self.notice = Some(match self.notice.take() {
            None => Notice { level, text: text.to_owned() },
            Some(before) => Notice {
                level: if level.gravity() > before.level.gravity() { level } else { before.level },
                text: format!("{}; {text}", before.text),
            },
        });
    }
}

//! Who may import whom. ARCHITECTURE.md shows the same table; a test compares them.

/// What a module may name. Entries are paths: `send::pace` allows that and what is below it. `*` allows everything.
pub(super) struct Rule {
    /// The top module, or `(root)` for lib.rs and main.rs.
    pub(super) module: &'static str,
    /// Of this crate, beside itself.
    pub(super) own: &'static [&'static str],
    /// Of other crates.
    pub(super) crates: &'static [&'static str],
    /// Of the machine; see [`PARTS`].
    pub(super) machine: &'static [&'static str],
}

/// The parts of a machine, and the paths that reach them. What a rule does not list, its module must get as an argument.
pub(super) const PARTS: &[(&str, &[&str])] = &[
    ("files", &["std::fs", "tokio::fs"]),
    ("environment", &["std::env"]),
    ("network", &["std::net", "tokio::net"]),
    ("processes", &["std::process", "tokio::process"]),
    ("threads", &["std::thread", "tokio::spawn", "tokio::task"]),
    ("clock", &["std::time::SystemTime", "std::time::Instant", "tokio::time", "jiff::Timestamp::now", "jiff::Zoned::now"]),
    ("streams", &["std::io", "tokio::io"]),
];

/// Types whose `now` reads a clock, however they were imported.
pub(super) const CLOCKS: &[&str] = &["SystemTime", "Instant", "Timestamp", "Zoned"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        module: "domain",
        own: &[],
        crates: &["jiff", "serde", "serde_json", "thiserror", "unicode_segmentation", "unicode_width"],
        machine: &[],
    },
    Rule { module: "findings", own: &["domain"], crates: &["hashbrown", "memchr", "thiserror", "zstd"], machine: &[] },
    Rule { module: "journal", own: &["domain"], crates: &["crc32fast", "serde", "serde_json", "thiserror"], machine: &[] },
    Rule { module: "send", own: &["domain"], crates: &["thiserror"], machine: &[] },
    Rule {
        module: "app",
        own: &["domain", "findings", "journal", "send"],
        crates: &["crossterm::event", "thiserror", "tui_textarea", "unicode_segmentation"],
        machine: &[],
    },
    Rule {
        module: "ui",
        own: &["app", "domain", "findings", "journal", "send"],
        crates: &["ratatui", "tui_textarea", "unicode_segmentation", "unicode_width"],
        machine: &[],
    },
    Rule { module: "hub", own: &["domain"], crates: &[], machine: &[] },
    Rule {
        module: "aws",
        own: &["domain", "hub"],
        crates: &["aws_*", "futures_util", "jiff", "rustls", "serde", "serde_json", "thiserror", "tokio", "tracing"],
        machine: &["clock", "environment", "files", "streams"],
    },
    Rule {
        module: "storage",
        own: &[
            "app::action",
            "app::keymap",
            "app::layout",
            "app::model",
            "app::remembered",
            "domain",
            "journal",
            "send::options",
            "send::pace",
        ],
        crates: &["crc32fast", "crossterm::event", "directories", "serde", "serde_json", "tempfile", "thiserror", "toml", "toml_edit"],
        machine: &["environment", "files", "streams"],
    },
    Rule {
        module: "emulator",
        own: &["domain::severity", "domain::status"],
        crates: &["futures_util", "http_body_util", "hyper", "hyper_util", "jiff", "serde", "serde_json", "thiserror", "tokio", "toml"],
        machine: &["clock", "files", "network", "streams", "threads"],
    },
    Rule { module: "cli", own: &[], crates: &["clap", "clap_complete"], machine: &[] },
    Rule {
        module: "manual",
        own: &["app::action", "app::keymap", "app::text_view", "cli"],
        crates: &["clap", "clap_mangen"],
        machine: &["streams"],
    },
    Rule { module: "start", own: &["app::model", "cli", "domain", "storage"], crates: &[], machine: &[] },
    Rule { module: "report", own: &["domain", "storage"], crates: &["thiserror"], machine: &["processes", "streams"] },
    Rule { module: "launch", own: &["*"], crates: &["tokio::runtime"], machine: &["processes", "streams"] },
    Rule { module: "headless", own: &["*"], crates: &["*"], machine: &["*"] },
    Rule { module: "runtime", own: &["*"], crates: &["*"], machine: &["*"] },
    Rule { module: "(root)", own: &["*"], crates: &["clap", "clap_complete", "tokio"], machine: &["environment", "processes", "streams"] },
];

impl Rule {
    /// The row of the table in ARCHITECTURE.md.
    pub(super) fn row(&self) -> String {
        let cell = |entries: &[&str]| match entries {
            [] => "-".to_owned(),
            ["*"] => "all".to_owned(),
            entries => entries.join(", "),
        };
        let crates = if self.crates == ["*"] { "all but aws_*".to_owned() } else { cell(self.crates) };
        format!("| {} | {} | {crates} | {} |", self.module, cell(self.own), cell(self.machine))
    }
}

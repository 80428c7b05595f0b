//! The thin binary: parse, run, exit code.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    use hubtriage::{
        app::{
            keymap::Keymap,
            model::{Access, EditorPolicy, Settings},
        },
        domain::{comment::LineBreaks, query::Query},
        runtime::{demo, session, terminal},
        send::pace::Pace,
        ui::theme::Theme,
    };
    terminal::check(std::env::var("TERM").ok().as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?;
    runtime.block_on(async {
        let faults = if std::env::args().any(|a| a == "--faults") { demo::Faults::Demo } else { demo::Faults::None };
        let emulator = demo::start(&demo::DemoOptions { faults, ..Default::default() }).await?;
        session::run(session::Start {
            connect: demo::connect(emulator.url(), hubtriage::aws::Access::ReadWrite),
            pace: Pace::UNLIMITED,
            settings: Settings {
                keymap: Keymap::default(),
                line_breaks: LineBreaks::Space,
                editor: EditorPolicy::Allowed,
                access: Access::ReadWrite,
                writes_per_second: 0.0,
                profile: None,
                label: Some("demo"),
            },
            query: Query::open(),
            theme: Theme::default(),
            editor: std::env::var("EDITOR").ok(),
            notice: None,
        })
        .await?;
        Ok(())
    })
}

//! The palette, the help and the hint: every action is found, told and run from where it is meant.

use super::*;
use crate::{
    app::{
        action::Action,
        hint::{Hint, Newcomer},
        keymap::{Context, DEFAULTS},
        overlay::{Help, PromptPurpose},
        palette::{self, Works},
        prompt::{Prompt, Verdict},
        text_view,
    },
    domain::{decision::Decision, guard_rail::GuardRails, order::Order, profile::ProfileName, recipe::Recipe},
};

/// Actions that have no default key, on purpose.
const KEYLESS: &[Action] = &[];

/// Types into the palette and accepts.
fn run(model: &mut Model, typed: &str) -> Vec<Effect> {
    press(model, ":");
    type_text(model, typed);
    press(model, "enter")
}

fn prompt(model: &Model) -> Option<&Prompt> {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => Some(prompt),
        _ => None,
    }
}

fn is_open(model: &Model) -> bool {
    prompt(model).is_some_and(|prompt| prompt.purpose == PromptPurpose::Command)
}

fn line(model: &Model) -> &str {
    prompt(model).map_or("", Prompt::text)
}

/// What is told of a line that was refused.
fn refusal(model: &Model) -> String {
    let wrong = prompt(model).filter(|prompt| prompt.verdict == Verdict::Refused).and_then(|prompt| prompt.wrong.clone());
    wrong.map_or_else(String::new, |wrong| format!("{}: {}", wrong.column, wrong.why))
}

fn help(context: Context, search: &str) -> Help {
    Help { top: 0, search: search.to_owned(), context }
}

/// Whoever adds an action gives it a key, or lists it above, and finds it in the palette, in the help and in the example without doing more.
#[test]
fn every_action_is_reachable_by_key_by_palette_and_is_in_the_help() {
    const EXAMPLE: &str = include_str!("../../../../config.example.toml");
    let model = loaded(3);
    let lines: Vec<String> =
        text_view::help_lines(&model, &help(Context::Table, ""), 200).iter().map(text_view::StyledLine::text).collect();
    for &(name, action, meaning) in Action::ALL {
        let bound: Vec<Context> = DEFAULTS.iter().filter(|&&(.., meant)| meant == action).map(|&(context, ..)| context).collect();
        let is_keyless = KEYLESS.contains(&action);
        assert_eq!(bound.is_empty(), is_keyless, "{name} has a default key or is listed as having none");
        assert_eq!(EXAMPLE.contains(&format!("= \"{name}\"")), !is_keyless, "{name} is in the example");
        for context in [Context::Table, Context::Detail, Context::Review, Context::Problems, Context::Flow] {
            let entries = palette::entries(&model, context, name);
            assert_eq!(entries.first().map(|entry| entry.action), Some(action), "{name} is the first of what is called so");
            assert_eq!(palette::entries(&model, context, "").len(), Action::ALL.len(), "without words all are listed");
        }
        let is_told = |line: &&String| line.split_whitespace().any(|word| word == name);
        assert!(lines.iter().any(|line| is_told(&line)), "{name} is in the help");
        assert!(!meaning.is_empty());
        let context = bound.first().copied().unwrap_or(Context::Table);
        assert!(palette::works(&model, context, action), "{name} works where its key is");
    }
}

#[test]
fn the_help_tells_every_key_of_the_live_key_map_with_its_action() {
    let mut settings = settings();
    settings.keymap.bind(Context::Table, parse_keys("ctrl-g").unwrap(), Action::Group);
    settings.keymap.unbind(Context::Table, &parse_keys("M").unwrap());
    settings.keymap.unbind(Context::Profiles, &parse_keys("s").unwrap());
    let model = connected(settings);
    for context in Context::ALL.map(|(_, context)| context) {
        let lines: Vec<String> = text_view::help_lines(&model, &help(context, ""), 80).iter().map(text_view::StyledLine::text).collect();
        assert!(lines.iter().all(|line| crate::domain::text::width(line) <= 78), "{lines:?}");
        for (_, place) in Context::ALL {
            for binding in model.settings.keymap.bindings(place) {
                let keys = crate::app::keymap::shown(&binding.keys);
                let told = |line: &&String| {
                    let (left, right) = line.split_at_checked(19).unwrap_or((line, ""));
                    left.split("  ").any(|word| word.trim() == keys) && right.starts_with(binding.action.name())
                };
                assert!(lines.iter().any(|line| told(&line)), "{keys} {} is told", binding.action.name());
            }
        }
        let group = lines.iter().position(|line| line.contains("zg  Ctrl-g")).unwrap();
        assert!(lines[group].contains("group"));
        let keyless = lines.iter().position(|line| line.starts_with("Without a key")).unwrap();
        assert!(lines[keyless + 1].starts_with(": ") && lines[keyless + 1].contains("save-profile"), "{}", lines[keyless + 1]);
    }
    let first = text_view::help_lines(&model, &help(Context::Review, ""), 80).first().unwrap().text();
    assert_eq!(first, "Review", "the keys of where the user is come first");
}

#[test]
fn the_help_shows_only_what_is_searched_while_it_is_typed() {
    let mut model = loaded(3);
    press(&mut model, "? /");
    type_text(&mut model, "Group");
    let shown = |model: &Model| {
        let help = model.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Help(help) => Some(help.clone()),
            _ => None,
        });
        text_view::help_lines(model, &help.unwrap(), 120).iter().map(text_view::StyledLine::text).collect::<Vec<_>>()
    };
    let lines = shown(&model);
    assert!(lines.iter().any(|line| line.contains("group rows")) && lines.len() < 20, "{lines:?}");
    assert!(lines.iter().all(|line| line.is_empty() || !line.contains("comment")), "{lines:?}");
    press(&mut model, "enter");
    assert!(notice(&model).contains("n and N go on; Esc shows all again"), "{}", notice(&model));
    press(&mut model, "n N esc");
    assert!(shown(&model).len() > 150, "all again");
    press(&mut model, "/");
    type_text(&mut model, "nowhere at all");
    press(&mut model, "enter");
    assert!(notice(&model).contains("`nowhere at all` is not in this text"), "{}", notice(&model));
    press(&mut model, "?");
    assert!(model.overlays.is_empty(), "its key closes it, searched or not");
    press(&mut model, "? /");
    type_text(&mut model, "undo");
    press(&mut model, "enter q");
    assert!(model.overlays.is_empty());
}

#[test]
fn a_heading_that_is_searched_brings_all_that_is_under_it() {
    let model = loaded(1);
    let lines = text_view::help_lines(&model, &help(Context::Table, "review"), 80);
    let texts: Vec<String> = lines.iter().map(text_view::StyledLine::text).collect();
    let at = texts.iter().position(|line| line == "Review").unwrap();
    assert!(texts[at + 1..].iter().take(4).any(|line| line.contains("exclude")), "{texts:?}");
}

#[test]
fn an_action_runs_in_the_place_that_is_under_the_palette() {
    let mut model = loaded(30);
    run(&mut model, "down 5");
    assert_eq!((model.cursor.place, model.overlays.len()), (5, 0));
    run(&mut model, "mark 2");
    assert_eq!(model.marks.rows.len(), 2);
    run(&mut model, "mark all");
    assert_eq!(model.marks.rows.len(), 30, "words are looked for where no number stands");
    run(&mut model, "clear-m");
    assert_eq!(model.marks.rows.len(), 0, "the best is chosen");
    press(&mut model, "enter");
    run(&mut model, "switch");
    assert!(matches!(model.overlays.last(), Some(Overlay::Detail(detail)) if detail.face == crate::app::overlay::Face::Document));
    run(&mut model, "filter finding");
    assert!(matches!(model.overlays.last(), Some(Overlay::Detail(detail)) if detail.search == "finding"));
    run(&mut model, "status resolved");
    assert_eq!((model.staging.len(), model.overlays.len()), (1, 1), "on the finding of the detail");
    press(&mut model, "ctrl-p");
    assert!(is_open(&model));
    press(&mut model, "esc esc");
    assert!(model.overlays.is_empty());
}

#[test]
fn what_an_action_is_given_saves_its_menu_or_prompt() {
    let mut model = loaded(30);
    let recipe = ProfileName::new("accept-risk").unwrap();
    let decision = Decision { status: Some(StatusId::SUPPRESSED), severity: Some(SeverityId::LOW), comment: None };
    model.settings.recipes.push(Recipe { name: recipe.clone(), key: None, decision, rails: GuardRails::default() });
    run(&mut model, "recipe accept-risk");
    assert_eq!(model.deciding.last.as_ref().and_then(|last| last.recipe.clone()), Some(recipe));
    run(&mut model, "severity high");
    run(&mut model, "comment seen, PAY-1");
    let staged = model.staging.get(model.cursor.row.unwrap()).unwrap();
    assert_eq!((staged.status, staged.severity), (Some(StatusId::SUPPRESSED), Some(SeverityId::HIGH)));
    assert_eq!(staged.comment.as_ref().map(crate::domain::comment::Comment::as_str), Some("seen, PAY-1"));
    run(&mut model, "sort title desc, severity");
    assert_eq!(*model.view.order(), "title desc, severity".parse::<Order>().unwrap());
    run(&mut model, "group severity");
    assert_eq!(model.view.grouped_by(), Some(crate::domain::grouping::GroupField::Severity));
    run(&mut model, "group none");
    assert_eq!(model.view.grouped_by(), None);
    run(&mut model, "filter 12");
    assert_eq!((model.filter.as_str(), model.view.rows().len()), ("12", 1));
    run(&mut model, "filter");
    assert!(prompt(&model).is_some_and(|prompt| prompt.purpose == PromptPurpose::Filter), "without words, its prompt");
    press(&mut model, "esc esc");
    run(&mut model, "columns severity title:20");
    assert_eq!(model.columns.iter().map(ToString::to_string).collect::<Vec<_>>(), ["severity", "title:20"]);
    run(&mut model, "add-column resources.vpc_uid");
    assert_eq!(model.columns.last().map(ToString::to_string).as_deref(), Some("resources.vpc_uid"));
    run(&mut model, "default-columns");
    assert_eq!(model.columns, crate::domain::column::Column::defaults());
    run(&mut model, "mark-query severity:high");
    assert_eq!(model.marks.rows.len(), 1);
    run(&mut model, "unmark-query severity:high");
    assert_eq!(model.marks.rows.len(), 0);
    let effects = run(&mut model, "query severity:critical");
    assert_eq!(model.scan.query.to_string(), "severity:critical");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Scan { .. })), "{effects:?}");
}

#[test]
fn a_filter_profile_is_picked_by_its_name() {
    let mut model = loaded(3);
    model.profiles.catalogue.known.push(crate::domain::profile::FilterProfile::of(
        ProfileName::new("worst").unwrap(),
        vec![crate::domain::profile::Layer {
            source: crate::domain::profile::Source::built_in(),
            content: crate::domain::profile::Content { query: "severity:critical".parse().ok(), ..Default::default() },
        }],
    ));
    run(&mut model, "profiles worst");
    assert_eq!((model.profiles.present.name.as_str(), model.scan.query.to_string()), ("worst", "severity:critical".to_owned()));
    run(&mut model, "profiles nope");
    assert!(refusal(&model).starts_with("10: there is no filter profile `nope`"), "{}", refusal(&model));
}

#[test]
fn what_is_wrong_is_told_and_the_line_stays() {
    let mut model = loaded(3);
    run(&mut model, "status suppresed");
    assert_eq!(line(&model), "status suppresed");
    assert!(refusal(&model).starts_with("8: `suppresed` is no status"), "{}", refusal(&model));
    press(&mut model, "backspace");
    assert_eq!(refusal(&model), "", "it is being written again");
    press(&mut model, "end ctrl-u");
    type_text(&mut model, "zzzz");
    press(&mut model, "enter");
    assert!(refusal(&model).contains("no action is called or does `zzzz`"), "{}", refusal(&model));
    press(&mut model, "esc");
    assert!(model.overlays.is_empty() && model.staging.is_empty());
    press(&mut model, ": enter");
    assert!(model.overlays.is_empty(), "nothing is run of nothing");
}

#[test]
fn what_means_nothing_here_stands_last_and_says_what_leads_there() {
    let mut model = loaded(3);
    let entries = palette::entries(&model, Context::Table, "");
    let first = entries.iter().position(|entry| entry.works != Works::Here).unwrap();
    assert!(entries[first..].iter().all(|entry| entry.works != Works::Here));
    assert!(entries[..first].iter().any(|entry| entry.action == Action::Status && entry.keys == ["s"]));
    run(&mut model, "exclude");
    assert_eq!(refusal(&model), "1: exclude works in the review: w leads there");
    press(&mut model, "esc s 3 w");
    run(&mut model, "group title");
    assert_eq!(refusal(&model), "1: group works in the table: Esc leads there");
    press(&mut model, "esc ?");
    run(&mut model, "status suppressed");
    assert_eq!(refusal(&model), "1: status works in the table: Esc leads there", "not over the help, which hides what it is for");
    press(&mut model, "esc esc");
    run(&mut model, "retry");
    assert_eq!(refusal(&model), "1: retry works in the problems: Esc, then ! in the table leads there");
}

#[test]
fn only_the_whole_name_sends_and_only_what_was_drawn() {
    let mut model = loaded(3);
    run(&mut model, "send");
    assert_eq!(refusal(&model), "1: send works in the review: w leads there");
    press(&mut model, "esc s 3 w");
    press(&mut model, ":");
    type_text(&mut model, "se");
    assert!(press(&mut model, "enter").is_empty());
    assert_eq!((line(&model), refusal(&model).as_str()), ("send", "1: Enter again: send what the review shows"));
    let effects = press(&mut model, "enter");
    assert_eq!(sent(&effects).0.len(), 1);
    // Typed before the review was on the screen.
    let mut model = loaded(3);
    press(&mut model, "s 3");
    for key in parse_keys("w : s e n d enter").unwrap() {
        assert_eq!(sent(&event(&mut model, Event::Key(key, Arrival::Single))).0.len(), 0);
    }
    assert!(notice(&model).contains("before the review was on the screen"), "{}", notice(&model));
}

#[test]
fn a_paste_runs_nothing() {
    let mut model = loaded(3);
    press(&mut model, ":");
    event(&mut model, Event::Paste("status suppressed\nquit\n".into()));
    assert_eq!((line(&model), model.staging.len()), ("status suppressed quit ", 0));
    press(&mut model, "ctrl-u");
    for key in parse_keys("m a r k - a l l enter").unwrap() {
        event(&mut model, Event::Key(key, Arrival::Burst));
    }
    assert!(is_open(&model) && model.marks.rows.is_empty());
    // All of it at once, the key of the palette too.
    press(&mut model, "esc");
    for key in parse_keys(": q u i t enter x x").unwrap() {
        event(&mut model, Event::Key(key, Arrival::Burst));
    }
    assert!(model.overlays.is_empty());
}

#[test]
fn a_question_and_a_text_come_before_the_palette() {
    let mut model = loaded(3);
    press(&mut model, "s 3 q :");
    assert!(matches!(model.overlays.last(), Some(Overlay::Confirm(_))));
    assert_eq!(notice(&model), "this is a question: answer it first");
    press(&mut model, "n c :");
    assert!(matches!(model.overlays.last(), Some(Overlay::Editor(editor)) if editor.text.lines().concat() == ":"));
}

#[test]
fn tab_completes_and_up_and_down_move_in_the_list_or_bring_back_what_was_run() {
    let mut model = loaded(30);
    press(&mut model, ":");
    type_text(&mut model, "gro");
    press(&mut model, "tab");
    assert_eq!(line(&model), "group ");
    type_text(&mut model, "con");
    press(&mut model, "tab");
    assert_eq!(line(&model), "group control");
    press(&mut model, "enter");
    assert_eq!(model.view.grouped_by(), Some(crate::domain::grouping::GroupField::Control));
    press(&mut model, ":");
    type_text(&mut model, "fol");
    press(&mut model, "tab");
    assert_eq!(line(&model), "fold");
    press(&mut model, "tab");
    assert_eq!(line(&model), "fold-all", "the next of the list");
    press(&mut model, "shift-tab down");
    assert_eq!(line(&model), "fold-all");
    press(&mut model, "ctrl-n ctrl-p enter");
    assert!(model.view.line_count() < 30, "all groups are folded");
    press(&mut model, ": up");
    assert_eq!(line(&model), "fold-all");
    press(&mut model, "up");
    assert_eq!(line(&model), "group control");
    press(&mut model, "down down");
    assert_eq!(line(&model), "");
    press(&mut model, "down");
    assert_eq!(prompt(&model).unwrap().listing.chosen, Some(0));
    press(&mut model, "up");
    assert_eq!(prompt(&model).unwrap().listing.chosen, None);
    press(&mut model, "up");
    type_text(&mut model, " ");
    press(&mut model, "ctrl-u");
    type_text(&mut model, "status ");
    press(&mut model, "down down down");
    assert_eq!(line(&model), "status suppressed");
    press(&mut model, "up enter");
    assert_eq!(model.staging.iter().next().and_then(|(_, patch)| patch.status), Some(StatusId::IN_PROGRESS));
}

#[test]
fn the_best_is_first() {
    let model = loaded(1);
    let names =
        |words: &str| palette::entries(&model, Context::Table, words).into_iter().map(|entry| entry.action.name()).collect::<Vec<_>>();
    for (words, first) in [
        ("sta", &["status"][..]),
        ("col", &["columns"]),
        ("uid", &["copy-uid"]),
        ("copy js", &["copy-json"]),
        ("all mark", &["mark-all"]),
        ("clipboard", &[]),
        ("flow", &["flow"]),
        ("olda", &["fold-all"]),
        ("cpjs", &["copy-json"]),
        ("QUERY", &["query", "mark-query", "unmark-query", "run-again"]),
    ] {
        let names = names(words);
        assert_eq!(names.get(..first.len()).unwrap_or_default(), first, "{words}: {names:?}");
        assert!(!first.is_empty() || names.is_empty(), "{words}: {names:?}");
    }
}

#[test]
fn the_hint_goes_with_the_third_key_or_the_first_staging() {
    let new = || Settings { newcomer: Newcomer::Yes, ..settings() };
    let mut model = connected(new());
    page(&mut model, 0..5, More::Last);
    assert_eq!(model.hint().as_deref(), Some("Space marks · s sets a status · a takes a recipe · w reviews · ? all keys"));
    press(&mut model, "j X Z j");
    assert!(model.hint().is_some(), "what means nothing does not count");
    press(&mut model, "j");
    assert_eq!(model.hint, Hint::Gone);
    let mut model = connected(new());
    page(&mut model, 0..5, More::Last);
    press(&mut model, "s 3");
    assert_eq!(model.hint(), None);
    assert_eq!(loaded(1).hint(), None, "whoever has been here knows");
    let mut settings = new();
    settings.keymap.bind(Context::Table, parse_keys("m").unwrap(), Action::Mark);
    settings.keymap.unbind(Context::Table, &parse_keys("space").unwrap());
    settings.keymap.unbind(Context::Table, &parse_keys("a").unwrap());
    assert_eq!(connected(settings).hint().as_deref(), Some("m marks · s sets a status · w reviews · ? all keys"));
}

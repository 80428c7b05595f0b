//! What a user can ask for, by name; keys are bound to these.

/// Which way the cursor goes, in whatever has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One further.
    Down,
    /// One back.
    Up,
    /// To the first; with a count, to that row.
    First,
    /// To the last; with a count, to that row.
    Last,
    /// Half a page further.
    HalfPageDown,
    /// Half a page back.
    HalfPageUp,
    /// A page further.
    PageDown,
    /// A page back.
    PageUp,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:literal $help:literal => $variant:ident,)+) => {
        /// Everything a key can be bound to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            /// Moves the cursor.
            Move(Motion),
            $($(#[$doc])* $variant,)+
        }

        impl Action {
            /// Every action with its name and what it does, in the order of the help.
            pub const ALL: &[(&'static str, Action, &'static str)] = &[
                ("down", Action::Move(Motion::Down), "down (with a count: that many)"),
                ("up", Action::Move(Motion::Up), "up (with a count: that many)"),
                ("first", Action::Move(Motion::First), "first row (with a count: that row)"),
                ("last", Action::Move(Motion::Last), "last row (with a count: that row)"),
                ("half-page-down", Action::Move(Motion::HalfPageDown), "half a page down"),
                ("half-page-up", Action::Move(Motion::HalfPageUp), "half a page up"),
                ("page-down", Action::Move(Motion::PageDown), "a page down"),
                ("page-up", Action::Move(Motion::PageUp), "a page up"),
                $(($name, Action::$variant, $help),)+
            ];
        }
    };
}

actions! {
    /// Enter: detail of a row, the chosen entry of a menu, a jump from a list.
    "open" "open, choose, jump" => Open,
    /// Leaves the innermost thing: an overlay, a range, a filter.
    "back" "leave the innermost thing" => Back,
    /// Leaves a screen, and at the table the program; asks while something is staged or being sent.
    "quit" "back, or quit" => Quit,
    /// Cancels loading; twice quits safely.
    "interrupt" "stop loading; twice quits" => Interrupt,
    /// Hands the terminal back to the shell.
    "suspend" "suspend to the shell" => Suspend,
    /// Draws everything anew.
    "redraw" "draw everything anew" => Redraw,
    /// Runs an action by its name.
    "palette" "run an action by its name" => Palette,
    /// Shows the keys.
    "help" "all keys" => Help,
    /// To the next row with a problem.
    "next-problem" "next row with a problem" => NextProblem,
    /// To the previous row with a problem.
    "previous-problem" "previous row with a problem" => PreviousProblem,
    /// To the next open row without a staged change; in text, to the next hit.
    "next" "next undecided row; next hit in text" => Next,
    /// To the previous one.
    "previous" "previous undecided row; previous hit in text" => Previous,
    /// Shows or hides the preview.
    "preview" "show or hide the preview" => Preview,
    /// Switches between summary and document.
    "switch" "switch between summary and document" => Switch,
    /// Marks or unmarks the row and moves down.
    "mark" "mark or unmark, and down" => Mark,
    /// Begins or ends a range to mark.
    "mark-range" "range to mark: begin, move, end" => MarkRange,
    /// Begins or ends a range to unmark.
    "unmark-range" "range to unmark: begin, move, end" => UnmarkRange,
    /// Marks all rows left by the filter; where pages are missing it asks which are meant.
    "mark-all" "mark all rows left by the filter" => MarkAll,
    /// Marks what is unmarked and the other way round.
    "invert-marks" "invert the marks" => InvertMarks,
    /// Shows only marked rows, or all again.
    "marked-only" "show only marked rows" => MarkedOnly,
    /// Takes all marks away.
    "clear-marks" "take all marks away" => ClearMarks,
    /// Marks the last set again.
    "mark-last-set" "mark the last set again" => MarkLastSet,
    /// The cell cursor one column to the left.
    "previous-column" "previous column" => PreviousColumn,
    /// The cell cursor one column to the right.
    "next-column" "next column" => NextColumn,
    /// To the next group.
    "next-group" "next group" => NextGroup,
    /// To the group before.
    "previous-group" "previous group" => PreviousGroup,
    /// Back to where the cursor was, and to the query that was asked there.
    "go-back" "back to where the cursor was" => GoBack,
    /// Marks rows by a query.
    "mark-query" "mark by query" => MarkByQuery,
    /// Unmarks rows by a query.
    "unmark-query" "unmark by query" => UnmarkByQuery,
    /// Marks the rows whose cell under the cell cursor is the same.
    "mark-same" "mark rows equal to this cell" => MarkSame,
    /// Opens the menu of what findings can be alike in.
    "similar" "mark similar findings" => Similar,
    /// Shows only rows that are new since the last visit, or all again.
    "new-only" "show only what is new since the last visit" => NewOnly,
    /// Edits the query that the service is asked.
    "query" "edit the query" => EditQuery,
    /// Opens the saved filter profiles.
    "profiles" "saved filter profiles" => Profiles,
    /// To the next saved filter profile.
    "next-profile" "next filter profile" => NextProfile,
    /// To the saved filter profile before.
    "previous-profile" "previous filter profile" => PreviousProfile,
    /// To the filter profile that was used before this one.
    "last-profile" "last filter profile" => LastProfile,
    /// Saves what is on screen as a filter profile.
    "save-profile" "save as a filter profile" => SaveProfile,
    /// What is in the queue, counted by the service.
    "summary" "what is in the queue" => Summary,
    /// Opens the menu of what rows are grouped by.
    "group" "group rows, or not any more" => Group,
    /// Folds or unfolds the group under the cursor.
    "fold" "fold or unfold the group" => Fold,
    /// Folds every group.
    "fold-all" "fold all groups" => FoldAll,
    /// Unfolds every group.
    "unfold-all" "unfold all groups" => UnfoldAll,
    /// Chooses columns, their order and width.
    "columns" "choose columns, their order and width" => Columns,
    /// Shows or hides a column.
    "show-column" "show or hide the column" => ShowColumn,
    /// Puts a column before the one before it.
    "column-earlier" "the column further to the left" => ColumnEarlier,
    /// Puts a column behind the next.
    "column-later" "the column further to the right" => ColumnLater,
    /// Makes a column wider; with a count, by that many.
    "widen-column" "wider (with a count: by that many)" => WidenColumn,
    /// Makes a column narrower; with a count, by that many.
    "narrow-column" "narrower (with a count: by that many)" => NarrowColumn,
    /// Lets a column be as wide as is right for the terminal.
    "fit-column" "as wide as is right for the terminal" => FitColumn,
    /// Adds a column of a document's field.
    "add-column" "add a column: a path of the document" => AddColumn,
    /// Takes a column of a document's field out of the list.
    "remove-column" "take the column out of the list" => RemoveColumn,
    /// Back to the columns that are shown unless others are chosen.
    "default-columns" "back to the default columns" => DefaultColumns,
    /// Filters the loaded rows by shown text; in text, searches.
    "filter" "filter the loaded rows; search in text" => Filter,
    /// Opens the sort menu.
    "sort" "sort rows" => Sort,
    /// Turns the order round.
    "reverse" "reverse the order" => Reverse,
    /// Reads the marked rows, or the cursor's, again.
    "reread" "read these rows again" => Reread,
    /// Runs the query again.
    "run-again" "run the query again" => RunAgain,
    /// Opens the status menu.
    "status" "set a status" => Status,
    /// Opens the severity menu.
    "severity" "set a severity" => Severity,
    /// Opens the comment editor.
    "comment" "write a comment" => Comment,
    /// Writes the comment in `$EDITOR`.
    "comment-editor" "write a comment in $EDITOR" => CommentEditor,
    /// Opens the recipes.
    "recipe" "stage a recipe" => Recipe,
    /// Says anew what a variable of templates is that was asked once.
    "answer" "say anew what {ticket} is" => Answer,
    /// Stages what was staged last once more, on other rows.
    "repeat" "stage the last decision again" => Repeat,
    /// One finding after the other, whole: each decision moves on to the next undecided one.
    "flow" "flow mode: one finding after the other" => Flow,
    /// Drops the staged change.
    "drop" "drop the staged change" => Drop,
    /// Undoes the last staging.
    "undo" "undo the last staging" => Undo,
    /// Stages again what was undone.
    "redo" "redo what was undone" => Redo,
    /// Opens the review.
    "review" "review what is staged" => Review,
    /// Sends what the review shows.
    "send" "send what the review shows" => Send,
    /// Leaves a row or a group out of this send, or takes it back in.
    "exclude" "leave out, or take back in" => Exclude,
    /// Opens the problems panel.
    "problems" "list the problems" => Problems,
    /// Tries this row or group again.
    "retry" "try this again" => Retry,
    /// Tries everything again that can help.
    "retry-all" "try all retryable again" => RetryAll,
    /// Keeps the staged change of a row that someone else changed: it goes out through the review again.
    "keep-mine" "keep my change against theirs" => KeepMine,
    /// Drops the staged change of a row that someone else changed.
    "keep-theirs" "keep theirs, drop my change" => KeepTheirs,
    /// Stages what was denied without one of its fields, and opens the review.
    "send-without" "leave a field out of what was denied" => SendWithout,
    /// Reads the rows of the review again and sends nothing.
    "check" "read the rows again, send nothing" => Check,
    /// Saves what the review shows as a plan file.
    "save-plan" "save as a plan file" => SavePlan,
    /// Stops sending after the current call.
    "stop-sending" "stop sending after the current call" => StopSending,
    /// Pauses sending, or lets it go on.
    "pause-sending" "pause sending, or go on" => PauseSending,
    /// Opens the journal.
    "journal" "what was sent" => Journal,
    /// Opens the tasks.
    "tasks" "what is under way" => Tasks,
    /// Goes on without the journal that another session has: nothing is kept, nothing is sent.
    "read-only" "go on read-only" => ReadOnly,
    /// Waits until the other session gives the journal up.
    "wait" "wait for the other session" => WaitForJournal,
    /// Copies the finding's uid.
    "copy-uid" "copy the uid" => CopyUid,
    /// Copies the first resource.
    "copy-resource" "copy the resource" => CopyResource,
    /// Copies the whole document.
    "copy-json" "copy the JSON document" => CopyJson,
    /// Copies the address of the finding in the web console.
    "copy-console-url" "copy the console URL" => CopyConsoleUrl,
    /// Writes rows to a file: JSON lines, CSV or Markdown.
    "export" "export rows to a file" => Export,
    /// Puts the first offer in, or the next one in its place.
    "complete" "complete; again for the next offer" => Complete,
    /// Puts the offer before in its place.
    "complete-back" "the offer before" => CompleteBack,
    /// The text that was typed here before this one.
    "earlier" "what was typed here before" => Earlier,
    /// The text that was typed after it, at last what is being written.
    "later" "what was typed here after it" => Later,
    /// Accepts the text.
    "accept" "accept the text" => Accept,
    /// Puts a comment template in, or the next one in its place.
    "template" "put a comment template in" => Template,
    /// Whether the comment replaces the old one or stands behind it.
    "append" "append to the old comment, or replace it" => Append,
    /// Inserts a line break.
    "line-break" "insert a line break" => LineBreak,
}

impl Action {
    /// The action of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, ..)| *known == name).map(|&(_, action, _)| action)
    }

    /// The name it is bound by.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, action, _)| *action == self).map_or("", |&(name, ..)| name)
    }

    /// What it does, in a few words.
    pub fn help(self) -> &'static str {
        Self::ALL.iter().find(|(_, action, _)| *action == self).map_or("", |&(.., help)| help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        let names: std::collections::BTreeSet<&str> = Action::ALL.iter().map(|&(name, ..)| name).collect();
        assert_eq!(names.len(), Action::ALL.len());
        for &(name, action, help) in Action::ALL {
            assert_eq!(Action::named(name), Some(action));
            assert_eq!(action.name(), name);
            assert!(!help.is_empty());
        }
    }
}

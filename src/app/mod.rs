//! The application without its terminal and its network: what can happen, what is known, what is to be done.
//!
//! Owns the model and the one pure function that changes it ([`update::update`]). Must not do I/O, await, read a clock or draw.

pub mod action;
pub mod cell;
pub mod column_chooser;
pub mod columns;
pub mod deciding;
pub mod documents;
pub mod effect;
pub mod event;
pub mod flow;
pub mod former;
pub mod grouped;
pub mod history;
pub mod journaling;
pub mod keymap;
pub mod layout;
pub mod likeness;
pub mod line;
pub mod model;
pub mod notice;
pub mod outcome;
pub mod overlay;
pub mod pass;
pub mod plan_file;
pub mod pointer;
pub mod profiles;
pub mod prompt;
pub mod recipes;
pub mod remembered;
pub mod scan;
pub mod sent_view;
pub mod serving;
pub mod staging;
pub mod summary;
pub mod summary_layout;
pub mod survey;
mod targets;
pub mod text_view;
pub mod trail;
pub mod undo;
pub mod update;
pub mod values;
pub mod visit;
pub mod wording;

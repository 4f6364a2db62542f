//! A mistake with the line it is in.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::mistake::Mistake;
use crate::rubric::place::{Place, Source};

pub fn mistake(mistake: &Mistake, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let title = mistake.kind.title();
    let title = Level::ERROR.primary_title(&title);
    let mut text = match (&mistake.file, mistake.place) {
        (Some(file), Some(place)) => renderer.render(&[title.element(snippet(file, place))]),
        (Some(file), None) => {
            let origin = annotate_snippets::Origin::path(&file.name);
            renderer.render(&[title.element(origin)])
        }
        (None, _) => renderer.render(&[annotate_snippets::Group::with_title(title)]),
    };
    if let Some(hint) = mistake.kind.hint() {
        let style = if colour { Style::new().bold().fg_color(Some(AnsiColor::Cyan.into())) } else { Style::new() };
        text.push_str(&format!("\n{style}hint{style:#}: {hint}"));
    }
    text
}

/// The one line, so that a place never runs on into the next.
fn snippet(file: &Source, place: Place) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let lines = file.text.lines().count().max(1);
    let number = place.line.clamp(1, lines);
    let line = file.text.lines().nth(number - 1).unwrap_or("").trim_start_matches('\u{feff}');
    // A place past the last line is the end of that line.
    let column = if place.line > lines { usize::MAX } else { place.column };
    let byte = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(byte, _)| byte);
    let start = byte(column.saturating_sub(1));
    let end = byte(column.saturating_sub(1).saturating_add(place.length.max(1)));
    Snippet::source(line).line_start(number).path(&file.name).annotation(AnnotationKind::Primary.span(start..end))
}

//! The rubric language as tests: whole messages for every mistake, and a rubric that has none.

mod actor_mistakes;
mod broken;
mod examples;
mod file_mistakes;
mod found_mistakes;
mod good;
mod lab_mistakes;
mod library;
mod line_mistakes;
mod mutant_mistakes;
mod order_mistakes;
mod page;
mod pattern_mistakes;
mod payload_mistakes;
mod program_mistakes;
mod specimen;
mod step_mistakes;
mod template_mistakes;
mod tool_mistakes;
mod unit_mistakes;
mod yaml_mistakes;

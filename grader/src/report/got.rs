//! The bytes behind a miss.

use crate::engine::{Miss, quote};

/// More than a sentence can quote.
const MOST: usize = 400;

/// What came instead of what was expected, in quotes, where the sentence says little or nothing of it.
pub fn got(miss: &Miss) -> Option<String> {
    match miss {
        Miss::TooFew { tail, .. } if !tail.is_empty() => Some(quote(tail, MOST)),
        Miss::TooMany { extra, .. } => Some(quote(extra, MOST)),
        Miss::NotSilent { got, .. } | Miss::LineDiffers { got, .. } => Some(quote(got, MOST)),
        Miss::LineOutOfTurn { got, .. } if got.total > 60 => Some(quote(got, MOST)),
        Miss::HttpDiffers { got, .. } | Miss::NeverCame { got, .. } => Some(quote(got, MOST)),
        Miss::ToolFailed { said, .. } | Miss::ToolWaits { said, .. } if !said.is_empty() => Some(quote(said, MOST)),
        _ => None,
    }
}

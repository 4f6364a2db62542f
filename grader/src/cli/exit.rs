//! What the program's exit status says.

use std::process::ExitCode;

use crate::score::Standing;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Full marks; for other commands than `grade`: done.
    Done = 0,
    /// Points were lost: a step failed.
    PointsLost = 1,
    /// A mistake on the command line or in a rubric, or a submission without a program that builds: nothing was graded.
    Mistake = 2,
    /// Stopped by a signal; what was done is kept.
    Interrupted = 130,
    /// The grader's own fault (`EX_SOFTWARE`): a score, if there is one, says nothing about the student.
    OwnFault = 70,
}

impl From<Standing> for Exit {
    fn from(standing: Standing) -> Exit {
        match standing {
            Standing::FullMarks => Exit::Done,
            Standing::PointsLost => Exit::PointsLost,
            Standing::NothingGraded => Exit::Mistake,
            Standing::Faulted => Exit::OwnFault,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

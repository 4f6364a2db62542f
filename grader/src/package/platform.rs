//! The platforms by name.

use super::contents::Contents;
use super::tree::Tree;
use super::trouble::PackageTrouble;
use super::{autolab, classroom50, github, gradescope, prairielearn};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Gradescope,
    Autolab,
    Github,
    PrairieLearn,
    Classroom50,
}

impl Platform {
    pub const ALL: [Platform; 5] =
        [Platform::Gradescope, Platform::Autolab, Platform::Github, Platform::PrairieLearn, Platform::Classroom50];

    /// What it is written to when nobody says where.
    pub fn default_out(self) -> &'static str {
        match self {
            Platform::Gradescope => "gradescope.zip",
            Platform::Autolab => "autolab",
            Platform::Github => "github",
            Platform::PrairieLearn => "prairielearn",
            Platform::Classroom50 => "classroom50",
        }
    }

    /// Whether it takes one archive, and not a folder.
    pub fn is_zip(self) -> bool {
        self == Platform::Gradescope
    }

    /// What the caller does with it.
    pub fn next(self) -> &'static str {
        match self {
            Platform::Gradescope => "upload it under Configure Autograder, and choose the largest container",
            Platform::Autolab => "`README.md` in it says which problems the assessment needs",
            Platform::Github => {
                "copy it into the repository that students begin with; `.github/grader/README.md` says what it is worth"
            }
            Platform::PrairieLearn => "`README.md` in it says how to build the image and where the question goes",
            Platform::Classroom50 => "`README.md` in it says where Classroom 50 looks for it",
        }
    }

    pub fn tree(self, contents: &Contents) -> Result<Tree, PackageTrouble> {
        match self {
            Platform::Gradescope => Ok(gradescope::tree(contents)),
            Platform::Autolab => autolab::tree(contents),
            Platform::Github => github::tree(contents),
            Platform::PrairieLearn => Ok(prairielearn::tree(contents)),
            Platform::Classroom50 => Ok(classroom50::tree(contents)),
        }
    }
}

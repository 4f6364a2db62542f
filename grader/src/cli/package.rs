//! `package`: what a platform takes.

use std::path::Path;

use super::args::PackageArgs;
use super::output::Output;
use super::progress::Progress;
use super::trouble::{OwnFault, TaMistake, Trouble};
use crate::engine::{list, plain};
use crate::package::{
    Contents, Fault, PackageTrouble, Platform, Source, crates, grader, own_labs, refuse_to_overwrite, source, upload,
    write,
};
use crate::report::shell_word;
use crate::rubric::{Lab, Library};

/// `folder` is where the library was read from, if it is not the built-in one.
pub fn package(args: &PackageArgs, library: &Library, folder: Option<&Path>, output: &Output) -> Result<(), Trouble> {
    let platform = Platform::from(args.platform);
    let labs = labs(library, &args.lab)?;
    let own_labs = folder.map(|folder| own_labs(folder, &labs)).transpose()?.unwrap_or_default();
    let out = args.out.as_deref().unwrap_or(Path::new(platform.default_out()));
    // Nothing in it yet: what takes time comes when all else is known to be well.
    let mut contents = Contents { labs, own_labs, ..Contents::default() };
    if !args.force {
        refuse_to_overwrite(platform, &contents, out)?;
    }
    let source = source(args.grader.as_deref())?;
    if matches!(source, Source::Cargo { .. }) {
        output.complain("building a static grader with cargo, which takes some minutes the first time");
    }
    contents.grader = grader(&source)?;
    let progress = Progress::new();
    progress.say("getting the starter's crates");
    contents.crates = crates()?;
    progress.say("packing");
    let size = write(&upload(platform, &contents)?, out)?;
    drop(progress);

    let names: Vec<String> = contents.labs.iter().map(|lab| plain(&lab.id)).collect();
    output.print(&format!(
        "wrote {}: {}, {:.1} MB\n\nnext  {}\n",
        shell_word(&out.to_string_lossy()),
        list(&names, "and"),
        size as f64 / 1e6,
        platform.next()
    ))
}

/// Each once, in the library's order.
fn labs<'l>(library: &'l Library, asked: &[String]) -> Result<Vec<&'l Lab>, Trouble> {
    let mut labs: Vec<&Lab> = Vec::new();
    for name in asked {
        let selection = library.resolve(name)?;
        if selection.step.is_some() {
            let what = format!("`{}` is one step, and a package holds whole labs", plain(name));
            return Err(TaMistake::usage(what, format!("name the lab: `{}`", selection.lab.id)).into());
        }
        labs.push(selection.lab);
    }
    labs.sort_by(|one, other| one.id.cmp(&other.id));
    labs.dedup_by(|one, other| one.id == other.id);
    Ok(labs)
}

impl From<PackageTrouble> for Trouble {
    fn from(trouble: PackageTrouble) -> Trouble {
        let (what, hint) = (trouble.to_string(), trouble.hint().map(str::to_owned));
        match trouble.fault() {
            Fault::Callers => TaMistake::Usage { what, hint }.into(),
            Fault::Own => OwnFault { what, hint }.into(),
        }
    }
}

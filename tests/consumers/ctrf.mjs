// What the package of CTRF makes of a report: `ctrf.mjs FOLDER REPORT`, with the folder it is installed in. Status 10 if
// it refuses it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file] = process.argv.slice(2);
const { calculateSummary, validate } = createRequire(`${folder}/`)("ctrf");
const report = JSON.parse(readFileSync(file, "utf8"));
const { valid, errors } = validate(report);
if (!valid) {
    console.error(errors);
    process.exit(10);
}
const names = ["tests", "passed", "failed", "skipped", "pending", "other"];
const pick = (summary) => JSON.stringify(Object.fromEntries(names.map((name) => [name, summary[name]])));
const counted = pick(calculateSummary(report.results.tests));
if (counted !== pick(report.results.summary)) {
    console.error(`the report says ${pick(report.results.summary)}, and there are ${counted}`);
    process.exit(10);
}
console.log(counted);

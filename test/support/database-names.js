import { randomBytes } from 'node:crypto';
const PREFIX = 'skypark_test';
const RUN = /^skypark_test_(\d{10})_[0-9a-f]{8}(?:_|$)/;
/** The name of one test run and the beginning of all its databases; it tells when the run began. */
export function newRunName(nowMs) {
    return `${PREFIX}_${String(Math.floor(nowMs / 1000)).padStart(10, '0')}_${randomBytes(4).toString('hex')}`;
}
export const newDatabaseName = (run) => `${run}_${randomBytes(6).toString('hex')}`;
export const templateName = (run) => `${run}_template`;
/** The run that a database belongs to and when it began (ms since 1970), or null for a database that is none of ours. */
export function runOf(database) {
    const match = RUN.exec(database);
    if (match === null)
        return null;
    return { run: match[0].replace(/_$/, ''), beganMs: Number(match[1]) * 1000 };
}

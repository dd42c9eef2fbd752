/**
 * Loaded before a program: its clock is ahead by what a file says, in milliseconds, looked up again and again. So a machine's clock goes
 * wrong and is put right under a program that runs. What PostgreSQL believes does not change; the product asks its own clock alone.
 */
import { readFileSync } from 'node:fs';

const LOOK_MS = 100;
const RealDate = Date;
let aheadMs = 0;

function look() {
  try {
    aheadMs = Number(readFileSync(process.env.CHAOS_CLOCK_FILE, 'utf8')) || 0;
  } catch {
    aheadMs = 0;
  }
}
look();
setInterval(look, LOOK_MS).unref();

const now = () => RealDate.now() + aheadMs;
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, words, made) => Reflect.construct(target, words.length === 0 ? [now()] : words, made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

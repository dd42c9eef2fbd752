/** One thing that a record says: the name of a field, and its value for people. */
export type Fact = { readonly name: string; readonly value: string };

export type Namers = {
  readonly park: (parkId: string) => string;
  /** Null for somebody whom the reader cannot know by name. */
  readonly person: (userId: string) => string | null;
  readonly role: (role: string) => string;
  readonly sum: (som: string) => string;
  readonly instant: (instant: string) => string;
  readonly yesOrNo: (value: boolean) => string;
  readonly sealed: string;
};

/** What no reader has a use for: hashes and secrets, and under whose key something is sealed. */
const OF_NO_USE = ['codeHash', 'secret', 'subjectId'] as const;

/** When a record was written stands beside it: in its details the same is not said again. */
const OWN_TIME = [
  'addedAtMs',
  'cancelledAtMs',
  'changedAtMs',
  'closedAtMs',
  'importedAtMs',
  'issuedAtMs',
  'openedAtMs',
  'paidOutAtMs',
  'requestedAtMs',
  'resolvedAtMs',
  'revokedAtMs',
  'settledAtMs',
  'startedAtMs',
  'succeededAtMs',
] as const;

/** Fields that are not shown, and need no words. */
export const HIDDEN = [...OF_NO_USE, ...OWN_TIME] as const;

const isHidden = (name: string): boolean => HIDDEN.some((one) => one === name);

const PARKS = ['parkId', 'parkIds'];
const PEOPLE = ['userId', 'staffId', 'guestId', 'cashierId'];
/** Lists names of fields. */
const CHANGED = 'changed';
const SEALED = '[sealed]';
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const WHOLE = /^-?\d+$/;
const SHOWN_OF_ID = 8;
/** Places on the globe are stored in such parts of a degree. */
const PARTS_A_DEGREE = 1e7;

/** The end of an id: enough to tell two apart. */
export const shortId = (id: string): string => `…${id.slice(-SHOWN_OF_ID)}`;

/** A field that has no words, as those of older versions: `someFieldTyiyn` is `some field`. */
const plainName = (name: string): string =>
  name
    .replace(/(Tyiyn|AtMs|Ms|E7)$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();

/** What fields are called. */
type Words = Readonly<Record<string, string>>;

const nameOfField = (name: string, words: Words): string => words[name] ?? plainName(name);

function som(tyiyn: string): string {
  const digits = tyiyn.replace('-', '').padStart(3, '0');
  return `${tyiyn.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function textOf(name: string, value: string, words: Words, namers: Namers): string {
  if (value === SEALED) return namers.sealed;
  if (PARKS.includes(name)) return namers.park(value);
  if (PEOPLE.includes(name)) return namers.person(value) ?? shortId(value);
  if (name === 'role') return namers.role(value);
  if (name === CHANGED) return nameOfField(value, words);
  if (name.endsWith('Tyiyn') && WHOLE.test(value)) return namers.sum(som(value));
  return UUID.test(value) ? shortId(value) : value;
}

function numberOf(name: string, value: number, namers: Namers): string {
  if (name.endsWith('AtMs') || name.endsWith('UntilMs')) return namers.instant(new Date(value).toISOString());
  return String(name.endsWith('E7') ? value / PARTS_A_DEGREE : value);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf(name: string, value: unknown, words: Words, namers: Namers): string {
  if (typeof value === 'string') return textOf(name, value, words, namers);
  if (typeof value === 'number') return numberOf(name, value, namers);
  if (typeof value === 'boolean') return namers.yesOrNo(value);
  if (isRecord(value)) {
    const facts = factsOf(value, words, namers);
    return facts.map((fact) => `${fact.name}: ${fact.value}`).join(', ');
  }
  if (!Array.isArray(value) || value.length === 0) return '–';
  const items: readonly unknown[] = value;
  return items.map((item) => valueOf(name, item, words, namers)).join(items.some(isRecord) ? '; ' : ', ');
}

/** What a record of the audit trail says, with names where it has ids; what it leaves open is left out. */
export function factsOf(details: unknown, words: Words, namers: Namers): readonly Fact[] {
  if (!isRecord(details)) return [];
  return Object.entries(details)
    .filter(([name, value]) => value !== null && value !== undefined && !isHidden(name))
    .map(([name, value]) => ({ name: nameOfField(name, words), value: valueOf(name, value, words, namers) }));
}

/** One thing that a record says: the name of a field, as the texts know it, and its value for people. */
export type Fact = { readonly name: string; readonly value: string };

export type Namers = {
  readonly park: (parkId: string) => string;
  /** Null for somebody whom the reader cannot know by name. */
  readonly person: (userId: string) => string | null;
  readonly role: (role: string) => string;
  readonly sum: (som: string) => string;
  readonly sealed: string;
};

const PARKS = ['parkId'];
const PEOPLE = ['userId', 'staffId', 'cashierId'];
const SEALED = '[sealed]';
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const TYIYN = /Tyiyn$/;
const SHOWN_OF_ID = 8;

/** The end of an id: enough to tell two apart. */
export const shortId = (id: string): string => `…${id.slice(-SHOWN_OF_ID)}`;

function som(tyiyn: string): string {
  const digits = tyiyn.replace('-', '').padStart(3, '0');
  return `${tyiyn.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function valueOf(name: string, value: unknown, namers: Namers): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (value === SEALED) return namers.sealed;
  if (PARKS.includes(name)) return namers.park(value);
  if (PEOPLE.includes(name)) return namers.person(value) ?? shortId(value);
  if (name === 'role') return namers.role(value);
  if (TYIYN.test(name) && /^-?\d+$/.test(value)) return namers.sum(som(value));
  return UUID.test(value) ? shortId(value) : value;
}

/** What a record of the audit trail says, with names where it has ids; what it leaves open is left out. */
export function factsOf(details: unknown, namers: Namers): readonly Fact[] {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return [];
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => ({ name, value: valueOf(name, value, namers) }));
}

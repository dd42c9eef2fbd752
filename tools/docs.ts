import { readFile, writeFile } from 'node:fs/promises';
import { renderErrorDocs } from '../src/infrastructure/http/error-docs.ts';
import type { Route } from '../src/infrastructure/http/route.ts';
import { isDoneBy } from '../src/kernel/node-role.ts';
import type { Travels } from '../src/kernel/event-definition.ts';
import { documentedRoutes } from '../src/main/documented-routes.ts';
import { manifests } from '../src/main/migration-sources.ts';
import { referenceRows } from '../src/main/settings/reference.ts';

/**
 * Writes the pages of docs/generated from the code, or with `--check` says which of them are not what the code says.
 */
const HEAD = '<!-- Made by `npm run generate:docs`; edit the code instead. -->\n\n';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const DOWN = { every_park: 'down to every park', its_park: 'down to its park' } as const;

/** Between headquarters and the nodes of parks; empty for what stays where it was written. */
const travelsOf = ({ down, up }: Travels = {}): string =>
  [...(down === undefined ? [] : [DOWN[down]]), ...(up === undefined ? [] : ['up'])].join(', ');

function eventsPage(): string {
  const sections = manifests.map(({ name, events, projections }) => {
    const readers = (type: string): string =>
      projections
        .filter(({ eventTypes }) => eventTypes.includes(type))
        .map((projection) => projection.name)
        .join(', ');
    const rows = events.map(({ type, version, personal, travels }) => [
      `\`${type}\``,
      String(version),
      personal === undefined
        ? ''
        : `${personal.fields.map((field) => `\`${field}\``).join(', ')} under \`${personal.subject}\``,
      travelsOf(travels),
      readers(type),
    ]);
    return `## ${name}\n\n${table(['event', 'version', 'personal fields, and whose key seals them', 'travels', 'read models here'], rows)}\n`;
  });
  return `# Events\n\nEvery type of event in the log, by the module that writes it.\n\n${sections.join('\n')}`;
}

function routesPage(routes: readonly Route[]): string {
  const access = ({ access: rule }: Route): string =>
    rule.kind === 'roles' ? rule.roles.join(', ') : rule.kind === 'user' ? 'signed in' : 'everybody';
  const where = ({ access: rule }: Route): string => {
    if (rule.kind === 'user') return 'own things';
    if (rule.kind === 'public') return '';
    const devices = rule.devices === 'only' ? ', devices alone' : rule.devices === true ? ', devices too' : '';
    if (rule.parkFrom === undefined) return `the chain${devices}`;
    return `${rule.parkFrom === 'resource' ? 'the park of the thing' : 'the park that is named'}${devices}`;
  };
  const rows = routes
    .toSorted((a, b) => a.url.localeCompare(b.url) || a.method.localeCompare(b.method))
    .map((route) => [
      `\`${route.method} ${route.url}\``,
      access(route),
      where(route),
      route.idempotency,
      route.stepUp === 'required' ? 'yes' : '',
      isDoneBy('park', route.servedAt) ? 'yes' : '',
      route.summary,
    ]);
  return `# Routes\n\nThe whole contract is \`docs/generated/openapi.json\`. Who may do what is this table and nothing else: a route says it where it is defined, one that says nothing does not compile, and what is no route is not there.\n\n${table(['route', 'who', 'where a role must be held', 'idempotency key', 'fresh proof', 'parks too', 'what'], rows)}\n`;
}

function configurationPage(): string {
  const head = ['variable', 'flag', 'YAML', 'what it may be', 'default', 'meaning'];
  return `# Settings\n\nHow they are given and what production insists on: [Configuration](../configuration.md).\n\n${table(head, referenceRows())}\n`;
}

const pages: Readonly<Record<string, string>> = {
  'configuration.md': configurationPage(),
  'errors.md': renderErrorDocs(),
  'events.md': eventsPage(),
  'routes.md': routesPage((await documentedRoutes()).routes),
};

const check = process.argv.includes('--check');
let stale = 0;
for (const [name, text] of Object.entries(pages)) {
  const file = new URL(`../docs/generated/${name}`, import.meta.url);
  const fresh = HEAD + text;
  if (!check) await writeFile(file, fresh);
  else if ((await readFile(file, 'utf8').catch(() => '')) !== fresh) {
    stale += 1;
    process.stderr.write(`docs/generated/${name} is not what the code says: npm run generate:docs\n`);
  }
}
process.exit(stale === 0 ? 0 : 1);

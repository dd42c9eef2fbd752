import type { PickId } from './values.ts';

/** Ids that answers told: so many of each kind, the newest. */
const MOST_IDS = 400;
const MOST_ETAGS = 2_000;
/** Of so many ids one is of any kind: what is asked of a thing that it is not has to be refused. */
const STRAY = 5;

/** Ids that answers have told, by what they are ids of, and in which version things are. */
export type KnownIds = {
  /** The ETag under which an address of the product was last answered. */
  etagOf(address: string): string | undefined;
  rememberEtag(address: string, etag: string | null): void;
  /** For a request to an address of the document. */
  pickFor(path: string): PickId;
  /** Takes those that an answer tells. */
  remember(path: string, text: string): void;
};

/** `/api/v1/tickets/{id}/move` and `/api/v1/tickets` are about the same kind of thing; so is a field `ticket_id`. */
const kindOfPath = (path: string): string => path.split('{')[0]?.replace(/\/$/, '').split('/').at(-1) ?? '';
const kindOfField = (name: string): string => `${name.replace(/_ids?$/, '')}s`;

export function createKnownIds(first: readonly string[]): KnownIds {
  const all = [...first];
  const etags = new Map<string, string>();
  const byKind = new Map<string, string[]>();
  const push = (ids: string[], id: string): void => {
    ids.push(id);
    if (ids.length > MOST_IDS) ids.shift();
  };
  return {
    etagOf: (address) => etags.get(address),
    rememberEtag(address, etag) {
      const [oldest] = etags.keys();
      if (etags.size > MOST_ETAGS && oldest !== undefined) etags.delete(oldest);
      if (etag !== null) etags.set(address, etag);
    },
    pickFor: (path) => (index, name) => {
      const kind = name === '' || name === 'id' ? kindOfPath(path) : kindOfField(name);
      const own = byKind.get(kind) ?? [];
      const ids = own.length === 0 || index % STRAY === 0 ? all : own;
      return ids[index % ids.length] ?? '';
    },
    remember(path, text) {
      for (const [, name = '', id = ''] of text.matchAll(/"(id|\w+_id)":"([^"]{1,64})"/g)) {
        const kind = name === 'id' ? kindOfPath(path) : kindOfField(name);
        const ids = byKind.get(kind) ?? [];
        byKind.set(kind, ids);
        push(ids, id);
        push(all, id);
      }
    },
  };
}

import type { LogPlace } from '../../kernel/replication.ts';
import { ok, refuse } from '../../kernel/result.ts';
import type { Contact, KeyOfNode, KnownIncarnation, RegisteredNode, Voice } from '../../modules/nodes/contract.ts';
import type { Registry, Voices } from '../headquarters/ports.ts';

/** Enrols whoever has it. */
export const CODE = 'the-code';

/** The register of one node, by the rules of the module that keeps it. */
export class ToyRegistry implements Registry {
  node: RegisteredNode | null = null;
  readonly contacts: Contact[] = [];
  readonly published: string[] = [];

  async find(nodeId: string): Promise<RegisteredNode | null> {
    return this.node?.nodeId === nodeId ? this.node : null;
  }

  async enrol({ code, nodeId, parkId, key, incarnation }: Parameters<Registry['enrol']>[0]) {
    if (code !== CODE) return refuse({ code: 'code_invalid' });
    const before = (this.node?.incarnations ?? []).map((life): KnownIncarnation =>
      life.closed === null ? { ...life, closed: { seq: 0, link: '', why: 'replaced' }, successor: incarnation } : life,
    );
    const incarnations = [...before, { incarnation, closed: null, successor: null }];
    this.node = { nodeId, parkId, status: 'enrolled', keys: [{ ...key, until: null }], incarnations };
    return ok(null);
  }

  async succeed(_nodeId: string, previous: LogPlace, successor: string) {
    const life = this.node?.incarnations.find(({ incarnation }) => incarnation === previous.incarnation);
    if (this.node === null || life === undefined) return refuse({ code: 'incarnation_unknown' });
    if (life.closed !== null) return refuse({ code: 'succeeded_already' });
    this.#end(previous, 'succeeded', successor);
    return ok(null);
  }

  revoke(accepted: LogPlace): void {
    this.#end(accepted, 'revoked', null);
    if (this.node !== null) this.node = { ...this.node, status: 'revoked' };
  }

  async certifyKey(_nodeId: string, { oldKeyId, key }: Parameters<Registry['certifyKey']>[1]) {
    const [newest, before] = this.#inForce();
    if (newest?.keyId === key.keyId && before?.keyId === oldKeyId) return ok(null);
    if (this.node?.keys.some(({ keyId }) => keyId === key.keyId)) return refuse({ code: 'key_used_before' });
    if (newest?.keyId !== oldKeyId) return refuse({ code: 'key_moved' });
    if (before !== undefined) return refuse({ code: 'key_change_open' });
    this.#keep([{ ...key, until: null }, ...(this.node?.keys ?? [])]);
    return ok(null);
  }

  async retireKey(_nodeId: string, { oldKeyId, keyId, oldUntil }: Parameters<Registry['retireKey']>[1]) {
    if (this.#inForce()[0]?.keyId !== keyId) return refuse({ code: 'key_moved' });
    const isOpen = (key: KeyOfNode): boolean => key.keyId === oldKeyId && key.until === null;
    this.#keep((this.node?.keys ?? []).map((key) => (isOpen(key) ? { ...key, until: oldUntil } : key)));
    return ok(null);
  }

  #inForce(): readonly KeyOfNode[] {
    return (this.node?.keys ?? []).filter(({ until }) => until === null);
  }

  #keep(keys: readonly KeyOfNode[]): void {
    if (this.node !== null) this.node = { ...this.node, keys };
  }

  async publishKeys(_node: object, keys: readonly { readonly keyId: string }[]): Promise<void> {
    this.published.push(...keys.map(({ keyId }) => keyId));
  }

  async noteContact(contact: Contact): Promise<void> {
    this.contacts.push(contact);
  }

  #end({ incarnation, seq, link }: LogPlace, why: 'succeeded' | 'revoked', successor: string | null): void {
    if (this.node === null) return;
    const incarnations = this.node.incarnations.map((life): KnownIncarnation =>
      life.incarnation === incarnation ? { ...life, closed: { seq, link, why }, successor } : life,
    );
    const next = successor === null ? [] : [{ incarnation: successor, closed: null, successor: null }];
    this.node = { ...this.node, incarnations: [...incarnations, ...next] };
  }
}

/** The voices of one node, by the rules of the module that keeps them. */
export function createToyVoices(): Voices {
  let heard: readonly Voice[] = [];
  return {
    async note(voice) {
      const isSame = ({ life, process, incarnation }: Voice): boolean =>
        life === voice.life && process === voice.process && incarnation === voice.incarnation;
      const known = heard.find((one) => isSame(one));
      const { firstAtMs, isCopy } = known ?? { firstAtMs: voice.atMs, isCopy: false };
      heard = [...heard.filter((one) => !isSame(one)), { ...voice, firstAtMs, isCopy }];
    },
    of: async (_nodeId, life) => heard.filter((one) => one.life === life),
    async markCopies(_nodeId, life, processes) {
      const isProven = (one: Voice): boolean => one.life === life && processes.includes(one.process);
      heard = heard.map((one) => (isProven(one) ? { ...one, isCopy: true } : one));
    },
  };
}

import { createNodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { ensureNextKey, installNextKey } from '../../infrastructure/keys/next-key.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { certifyKey } from '../../sync/park/change-key.ts';
import { ANOTHER_KEY } from '../../sync/park/ask.ts';
import { followKey } from '../../sync/park/follow-key.ts';
import type { App } from '../compose.ts';
import { changeHeadquartersKey, type ChangedKey } from '../headquarters-key.ts';
import { parkIdentity } from '../park-sync.ts';
import { nodeKeyFile } from '../secrets.ts';
import type { Command } from './command.ts';

const secret = (bytes: number): string => systemIds.secret(bytes);

const WHY: Readonly<Record<string, string>> = {
  sync_refused: 'Headquarters does not believe this node by the key of its file.',
  node_key_change_open: 'The change before is not finished: let the node talk with headquarters first.',
  node_key_used_before: 'The node had the key before, and it does not come back: remove the file that ends in .next.',
};

type Say = (line: string) => void;

/**
 * Has headquarters take the next key, then puts it in place of the one in the file. Killed after any step, the node can speak
 * by the key that its file holds, and the command goes on where it was.
 */
async function rotateAtPark(app: App, say: Say): Promise<number> {
  const { enrolment } = app.modules.nodes;
  let headquarters = await enrolment.find();
  if (headquarters === null) {
    say('This node is not enrolled: its key can be changed by hand.');
    return 1;
  }
  const file = nodeKeyFile(app.config);
  const identity = await parkIdentity(app);
  const next = createNodeSigner(await ensureNextKey(file));
  let certified = await certifyKey({ ...identity, headquarters, secret }, next);
  if (!certified.ok && certified.refusal.reason === ANOTHER_KEY) {
    headquarters = (await followKey({ ...identity, secret }, headquarters)) ?? headquarters;
    certified = await certifyKey({ ...identity, headquarters, secret }, next);
  }
  if (!certified.ok) {
    const { reason } = certified.refusal;
    say(WHY[reason] ?? `Headquarters did not take the new key: ${reason}. Nothing is changed; try again.`);
    return 1;
  }
  await enrolment.keep(certified.value);
  await installNextKey(file);
  say(
    `From now on key ${next.keyId} signs. Key ${identity.signer.keyId} ends when the node talks with headquarters next;`,
  );
  say('nodes list at headquarters shows when it has.');
  return 0;
}

const NOT_CHANGED: Readonly<Record<Exclude<ChangedKey['kind'], 'changed'>, string>> = {
  no_key: 'Headquarters has no NODE_KEY_FILE: no park can have a node.',
  busy: 'Somebody is just changing it: try again.',
  used_before: 'Headquarters had that key before, and it does not come back: remove the file that ends in .next.',
};

async function rotateAtHeadquarters(app: App, say: Say): Promise<number> {
  const changed = await changeHeadquartersKey(app);
  if (changed.kind !== 'changed') {
    say(NOT_CHANGED[changed.kind]);
    return 1;
  }
  say(
    `From now on key ${changed.keyId} signs, and key ${changed.oldKeyId} is gone. Parks learn it when they talk next.`,
  );
  say('Copy the file of the key, and the one beside it that ends in .certificates, to where your backups of keys are.');
  return 0;
}

export const nodeKeyCommands: readonly Command[] = [
  {
    words: 'nodes rotate-key',
    meaning:
      'another key signs what this node tells others, which the one before proves: at the node of a park, or at headquarters',
    run: (_call, { say, withApp }) =>
      withApp((app) => (app.config.node.role === 'park' ? rotateAtPark(app, say) : rotateAtHeadquarters(app, say))),
  },
];

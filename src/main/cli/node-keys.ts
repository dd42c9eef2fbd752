import { createNodeSigner } from '../../infrastructure/keys/node-signer.ts';
import { ensureNextKey, installNextKey } from '../../infrastructure/keys/next-key.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { certifyKey } from '../../sync/park/change-key.ts';
import type { App } from '../compose.ts';
import { parkIdentity } from '../park-sync.ts';
import { nodeKeyFile } from '../secrets.ts';
import type { Command } from './command.ts';

const secret = (bytes: number): string => systemIds.secret(bytes);

const WHY: Readonly<Record<string, string>> = {
  sync_refused: 'Headquarters does not believe this node by the key of its file.',
  node_key_change_open: 'The change before is not finished: let the node talk with headquarters first.',
  node_key_used_before: 'The node had the key before, and it does not come back: remove the file that ends in .next.',
};

/**
 * Has headquarters take the next key, then puts it in place of the one in the file. Killed after any step, the node can speak
 * by the key that its file holds, and the command goes on where it was.
 */
async function rotateAtPark(app: App, say: (line: string) => void): Promise<number> {
  const { enrolment } = app.modules.nodes;
  const headquarters = await enrolment.find();
  if (headquarters === null) {
    say('This node is not enrolled: its key can be changed by hand.');
    return 1;
  }
  const file = nodeKeyFile(app.config);
  const identity = await parkIdentity(app);
  const next = createNodeSigner(await ensureNextKey(file));
  const certified = await certifyKey({ ...identity, headquarters, secret }, next);
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

export const nodeKeyCommands: readonly Command[] = [
  {
    words: 'nodes rotate-key',
    meaning: 'at the node of a park: another key signs what it tells headquarters, which both keys prove',
    run: (_call, { say, withApp }) => withApp((app) => rotateAtPark(app, say)),
  },
];

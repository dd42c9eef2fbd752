import type { Ids } from '../../kernel/ids.ts';
import type { FileVault } from '../../kernel/vault.ts';

/**
 * The vault of a park's node. Events of headquarters hold texts that were sealed there, and headquarters holds texts that were
 * sealed here, of the same guests and tickets and under other keys. So a park names its keys by a derived id: whatever another
 * node has sealed has no key here and opens as null, as after an erasure, instead of being taken for one that was tampered with.
 */
export function createOwnSubjects(vault: FileVault, ids: Pick<Ids, 'derive'>, nodeId: string): FileVault {
  const own = (subjectId: string): string => ids.derive(`subject:${nodeId}/${subjectId}`);
  return {
    seal: (subjectId, text) => vault.seal(own(subjectId), text),
    open: (sealed) => vault.open(sealed),
    sealBytes: (subjectId, bytes) => vault.sealBytes(own(subjectId), bytes),
    openBytes: (subjectId, sealed) => vault.openBytes(own(subjectId), sealed),
    blindIndex: (scope, value) => vault.blindIndex(scope, value),
    destroy: (subjectId) => vault.destroy(own(subjectId)),
  };
}

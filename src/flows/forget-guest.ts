import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { ChildPhotoRemoved, UserErased } from '../modules/user/contract.ts';

export type ForgetGuestPorts = {
  /** Ends all that an erased account still has anywhere. */
  readonly finishErasure: (userId: string) => Promise<void>;
  readonly deleteFile: (key: string) => Promise<void>;
};

const isErasure = (event: Recorded): event is Recorded<UserErased> => event.type === 'UserErased';
const isRemoval = (event: Recorded): event is Recorded<ChildPhotoRemoved> => event.type === 'ChildPhotoRemoved';

/** What was erased or removed is really gone, also after a crash in the middle of it. Harmless to repeat. */
export const createForgetGuestFlow = ({ finishErasure, deleteFile }: ForgetGuestPorts): Flow => ({
  name: 'flow.forget-guest',
  eventTypes: ['UserErased', 'ChildPhotoRemoved'],
  async handle(event) {
    if (isErasure(event)) await finishErasure(event.data.userId);
    // Without a key the account was erased since, and all its files with it.
    if (isRemoval(event) && event.data.photoKey !== null) await deleteFile(event.data.photoKey);
  },
});

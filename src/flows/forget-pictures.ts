import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { ParkPicturesRemoved } from '../modules/park/contract.ts';

type Dependencies = { readonly forgetPicture: (parkId: string, pictureId: string) => Promise<void> };

/** The files of pictures that a park shows no longer are deleted. Harmless to repeat. */
export const createForgetPicturesFlow = ({ forgetPicture }: Dependencies): Flow => ({
  name: 'flow.forget-pictures',
  eventTypes: ['ParkPicturesRemoved'],
  async handle(event) {
    const { parkId, pictureIds } = (event as Recorded<ParkPicturesRemoved>).data;
    for (const pictureId of pictureIds) await forgetPicture(parkId, pictureId);
  },
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { bodyOf } from '../../tools/demo/answered.ts';
import type { NewFamily } from '../../tools/demo/new-family.ts';
import { note, type Scene } from './scene.ts';

/** Twenty a minute are allowed. */
const SEND_EVERY_MS = 3_500;
const PATIENCE_MS = 25_000;

/**
 * A family sends pictures of a child and is not patient: what is answered 503 is sent anew later.
 * @throws when one was acknowledged and none is shown in the end
 */
export async function sendPictures(scene: Scene, { session }: NewFamily): Promise<void> {
  const colour = { r: 90, g: 140, b: 90 };
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: colour } })
    .png()
    .toBuffer();
  const picture = new Blob([new Uint8Array(png)]);
  const header = { 'Idempotency-Key': randomUUID() };
  const body = { name: 'Нурай', birth_date: '2019-07-19' };
  const added = await session.call('child', (client, signal) =>
    client.POST('/api/v1/users/me/children', { params: { header }, body, signal }),
  );
  const params = { path: { id: bodyOf('child', 201, added).id } };
  let acknowledged = 0;
  while (!scene.isOver) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const headers = { 'content-type': 'image/png' };
    const sent = { params, headers, body: '', bodySerializer: () => picture, signal };
    const status = await session.client.PUT('/api/v1/users/me/children/{id}/photo', sent as never).then(
      ({ response }) => response.status,
      () => null,
    );
    note(scene, 'picture sent', String(status ?? 'no answer'));
    if (status === 204) acknowledged += 1;
    await sleep(SEND_EVERY_MS);
  }
  const shown = await session.call('picture', (client, signal) =>
    client.GET('/api/v1/users/me/children/{id}/photo', { params, signal }),
  );
  if (acknowledged > 0 && shown.response.status !== 200) {
    throw new Error(`a picture that was acknowledged is answered ${shown.response.status}`);
  }
}

import { Type } from 'typebox';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { PICTURE_PROBLEMS, PICTURE_UPLOAD, pictureProblem } from '../../../infrastructure/http/picture-upload.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { API_BASE, defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Photos } from '../application/photos.ts';

const PhotoLink = Type.Object(
  { url: Type.String({ description: 'Shows the picture to whoever has it' }), expires_at: instant() },
  { $id: 'PhotoLink' },
);

const ofChild = { path: '/users/me/children/:id/photo', tag: 'users', access: { kind: 'user' } } as const;
const params = Type.Object({ id: uuid() });

export const storeChildPhotoRoute = (photos: Photos) =>
  defineRoute({
    ...ofChild,
    method: 'PUT',
    operationId: 'storeChildPhoto',
    summary: 'Give a child a picture',
    description: 'It is drawn anew, without place, camera or anything else that came with it, and kept encrypted.',
    params,
    ...PICTURE_UPLOAD,
    responses: { 204: { description: 'The picture is kept; one that was there is gone' } },
    problems: ['child_not_found', ...PICTURE_PROBLEMS],
    async handle({ params: { id }, rawBody, principal, correlationId }) {
      const picture = rawBody ?? new Uint8Array();
      const stored = await photos.store(principal.userId, id, picture, { actor: principal.actor, correlationId });
      if (stored.ok) return { status: 204 };
      return stored.refusal.code === 'child_not_found' ? problem('child_not_found') : pictureProblem(stored.refusal);
    },
  });

export const getChildPhotoRoute = (photos: Photos, publicUrl: string) =>
  defineRoute({
    ...ofChild,
    method: 'GET',
    operationId: 'getChildPhoto',
    summary: 'An address that shows the picture of a child for five minutes',
    params,
    responses: {
      200: {
        description: 'The address',
        schema: PhotoLink,
        example: {
          url: 'https://park.example/api/v1/photos/MTc5NTYwNDQwMDAwMDpjaGlsZHJlbi8wMTkz.q3Zr0nS2m9v1yJ7cK5dT8bXwLhA4eGfUoPiRsMtNyQk',
          expires_at: '2026-11-24T06:35:00.000Z',
        },
      },
    },
    problems: ['child_not_found', 'photo_not_found'],
    async handle({ params: { id }, principal }) {
      const made = await photos.link(principal.userId, id);
      if (!made.ok) return problem(made.refusal.code);
      const { link, expiresAtMs } = made.value;
      const url = `${publicUrl}${API_BASE}/photos/${link}`;
      return { status: 200, body: { url, expires_at: toInstant(expiresAtMs) } };
    },
  });

export const removeChildPhotoRoute = (photos: Photos) =>
  defineRoute({
    ...ofChild,
    method: 'DELETE',
    operationId: 'removeChildPhoto',
    summary: 'Remove the picture of a child',
    params,
    responses: { 204: { description: 'There is no picture any more' } },
    problems: ['child_not_found', 'photo_not_found'],
    async handle({ params: { id }, principal, correlationId }) {
      const removed = await photos.remove(principal.userId, id, { actor: principal.actor, correlationId });
      return removed.ok ? { status: 204 } : problem(removed.refusal.code);
    },
  });

export const showPhotoRoute = (photos: Photos) =>
  defineRoute({
    method: 'GET',
    path: '/photos/:link',
    operationId: 'showPhoto',
    summary: 'The picture behind an address of ours',
    description: 'The address is the proof: it was given to the parent and ends after five minutes.',
    tag: 'users',
    access: { kind: 'public' },
    params: Type.Object({
      link: Type.String({ pattern: '^[A-Za-z0-9_.-]+$', maxLength: 300, example: 'cGhvdG8.1796112000.Zm9yZ2Vk' }),
    }),
    responses: {
      200: {
        description: 'The picture',
        headers: { 'Cache-Control': 'Private, and never stored' },
        contentTypes: ['image/jpeg'],
      },
    },
    problems: ['validation_failed', 'link_expired', 'photo_not_found'],
    async handle({ params: { link } }) {
      const picture = await photos.open(link);
      if (!picture.ok) return problem(picture.refusal.code);
      const headers = { 'cache-control': 'private, no-store', 'content-disposition': 'inline' };
      return { status: 200, headers, contentType: 'image/jpeg', body: picture.value };
    },
  });

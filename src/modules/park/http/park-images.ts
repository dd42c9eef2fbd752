import { Type } from 'typebox';
import { PICTURE_PROBLEMS, PICTURE_UPLOAD, pictureProblem } from '../../../infrastructure/http/picture-upload.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Pictures } from '../application/pictures.ts';
import type { AnswerEdit } from './edit-park.ts';
import { parkExample } from './park-examples.ts';
import { fields, Park, parkId } from './park-schema.ts';

const address = '/api/v1/parks/ala-archa/images/01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

const ParkImage = Type.Object(
  { url: Type.String({ description: 'Its address, as in the images of the park' }) },
  { $id: 'ParkImage' },
);

const ofPark = { path: '/parks/:id/images', tag: 'parks' } as const;
const editors = { kind: 'roles', roles: ['manager', 'admin'], parkFrom: 'params.id' } as const;
const params = Type.Object({ id: parkId });

export const addParkImageRoute = (pictures: Pictures) =>
  defineRoute({
    ...ofPark,
    method: 'POST',
    operationId: 'addParkImage',
    summary: 'Add a picture to a park',
    description:
      'It is drawn anew, without anything that came with it, and shown to everybody after the other pictures.',
    access: editors,
    stepUp: 'none',
    idempotency: 'optional',
    params,
    ...PICTURE_UPLOAD,
    responses: {
      201: {
        description: 'The picture is shown',
        headers: { Location: 'Its address' },
        schema: ParkImage,
        example: { url: address },
      },
    },
    problems: ['park_not_found', 'too_many_images', ...PICTURE_PROBLEMS],
    async handle({ params: { id }, rawBody, principal: { actor }, correlationId, commandId }) {
      const meta = { actor, correlationId, ...(commandId === undefined ? {} : { commandId }) };
      const added = await pictures.add(id, rawBody ?? new Uint8Array(), meta);
      if (added.ok) return { status: 201, headers: { location: added.value }, body: { url: added.value } };
      const { refusal } = added;
      switch (refusal.code) {
        case 'park_not_found':
          return problem('park_not_found');
        case 'too_many_images':
          return problem('too_many_images', { detail: `A park has at most ${refusal.most} pictures.` });
        default:
          return pictureProblem(refusal);
      }
    },
  });

export const setParkImagesRoute = (answerEdit: AnswerEdit) =>
  defineRoute({
    ...ofPark,
    method: 'PUT',
    operationId: 'setParkImages',
    summary: 'Say which pictures a park shows, and in which order',
    description:
      'Uploaded pictures that are left out are deleted. Pictures elsewhere are named by their https addresses.',
    access: editors,
    stepUp: 'none',
    editing: true,
    params,
    body: Type.Object({ images: fields.images }),
    bodyExample: { images: [address] },
    responses: {
      200: {
        description: 'The park as it is now',
        headers: { ETag: 'Version of the park, for If-Match', Vary: 'Accept-Language' },
        schema: Park,
        example: { ...parkExample, images: [address] },
      },
    },
    problems: ['park_not_found', 'precondition_failed', 'validation_failed'],
    handle: ({ params: { id }, body: { images }, principal: { actor }, correlationId, ifMatch: version, language }) =>
      answerEdit({ parkId: id, version, changes: { images }, actor, correlationId, language }),
  });

export const showParkImageRoute = (pictures: Pictures) =>
  defineRoute({
    method: 'GET',
    path: '/parks/:id/images/:image_id',
    operationId: 'showParkImage',
    summary: 'A picture of a park',
    tag: 'parks',
    access: { kind: 'public' },
    params: Type.Object({ id: parkId, image_id: uuid() }),
    responses: {
      200: {
        description: 'The picture',
        headers: { 'Cache-Control': 'Anybody may keep it: it never changes' },
        contentTypes: ['image/jpeg'],
      },
    },
    problems: ['photo_not_found'],
    async handle({ params: { id, image_id: pictureId } }) {
      const picture = await pictures.find(id, pictureId);
      if (picture === null) return problem('photo_not_found');
      const headers = {
        'cache-control': 'public, max-age=31536000, immutable',
        'content-disposition': 'inline',
        // Pages elsewhere may show it too.
        'cross-origin-resource-policy': 'cross-origin',
      };
      return { status: 200, headers, contentType: 'image/jpeg', body: picture };
    },
  });

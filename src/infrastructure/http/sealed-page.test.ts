import { Type } from 'typebox';
import type { TSchema } from 'typebox';
import { beforeAll, describe, expect, test } from 'vitest';
import { createCursorSeal } from './cursor-seal.ts';
import { OTHER_PARK, PARK, send, startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
import { isRecord } from './json-schema.ts';
import { pageOfAll, readPage } from './page.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';
import { pageOf, pageQuery, uuid } from './schemas.ts';
import type { Access } from './access.ts';

const ITEMS = ['a', 'b', 'c', 'd', 'e'];

const list = (path: string, access: Access, params: TSchema = Type.Object({})): Route =>
  defineRoute({
    method: 'GET',
    path,
    operationId: `list${path.replaceAll(/\W|park_id/g, '')}`,
    summary: 'A list',
    tag: 'Things',
    access,
    params,
    query: Type.Object(pageQuery),
    responses: {
      200: { description: 'A page.', schema: pageOf(Type.String()), example: { items: ['a'], next_cursor: null } },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const read = await readPage<string>(
        'letters',
        query,
        (item) => item,
        pageOfAll(ITEMS, (item) => item),
      );
      return read.ok ? { status: 200, body: { items: read.value.items, next_cursor: read.value.next } } : read.refusal;
    },
  });

let fixture: Fixture;
beforeAll(async () => {
  const routes = [
    list('/mine', { kind: 'user' }),
    list('/others', { kind: 'user' }),
    list('/open', { kind: 'public', token: 'optional' }),
    list('/parks/:park_id/letters', { kind: 'user' }, Type.Object({ park_id: uuid() })),
  ];
  fixture = await startFixture({ routes });
});

async function page(path: string, as: string | undefined, cursor?: string) {
  const query = cursor === undefined ? '' : `&cursor=${cursor}`;
  const answer = await send(fixture, {
    url: `/api/v1${path}?limit=2${query}`,
    ...(as === undefined ? {} : { as }),
  });
  const body = isRecord(answer.json) ? answer.json : {};
  return { status: answer.status, items: body['items'], next: body['next_cursor'], json: answer.json };
}

const cursorOf = async (path: string, as?: string): Promise<string> => String((await page(path, as)).next);

describe('the cursor of a list', () => {
  test('leads from page to page to the end', async () => {
    const first = await page('/mine', 'aida');
    const second = await page('/mine', 'aida', String(first.next));
    const third = await page('/mine', 'aida', String(second.next));
    expect([first.items, second.items, third.items, third.next]).toEqual([['a', 'b'], ['c', 'd'], ['e'], null]);
  });

  test('of somebody else is 400 and shows nothing', async () => {
    expect(await page('/mine', 'bek', await cursorOf('/mine', 'aida'))).toMatchObject({
      status: 400,
      json: { code: 'validation_failed', errors: [{ path: 'cursor' }] },
    });
  });

  test('of another list, or of the same list of another park, is 400', async () => {
    expect((await page('/others', 'aida', await cursorOf('/mine', 'aida'))).status).toBe(400);
    const here = await cursorOf(`/parks/${PARK}/letters`, 'aida');
    expect((await page(`/parks/${OTHER_PARK}/letters`, 'aida', here)).status).toBe(400);
    expect((await page(`/parks/${PARK}/letters`, 'aida', here)).status).toBe(200);
  });

  test('of an open list serves whoever has it', async () => {
    expect((await page('/open', 'aida', await cursorOf('/open'))).items).toEqual(['c', 'd']);
  });

  test('edited in any character is 400, and so is one that somebody wrote', async () => {
    const cursor = await cursorOf('/mine', 'aida');
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      const edited = `${cursor.slice(0, index)}${other}${cursor.slice(index + 1)}`;
      expect((await page('/mine', 'aida', edited)).status).toBe(400);
    }
    const written = Buffer.from('letters:b').toString('base64url');
    for (const forged of [written, `${'A'.repeat(22)}${written}`, cursor.slice(0, 22), 'A', cursor.slice(1)])
      expect((await page('/mine', 'aida', forged)).status).toBe(400);
  });

  test('signed by another node is not one of ours', () => {
    const scope = { route: 'GET /api/v1/mine', params: {}, reader: 'u-aida' };
    const [ours, theirs] = [createCursorSeal(Buffer.alloc(32, 1)), createCursorSeal(Buffer.alloc(32, 2))];
    expect(ours.open(scope, ours.sign(scope, 'after'))).toBe('after');
    expect(ours.open(scope, theirs.sign(scope, 'after'))).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { chooseAccount } from './account.ts';

describe('the account under which root starts PostgreSQL', () => {
  test('is nobody where it exists', () => {
    const passwd = 'root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\n';
    expect(chooseAccount(passwd)).toEqual({ uid: 65_534, gid: 65_533 });
  });

  test('is otherwise a known service account, then any that is not root', () => {
    const own = 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/app:/bin/sh\n';
    expect(chooseAccount(own)).toEqual({ uid: 1000, gid: 1000 });
    expect(chooseAccount(`${own}daemon:x:1:1::/:/bin/false\n`)).toEqual({ uid: 1, gid: 1 });
  });

  test('is never root, nor one whose number is negative or missing', () => {
    const passwd = 'root:x:0:0::/root:/bin/sh\ntoor:x:0:5::/:/bin/sh\nnobody:*:-2:-2::/:/bin/false\n# comment\n\nx:x\n';
    expect(chooseAccount(passwd)).toBeNull();
  });
});

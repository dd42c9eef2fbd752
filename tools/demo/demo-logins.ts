import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { DemoFailure } from './answered.ts';
import type { Login } from './session.ts';

const LoginForm = Type.Object({ phone: Type.String(), password: Type.String() });
const DemoFile = Compile(Type.Object({ gate: LoginForm, admin: LoginForm }));

/** The logins of staff, which the product keeps in its data directory in demo mode. */
export async function demoLogins(dataDir: string): Promise<{ readonly gate: Login; readonly admin: Login }> {
  const file = join(dataDir, 'demo.json');
  try {
    const logins: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (DemoFile.Check(logins)) return logins;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  throw new DemoFailure(`${file} has no logins of staff: SKYPARK_DATA_DIR must name the data of the product`);
}

/** The login of the gate staff. */
export const gateLogin = async (dataDir: string): Promise<Login> => (await demoLogins(dataDir)).gate;

import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { DemoAccounts } from './demo-seed.ts';

type Facts = {
  readonly config: Config;
  readonly accounts: DemoAccounts | null;
  readonly database: string;
  readonly sandboxUrl: string | null;
};

const hostOf = (url: string): string => new URL(url).host;

/** How another terminal reaches this very product: it looks at the usual address and in the usual folder by itself. */
function demoCommand({ publicUrl, dataDir }: Config): string {
  const url = publicUrl === 'http://127.0.0.1:8080' ? [] : [`SKYPARK_URL=${publicUrl}`];
  const folder = resolve(dataDir) === resolve('.skypark') ? [] : [`SKYPARK_DATA_DIR=${dataDir}`];
  return [...url, ...folder, 'npm run demo'].join(' ');
}

/** What a person who started the product wants to know. */
export function welcome({ config, accounts, database, sandboxUrl }: Facts): string {
  const lines = [
    '',
    `Sky Park is ready (${config.mode} mode).`,
    `  For guests   ${config.publicUrl}/`,
    `  For gates    ${config.publicUrl}/gate`,
    `  Console      ${config.publicUrl}/console`,
    `  API          ${config.publicUrl}/api/v1`,
    `  API pages    ${config.publicUrl}/docs`,
    `  Database     ${database}`,
    `  Events       ${config.rabbitmqUrl === null ? 'read from the log' : `over RabbitMQ at ${hostOf(config.rabbitmqUrl)}`}`,
    `  Limits       ${config.redisUrl === null ? 'counted by each process' : `counted in Redis at ${hostOf(config.redisUrl)}`}`,
    `  Pictures     ${config.s3 === null ? `in ${config.dataDir}` : `in the bucket ${config.s3.bucket} at ${hostOf(config.s3.endpoint)}`}`,
  ];
  if (sandboxUrl !== null) lines.push(`  Payments     sandbox at ${sandboxUrl}`);
  if (accounts !== null) {
    lines.push(
      `  Family       ${accounts.family.phone}  password ${accounts.family.password}`,
      `  Gate staff   ${accounts.gate.phone}  password ${accounts.gate.password}`,
      `  Admin        ${accounts.admin.phone}  password ${accounts.admin.password}`,
      `  Try it       ${demoCommand(config)}`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

type ParkFacts = {
  readonly config: Config;
  readonly node: Extract<Config['node'], { readonly role: 'park' }>;
  readonly database: string;
};

/** The same for whoever started the node of a park. */
export function welcomeOfPark({ config, node, database }: ParkFacts): string {
  const lines = [
    '',
    `The node ${config.nodeId} of the park ${node.parkId} is ready (${config.mode} mode).`,
    `  For gates    ${config.publicUrl}/gate`,
    `  Console      ${config.publicUrl}/console`,
    `  API          ${config.publicUrl}/api/v1`,
    `  API pages    ${config.publicUrl}/docs`,
    `  Database     ${database}`,
    `  Headquarters ${node.hqUrl}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

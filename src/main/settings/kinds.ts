import { isIP } from 'node:net';

/** What the text of a setting may be, and what it means. */
export type Kind<Value> = {
  /** What it must be; in faults it follows "must be", in the documentation it stands alone. */
  readonly form: string;
  /** Null when the text is none of it. */
  read(text: string): Value | null;
  /** For a secret that may be shown in part: the part. */
  shown?(text: string): string;
};

export const aText: Kind<string> = { form: 'a text', read: (given) => given };
export const aFile: Kind<string> = { form: 'a file', read: (given) => given };
export const aFolder: Kind<string> = { form: 'a folder', read: (given) => given };

export const matching = (pattern: RegExp, form: string): Kind<string> => ({
  form,
  read: (given) => (pattern.test(given) ? given : null),
});

export const integer = (minimum: number, maximum: number, unit = ''): Kind<number> => ({
  form: `a whole number${unit === '' ? '' : ` of ${unit}`} from ${minimum} to ${maximum}`,
  read(given) {
    const value = Number(given);
    return /^\d+$/.test(given) && value >= minimum && value <= maximum ? value : null;
  },
});

export const oneOf = <const Word extends string>(...words: readonly Word[]): Kind<Word> => ({
  form: `one of ${words.join(', ')}`,
  read: (given) => words.find((word) => word === given) ?? null,
});

/** @param form what all of them must be, in the plural */
const list = (form: string, isGood: (word: string) => boolean): Kind<readonly string[]> => ({
  form: `${form} between commas`,
  read(given) {
    const words = given
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    return words.every(isGood) ? words : null;
  },
});

/** Parks and numbers that belong to them: `ala-archa=1,osh=2`. */
export const numbersOfParks: Kind<ReadonlyMap<string, string>> = {
  form: 'parks and 16 digits, such as ala-archa=0000000002369707, between commas',
  read(given) {
    const pairs = given.split(',').map((pair) => /^\s*([a-z0-9]+(?:-[a-z0-9]+)*)=(\d{16})\s*$/.exec(pair));
    const numbers = new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
    return pairs.includes(null) || numbers.size < pairs.length ? null : numbers;
  },
};

export const files = list('files', () => true);
export const addressRanges = list('addresses or ranges such as 10.0.0.0/8', isAddressRange);

/** Paths are put behind it, so nothing may follow its own. */
export const webAddress: Kind<string> = {
  form: 'an http or https address without user, password, "?" or "#"',
  read(given) {
    if (!URL.canParse(given)) return null;
    const { protocol, username, password } = new URL(given);
    const isGood = /^https?:$/.test(protocol) && `${username}${password}` === '' && !/[?#\s]/.test(given);
    return isGood ? given.replace(/\/+$/, '') : null;
  },
};

/** Users and passwords in addresses are written with `%XX` where they have to be. */
function isDecodable(given: string): boolean {
  try {
    decodeURIComponent(given);
    return true;
  } catch {
    return false;
  }
}

/** The address of a server with a password in it. */
export const serverAddress = (scheme: RegExp, form: string): Kind<string> => ({
  form,
  read: (given) => (scheme.test(given) && URL.canParse(given) && isDecodable(given) ? given : null),
  shown(given) {
    const { protocol, host, pathname } = new URL(given);
    return `${protocol}//…@${host}${pathname}`;
  },
});

export type MailSender = { readonly name: string; readonly address: string };

/** Who mails are from. No quotes, brackets or line ends: nothing that a header could be made of. */
export const mailSender: Kind<MailSender> = {
  form: 'an address such as tickets@park.example, or Sky Park <tickets@park.example>',
  read(given) {
    const form = /^(?:([^\p{Cc}"<>@,;:\\]*?)\s*<([^<>]*)>|([^<>]*))$/u.exec(given.trim());
    const [name = '', address = ''] = [form?.[1], form?.[2] ?? form?.[3]];
    return /^[\w.+-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(address) ? { name, address } : null;
  },
};

const isHost = (name: string): boolean => !/[/?#@%]/.test(name) && URL.canParse(`http://${inUrl(name)}:1`);

export const aHost: Kind<string> = {
  form: 'a host name or an address',
  read: (given) => (isHost(given) ? given : null),
};

export const hostOrSocket: Kind<string> = {
  form: 'a host name, an address, or the folder of a socket',
  read: (given) => (given.startsWith('/') || isHost(given) ? given : null),
};

/** A host as it stands in a URL. */
export const inUrl = (name: string): string => (isIP(name) === 6 ? `[${name}]` : name);

function isAddressRange(word: string): boolean {
  const [address = '', bits, more] = word.split('/');
  const width = isIP(address) === 6 ? 128 : 32;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= width);
  return isIP(address) !== 0 && isRange && more === undefined;
}

const THIS_MACHINE = ['127.0.0.1', '::1', 'localhost'];

export const isThisMachine = (name: string): boolean => THIS_MACHINE.includes(name);

/** Whether a web address leads to this machine alone. */
export const isLoopback = (address: string): boolean =>
  URL.canParse(address) && isThisMachine(new URL(address).hostname.replaceAll(/[[\]]/g, ''));

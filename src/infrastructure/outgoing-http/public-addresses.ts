import { BlockList, isIP } from 'node:net';

/**
 * Ranges that no public host has: loopback, private, link-local, documentation, multicast and the rest of IANA's
 * special-purpose registries (RFC 6890 and its successors), and every way to write an IPv4 address inside an IPv6 one.
 */
const RANGES = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ipv6: [
    '::/96',
    '::ffff:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '3fff::/20',
    '5f00::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
} as const;

// One list a family: the list of one would also match addresses of the other that are mapped into it.
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const range of RANGES[family]) {
    const [network = '', bits] = range.split('/');
    special[family].addSubnet(network, Number(bits), family);
  }
}

/** Whether an IP address in text form is one that anybody on the internet may have. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  // A zone (`fe80::1%eth0`) exists on links of this machine only.
  return !address.includes('%') && !special[family].check(address, family);
}

/** One interface as `ip addr` prints it. */
export interface LinkRow {
  readonly name: string;
  readonly mtu: string;
  /** Addresses with their prefix, link-local ones left out. */
  readonly addresses: readonly string[];
  readonly master: string;
  /** The namespace at the other end of its cable, '' for none. */
  readonly peer: string;
  readonly kind: 'loopback' | 'bridge' | 'tunnel' | 'veth' | 'other';
  readonly up: boolean;
}

function kindOf(block: readonly string[], flags: string): LinkRow['kind'] {
  if (flags.includes('LOOPBACK')) return 'loopback';
  if (block.some((line) => /^\s+(vxlan|ipip)\b/.test(line))) return 'tunnel';
  if (block.some((line) => /^\s+bridge\b/.test(line))) return 'bridge';
  return block.some((line) => /^\s+veth\b/.test(line)) ? 'veth' : 'other';
}

/** Reads the lines of `ip -d addr` back into rows, in their order. */
export function readLinks(lines: readonly string[]): readonly LinkRow[] {
  const starts = lines.flatMap((line, i) => (/^\d+: /.test(line) ? [i] : []));
  return starts.map((from, n) => {
    const block = lines.slice(from, starts[n + 1]);
    const [, name = '', flags = '', rest = ''] = /^\d+: ([^:@]+)(?:@[^:]+)?: <([^>]*)>(.*)$/.exec(block[0] ?? '') ?? [];
    const word = (text: string, key: string): string => new RegExp(`\\b${key} (\\S+)`).exec(text)?.[1] ?? '';
    const addresses = block.flatMap((line) => /^\s+inet6? (\S+)/.exec(line)?.[1] ?? []).filter((a) => !a.startsWith('fe80'));
    return { name, mtu: word(rest, 'mtu'), master: word(rest, 'master'), peer: word(block.join(' '), 'link-netns'), addresses, kind: kindOf(block, flags), up: flags.split(',').includes('UP') };
  });
}

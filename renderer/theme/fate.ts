import type { ProbeVerdict } from '../../shared/trace/types.ts';
import type { IconName } from './icon-paths.ts';

/** Whose colour a fate wears: `--ok`, `--ok-ink`, `--ok-wash` and so on; `ink` and `line-2` are neutral. */
export type Hue = 'ok' | 'drop' | 'refuse' | 'nat' | 'dns' | 'maybe' | 'ink' | 'grey';
export type FateName = ProbeVerdict | 'ambiguous' | 'in-flight';

/** How one fate looks and what it is called, everywhere: canvas, list, dock, CLI's words. */
export interface Fate {
  readonly word: string;
  readonly hue: Hue;
  readonly icon: IconName;
  /** Dash lengths in px; empty = solid. */
  readonly dash: readonly number[];
  /** The line thins out over its last 48 px, because nobody decided anything. */
  readonly fades: boolean;
}

const fate = (word: string, hue: Hue, icon: IconName, dash: readonly number[] = [], fades = false): Fate => ({ word, hue, icon, dash, fades });

const fates: Readonly<Record<FateName, Fate>> = {
  delivered: fate('Delivered', 'ok', 'ok'),
  dropped: fate('Dropped', 'drop', 'drop', [7, 5]),
  timeout: fate('Timeout', 'drop', 'timeout', [7, 5], true),
  unreachable: fate('Unreachable', 'drop', 'timeout', [7, 5], true),
  refused: fate('Refused', 'refuse', 'refuse', [9, 4, 1.5, 4]),
  nxdomain: fate('No such name', 'refuse', 'dns', [9, 4, 1.5, 4]),
  'dns-timeout': fate('No resolver', 'drop', 'timeout', [7, 5], true),
  'http-error': fate('HTTP error', 'refuse', 'refuse', [9, 4, 1.5, 4]),
  'tls-mismatch': fate('Wrong certificate', 'refuse', 'refuse', [9, 4, 1.5, 4]),
  unmodelled: fate('Not modelled', 'grey', 'unmodelled'),
  ambiguous: fate('Ambiguous', 'maybe', 'half', [12, 4, 5, 4]),
  'in-flight': fate('In flight', 'ink', 'packet'),
};

/** The look and the word of a verdict. */
export const fateOf = (name: FateName): Fate => fates[name];

const roles: Readonly<Record<Hue, { readonly line: string; readonly ink: string; readonly wash: string }>> = {
  ok: { line: 'var(--ok)', ink: 'var(--ok-ink)', wash: 'var(--ok-wash)' },
  drop: { line: 'var(--drop)', ink: 'var(--drop-ink)', wash: 'var(--drop-wash)' },
  refuse: { line: 'var(--refuse)', ink: 'var(--refuse-ink)', wash: 'var(--refuse-wash)' },
  nat: { line: 'var(--nat)', ink: 'var(--nat-ink)', wash: 'var(--nat-wash)' },
  dns: { line: 'var(--dns)', ink: 'var(--dns-ink)', wash: 'var(--dns-wash)' },
  maybe: { line: 'var(--maybe)', ink: 'var(--maybe-ink)', wash: 'var(--maybe-wash)' },
  ink: { line: 'var(--path)', ink: 'var(--ink)', wash: 'var(--sunken)' },
  grey: { line: 'var(--line-2)', ink: 'var(--ink-3)', wash: 'var(--sunken)' },
};

/** CSS colours of a hue: `line` for lines and glyphs, `ink` for text, `wash` behind text. */
export const colourOf = (hue: Hue): { readonly line: string; readonly ink: string; readonly wash: string } => roles[hue];

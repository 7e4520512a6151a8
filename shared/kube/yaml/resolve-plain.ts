import type { ScalarValue } from './node.ts';

const words = new Map<string, ScalarValue>();
for (const word of ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']) words.set(word, true);
for (const word of ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']) words.set(word, false);
for (const word of ['', '~', 'null', 'Null', 'NULL']) words.set(word, null);
for (const word of ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']) words.set(word, Infinity);
for (const word of ['-.inf', '-.Inf', '-.INF']) words.set(word, -Infinity);
for (const word of ['.nan', '.NaN', '.NAN']) words.set(word, NaN);

const based = /^([-+]?)0(?:[xX]([0-9a-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const decimal = /^[-+]?[0-9]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** A whole number as a number up to 2⁵³, as decimal digits beyond, so that none is rounded. */
function exact(text: string, negative: boolean): number | string {
  const n = BigInt(text);
  return n <= BigInt(Number.MAX_SAFE_INTEGER) ? (negative && n !== 0n ? -Number(n) : Number(n)) : `${negative ? '-' : ''}${n}`;
}

/**
 * What a plain scalar means to kubectl, which reads YAML with go-yaml v2 (resolve.go): YAML 1.1 booleans, `0777` octal, `0x`, `0b`, `_` in
 * numbers, but no sexagesimals and no dates. Whole numbers beyond 2⁵³ come as their digits.
 */
export function resolvePlain(text: string): ScalarValue {
  const first = text.charCodeAt(0);
  const word = text.length <= 5 ? words.get(text) : undefined;
  if (word !== undefined) return word;
  const digit = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!digit) return text;
  // go-yaml looks at a leading dot as a float only, with its underscores in place.
  const plain = first === 46 ? text : text.replaceAll('_', '');
  if (first !== 46) {
    const m = based.exec(plain);
    if (m) return exact(m[2] ? `0x${m[2]}` : m[3] ? `0b${m[3]}` : `0o${m[4]}`, m[1] === '-');
    if (decimal.test(plain)) return exact(plain.replace(/^[-+]/, ''), plain.startsWith('-'));
  }
  if (!float.test(plain)) return text;
  const n = Number(plain);
  return Number.isFinite(n) ? n : text;
}

/** A mapping key's text as kubectl hands it to the API server: `yes` is the key `true`; null = no key at all, which it refuses. */
export function resolveKey(text: string): string | null {
  const value = resolvePlain(text);
  return value === null ? null : typeof value === 'string' ? value : String(value);
}

/** Why the value is not what the text looks like, such as `0100` that is 64; '' where nothing surprises. */
export function surprise(text: string, value: ScalarValue): string {
  if (typeof value === 'boolean') return /^(true|false)$/i.test(text) ? '' : `YAML 1.1, which kubectl reads, takes ${text} for ${value}`;
  if (typeof value !== 'number' || String(value) === text) return '';
  if (/^[-+]?0[0-7_]+$/.test(text)) return `${text} is octal for kubectl: ${value}`;
  if (/^[-+]?0[xXbBoO]/.test(text) || text.includes('_') || /[eE]/.test(text)) return `kubectl reads ${text} as ${value}`;
  return '';
}

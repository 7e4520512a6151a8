import type { ShellMethod, ShellMethods } from '../shared/api/shell-api.ts';

export type ShellCall = { readonly [M in ShellMethod]: { readonly method: M; readonly input: ShellMethods[M]['input'] } }[ShellMethod];

type Check = (value: unknown) => boolean;
const longestText = 300 * 1024 * 1024;
const longestName = 1024;

const isBoolean: Check = (value) => typeof value === 'boolean';
const isText = (longest: number): Check => (value) => typeof value === 'string' && value.length <= longest;
const isTextOrNull = (most: number): Check => (value) => value === null || isText(most)(value);
const isOneOf = (...allowed: readonly string[]): Check => (value) => typeof value === 'string' && allowed.includes(value);

const inputs: { readonly [M in ShellMethod]: Readonly<Record<keyof ShellMethods[M]['input'], Check>> } = {
  about: {},
  openFiles: { folder: isBoolean },
  takeOpened: {},
  saveFile: { suggested: isText(longestName), text: isText(longestText), layout: isTextOrNull(longestText) },
  openHelp: { page: isOneOf('manual', 'issues', 'kubernetes-services') },
  setTitle: { title: isText(longestName), edited: isBoolean },
  restartEngine: {},
};

/** A shell call with its input checked: exactly the fields of the table, each of its type; null for anything else (reliability A10). */
export function readShellCall(method: string, input: unknown): ShellCall | null {
  if (!Object.hasOwn(inputs, method)) return null;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const checks: readonly (readonly [string, Check])[] = Object.entries(inputs[method as ShellMethod]);
  if (Object.keys(input).length !== checks.length) return null;
  const isRight = checks.every(([key, check]) => Object.hasOwn(input, key) && check((input as Readonly<Record<string, unknown>>)[key]));
  return isRight ? ({ method, input } as ShellCall) : null;
}
